// The leads dialect: what is wrong is refused in its own form, names the first problem, and leaves
// no trace in the database.
import assert from "node:assert/strict";
import test from "node:test";

import { Client, LEADS, failureOf, leadsOf } from "./lib/leads.mjs";
import { Place } from "./lib/place.mjs";

const MIB = 1024 * 1024;
const NOBODY = "lead_01a1f8660d007c419e552f0b6d3a9c10";
const STATUS = "Status must be one of: new, contacted, qualified, converted, lost, follow_up";
const ADA = '"name":"Ada","email":"ada@example.com"';

/* Bodies that are no JSON for either of POST and PUT. */
const broken = [
  ["nothing", ""],
  ["not JSON", "name=Ada&email=ada@example.com"],
  ["half of JSON", `{${ADA}`],
  ["two documents", `{${ADA}}{${ADA}}`],
  ["a comma too many", `{${ADA},}`],
  ["a key twice", `{${ADA},"name":"Bo"}`],
  ["nested 10,000 deep", `{${ADA},"metadata":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`],
  ["invalid UTF-8", Buffer.from('{"email":"a@example.com","name":"\xff\xfe"}', "latin1")],
  ["NUL in a text", '{"email":"ada@example.com","name":"A\\u0000B"}'],
  ["a surrogate alone", '{"email":"ada@example.com","name":"\\ud800"}'],
];

/* What a new lead is refused for: body, field, value as it is repeated, and words of the message. */
const made = [
  ["an array", `[{${ADA}}]`, "body", null, /object/],
  ["null", "null", "body", null, /object/],
  ["an empty object", "{}", "name", null, /^Name is required$/],
  ["no name", '{"email":"ada@example.com"}', "name", null, /^Name is required$/],
  ["no address", '{"name":"Ada"}', "email", null, /^Email is required$/],
  ["a blank name", '{"name":"  ","email":"ada@example.com"}', "name", "  ", /required/],
  ["a null address", '{"name":"Ada","email":null}', "email", null, /required/],
  ["an empty address", '{"name":"Ada","email":""}', "email", "", /required/],
  ["an address without @", '{"name":"Ada","email":"ada.example.com"}', "email", "ada.example.com",
    /@/],
  ["an address with a blank", '{"name":"Ada","email":"ada b@example.com"}', "email",
    "ada b@example.com", /\w+/],
  ["two addresses", '{"name":"Ada","email":"a@example.com, b@example.com"}', "email",
    "a@example.com, b@example.com", /\w+/],
  ["a placeholder", '{"name":"Ada","email":"test@test.com"}', "email", "test@test.com",
    /placeholder/],
  ["an address that is a number", '{"name":"Ada","email":5}', "email", 5, /^email must be a/],
  ["a name that is an object", '{"name":{"a":1},"email":"ada@example.com"}', "name", { a: 1 },
    /^name must be a/],
  ["a name too long", JSON.stringify({ name: "n".repeat(301), email: "ada@example.com" }), "name",
    "n".repeat(301), /300/],
  ["a phone that is a number", `{${ADA},"phone":1555}`, "phone", 1555, /^phone must be a/],
  ["a source too long", `{${ADA},"source":"${"s".repeat(201)}"}`, "source", "s".repeat(201),
    /200/],
  ["an unknown status", `{${ADA},"status":"hot"}`, "status", "hot", new RegExp(`^${STATUS}$`)],
  ["a status in capitals", `{${ADA},"status":"New"}`, "status", "New", /^Status must be/],
  ["another dialect's status", `{${ADA},"status":"Interested"}`, "status", "Interested",
    /^Status must be/],
  ["a status that is a number", `{${ADA},"status":1}`, "status", 1, /^Status must be/],
  ["metadata that is a text", `{${ADA},"metadata":"x"}`, "metadata", "x", /object/],
  ["metadata that is an array", `{${ADA},"metadata":[1]}`, "metadata", [1], /object/],
  ["an unknown field", `{${ADA},"company":"Works"}`, "company", "Works", /no such field/],
  ["an id", `{${ADA},"id":"${NOBODY}"}`, "id", NOBODY, /set by the server/],
  ["a time of making", `{${ADA},"createdAt":"2024-01-15T10:30:00.000Z"}`, "createdAt",
    "2024-01-15T10:30:00.000Z", /set by the server/],
  ["a value too long to be repeated", JSON.stringify({ name: "Ada", email: `${"a".repeat(5000)}@b` }),
    "email", null, /\w+/],
];

/* What a change of somebody@example.com is refused for. */
const changed = [
  ["an array", "[]", "body", null, /object/],
  ["a null name", '{"name":null}', "name", null, /cannot be emptied/],
  ["a blank name", '{"name":" "}', "name", " ", /cannot be emptied/],
  ["a null address", '{"email":null}', "email", null, /cannot be emptied/],
  ["an empty address", '{"email":""}', "email", "", /cannot be emptied/],
  ["an address without @", '{"email":"x"}', "email", "x", /@/],
  ["a placeholder", '{"email":"n/a"}', "email", "n/a", /placeholder/],
  ["a null status", '{"status":null}', "status", null, new RegExp(`^${STATUS}$`)],
  ["null metadata", '{"metadata":null}', "metadata", null, /key by key/],
  ["another id", `{"id":"${NOBODY}"}`, "id", NOBODY, /cannot be changed/],
  ["another workspace", '{"workspaceId":"ws_your_workspace_id"}', "workspaceId",
    "ws_your_workspace_id", /cannot be changed/],
  ["another time of making", '{"createdAt":"2024-01-15T10:30:00.000Z"}', "createdAt",
    "2024-01-15T10:30:00.000Z", /cannot be changed/],
  ["null as time of making", '{"createdAt":null}', "createdAt", null, /cannot be changed/],
  ["a time of changing that is none", '{"updatedAt":"now"}', "updatedAt", "now", /leave it out/],
  ["an unknown field", '{"phone":"+1","emial":"x"}', "emial", "x", /no such field/],
  ["the first of two problems", '{"status":"x","name":null}', "status", "x", /^Status/],
];

const queries = [
  ["page=0", "page", "0"], ["page=-1", "page", "-1"], ["page=1.5", "page", "1.5"],
  ["page=one", "page", "one"], ["page=99999999999999999999", "page", "99999999999999999999"],
  ["limit=0", "limit", "0"], ["limit=101", "limit", "101"], ["limit=all", "limit", "all"],
  ["page=10002&limit=10", "page", "10002"], ["page=1002&limit=100", "page", "1002"],
  ["status=hot", "status", "hot"], ["status=New", "status", "New"],
  ["sortBy=phone", "sortBy", "phone"], ["sortOrder=up", "sortOrder", "up"],
  ["stauts=new", "stauts", null], ["status=new&status=lost", "status", "new"],
  ["search=%ff", "search", null], [`search=${"s".repeat(5000)}`, "search", null],
];

test("bodies", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const leads = new Client(server);
  const { id } = await leads.make({ name: "Somebody", email: "somebody@example.com" });
  const before = await place.dump();
  const refused = async (method, where, body, status) => {
    const answer = await server.request(method, LEADS + where, { body });
    assert.equal(answer.status, status, answer.text);
    const failure = failureOf(answer);
    assert.equal(await place.dump(), before, "the database is as it was");
    return failure;
  };

  for (const [title, body] of broken) {
    for (const [method, where] of [["POST", ""], ["PUT", `/${id}`]]) {
      await t.test(`${method}: ${title}`, async () => {
        assert.equal((await refused(method, where, body, 400)).code, "INVALID_JSON");
      });
    }
  }
  for (const [method, where, rows] of [["POST", "", made], ["PUT", `/${id}`, changed]]) {
    for (const [title, body, field, value, message] of rows) {
      await t.test(`${method}: ${title}`, async () => {
        const failure = await refused(method, where, body, 400);
        assert.equal(failure.code, "VALIDATION_ERROR");
        assert.deepEqual([failure.details.field, failure.details.value], [field, value]);
        assert.match(failure.details.message, message);
      });
    }
  }
  await t.test("10 MiB", async () => {
    const body = JSON.stringify({ name: "n".repeat(10 * MIB), email: "ada@example.com" });
    assert.equal((await refused("POST", "", body, 413)).code, "TOO_LARGE");
  });
  await t.test("another type", async () => {
    const answer = await server.request("PUT", `${LEADS}/${id}`,
      { body: "name=Ada", headers: { "Content-Type": "application/x-www-form-urlencoded" } });
    assert.equal(answer.status, 415);
    assert.equal(failureOf(answer).code, "UNSUPPORTED_MEDIA_TYPE");
  });
  await t.test("a key for repeating that is none", async () => {
    const answer = await server.request("POST", LEADS,
      { body: { name: "A", email: "a@example.com" }, headers: { "Idempotency-Key": "é" } });
    assert.equal(answer.status, 400);
    assert.equal(failureOf(answer).code, "VALIDATION_ERROR");
  });
  await t.test("the server lives on", async () => {
    assert.equal((await leads.get(id)).name, "Somebody");
  });
});

test("queries", async (t) => {
  const server = await Place.open(t).serve();

  for (const [query, field, value] of queries) {
    await t.test(query.slice(0, 40), async () => {
      const answer = await server.request("GET", `${LEADS}?${query}`);
      assert.equal(answer.status, 400, answer.text);
      const { code, details } = failureOf(answer);
      assert.equal(code, "VALIDATION_ERROR");
      assert.deepEqual([details.field, details.value], [field, value]);
    });
  }
  await t.test("the last page that can be had", async () => {
    const leads = new Client(server);
    assert.deepEqual((await leads.list("page=1001&limit=100")).leads, []);
    assert.deepEqual((await leads.list("page=10001")).leads, []);
  });
});

test("addresses", async (t) => {
  const server = await Place.open(t).serve();
  const rows = [
    ["GET", `${LEADS}/${NOBODY}`, 404, "LEAD_NOT_FOUND"],
    ["GET", `${LEADS}/17`, 404, "LEAD_NOT_FOUND"],
    ["GET", `${LEADS}/lead_17`, 404, "LEAD_NOT_FOUND"],
    ["PUT", `${LEADS}/lead_1234567890abcdef`, 404, "LEAD_NOT_FOUND"],
    ["DELETE", `${LEADS}/lead_${"x".repeat(32)}`, 404, "LEAD_NOT_FOUND"],
    ["GET", leadsOf("nobody"), 404, "CHATBOT_NOT_FOUND"],
    ["GET", `${LEADS}/${NOBODY}/notes`, 404, "NOT_FOUND"],
    ["GET", `${LEADS}/`, 404, "NOT_FOUND"],
    ["GET", "/api/v1/chatbots", 404, "NOT_FOUND"],
    ["GET", "/api/v1/chatbots/cb_1", 404, "NOT_FOUND"],
    ["GET", "/api/v1/chatbots/cb_1/messages", 404, "NOT_FOUND"],
    ["GET", leadsOf(""), 404, "NOT_FOUND"],
    ["GET", leadsOf("%ff"), 404, "NOT_FOUND"],
    ["PATCH", `${LEADS}/${NOBODY}`, 405, "METHOD_NOT_ALLOWED", "GET, HEAD, PUT, DELETE, OPTIONS"],
    ["POST", `${LEADS}/${NOBODY}`, 405, "METHOD_NOT_ALLOWED", "GET, HEAD, PUT, DELETE, OPTIONS"],
    ["DELETE", LEADS, 405, "METHOD_NOT_ALLOWED", "GET, HEAD, POST, OPTIONS"],
    ["PUT", leadsOf("cb_1"), 405, "METHOD_NOT_ALLOWED", "GET, HEAD, POST, OPTIONS"],
    ["POST", "/api/v1/chatbots/cb_1/webhooks/x", 405, "METHOD_NOT_ALLOWED",
      "GET, HEAD, PUT, DELETE, OPTIONS"],
  ];

  for (const [method, path, status, code, allow] of rows) {
    await t.test(`${method} ${path}`, async () => {
      const body = method === "GET" ? undefined : {};
      const answer = await server.request(method, path, { body });
      assert.equal(answer.status, status, answer.text);
      assert.equal(failureOf(answer).code, code);
      assert.equal(answer.headers.allow, allow);
    });
  }
  await t.test("HEAD and OPTIONS", async () => {
    const head = await server.request("HEAD", LEADS);
    assert.deepEqual([head.status, head.text], [200, ""]);
    const options = await server.request("OPTIONS", LEADS);
    assert.equal(options.status, 204);
    assert.equal(options.headers.allow, "GET, HEAD, POST, OPTIONS");
  });
});

test("keys", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const leads = new Client(server);
  const { id } = await leads.make({ name: "Ada", email: "ada@example.com" });
  const [read, write, remove] = await Promise.all(["read", "write", "delete"].map(
    async (scope) => (await place.key("--scopes", scope)).key));
  const second = await place.cliJson(["workspace", "create", "second"]);
  assert.equal(second.code, 0, second.stderr);
  const other = (await place.key("--workspace", "second")).key;
  const before = await place.dump();
  const rows = [
    ["none", null, {}, "GET", "", 401, "MISSING_AUTH_HEADER"],
    ["an empty header", null, { Authorization: "" }, "GET", "", 401, "MISSING_AUTH_HEADER"],
    ["another scheme", null, { Authorization: "Basic eDp5" }, "GET", "", 401, "INVALID_API_KEY"],
    ["half a key", read.slice(0, 30), {}, "GET", "", 401, "INVALID_API_KEY"],
    ["the documentation's", "sk-workspace_your_api_key", {}, "PUT", `/${id}`, 401,
      "INVALID_API_KEY"],
    ["in the other header", null, { "X-API-Key": "x" }, "GET", "", 401, "INVALID_API_KEY"],
    ["making with one that reads", read, {}, "POST", "", 403, "FORBIDDEN"],
    ["changing with one that reads", read, {}, "PUT", `/${id}`, 403, "FORBIDDEN"],
    ["deleting with one that writes", write, {}, "DELETE", `/${id}`, 403, "FORBIDDEN"],
    ["reading with one that writes", write, {}, "GET", `/${id}`, 403, "FORBIDDEN"],
    ["listing with one that deletes", remove, {}, "GET", "", 403, "FORBIDDEN"],
    ["another workspace's", other, {}, "GET", `/${id}`, 404, "LEAD_NOT_FOUND"],
    ["another workspace's, changing", other, {}, "PUT", `/${id}`, 404, "LEAD_NOT_FOUND"],
    ["another workspace's, deleting", other, {}, "DELETE", `/${id}`, 404, "LEAD_NOT_FOUND"],
  ];

  for (const [title, key, headers, method, where, status, code] of rows) {
    await t.test(title, async () => {
      const body = method === "GET" ? undefined : {};
      const answer = await server.request(method, LEADS + where, { body, key, headers });
      assert.equal(answer.status, status, answer.text);
      assert.equal(failureOf(answer).code, code);
      assert.equal(await place.dump(), before, "the database is as it was");
    });
  }
  await t.test("what each may", async () => {
    const may = async (key, method, where, body, status) => {
      const answer = await server.request(method, LEADS + where, { body, key });
      assert.equal(answer.status, status, answer.text);
    };
    await may(read, "GET", "", undefined, 200);
    await may(read, "GET", `/${id}`, undefined, 200);
    await may(write, "PUT", `/${id}`, { phone: "+1" }, 200);
    await may(write, "POST", "", { name: "Bo", email: "bo@example.com" }, 201);
    await may(remove, "DELETE", `/${id}`, undefined, 200);
    await may(other, "POST", "", { name: "Ada", email: "ada@example.com" }, 201);
  });
});

test("too many requests", async (t) => {
  const server = await Place.open(t).serve(["--rate-per-minute", "3"]);
  let answer;

  for (let n = 0; n < 4; n++) {
    answer = await server.request("GET", n % 2 ? leadsOf("cb_1") : LEADS);
    if (n < 3) assert.notEqual(answer.status, 429);
  }
  assert.equal(answer.status, 429);
  const { code, retryAfter } = failureOf(answer);
  assert.equal(code, "RATE_LIMIT_EXCEEDED");
  assert.ok(Number.isInteger(retryAfter) && retryAfter >= 1 && retryAfter <= 60);
  assert.equal(answer.headers["retry-after"], String(retryAfter));
});

test("a database that fails", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  await place.sql("ALTER TABLE identifier RENAME TO gone");
  const answer = await server.request("POST", LEADS,
    { body: { name: "Ada", email: "ada@example.com" } });

  assert.equal(answer.status, 500, answer.text);
  const { code, error, details } = failureOf(answer);
  assert.equal(code, "INTERNAL_ERROR");
  assert.ok(!/identifier|gone|sql|table/i.test(error), "nothing of the inside");
  assert.equal(details, undefined);
});
