// The command line: help, exit codes, clean JSON, readable tables, the same here and remote.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";

import { comparable } from "./lib/golden.mjs";
import { PROGRAM, Place, run } from "./lib/place.mjs";

const ESCAPE = /\x1b/;

/* Every subcommand that `help` names. */
async function subcommands(place) {
  const { stdout } = await place.cli(["help"]);
  const part = stdout.split("Subcommands\n")[1].split("\n\n")[0];
  return part.split("\n").map((line) => /^ {2}(\S+(?: \S+)*?) {2,}\S/.exec(line)?.[1])
    .filter((one) => one);
}

test("help on everything", async (t) => {
  const place = Place.open(t);
  const words = await subcommands(place);

  for (const expected of ["serve", "import", "export", "commands list", "commands run",
    "commands schema", "key create", "key list", "key revoke", "doctor"]) {
    assert.ok(words.includes(expected), `${expected} among ${words}`);
  }
  for (const word of words) {
    const asked = await place.cli([...word.split(" "), "--help"]);
    const helped = await place.cli(["help", ...word.split(" ")]);
    assert.equal(asked.code, 0, word);
    assert.match(asked.stdout, new RegExp(`^galena ${word}`));
    assert.equal(helped.stdout, asked.stdout);
    assert.equal(asked.stderr, "");
    for (const line of asked.stdout.split("\n")) assert.ok(line.length <= 100, line);
    assert.doesNotMatch(asked.stdout, ESCAPE);
  }
  for (const flag of ["--help", "-h"]) assert.equal((await place.cli([flag])).code, 0);
  assert.deepEqual(await place.cli(["help"]), await place.cli([]), "alone it shows help");
});

test("exit codes", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const reader = (await place.key("--scopes", "read")).key;
  const remote = (key) => ({ env: { GALENA_URL: server.url, GALENA_API_KEY: key } });
  const upsert = (input) => ["commands", "run", "lead.upsert", "--input-json",
    JSON.stringify(input)];

  await place.command("lead.upsert", { email: "a@example.com" });
  await place.command("lead.upsert", { email: "b@example.com", custom_id: "B" });
  const both = { email: "a@example.com", custom_id: "B" };
  const rows = [
    [0, upsert({ email: "c@example.com" })],
    [2, upsert({})],
    [3, upsert({ email: "d@example.com" }), remote(reader)],
    [3, upsert({ email: "d@example.com" }), remote("nonsense")],
    [4, upsert({ lead_id: "x" })],
    [5, upsert(both)],
    [5, upsert(both), remote(server.key)],
    [2, ["commands", "run"]],
    [2, ["nonsense"]],
    [2, ["serve", "--readers", "many"]],
    [6, upsert({ email: "d@example.com" }), { env: { GALENA_URL: "http://127.0.0.1:1",
      GALENA_API_KEY: "x" } }],
  ];
  for (const [code, args, options] of rows) {
    const answer = await place.cli(args, options);
    assert.equal(answer.code, code, `${args.join(" ")}: ${answer.stderr}`);
    if (code) assert.match(answer.stderr, /^galena: .+/);
  }
});

test("--json says one document and nothing else", async (t) => {
  const place = Place.open(t);
  const file = place.path("people.csv");
  writeFileSync(file, "Name,Email\nAda,ada@example.com\nBad,nope\n");
  const rows = [
    ["key", "create", "--name", "x"], ["key", "list"], ["workspace", "list"],
    ["workspace", "create", "two"], ["commands", "list"], ["commands", "schema", "lead.upsert"],
    ["commands", "run", "lead.search"], ["commands", "run", "lead.get", "--input-json", "{}"],
    ["commands", "run", "no.such"], ["import", file], ["import", file, "--dry-run"],
    ["import", place.path("none.csv")], ["doctor"], ["settings"],
  ];

  for (const args of rows) {
    const { stdout, stderr } = await place.cli([...args, "--json"]);
    const title = `${args.join(" ")}: ${stdout}${stderr}`;
    assert.doesNotThrow(() => JSON.parse(stdout), title);
    assert.ok(stdout.endsWith("\n"), title);
    assert.doesNotMatch(stdout, ESCAPE);
  }
  const made = await place.cliJson(
    ["key", "create", "--name", "web form", "--scopes", "read write"]);
  assert.deepEqual(Object.keys(made.json).sort(), ["key", "key_id", "name", "scopes"]);
  assert.match(made.json.key, /^sk-workspace_[A-Za-z0-9]{51}$/);
});

test("people get tables without colour where there is no terminal", async (t) => {
  const place = Place.open(t);
  await place.command("lead.upsert",
    { email: "ada@example.com", name: "Ada Example \u001b[31mred", company: "Works\nLtd" });
  const rows = [
    ["commands", "run", "lead.search"],
    ["commands", "run", "lead.get", "--input-json", '{"email":"ada@example.com"}'],
    ["commands", "list"], ["key", "list"], ["doctor"], ["settings"],
  ];

  for (const args of rows) {
    const { code, stdout } = await place.cli(args);
    assert.equal(code, 0, args.join(" "));
    assert.doesNotMatch(stdout, ESCAPE, args.join(" "));
    assert.throws(() => JSON.parse(stdout), "for people, not for programs");
  }
  assert.match((await place.cli(rows[0])).stdout, /Ada Example/);
  const all = (await place.cli(["commands", "list"])).stdout;
  for (const id of ["lead.upsert", "import.create", "workspace.stats"]) {
    assert.match(all, RegExp(id));
  }
});

test("colour on a terminal, but not with NO_COLOR", async (t) => {
  const place = Place.open(t);
  const inTerminal = (env) => run("script", ["-qec", `${PROGRAM} commands list`, "/dev/null"],
    { cwd: place.folder, env: place.env({ TERM: "xterm", ...env }) });
  const coloured = await inTerminal({}).catch(() => null);

  if (!coloured) return t.skip("there is no script(1) here");
  assert.match(coloured.stdout, ESCAPE);
  assert.doesNotMatch((await inTerminal({ NO_COLOR: "1" })).stdout, ESCAPE);
});

test("here and remote say the same", async (t) => {
  const near = Place.open(t);
  const far = Place.open(t);
  const server = await far.serve();
  await near.key();
  const remote = { env: { GALENA_URL: server.url, GALENA_API_KEY: server.key } };
  const steps = [
    ["lead.upsert", { email: "ada@example.com", name: "Ada" }],
    ["lead.upsert", { email: "ada@example.com", name: "Ada" }],
    ["lead.upsert", { name: "Nobody" }], ["lead.upsert", { email: 7 }],
    ["lead.get", { email: "ada@example.com" }], ["lead.get", { email: "nobody@example.com" }],
    ["no.such", {}], ["workspace.stats", {}],
  ];
  const answers = [[], []];

  for (const [id, input] of steps) {
    const [here, there] = [await near.command(id, input), await far.command(id, input, remote)];
    assert.equal(here.code, there.code, id);
    answers[0].push(here.json);
    answers[1].push(there.json);
  }
  assert.deepEqual(comparable(answers[0]), comparable(answers[1]));
  for (const args of [["commands", "list"], ["commands", "schema", "lead.get"]]) {
    const here = await near.cliJson(args);
    assert.deepEqual(here.json, (await far.cliJson(args, remote)).json);
  }
});

test("input from a file, from standard input, and a profile", async (t) => {
  const place = Place.open(t);
  const file = place.path("input.json");
  writeFileSync(file, '{"email":"ada@example.com","skills":["C"]}');
  const command = ["commands", "run", "lead.upsert"];
  const made = await place.cliJson([...command, "--input-file", file]);
  const compact = await place.cliJson(
    [...command, "--input-file", "-", "--response-profile=compact"],
    { input: readFileSync(file) });

  assert.deepEqual(made.json.data.lead.skills, ["C"]);
  assert.equal(compact.json.meta.outcome, "unchanged");
  assert.equal("skills" in compact.json.data.lead, false);
  const repeated = [...command, "--input-json", '{"email":"bo@example.com"}',
    "--idempotency-key", "k"];
  assert.deepEqual((await place.cliJson(repeated)).json.data,
    (await place.cliJson(repeated)).json.data);
});

test("what is exported and imported again changes nothing", async (t) => {
  const place = Place.open(t);
  await place.command("lead.upsert_many", { leads: [
    { email: "ada@example.com", name: "Ada \"A\" Example", company: "Works, Ltd\nBerlin",
      linkedin_url: "ada-example", linkedin_id: "urn:li:member:740001234", custom_id: "C-1",
      external_ids: [{ source: "hubspot", id: "7" }], tags: ["a", "b"], metadata: { k: 1 },
      skills: ["C"], phone: "+49 30 1", status: "Replied", score: 3, job_title: "=1+1" },
    { email: "łukasz@bücher.example", first_name: "Łukasz", last_name: "王 🦊" },
    { linkedin_url: "only-slug" }, { custom_id: "only custom" },
    { personal_email: "p@home.example", status: "DoNotContact", is_flagged: true },
  ] });

  for (const format of ["ndjson", "csv"]) {
    const file = place.path(`leads.${format}`);
    const exported = await place.cli(["export", "--format", format, "--output", file]);
    assert.equal(exported.code, 0, exported.stderr);
    const before = (await place.command("workspace.stats", {})).json.data.leads;
    const back = await place.cliJson(["import", file]);
    assert.equal(back.code, 0, back.stderr);
    assert.equal(back.json.unchanged_count, 5, `${format}: ${JSON.stringify(back.json)}`);
    assert.deepEqual((await place.command("workspace.stats", {})).json.data.leads, before);
    const printed = await place.cli(["export", "--format", format]);
    assert.equal(printed.stdout, readFileSync(file, "utf8"), "to a file or printed");
  }
});

test("what is exported here can be imported there, where its lead ids are unknown", async (t) => {
  const here = Place.open(t);
  await here.command("lead.upsert", { email: "ada@example.com", custom_id: "7", company: "Acme" });
  for (const format of ["ndjson", "csv"]) {
    const there = Place.open(t);
    const file = here.path(`leads.${format}`);
    assert.equal((await here.cli(["export", "--format", format, "--output", file])).code, 0);
    const imported = await there.cliJson(["import", file]);
    assert.equal(imported.code, 0, imported.stderr);
    assert.equal(imported.json.created_count, 1, `${format}: ${JSON.stringify(imported.json)}`);
  }
});

test("a column says who is not to be contacted", async (t) => {
  const place = Place.open(t);
  const file = place.path("leads.csv");

  writeFileSync(file, "Email,Do Not Contact,Lead Status\nada@example.com,TRUE,New\n" +
    "bo@example.com,false,New\ncy@example.com,,New\n");
  assert.equal((await place.cliJson(["import", file])).json.created_count, 3);
  for (const [email, status] of [["ada", "DoNotContact"], ["bo", "New"], ["cy", "New"]]) {
    const { json } = await place.command("lead.get", { email: `${email}@example.com` });
    assert.equal(json.data.lead.status, status, email);
  }
});

test("a file without column names is refused, and nobody is lost", async (t) => {
  const place = Place.open(t);
  const file = place.path("leads.csv");

  writeFileSync(file, "Jane,Doe,jane@example.com,Acme\nJohn,Roe,john@example.com,Acme\n");
  const refused = await place.cli(["import", file]);
  assert.equal(refused.code, 2, refused.stderr);
  assert.match(refused.stderr, /no row of column names.*jane@example\.com/s);
  assert.equal((await place.command("workspace.stats", {})).json.data.leads.total, 0);
});

test("what was refused is told with its row and reason", async (t) => {
  const place = Place.open(t);
  const file = place.path("leads.csv");

  writeFileSync(file, "Email,Name\nada@example.com,Ada\nnot an address,Bo\n");
  const imported = await place.cli(["import", file]);
  assert.equal(imported.code, 0, imported.stderr);
  assert.match(imported.stderr, /row 2, Email: .*e-mail address/);
});

test("import.create without a server is carried out before the command ends", async (t) => {
  const place = Place.open(t);
  const made = await place.command("import.create",
    { content: "Email,Name\nada@example.com,Ada\n" });
  const { import_id: id } = made.json.data.import;
  const { import: now } = (await place.command("import.get", { import_id: id })).json.data;
  assert.equal(now.state, "done");
  assert.equal(now.created_count, 1);
});

test("export over HTTP is the same file", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const leads = [...Array(1000).keys()]
    .map((n) => ({ email: `e${n}@example.com`, name: `E ${n}` }));
  await server.data("lead.upsert_many", { leads });
  await server.data("lead.upsert", { email: "e5@example.com", status: "Replied" });

  for (const format of ["csv", "ndjson"]) {
    const answer = await server.request("GET", `/api/v1/export?format=${format}`);
    const remote = await place.cli(["export", "--format", format],
      { env: { GALENA_URL: server.url, GALENA_API_KEY: server.key } });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, (await place.cli(["export", "--format", format])).stdout);
    assert.equal(remote.stdout, answer.text);
  }
  const few = await server.request("GET", "/api/v1/export?format=ndjson&status=Replied");
  assert.equal(few.text.trim().split("\n").length, 1);
  assert.equal((await server.request("GET", "/api/v1/export?format=xml")).status, 400);
  assert.equal((await server.request("GET", "/api/v1/export", { key: null })).status, 401);
});

test("keys and workspaces", async (t) => {
  const place = Place.open(t);
  const { key, key_id: id } = await place.key("--scopes", "read");
  const list = async () => (await place.cliJson(["key", "list"])).json;
  const find = async () => JSON.stringify(await list());

  assert.ok((await find()).includes(id));
  assert.equal((await find()).includes(key), false, "a key is shown once");
  assert.equal((await place.dump()).includes(key), false, "and never kept");
  assert.equal((await place.cli(["key", "revoke", id])).code, 0);
  assert.equal((await place.cli(["key", "create"])).code, 2, "a key has a name");
  assert.equal((await place.cli(["key", "create", "--name", "x", "--scopes", "fly"])).code, 2);
  assert.equal((await place.cli(["key", "create", "--name", "x", "--expires", "2001-01-01"])).code,
    2);
  assert.equal((await place.cli(["workspace", "create", "North"])).code, 0);
  assert.equal((await place.cli(["workspace", "create", "North"])).code, 5);
  const here = { env: { GALENA_WORKSPACE: "North" } };
  assert.equal((await place.command("lead.upsert", { email: "a@example.com" }, here)).code, 0);
  assert.equal((await place.command("lead.get", { email: "a@example.com" })).code, 4);
  assert.equal((await place.command("lead.get", { email: "a@example.com" }, here)).code, 0);
  const nowhere = await place.cli(["commands", "run", "lead.search", "--workspace", "South"]);
  assert.equal(nowhere.code, 4, nowhere.stderr);
});

test("the first start makes a workspace and prints one key, once", async (t) => {
  const place = Place.open(t);
  const server = await place.serve([], { key: "none yet" });
  const said = server.stdout + server.stderr;
  const [key] = said.match(/sk-workspace_[A-Za-z0-9]{51}/) ?? [];

  assert.ok(key, said);
  assert.equal((await server.run("lead.search", {}, { key })).status, 200);
  await server.stop();
  const next = await place.serve([], { key });
  assert.doesNotMatch(next.stdout + next.stderr, /sk-workspace_/);
  assert.equal((await next.run("lead.search", {})).status, 200);
});

test("doctor", async (t) => {
  const place = Place.open(t);
  await place.command("lead.upsert", { email: "ada@example.com" });
  const well = await place.cliJson(["doctor"]);
  assert.equal(well.code, 0, JSON.stringify(well.json));

  const broken = Place.open(t);
  writeFileSync(broken.db, "This is no database, whatever its name says. ".repeat(200));
  const ill = await broken.cliJson(["doctor"]);
  assert.notEqual(ill.code, 0);
  const refused = await broken.cli(["commands", "run", "lead.search"]);
  assert.notEqual(refused.code, 0);
  assert.match(readFileSync(broken.db, "utf8"), /^This is no database/, "left as it was");
});

test("the default place is in the user's data folder", async (t) => {
  const place = Place.open(t);
  const bare = { env: { GALENA_DB: "" } };
  await place.cli(["key", "create", "--name", "x"], bare);
  const { code } = await run("test", ["-s", `${place.home}/.local/share/galena/galena.db`]);
  assert.equal(code, 0);
});
