// What is wrong is refused with a status and a code that say so, a message that says what to do,
// and without a trace in the database.
import assert from "node:assert/strict";
import test from "node:test";

import { until } from "./lib/until.mjs";
import { Place } from "./lib/place.mjs";

const UPSERT = "/api/v1/commands/lead.upsert";
const MIB = 1024 * 1024;
const NOBODY = "01a1f866-0d00-7c41-9e55-2f0b6d3a9c10";

/* Rows of a table: the title, the body as it is sent, and what must come back. */
const bodies = [
  ["not JSON", "email=ada@example.com", 400, "INVALID_JSON"],
  ["half of JSON", '{"input":{"email":"ada@exam', 400, "INVALID_JSON"],
  ["two documents", '{"email":"a@example.com"}{"email":"b@example.com"}', 400, "INVALID_JSON"],
  ["a comma too many", '{"email":"a@example.com",}', 400, "INVALID_JSON"],
  ["a comment", '{"email":"a@example.com"/* me */}', 400, "INVALID_JSON"],
  ["single quotes", "{'email':'a@example.com'}", 400, "INVALID_JSON"],
  ["NaN", '{"email":"a@example.com","score":NaN}', 400, "INVALID_JSON"],
  ["an array", '[{"email":"a@example.com"}]', 400, "INVALID_INPUT"],
  ["a text", '"a@example.com"', 400, "INVALID_INPUT"],
  ["null", "null", 400, "INVALID_INPUT"],
  ["an input that is no object", '{"input":["a@example.com"]}', 400, "INVALID_INPUT"],
  ["input null", '{"input":null}', 400, "INVALID_INPUT"],
  ["nothing", "", 400, "IDENTIFIER_REQUIRED"],
  ["an empty object", "{}", 400, "IDENTIFIER_REQUIRED"],
  ["an empty input", '{"input":{}}', 400, "IDENTIFIER_REQUIRED"],
  ["something beside input", '{"input":{"email":"a@example.com"},"emial":1}', 400,
    "INVALID_INPUT"],
  ["an unknown profile", '{"input":{"email":"a@example.com"},"response_profile":"tiny"}', 400,
    "INVALID_INPUT"],
  ["a key twice", '{"email":"a@example.com","email":"b@example.com"}', 400, "INVALID_JSON"],
  ["a key twice, inside", '{"input":{"email":"a@example.com","name":"A","name":"B"}}', 400,
    "INVALID_JSON"],
  ["nested 10,000 deep", `{"input":${'{"metadata":'.repeat(10_000)}1${"}".repeat(10_001)}`, 400,
    "INVALID_JSON"],
  ["an array 10,000 deep", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, 400, "INVALID_JSON"],
  ["invalid UTF-8", Buffer.from('{"email":"a@example.com","name":"\xff\xfe"}', "latin1"), 400,
    "INVALID_JSON"],
  ["half a character",
    Buffer.concat([Buffer.from('{"email":"a@example.com","name":"'), Buffer.from([0xc3]),
      Buffer.from('"}')]), 400, "INVALID_JSON"],
  ["an overlong character",
    Buffer.from('{"email":"a@example.com","name":"\xc0\xaf"}', "latin1"), 400, "INVALID_JSON"],
  ["a surrogate alone", '{"email":"a@example.com","name":"\\ud800"}', 400, "INVALID_JSON"],
  ["surrogates in the wrong order", '{"email":"a@example.com","name":"\\udc00\\ud800"}', 400,
    "INVALID_JSON"],
  ["NUL in a text", '{"email":"a@example.com","name":"A\\u0000B"}', 400, "INVALID_JSON"],
  ["NUL in a key", '{"email":"a@example.com","na\\u0000me":"A"}', 400, "INVALID_JSON"],
  ["a raw control character", '{"email":"a@example.com","name":"A\tB"}', 400, "INVALID_JSON"],
  ["a number past double", '{"email":"a@example.com","score":1e400}', 400, "INVALID_JSON"],
  ["an integer past all", `{"email":"a@example.com","score":1${"0".repeat(400)}}`, 400,
    "INVALID_JSON"],
  ["a score out of range", '{"email":"a@example.com","score":1e300}', 400, "INVALID_INPUT"],
  ["a negative score", '{"email":"a@example.com","score":-1}', 400, "INVALID_INPUT"],
  ["e-mail as a number", '{"email":5}', 400, "INVALID_INPUT"],
  ["a name as an object", '{"email":"a@example.com","name":{"first":"A"}}', 400, "INVALID_INPUT"],
  ["skills as a text", '{"email":"a@example.com","skills":"C"}', 400, "INVALID_INPUT"],
  ["a score as a text", '{"email":"a@example.com","score":"7"}', 400, "INVALID_INPUT"],
  ["metadata as an array", '{"email":"a@example.com","metadata":[]}', 400, "INVALID_INPUT"],
  ["half an experience", '{"email":"a@example.com","experience":[{"role":"x"}]}', 400,
    "INVALID_INPUT"],
  ["an unknown field", '{"email":"a@example.com","jobtitle":"x"}', 400, "INVALID_INPUT"],
  ["an unknown policy", '{"email":"a@example.com","on_conflict":"guess"}', 400, "INVALID_INPUT"],
  ["a name too long", JSON.stringify({ email: "a@example.com", name: "n".repeat(301) }), 400,
    "INVALID_INPUT"],
  ["no identifier", '{"name":"Ada"}', 400, "IDENTIFIER_REQUIRED"],
  ["only placeholders", '{"email":"n/a","custom_id":"-","linkedin_url":"none"}', 400,
    "IDENTIFIER_REQUIRED"],
  ["a placeholder address", '{"email":"test@test.com"}', 400, "IDENTIFIER_REQUIRED"],
  ["an address with a blank", '{"email":"ada example@example.com"}', 400, "INVALID_INPUT"],
  ["an address without @", '{"email":"ada.example.com"}', 400, "INVALID_INPUT"],
  ["two addresses in one", '{"email":"a@example.com, b@example.com"}', 400, "INVALID_INPUT"],
  ["a company as person", '{"linkedin_url":"https://www.linkedin.com/company/works"}', 400,
    "INVALID_INPUT"],
  ["a school as person", '{"linkedin_id":"https://www.linkedin.com/school/mit"}', 400,
    "INVALID_INPUT"],
  ["another site as profile", '{"linkedin_url":"https://example.com/in/ada"}', 400,
    "INVALID_INPUT"],
  ["a profile as Sales Navigator id", '{"sales_navigator_id":"ada-example"}', 400,
    "INVALID_INPUT"],
  ["an unknown lead", `{"lead_id":"${NOBODY}","name":"A"}`, 404, "LEAD_NOT_FOUND"],
  ["a lead id that is none", '{"lead_id":"17","name":"A"}', 404, "LEAD_NOT_FOUND"],
  ["an unknown list", `{"email":"a@example.com","list_id":"${NOBODY}"}`, 404, "LIST_NOT_FOUND"],
  ["an unknown mission", `{"email":"a@example.com","mission_id":"${NOBODY}"}`, 404,
    "MISSION_NOT_FOUND"],
  ["two names of one id that differ", `{"lead_id":"${NOBODY}","prospect_id":"x"}`, 404,
    "LEAD_NOT_FOUND"],
  ["10 MiB", JSON.stringify({ email: "a@example.com", description: "d".repeat(10 * MIB) }), 413,
    "TOO_LARGE"],
];

/* The error of an answer in either of its two forms, with what both promise. */
function errorOf(answer) {
  const { error } = answer.json;

  assert.equal(typeof error.code, "string");
  assert.equal(typeof error.message, "string");
  assert.match(error.message, /\w+ \w+.*[.?…]$/s, "a sentence");
  assert.match(answer.headers["content-type"], /^application\/json/);
  return error;
}

function checkEnvelope(answer) {
  const envelope = answer.json;

  assert.equal(envelope.ok, false);
  assert.equal(envelope.status, answer.status);
  assert.equal("data" in envelope, false);
  assert.ok(Array.isArray(envelope.meta.warnings));
  for (const detail of envelope.error.details ?? []) {
    assert.deepEqual(Object.keys(detail).sort(), ["message", "pointer"]);
  }
}

test("bad bodies", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  await server.data("lead.upsert", { email: "somebody@example.com", name: "Somebody" });
  const before = await place.dump();

  for (const [title, body, status, code] of bodies) {
    await t.test(title, async () => {
      const answer = await server.request("POST", UPSERT, { body });

      assert.equal(answer.status, status, answer.text);
      assert.equal(errorOf(answer).code, code, answer.text);
      checkEnvelope(answer);
      assert.equal(await place.dump(), before, "the database is as it was");
    });
  }
  await t.test("the server lives on", async () => {
    assert.equal((await server.run("lead.get", { email: "somebody@example.com" })).status, 200);
  });
});

test("details name every place that is wrong", async (t) => {
  const server = await Place.open(t).serve();
  const { json } = await server.run("lead.upsert",
    { email: 5, nme: "x", skills: [1], experience: [{ role: 1 }], status: "Sad" });
  const pointers = json.error.details.map((detail) => detail.pointer);

  for (const pointer of ["/email", "/nme", "/skills/0", "/experience/0/role", "/status"]) {
    assert.ok(pointers.includes(pointer), `${pointer} among ${pointers}`);
  }
});

test("a file that is no file of leads is told", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const before = await place.dump();

  for (const input of [{}, { content: "x", upload_id: "y" }, { content: "x", mapping: { a: 1 } },
    { content: "x", mission_id: NOBODY }, { content: "x", list_id: NOBODY }]) {
    const answer = await server.run("import.create", input);
    assert.ok([400, 404].includes(answer.status), answer.text);
    errorOf(answer);
  }
  assert.equal(await place.dump(), before);
});

/* Each key, and what a write and a read with it come to. */
async function makeKeys(place) {
  const second = await place.cliJson(["workspace", "create", "second"]);
  assert.equal(second.code, 0, second.stderr);
  const revoked = await place.key();
  const revoking = await place.cli(["key", "revoke", revoked.key_id]);
  assert.equal(revoking.code, 0, revoking.stderr);
  const { key } = await place.key();
  const flipped = key.slice(0, -1) + (key.endsWith("A") ? "B" : "A");

  return [
    ["none", null, 401, "UNAUTHENTICATED"],
    ["an empty one", "", 401, "UNAUTHENTICATED"],
    ["half a key", key.slice(0, 30), 401, "UNAUTHENTICATED"],
    ["no key at all", "hello", 401, "UNAUTHENTICATED"],
    ["one letter changed", flipped, 401, "UNAUTHENTICATED"],
    ["a revoked key", revoked.key, 401, "UNAUTHENTICATED"],
    ["a key that only reads", (await place.key("--scopes", "read")).key, 403, "FORBIDDEN"],
    ["a key for another noun", (await place.key("--scopes", "mission.*")).key, 403, "FORBIDDEN"],
    ["a key of another workspace", (await place.key("--workspace", "second")).key, 404,
      "LEAD_NOT_FOUND"],
  ];
}

test("keys that may not", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { lead_id: lead } = await server.data("lead.upsert", { email: "ada@example.com" });
  const keys = await makeKeys(place);
  const before = await place.dump();

  for (const [title, key, status, code] of keys) {
    await t.test(title, async () => {
      const answer = await server.run("lead.update", { lead_id: lead, name: "Stolen" }, { key });

      assert.equal(answer.status, status, answer.text);
      assert.equal(errorOf(answer).code, code);
      if (status < 404) {
        assert.deepEqual(Object.keys(answer.json), ["error"], "401 and 403 answer plainly");
      }
      assert.equal(await place.dump(), before, "the database is as it was");
    });
  }
  await t.test("another workspace sees nothing of it", async () => {
    const key = keys.at(-1)[1];
    for (const input of [{ lead_id: lead }, { email: "ada@example.com" }]) {
      assert.equal((await server.run("lead.get", input, { key })).status, 404);
    }
    assert.equal((await server.run("lead.history", { lead_id: lead }, { key })).status, 404);
    assert.equal((await server.data("lead.search", {}, { key })).count, 0);
    assert.equal((await server.data("workspace.stats", {}, { key })).leads.total, 0);
    assert.equal((await server.run("lead.delete", { lead_id: lead }, { key })).status, 404);
  });
  await t.test("and has the same address for itself", async () => {
    const key = keys.at(-1)[1];
    const other = await server.data("lead.upsert", { email: "ada@example.com" }, { key });
    assert.notEqual(other.lead_id, lead);
  });
});

test("an expired key stops working", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const at = new Date(Date.now() + 3000).toISOString();
  const { key } = await place.key("--expires", at);

  assert.equal((await server.run("lead.search", {}, { key })).status, 200, `before ${at}`);
  const answer = await until(async () => {
    const later = await server.run("lead.search", {}, { key });
    return later.status === 401 && later;
  }, "the key to expire");
  assert.equal(errorOf(answer).code, "UNAUTHENTICATED");
  assert.ok(Date.now() >= Date.parse(at) - 50, "not before its time");
});

test("what the command line refuses", async (t) => {
  const place = Place.open(t);
  await place.key();
  const before = await place.dump();
  const rows = [
    [["commands", "run", "lead.upsert", "--input-json", "{"], 2, "INVALID_JSON"],
    [["commands", "run", "lead.upsert", "--input-json", '{"name":"A"}'], 2, "IDENTIFIER_REQUIRED"],
    [["commands", "run", "lead.upsert", "--input-json", "[]"], 2, "INVALID_INPUT"],
    [["commands", "run", "lead.upsert", "--input-json", '{"email":1}'], 2, "INVALID_INPUT"],
    [["commands", "run", "lead.upsert", "--input-json", `{"lead_id":"${NOBODY}"}`], 4,
      "LEAD_NOT_FOUND"],
    [["commands", "run", "no.such", "--input-json", "{}"], 4, "COMMAND_NOT_FOUND"],
    [["commands", "run", "lead.upsert", "--input-file", "/nowhere/x.json"], 2, "INVALID_INPUT"],
    [["commands", "run", "lead.upsert", "--input-file", "-"], 2, "INVALID_JSON",
      Buffer.from('{"email":"a@example.com","name":"\xff"}', "latin1")],
    [["commands", "schema", "no.such"], 4, "COMMAND_NOT_FOUND"],
    [["import", "nowhere.csv"], 2, "INVALID_INPUT"],
    [["key", "revoke", NOBODY], 4, "KEY_NOT_FOUND"],
    [["no-such-word"], 2, "INVALID_INPUT"],
    [["commands", "run", "lead.upsert", "--inptu-json", "{}"], 2, "INVALID_INPUT"],
  ];

  for (const [args, exit, code, input] of rows) {
    await t.test(args.join(" "), async () => {
      const { code: status, json } = await place.cliJson(args, { input: input ?? "" });

      assert.equal(status, exit, JSON.stringify(json));
      assert.equal(json.error.code, code);
      assert.match(json.error.message, /\w+ \w+/);
      assert.equal(await place.dump(), before, "the database is as it was");
    });
  }
});
