// Every block of README.md and docs/ that is marked ```sh test runs as it stands there.
//
// The blocks of one page run in their order in one place, in one shell after the other, each with
// `set -eu`; what one leaves behind (files, exported variables, a server in the background) the
// next finds. "galena" and build/galena are the program under test, the working folder begins with
// a copy of samples/, and every server started there is stopped at the end of its page.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { PROGRAM, ROOT, Place, run } from "./lib/place.mjs";

function pages() {
  const found = [path.join(ROOT, "README.md")];
  const docs = path.join(ROOT, "docs");

  if (existsSync(docs)) {
    for (const name of readdirSync(docs, { recursive: true })) found.push(path.join(docs, name));
  }
  return found.filter((file) => file.endsWith(".md") && existsSync(file)).sort();
}

/** {line, code} of each marked block. */
export function blocks(text) {
  const found = [];
  let open = null;

  for (const [i, line] of text.split("\n").entries()) {
    if (open && /^\s*```\s*$/.test(line)) {
      found.push({ line: open.line, code: open.code.join("\n") });
      open = null;
    } else if (open) {
      open.code.push(line);
    } else if (/^\s*```sh test\s*$/.test(line)) {
      open = { line: i + 1, code: [] };
    }
  }
  assert.equal(open, null, "a block without an end");
  return found;
}

/* One script of a page: names each block before it runs, so that a failure can be found. */
function script(page, list) {
  const parts = list.map(({ line, code }) => `echo "# line ${line}" >&2\n${code}`);
  const name = path.relative(ROOT, page);

  return [
    "set -eu -o pipefail", `# ${name}`,
    'trap \'code=$?; for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done; wait; ' +
      "exit $code' EXIT",
    ...parts, "",
  ].join("\n");
}

function furnish(place) {
  mkdirSync(place.path("bin"));
  symlinkSync(PROGRAM, place.path("bin/galena"));
  mkdirSync(place.path("build"));
  symlinkSync(PROGRAM, place.path("build/galena"));
  cpSync(path.join(ROOT, "samples"), place.path("samples"), { recursive: true });
}

test("the reader of marked blocks", () => {
  const text = "a\n```sh test\none\n```\n```sh\nnot this\n```\n```sh test\ntwo\n\nthree\n```\n";
  assert.deepEqual(blocks(text), [{ line: 2, code: "one" }, { line: 8, code: "two\n\nthree" }]);
  assert.throws(() => blocks("```sh test\n"));
});

test("a block that fails is told with its line", async (t) => {
  const place = Place.open(t);
  const text = script("x.md", [{ line: 3, code: "true" }, { line: 9, code: "false\ntrue" }]);
  const { code, stderr } = await run("bash", ["-c", text], { cwd: place.folder, env: place.env() });
  assert.equal(code, 1);
  assert.match(stderr, /# line 9\n$/);
});

for (const page of pages()) {
  const list = blocks(readFileSync(page, "utf8"));
  if (!list.length) continue;
  test(`${path.relative(ROOT, page)}: ${list.length} blocks`, async (t) => {
    const place = Place.open(t);
    furnish(place);
    const env = place.env({ PATH: `${place.path("bin")}:${process.env.PATH}` });
    const done = await run("bash", ["-c", script(page, list)], { cwd: place.folder, env });
    assert.equal(done.code, 0, `${done.stdout}\n${done.stderr}`);
  });
}
