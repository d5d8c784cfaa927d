// What is wrong in the contacts dialect is refused in that dialect's form, with the field's path,
// and without a trace in the database.
import assert from "node:assert/strict";
import test from "node:test";

import { until } from "./lib/until.mjs";
import { Place } from "./lib/place.mjs";

const LEADS = "/leads/api/leads";
const UPSERT = `${LEADS}/upsert`;
const MIB = 1024 * 1024;
const NOBODY = "01a1f866-0d00-7c41-9e55-2f0b6d3a9c10";
const LIST = "$list"; // stands for the id of a list

const REASONS = {
  400: "bad_request", 401: "auth_exception", 403: "access_denied", 404: "not_found",
  405: "method_not_allowed", 409: "conflict", 413: "payload_too_large",
  415: "unsupported_media_type", 422: "validation_error", 429: "too_many_requests",
};

/* The error, which must have the published form. `fields` are the keys of error.data. */
function checkError(answer, status, fields) {
  const body = answer.json;

  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers["content-type"], /^application\/json/);
  assert.deepEqual(Object.keys(body), ["error", "message", "code"]);
  assert.deepEqual(Object.keys(body.error), ["reason", "message", "data"]);
  assert.equal(body.error.reason, REASONS[status]);
  assert.equal(body.code, status);
  assert.equal(typeof body.message, "string");
  assert.equal(body.message, body.error.message);
  assert.match(body.message, /\w+ \w+.*[.?)…]$/s, "a sentence");
  assert.ok(body.error.data && !Array.isArray(body.error.data));
  for (const messages of Object.values(body.error.data)) {
    assert.ok(Array.isArray(messages) && messages.length > 0);
    for (const one of messages) assert.equal(typeof one, "string");
  }
  if (fields) assert.deepEqual(Object.keys(body.error.data), fields, answer.text);
}

const lead = (more = {}) => ({ linkedin_id: "ada", ...more });
const upsert = (more = {}, around = {}) => ({ lead: lead(more), list_uuid: LIST, ...around });

/* Title, body of an upsert (text and bytes as they are), status, fields that are named. */
const bodies = [
  ["not JSON", "linkedin_id=ada", 400, []],
  ["half of JSON", '{"lead":{"linkedin_id":"ad', 400, []],
  ["two documents", "{}{}", 400, []],
  ["a comma too many", '{"lead":{"linkedin_id":"ada",}}', 400, []],
  ["single quotes", "{'lead':{}}", 400, []],
  ["NaN", '{"lead":{"linkedin_id":NaN}}', 400, []],
  ["a key twice", '{"lead":{"linkedin_id":"a","linkedin_id":"b"}}', 400, []],
  ["nested 10,000 deep", `{"custom_fields":${'{"a":'.repeat(10_000)}1${"}".repeat(10_001)}`, 400,
    []],
  ["invalid UTF-8", Buffer.from('{"lead":{"linkedin_id":"\xff"}}', "latin1"), 400, []],
  ["half a character", Buffer.concat([Buffer.from('{"lead":{"linkedin_id":"'),
    Buffer.from([0xc3]), Buffer.from('"}}')]), 400, []],
  ["a surrogate alone", '{"lead":{"linkedin_id":"\\ud800"}}', 400, []],
  ["NUL in a text", '{"lead":{"linkedin_id":"a\\u0000b"}}', 400, []],
  ["a number past double", '{"lead":{"linkedin_id":1e400}}', 400, []],
  ["an array", [upsert()], 422, []],
  ["a text", '"ada"', 422, []],
  ["null", "null", 422, []],
  ["nothing", "", 422, ["lead"]],
  ["an empty object", {}, 422, ["lead"]],
  ["an empty array", [], 422, ["lead"]],
  ["flat, without lead", { linkedin_id: "ada", list_uuid: LIST }, 422, ["lead"]],
  ["lead null", { lead: null, list_uuid: LIST }, 422, ["lead"]],
  ["lead a text", { lead: "ada", list_uuid: LIST }, 422, ["lead"]],
  ["lead an array", { lead: [lead()], list_uuid: LIST }, 422, ["lead"]],
  ["no linkedin_id", { lead: { first_name: "Ada" }, list_uuid: LIST }, 422,
    ["lead.linkedin_id"]],
  ["linkedin_id null", upsert({ linkedin_id: null }), 422, ["lead.linkedin_id"]],
  ["linkedin_id empty", upsert({ linkedin_id: "" }), 422, ["lead.linkedin_id"]],
  ["linkedin_id blank", upsert({ linkedin_id: "  " }), 422, ["lead.linkedin_id"]],
  ["linkedin_id a number", upsert({ linkedin_id: 7 }), 422, ["lead.linkedin_id"]],
  ["linkedin_id a placeholder", upsert({ linkedin_id: "n/a" }), 422, ["lead.linkedin_id"]],
  ["a company as person", upsert({ linkedin_id: "https://www.linkedin.com/company/works" }), 422,
    ["lead.linkedin_id"]],
  ["another site as profile", upsert({ linkedin_id: "https://example.com/in/ada" }), 422,
    ["lead.linkedin_id"]],
  ["a profile name as Sales Navigator id", upsert({ sn_id: "ada-example" }), 422, ["lead.sn_id"]],
  ["a profile name as member id", upsert({ ln_id: "ada-example" }), 422, ["lead.ln_id"]],
  ["a company as profile name", upsert({ linkedin: "https://www.linkedin.com/company/works" }),
    422, ["lead.linkedin"]],
  ["no address", upsert({ email: "ada.example.com" }), 422, ["lead.email"]],
  ["an address as a number", upsert({ email: 5 }), 422, ["lead.email"]],
  ["a name as an object", upsert({ first_name: { a: 1 } }), 422, ["lead.first_name"]],
  ["a company as an array", upsert({ company_name: ["Works"] }), 422, ["lead.company_name"]],
  ["two fields of the wrong type", upsert({ about: 1, raw_address: 2 }), 422,
    ["lead.about", "lead.raw_address"]],
  ["a position too long", upsert({ position: "p".repeat(301) }), 422, ["lead.position"]],
  ["a headline too long", upsert({ headline: "p".repeat(501) }), 422, ["lead.headline"]],
  ["a domain too long", upsert({ domain: "p".repeat(256) }), 422, ["lead.domain"]],
  ["an unknown field", upsert({ frist_name: "Ada" }), 422, ["lead.frist_name"]],
  ["a field of the inside", upsert({ job_title: "CTO" }), 422, ["lead.job_title"]],
  ["custom fields inside lead", upsert({ custom_fields: {} }), 422, ["lead.custom_fields"]],
  ["an unknown member", upsert({}, { list: 1 }), 422, ["list"]],
  ["no list", { lead: lead() }, 422, ["list_uuid"]],
  ["list null", upsert({}, { list_uuid: null }), 422, ["list_uuid"]],
  ["list a number", upsert({}, { list_uuid: 7 }), 422, ["list_uuid"]],
  ["list that is no uuid", upsert({}, { list_uuid: "inbox" }), 422, ["list_uuid"]],
  ["an unknown list", upsert({}, { list_uuid: NOBODY }), 422, ["list_uuid"]],
  ["an unknown list to move to", upsert({}, { list_uuid: NOBODY, move_to_list: true }), 422,
    ["list_uuid"]],
  ["a switch as a text", upsert({}, { update_if_exists: "maybe" }), 422, ["update_if_exists"]],
  ["a switch as an array", upsert({}, { move_to_list: [] }), 422, ["move_to_list"]],
  ["custom fields as a text", upsert({}, { custom_fields: "x" }), 422, ["custom_fields"]],
  ["custom fields as an array", upsert({}, { custom_fields: [1] }), 422, ["custom_fields"]],
  ["two different members", upsert({ ln_id: "ACoAAAB1bLkBW8n9zq0o2p8bq7nVJ3xkZ8bqQwE",
    sn_id: "ACwAAAB1bLoBW8n9zq0o2p8bq7nVJ3xkZ8bqQwE" }), 422, null],
  ["10 MiB", upsert({ about: "d".repeat(10 * MIB) }), 413, []],
];

/** A server with one list, one contact and a key of another workspace. */
async function open(t, args = []) {
  const place = Place.open(t);
  const server = await place.serve(["--check-outputs", ...args]);
  const list = (await server.data("list.create", { name: "Here" })).list.id;
  const made = await server.request("POST", UPSERT,
    { body: { lead: { linkedin_id: "known" }, list_uuid: list } });
  assert.equal(made.status, 200, made.text);
  const second = await place.cliJson(["workspace", "create", "second"]);
  assert.equal(second.code, 0, second.stderr);
  const foreign = (await place.key("--workspace", "second")).key;
  const reader = (await place.key("--scopes", "read")).key;
  const fill = (body) => (typeof body === "string" || Buffer.isBuffer(body) ? body
    : JSON.stringify(body).replaceAll(LIST, list));
  const send = (method, path, body, options = {}) => server.request(method, path,
    { ...options, ...(body === undefined ? {} : { body: fill(body) }) });
  return { place, server, list, uuid: made.json.uuid, foreign, reader, send };
}

test("bad bodies", async (t) => {
  const { place, send } = await open(t);
  const before = await place.digest();

  for (const [title, body, status, fields] of bodies) {
    await t.test(title, async () => {
      checkError(await send("POST", UPSERT, body), status, fields);
    });
  }
  assert.equal(await place.digest(), before, "nothing was written");
});

test("bad bodies of the other calls", async (t) => {
  const { place, send, uuid } = await open(t);
  const before = await place.digest();
  const one = `${LEADS}/${uuid}`;
  const rows = [
    ["POST", LEADS, {}, 422, ["leads"]],
    ["POST", LEADS, { leads: [lead()] }, 422, ["list_uuid"]],
    ["POST", LEADS, { leads: {}, list_uuid: LIST }, 422, ["leads"]],
    ["POST", LEADS, { leads: [], list_uuid: LIST }, 422, ["leads"]],
    ["POST", LEADS, { leads: [lead(), "ada"], list_uuid: LIST }, 422, ["leads.1"]],
    ["POST", LEADS, { leads: [lead(), { first_name: "A" }], list_uuid: LIST }, 422,
      ["leads.1.linkedin_id"]],
    ["POST", LEADS, { leads: [lead({ linkedin_id: null })], list_uuid: LIST }, 422,
      ["leads.0.linkedin_id"]],
    ["POST", LEADS, { leads: [lead({ first_name: 1 })], list_uuid: LIST }, 422,
      ["leads.0.first_name"]],
    ["POST", LEADS, { leads: [lead({ nonsense: 1 })], list_uuid: LIST }, 422,
      ["leads.0.nonsense"]],
    ["POST", LEADS, { leads: [lead({ custom_fields: 1 })], list_uuid: LIST }, 422,
      ["leads.0.custom_fields"]],
    ["POST", LEADS, { leads: [lead()], list_uuid: NOBODY }, 422, ["list_uuid"]],
    ["POST", LEADS, { leads: [lead()], list_uuid: LIST, update_if_exists: true }, 422,
      ["update_if_exists"]],
    ["POST", LEADS, "[", 400, []],
    ["PUT", one, "{", 400, []],
    ["PUT", one, [1], 422, []],
    ["PUT", one, { first_name: 5 }, 422, ["first_name"]],
    ["PUT", one, { email: "no address" }, 422, ["email"]],
    ["PUT", one, { linkedin_id: "https://example.com/in/ada" }, 422, ["linkedin_id"]],
    ["POST", `${LEADS}/search`, "{", 400, []],
    ["POST", `${LEADS}/search`, { limit: 1001 }, 422, ["limit"]],
    ["POST", `${LEADS}/search`, { limit: 0 }, 422, ["limit"]],
    ["POST", `${LEADS}/search`, { offset: -1 }, 422, ["offset"]],
    ["POST", `${LEADS}/search`, { page: 2 }, 422, ["page"]],
    ["POST", `${LEADS}/search`, { filter: 5 }, 422, ["filter"]],
    ["POST", `${LEADS}/search`, { filter: { nothing: 5 } }, 422, ["filter.nothing"]],
    ["POST", `${LEADS}/search`, { filter: { avatar_url: "x" } }, 422, ["filter.avatar_url"]],
    ["POST", `${LEADS}/search`, { filter: { connections_number: "x" } }, 422,
      ["filter.connections_number"]],
    ["POST", `${LEADS}/search`, { filter: { uuid: { "<": "x" } } }, 422, ["filter.uuid"]],
    ["POST", `${LEADS}/search`, { filter: { name: { like: "x" } } }, 422, ["filter.name"]],
    ["POST", `${LEADS}/search`, { order_field: "about" }, 422, ["order_field"]],
    ["POST", `${LEADS}/search`, { after: "no cursor" }, 422, ["after"]],
    ["POST", `${LEADS}/search`, { after: 7 }, 422, ["after"]],
    ["POST", `${LEADS}/search`, { filter: { about: "x" } }, 422, ["filter.about"]],
    ["POST", `${LEADS}/search`, { filter: { name: true } }, 422, ["filter.name"]],
    ["POST", `${LEADS}/search`, { q: "x".repeat(201) }, 422, ["q"]],
    ["POST", `${LEADS}/search`, { filter: { uuid: Array(1001).fill("x") } }, 422,
      ["filter.uuid"]],
    ["POST", `${LEADS}/count`, { ids: 5 }, 422, ["ids"]],
    ["POST", `${LEADS}/count`, { all: true, ids: [uuid] }, 422, ["ids"]],
    ["POST", `${LEADS}/count`, { filter: { nothing: 5 } }, 422, ["filter.nothing"]],
    ["POST", `${LEADS}/count`, "{", 400, []],
    ["PUT", `${LEADS}/mass-action`, "{", 400, []],
    ["POST", `${LEADS}/lookup-one`, "{", 400, []],
    ["POST", "/leads/c1/api/leads/list", { limit: "many" }, 422, ["limit"]],
  ];

  for (const [method, path, body, status, fields] of rows) {
    await t.test(`${method} ${path} ${JSON.stringify(body).slice(0, 60)}`, async () => {
      const answer = await send(method, path, body);
      checkError(answer, status, fields);
      assert.doesNotMatch(answer.text, /where|cursor|lead_ids|next_cursor/, "its own words");
    });
  }
  assert.equal(await place.digest(), before, "nothing was written");
});

test("bad query strings", async (t) => {
  const { send } = await open(t);
  const rows = [
    ["limit=101", 422, ["limit"]], ["limit=0", 422, ["limit"]], ["limit=x", 422, ["limit"]],
    ["offset=100001", 422, ["offset"]], ["order_type=sideways", 422, ["order_type"]],
    ["order_field=nothing", 422, ["order_field"]], ["filter[x]=1", 422, ["filter.x"]],
    ["filter={", 422, ["filter"]], ["filter[name][~]=1", 422, ["filter.name"]],
    ["filter[created_at]=soon", 422, ["filter.created_at"]], ["page=1", 422, ["page"]],
    ["filter[name]=%ff", 422, []], ["filter[name]=%zz", 400, []], ["%=1", 400, []],
  ];

  for (const [query, status, fields] of rows) {
    await t.test(query, async () => {
      checkError(await send("GET", `${LEADS}?${query}`), status, fields);
    });
  }
  const far = await send("GET", `${LEADS}?offset=100001`);
  assert.match(far.json.message, /after/);
});

test("bad requests", async (t) => {
  const { place, server, uuid, foreign, reader: key, send } = await open(t);
  const one = `${LEADS}/${uuid}`;
  const before = await place.digest();

  await t.test("no key, half a key, a revoked key", async () => {
    for (const key of [null, "sk-workspace_short", `sk-workspace_${"x".repeat(51)}`]) {
      const answer = await send("GET", LEADS, undefined, { key });
      checkError(answer, 401, []);
      assert.match(answer.headers["www-authenticate"], /^Bearer/);
    }
  });

  await t.test("a key that may only read", async () => {
    const calls = [["POST", UPSERT], ["POST", LEADS], ["PUT", one], ["DELETE", one],
      ["PUT", `${LEADS}/mass-action`]];
    for (const [method, path] of calls) {
      checkError(await send(method, path, {}, { key }), 403, []);
    }
    assert.equal((await send("GET", one, undefined, { key })).status, 200);
  });

  await t.test("a Team-ID that is not the key's", async () => {
    for (const team of ["2", "x", "", "-1"]) {
      checkError(await send("GET", one, undefined, { headers: { "Team-ID": team } }), 403, []);
    }
    const { team_id: team } = (await send("GET", one)).json;
    assert.equal((await send("GET", one, undefined, { headers: { "team-id": `${team}` } })).status,
      200);
  });

  await t.test("ids of another workspace, and ids that are none", async () => {
    const strange = [NOBODY, "x", "x".repeat(300), "%20", "..", "%F0%9F%98%80", "null"];
    for (const [id, whose] of [[uuid, foreign], ...strange.map((one) => [one, server.key])]) {
      for (const method of ["GET", "PUT", "DELETE"]) {
        checkError(await send(method, `${LEADS}/${id}`, undefined, { key: whose }), 404, []);
      }
    }
    const seen = await send("GET", LEADS, undefined, { key: foreign });
    assert.equal(seen.json.total, 0);
    const found = await send("POST", `${LEADS}/search`, { filter: { uuid } }, { key: foreign });
    assert.equal(found.json.total, 0);
    checkError(await send("POST", `${LEADS}/lookup-one`, { linkedin_id: "known" },
      { key: foreign }), 404, []);
    checkError(await send("POST", UPSERT, upsert(), { key: foreign }), 422, ["list_uuid"]);
    const deleted = await send("PUT", `${LEADS}/mass-action`,
      { type: "contact_delete", filter: { ids: [uuid] } }, { key: foreign });
    assert.deepEqual(deleted.json, { count: 0, data: [] });
  });

  await t.test("unknown paths", async () => {
    for (const path of ["/leads/api", "/leads/api/", "/leads/api/nothing", `${LEADS}/`,
      `${one}/x`, "/leads/c1/api/leads", "/integrations/api/nothing", "/id/api/nothing"]) {
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        checkError(await send(method, path), 404, []);
      }
    }
    for (const path of ["/flows/api/flows", "/flows/api/linkedin-messages", "/emails/api/emails",
      "/leads/api/flows", "/leads/api/messages/x"]) {
      const answer = await send("GET", path);
      checkError(answer, 404, []);
      assert.match(answer.json.message, /keeps leads and does not send/);
    }
  });

  await t.test("methods that an address does not answer", async () => {
    const rows = [
      [LEADS, "GET, HEAD, POST", ["PUT", "PATCH", "DELETE"]],
      [UPSERT, "POST", ["GET", "PUT", "PATCH", "DELETE"]],
      [`${LEADS}/lookup-one`, "POST", ["GET", "PUT"]],
      [`${LEADS}/search`, "POST", ["GET", "DELETE"]],
      [`${LEADS}/count`, "POST", ["GET"]],
      [`${LEADS}/mass-action`, "PUT", ["GET", "POST", "DELETE"]],
      [one, "GET, HEAD, PUT, DELETE", ["POST", "PATCH"]],
    ];
    for (const [path, methods, others] of rows) {
      for (const method of others) {
        const answer = await send(method, path);
        checkError(answer, 405, []);
        assert.equal(answer.headers.allow, `${methods}, OPTIONS`);
      }
      const options = await send("OPTIONS", path, undefined, { key: null });
      assert.equal(options.status, 204);
      assert.equal(options.headers.allow, `${methods}, OPTIONS`);
    }
  });

  await t.test("another kind of body", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
      "application/xml"]) {
      checkError(await send("POST", UPSERT, upsert(), { headers: { "Content-Type": type } }), 415,
        []);
    }
  });

  await t.test("a body larger than is taken, announced or not", async () => {
    const wire = server.connect();
    t.after(() => wire.close());
    wire.send(`POST ${UPSERT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.key}\r\n` +
      "Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n");
    const text = await wire.expect(/"code":413/);
    assert.match(text, /^HTTP\/1\.1 413 /);
    assert.match(text, /payload_too_large/);
  });

  await t.test("a strange path", async () => {
    const wire = server.connect();
    t.after(() => wire.close());
    wire.send("GET /leads/api/leads/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await until(() => wire.isClosed || /\r\n\r\n./s.test(wire.received), "an answer");
    assert.match(wire.received, /^HTTP\/1\.1 400 /);
    assert.match(wire.received, /"reason":"bad_request"/);
  });

  assert.equal(await place.digest(), before, "nothing was written");
});

test("more requests than a key may make", async (t) => {
  const place = Place.open(t);
  const server = await place.serve(["--rate-per-minute", "3"]);
  const path = `${LEADS}/${NOBODY}`;

  for (let i = 0; i < 3; i++) assert.equal((await server.request("GET", path)).status, 404);
  const refused = await server.request("GET", path);
  checkError(refused, 429, []);
  assert.ok(Number(refused.headers["retry-after"]) > 0);
});
