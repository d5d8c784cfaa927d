// Completion of the command line in bash, zsh and fish, and the manual pages.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { ids } from "./lib/examples.mjs";
import { PROGRAM, Place, run } from "./lib/place.mjs";

async function has(program) {
  return (await run("sh", ["-c", `command -v ${program}`])).code === 0;
}

/** The script for a shell, in a file. */
async function script(place, shell) {
  const { code, stdout, stderr } = await place.cli(["completion", shell]);
  assert.equal(code, 0, stderr);
  const file = place.path(shell === "zsh" ? "_galena" : `galena.${shell}`);
  writeFileSync(file, stdout);
  return file;
}

/* What each shell offers for a command line; the last word is the one that is being typed. */
const SHELLS = {
  bash: (file) => async (place, words) => {
    const code = `source "$0"; COMP_WORDS=(galena "$@"); COMP_CWORD=$#; _galena
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return run("bash", ["-c", code, file, ...words], { cwd: place.folder });
  },
  zsh: (file) => async (place, words) => {
    const code = `compdef() { :; }; compadd() { shift; print -l -- $@; }; _files() { print -l *; }
      source $0; words=(galena "$@"); CURRENT=$#words; _galena`;
    return run("zsh", ["-fc", code, file, ...words], { cwd: place.folder });
  },
  fish: (file) => async (place, words) => {
    const code = `source ${file}; complete -C "galena ${words.join(" ")}"`;
    return run("fish", ["--no-config", "-c", code], { cwd: place.folder, env: place.env() });
  },
};

for (const [shell, offerer] of Object.entries(SHELLS)) {
  test(`completion in ${shell}`, async (t) => {
    if (!await has(shell)) {
      t.skip(`${shell} is not installed`);
      return;
    }
    const place = Place.open(t);
    const file = await script(place, shell);
    writeFileSync(place.path("people.csv"), "");
    const offer = offerer(file);
    const offered = async (...words) => {
      const { code, stdout, stderr } = await offer(place, words);
      assert.equal(stderr, "", words.join(" "));
      assert.equal(code, 0);
      const last = words.at(-1);
      return stdout.split("\n").map((one) => one.split("\t")[0])
        .filter((one) => one && one.startsWith(last)).sort();
    };

    assert.equal((await run(shell, ["-n", file])).code, 0);
    assert.deepEqual(await offered("key", ""), ["create", "list", "revoke"]);
    assert.deepEqual(await offered("k"), ["key"]);
    assert.ok((await offered("")).length > 10);
    assert.deepEqual(await offered("commands", "run", ""), ids);
    assert.deepEqual(await offered("commands", "schema", "lead.ups"),
      ["lead.upsert", "lead.upsert_many"]);
    assert.deepEqual(await offered("--db", "x.db", "commands", "run", "list.g"), ["list.get"]);
    assert.deepEqual(await offered("completion", ""), ["bash", "fish", "zsh"]);
    assert.deepEqual(await offered("commands", "run", "lead.get", "--input"),
      ["--input-file", "--input-json"]);
    assert.ok((await offered("serve", "--tls")).includes("--tls-cert"));
    assert.equal((await offered("version", "--tls")).length, 0);
    assert.ok((await offered("import", "peo")).includes("people.csv"));
    assert.ok((await offered("commands", "run", "lead.get", "--input-file", "peo"))
      .includes("people.csv"));
  });
}

test("there is no completion for another shell", async (t) => {
  const { code, stderr } = await Place.open(t).cli(["completion", "csh"]);
  assert.equal(code, 2);
  assert.match(stderr, /bash, zsh and fish, not for "csh"/);
});

test("the manual page tells of every subcommand and setting, and is sound", async (t) => {
  const place = Place.open(t);
  const { code, stdout } = await place.cli(["help", "--man"]);
  const help = (await place.cli(["help"])).stdout;
  const words = [...help.split("\nTo begin")[0].matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}/gm)]
    .map(([, one]) => one);

  assert.equal(code, 0);
  assert.ok(words.length > 12, help);
  for (const one of words) assert.match(stdout, new RegExp(`^\\.SS "${one}[ "]`, "m"), one);
  for (const flag of ["listen", "db", "url", "input\\\\-json", "idempotency\\\\-key"]) {
    assert.match(stdout, new RegExp(`^\\\\fB\\\\-\\\\-${flag}\\\\fR`, "m"));
  }
  const pages = { "galena.1": stdout };
  const other = path.join(path.dirname(PROGRAM), "src/surface/galena-commands.7");
  mkdirSync(place.path("man"));
  for (const [name, text] of Object.entries(pages)) writeFileSync(place.path(`man/${name}`), text);
  if (existsSync(other)) symlinkSync(other, place.path("man/galena-commands.7"));
  if (!await has("groff")) {
    t.diagnostic("groff is not installed; the pages were not formatted");
    return;
  }
  for (const name of ["galena.1", ...(existsSync(other) ? ["galena-commands.7"] : [])]) {
    const done = await run("groff",
      ["-man", "-ww", "-Tutf8", "-P-cbou", "-rLL=80n", place.path(`man/${name}`)]);
    const complaints = done.stderr.split("\n")
      .filter((one) => one && !/cannot (adjust|break)/.test(one));
    assert.deepEqual(complaints, [], name);
    if (name === "galena-commands.7") for (const id of ids) assert.ok(done.stdout.includes(id), id);
  }
});
