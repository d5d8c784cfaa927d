// The catalogue as clients in the field use it, and every example in it.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { examplesOf, furnish, ids, mayFail, withIds } from "./lib/examples.mjs";
import { PROGRAM, ROOT, Place, run } from "./lib/place.mjs";

/* What a client that came from the vendor sends along on every request. */
const FIELD_HEADERS = {
  "Content-Type": "application/json", "X-SalesTouch-Client": "mcp",
  "X-SalesTouch-Client-Version": "1.4.0",
};

function fromTheField(server, path_) {
  return server.request("GET", path_,
    { key: null, headers: { "X-API-Key": server.key, ...FIELD_HEADERS } });
}

test("the list names every command, complete", async (t) => {
  const server = await Place.open(t).serve();
  const answer = await fromTheField(server, "/api/v1/commands");
  const { commands } = answer.json.data;

  assert.deepEqual(commands.map((one) => one.command_id), ids);
  for (const one of commands) {
    for (const name of ["title", "description", "summary", "category", "when_to_use"]) {
      assert.ok(one[name].length > 2, `${one.command_id} ${name}`);
    }
    assert.equal(one.visibility, "public");
    assert.match(one.risk, /^(read|mutate|approval)$/);
    assert.match(one.default_permission, /^(allow|require_approval|deny)$/);
    for (const name of ["risk_notes", "output_notes", "related_commands", "related_resources",
      "examples"]) {
      assert.ok(Array.isArray(one[name]), `${one.command_id} ${name}`);
    }
    for (const related of one.related_commands) assert.ok(ids.includes(related), related);
    for (const example of one.examples) {
      assert.deepEqual(Object.keys(example).sort(), ["code", "language", "title"]);
    }
    assert.equal("input_schema" in one, false, "schemas are asked for one by one");
  }
});

test("all schemas at once", async (t) => {
  const server = await Place.open(t).serve();
  const answers = await Promise.all(
    ids.map((id) => fromTheField(server, `/api/v1/commands/${id}/schema`)));

  answers.forEach((answer, i) => {
    const { command } = answer.json.data;
    assert.equal(answer.status, 200);
    assert.equal(command.command_id, ids[i]);
    for (const name of ["input_schema", "output_schema", "approval_output_schema"]) {
      assert.equal(command[name].type, "object", `${ids[i]} ${name}`);
      assert.equal(JSON.stringify(command[name]).includes("$use"), false);
      assert.equal(command[name].additionalProperties, false);
    }
  });
  const seed = (id) => JSON.parse(
    readFileSync(path.join(ROOT, "tests/data/seeds", `${id}.output.json`), "utf8"));
  for (const id of ["lead.upsert", "import.leads.list"]) {
    const shown = answers[ids.indexOf(id)].json.data.command.output_schema;
    assert.equal(JSON.stringify(shown), JSON.stringify(seed(id)), `${id}: down to the order`);
  }
  const none = await fromTheField(server, "/api/v1/commands/string/schema");
  assert.equal(none.status, 404);
  assert.equal(none.json.error.code, "COMMAND_NOT_FOUND");
});

test("resources", async (t) => {
  const server = await Place.open(t).serve();
  const { lead_id: lead } = await server.data("lead.upsert", { email: "ada@example.com" });
  const made = {
    lists: (await server.data("list.create", { name: "A" })).list.id,
    missions: (await server.data("mission.create", { name: "A" })).mission.id,
    imports: (await server.data("import.create", { content: "Email\nbo@example.com\n" }))
      .import.import_id,
    tags: (await server.data("tag.create", { name: "A" })).tag.id,
    stages: (await server.data("stage.create",
      { name: "A", object: "lead", category: "cold" })).stage.id,
  };
  const { resources } = (await fromTheField(server, "/api/v1/resources")).json.data;
  const read = (uri) =>
    fromTheField(server, `/api/v1/resources/read?uri=${encodeURIComponent(uri)}`);

  for (const one of resources) {
    assert.deepEqual(Object.keys(one), ["uri", "name", "description", "mimeType"]);
    const noun = /\/\/(\w+)\/\{id\}$/.exec(one.uri)?.[1];
    const uri = one.uri.replace("{id}", made[noun] ?? lead);
    const answer = await read(uri);
    assert.equal(answer.status, 200, uri);
    assert.equal(answer.json.data.resource.uri, uri);
    assert.equal(typeof answer.json.data.resource.payload, "object");
  }
  for (const scheme of ["salestouch", "galena"]) {
    for (const name of ["status", "catalog", "missions", "lists", "imports", "leads/{id}",
      "prospects/{id}"]) {
      assert.ok(resources.some((one) => one.uri === `${scheme}://${name}`), `${scheme} ${name}`);
    }
    const { payload } = (await read(`${scheme}://prospects/${lead}`)).json.data.resource;
    assert.equal(payload.lead_id, lead);
  }
  const raw = await fromTheField(server, "/api/v1/resources/read?uri=salestouch://status");
  assert.equal(raw.status, 200, "not percent-encoded is understood, too");
  for (const uri of ["salestouch://nothing", "http://x", "salestouch://prospects/x",
    "salestouch://prospects/01a1f866-0d00-7c41-9e55-2f0b6d3a9c10"]) {
    const answer = await read(uri);
    assert.equal(answer.status, 404, uri);
    assert.equal(answer.json.error.code, "RESOURCE_NOT_FOUND");
  }
  assert.ok([400, 404].includes((await fromTheField(server, "/api/v1/resources/read")).status));
});

test("every example in the catalogue runs", async (t) => {
  const place = Place.open(t);
  mkdirSync(place.path("bin"));
  symlinkSync(PROGRAM, place.path("bin/galena"));

  for (const id of ids) {
    const examples = examplesOf(id);
    assert.ok(examples.length > 0, `${id} has examples`);
    for (const kind of ["CLI", "HTTP"]) {
      const chosen = examples.filter((one) => one.title.startsWith(kind));
      assert.ok(chosen.length > 0, `${id} has an example for ${kind}`);
    }
  }
  const cases = ids.flatMap((id) => examplesOf(id)
    .filter((one) => one.language === "bash").map((one) => ({ id, ...one })));
  let server;
  let made;
  let stage;

  for (const [i, { id, title, code }] of cases.entries()) {
    /* CLI and HTTP of one case begin alike, so each has a fresh workspace. */
    if (stage !== `${id} ${title}`) {
      const workspace = `example ${i}`;
      const done = await place.cliJson(["workspace", "create", workspace]);
      assert.equal(done.code, 0, done.stderr);
      const key = (await place.key("--workspace", workspace)).key;
      server ??= await place.serve([], { key });
      server.key = key;
      made = { workspace, ...await furnish(server) };
      stage = `${id} ${title}`;
    }
    await t.test(`${id}, ${title}`, async () => {
      const { code: exit, stdout, stderr } = await run("bash", ["-c", withIds(code, made)], {
        cwd: place.folder,
        env: place.env({
          PATH: `${place.path("bin")}:${process.env.PATH}`,
          ...(title.startsWith("HTTP") ? { GALENA_URL: server.url, GALENA_API_KEY: server.key }
            : { GALENA_WORKSPACE: made.workspace }),
        }),
      });
      const envelope = JSON.parse(stdout || "null");
      if (mayFail(id, envelope?.error)) return;
      assert.equal(envelope?.ok, true, `${stdout}${stderr}`);
      assert.equal(exit, 0, stderr);
    });
  }
});
