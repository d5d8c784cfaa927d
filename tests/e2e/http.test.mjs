// HTTP as clients in the field speak it, decent ones and others.
import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";
import { gunzipSync } from "node:zlib";

import { ROOT, Place } from "./lib/place.mjs";
import { until } from "./lib/until.mjs";

const UPSERT = "/api/v1/commands/lead.upsert";
const SEARCH = "/api/v1/commands/lead.search";

/* A request as bytes. */
function wired(server, method, path, body = "", headers = []) {
  return [
    `${method} ${path} HTTP/1.1`, "Host: localhost", `Authorization: Bearer ${server.key}`,
    "Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`, ...headers,
    "", body,
  ].join("\r\n");
}

test("connections", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();

  await t.test("one is kept for many requests", async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set();

    agent.on("free", (socket) => ports.add(socket.localPort));
    for (let i = 0; i < 20; i++) {
      assert.equal((await server.run("lead.search", {}, { agent })).status, 200);
    }
    agent.destroy();
    assert.equal(ports.size, 1);
  });

  await t.test("Connection: close is obeyed", async () => {
    const answer = await server.request("GET", "/healthz", { headers: { Connection: "close" } });
    assert.equal(answer.headers.connection, "close");
  });

  await t.test("pipelined requests are answered in their order", async () => {
    const wire = server.connect();
    const count = 30;
    let bytes = "";

    for (let i = 0; i < count; i++) {
      const isWrite = i % 3 === 0;
      bytes += wired(server, "POST", isWrite ? UPSERT : "/api/v1/commands/lead.get",
        JSON.stringify({ email: `pipe${i - (i % 3)}@example.com` }), [`X-Request-Id: pipe-${i}`]);
    }
    wire.send(bytes);
    await wire.expect(new RegExp(`"request_id":"pipe-${count - 1}"`));
    const order = [...wire.received.matchAll(/"request_id":"pipe-(\d+)"/g)]
      .map((match) => Number(match[1]));
    const statuses = [...wire.received.matchAll(/HTTP\/1.1 (\d+)/g)].map((m) => m[1]);
    wire.close();
    assert.deepEqual(order, [...Array(count).keys()]);
    assert.deepEqual([...new Set(statuses)], ["200"]);
  });

  await t.test("a body in chunks", async () => {
    const answer = await server.request("POST", UPSERT, {
      body: '{"email":"chunked@example.com"}', headers: { "Transfer-Encoding": "chunked" },
    });
    assert.equal(answer.status, 200, answer.text);
  });

  await t.test("a body byte by byte", async () => {
    const wire = server.connect();
    for (const byte of wired(server, "POST", UPSERT, '{"email":"slow@example.com"}')) {
      wire.send(byte);
    }
    assert.match(await wire.expect(/"outcome":"created"/), /^HTTP\/1.1 200/);
    wire.close();
  });

  await t.test("Expect: 100-continue", async () => {
    const wire = server.connect();
    const body = '{"email":"expect@example.com"}';
    const whole = wired(server, "POST", UPSERT, body, ["Expect: 100-continue"]);

    wire.send(whole.slice(0, -body.length));
    await wire.expect(/^HTTP\/1.1 100/);
    wire.send(body);
    await wire.expect(/"outcome":"created"/);
    wire.close();
  });

  await t.test("Expect: 100-continue without a key is refused before the body", async () => {
    const wire = server.connect();
    wire.send("POST /api/v1/commands/lead.upsert HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n" +
      "Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n");
    await wire.expect(/HTTP\/1.1 401/);
    wire.close();
  });

  await t.test("HTTP/1.0", async () => {
    const wire = server.connect();
    wire.send("GET /healthz HTTP/1.0\r\n\r\n");
    await wire.expect(/^HTTP\/1\.[01] 200/);
    await wire.closed();
  });

  await t.test("what is no HTTP", async () => {
    const wire = server.connect();
    wire.send("\x16\x03\x01 hello\r\n\r\n");
    await wire.closed();
    assert.doesNotMatch(wire.received, /HTTP\/1\.1 [25]/);
    assert.equal((await server.request("GET", "/healthz")).status, 200);
  });

  await t.test("200 at once", async () => {
    const agent = new http.Agent({ keepAlive: false, maxSockets: 200 });
    const answers = await Promise.all([...Array(200).keys()].map((i) =>
      server.run("lead.upsert", { email: `many${i}@example.com` }, { agent })));
    agent.destroy();
    assert.deepEqual([...new Set(answers.map((one) => one.status))], [200]);
  });
});

test("answers", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { lead_id: lead } = await server.data("lead.upsert",
    { email: "ada@example.com", name: "Ada", description: "long ".repeat(2000) });

  await t.test("are compressed for who can read that", async () => {
    const headers = { "Accept-Encoding": "gzip" };
    const packed = await server.run("lead.get", { lead_id: lead }, { headers });
    const plain = await server.run("lead.get", { lead_id: lead });

    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.match(packed.headers.vary ?? "", /Accept-Encoding/i);
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.ok(packed.raw.length < plain.raw.length / 4);
    const unpacked = JSON.parse(gunzipSync(packed.raw).toString());
    assert.deepEqual(unpacked.data, plain.json.data);
  });

  await t.test("HEAD has the header and no body", async () => {
    for (const path of ["/healthz", "/api/v1/commands"]) {
      const head = await server.request("HEAD", path);
      assert.equal(head.status, 200);
      assert.equal(head.raw.length, 0);
      assert.match(head.headers["content-type"], /^application\/json/);
    }
  });

  await t.test("OPTIONS names the methods", async () => {
    const answer = await server.request("OPTIONS", UPSERT, { key: null });
    assert.ok([200, 204].includes(answer.status));
    assert.match(answer.headers.allow, /POST/);
    assert.equal(answer.headers["access-control-allow-origin"], undefined, "no CORS unless set");
  });

  await t.test("404 and 405 are JSON", async () => {
    const missing = await server.request("GET", "/api/v1/nothing/here");
    assert.equal(missing.status, 404);
    assert.equal(missing.json.error.code, "NOT_FOUND");
    for (const [method, path, allowed] of [["GET", UPSERT, /POST/], ["PUT", UPSERT, /POST/],
      ["DELETE", "/api/v1/commands", /GET/], ["POST", "/healthz", /GET/]]) {
      const wrong = await server.request(method, path);
      assert.equal(wrong.status, 405, `${method} ${path}`);
      assert.match(wrong.headers.allow, allowed);
      assert.equal(wrong.json.error.code, "METHOD_NOT_ALLOWED");
    }
  });

  await t.test("415 for what is no JSON", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/xml"]) {
      const answer = await server.request("POST", UPSERT,
        { body: "{}", headers: { "Content-Type": type } });
      assert.equal(answer.status, 415, type);
      assert.equal(answer.json.error.code, "UNSUPPORTED_MEDIA_TYPE");
    }
    for (const type of ["application/json; charset=utf-8", "application/vnd.api+json", null]) {
      const answer = await server.request("POST", UPSERT,
        { body: '{"email":"type@example.com"}', headers: { "Content-Type": type } });
      assert.equal(answer.status, 200, `${type}: ${answer.text}`);
    }
  });

  await t.test("413 says where else to go", async () => {
    const answer = await server.request("POST", UPSERT, { body: " ".repeat(5 * 1024 * 1024) });
    assert.equal(answer.status, 413);
    assert.equal(answer.json.error.code, "TOO_LARGE");
    assert.match(answer.json.error.message, /\/api\/v1\/imports/);
  });

  await t.test("too much of a header", async () => {
    const answer = await server.request("GET", "/healthz",
      { headers: { "X-Long": "x".repeat(24_000) } });
    assert.equal(answer.status, 431);
    assert.equal(answer.json.error.code, "HEADERS_TOO_LARGE");
  });

  await t.test("addresses with odd escapes", async () => {
    for (const path of ["/api/v1/commands/%00", "/api/v1/commands/%zz", "/api/v1/commands/..%2f",
      "/%2e%2e/%2e%2e/etc/passwd", "//api/v1/commands", "/api/v1/commands/",
      "/api/v1/commands?%"]) {
      const answer = await server.request("GET", path);
      assert.ok(answer.status >= 200 && answer.status < 500, `${path}: ${answer.status}`);
      if (answer.raw.length) assert.equal(typeof answer.json, "object");
    }
  });

  await t.test("a request id comes back", async () => {
    const given = await server.run("lead.get", { lead_id: lead },
      { headers: { "X-Request-Id": "my-id.1" } });
    assert.equal(given.headers["x-request-id"], "my-id.1");
    assert.equal(given.json.meta.request_id, "my-id.1");
    const made = await server.run("lead.get", { lead_id: lead });
    assert.match(made.headers["x-request-id"], /^[0-9a-f]{16}$/);
    assert.equal(made.json.meta.request_id, made.headers["x-request-id"]);
    const evil = await server.run("lead.get", { lead_id: lead },
      { headers: { "X-Request-Id": "<script>" } });
    assert.notEqual(evil.headers["x-request-id"], "<script>");
  });

  await t.test("no answer is to be sniffed or kept", async () => {
    const { headers } = await server.run("lead.get", { lead_id: lead });
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.match(headers["cache-control"], /no-store/);
  });
});

test("versions as entity tags", async (t) => {
  const server = await Place.open(t).serve();
  const { lead_id: lead } = await server.data("lead.upsert", { email: "ada@example.com" });
  const read = await server.run("lead.get", { lead_id: lead });
  const { etag } = read.headers;
  assert.equal(etag, '"1"');

  const update = (headers, name) => server.run("lead.update", { lead_id: lead, name }, { headers });
  assert.equal((await update({ "If-Match": '"7"' }, "No")).status, 412);
  const written = await update({ "If-Match": etag }, "Ada");
  assert.equal(written.status, 200);
  assert.equal(written.headers.etag, '"2"');
  const late = await update({ "If-Match": etag }, "Late");
  assert.equal(late.status, 412);
  assert.equal(late.json.error.code, "PRECONDITION_FAILED");
  assert.equal((await update({ "If-Match": "*" }, "Ada Example")).status, 200);
  assert.equal((await update({ "If-Match": "seven" }, "No")).status, 400);

  const headers = { "If-None-Match": '"3"' };
  const known = await server.run("lead.get", { lead_id: lead }, { headers });
  assert.equal(known.status, 304);
  assert.equal(known.raw.length, 0);
  headers["If-None-Match"] = '"2", W/"1"';
  const news = await server.run("lead.get", { lead_id: lead }, { headers });
  assert.equal(news.status, 200);
  assert.equal(news.json.data.lead.name, "Ada Example");
});

test("keys in both headers, and what 401 says", async (t) => {
  const server = await Place.open(t).serve();
  const ways = [
    { Authorization: `Bearer ${server.key}` }, { Authorization: `bearer   ${server.key}` },
    { "X-API-Key": server.key }, { "x-api-key": server.key },
  ];

  for (const headers of ways) {
    const answer = await server.request("GET", "/api/v1/commands", { key: null, headers });
    assert.equal(answer.status, 200, Object.keys(headers)[0]);
  }
  for (const path of ["/api/v1/commands", "/api/v1/resources", "/api/v1/commands/x/schema"]) {
    const answer = await server.request("GET", path, { key: null });
    assert.equal(answer.status, 401);
    assert.deepEqual(Object.keys(answer.json), ["error"]);
    assert.equal(answer.json.error.code, "UNAUTHENTICATED");
    assert.match(answer.headers["www-authenticate"], /^Bearer/);
  }
  const basic = await server.request("GET", "/api/v1/commands",
    { key: null, headers: { Authorization: "Basic YTpi" } });
  assert.equal(basic.status, 401);
});

test("CORS is a setting", async (t) => {
  const server = await Place.open(t).serve(["--cors-origins", "https://app.example.com"]);
  const preflight = (origin) => server.request("OPTIONS", SEARCH, {
    key: null,
    headers: {
      Origin: origin, "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization, content-type",
    },
  });
  const good = await preflight("https://app.example.com");
  assert.ok([200, 204].includes(good.status));
  assert.equal(good.headers["access-control-allow-origin"], "https://app.example.com");
  assert.match(good.headers["access-control-allow-methods"], /POST/);
  assert.match(good.headers["access-control-allow-headers"], /authorization/i);
  assert.equal((await preflight("https://evil.example.com"))
    .headers["access-control-allow-origin"], undefined);

  const real = await server.run("lead.search", {},
    { headers: { Origin: "https://app.example.com" } });
  assert.equal(real.headers["access-control-allow-origin"], "https://app.example.com");
  const refused = await server.run("lead.search", {},
    { key: "none", headers: { Origin: "https://app.example.com" } });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers["access-control-allow-origin"], "https://app.example.com",
    "a page may read why");
});

test("TLS is a setting", async (t) => {
  const place = Place.open(t);
  const file = (name) => `${ROOT}/tests/data/http/${name}`;
  const server = await place.serve(
    ["--tls-cert", file("tls_cert.pem"), "--tls-key", file("tls_key.pem")]);

  assert.match(server.url, /^https:/);
  const made = await server.run("lead.upsert", { email: "ada@example.com" });
  assert.equal(made.status, 200);
  const large = await server.run("lead.upsert",
    { email: "ada@example.com", description: "x".repeat(15_000) });
  assert.equal(large.json.meta.outcome, "updated");
  const wire = server.connect();
  wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  await wire.closed();
  assert.doesNotMatch(wire.received, /HTTP\/1.1 200/);

  const half = await place.cli(["serve", "--listen", "127.0.0.1:0", "--tls-cert",
    file("tls_cert.pem")]);
  assert.equal(half.code, 2, half.stderr);
});

test("a client that is too slow is dropped", async (t) => {
  const server = await Place.open(t).serve(
    ["--header-timeout-ms", "400", "--body-timeout-ms", "400", "--idle-timeout-ms", "400"]);
  const header = server.connect();
  const body = server.connect();
  const idle = server.connect();

  header.send("GET /healthz HTTP/1.1\r\nHost: x\r\n");
  body.send(wired(server, "POST", UPSERT, '{"email":"slow@example.com"}').slice(0, -5));
  idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  await Promise.all([header, body, idle].map((wire) => wire.closed(20_000)));
  assert.match(idle.received, /200/);
  assert.doesNotMatch(body.received, /HTTP\/1.1 200/);
  assert.equal((await server.data("lead.search", {})).count, 0, "half a body wrote nothing");
});

test("connections past the bound are told to come back", async (t) => {
  const server = await Place.open(t).serve(["--connections-max", "8"]);
  const wires = [...Array(8)].map(() => server.connect());

  for (const wire of wires) {
    wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    await wire.expect(/200/);
  }
  const late = server.connect();
  late.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  await late.closed();
  assert.match(late.received, /^(HTTP\/1.1 503[^]*)?$/);
  for (const wire of wires) wire.close();
  await until(async () => (await server.request("GET", "/healthz")).status === 200, "room");
});
