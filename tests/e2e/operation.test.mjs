// What an operator relies on: health, metrics, log, limits, keys while it runs, a clean end.
import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";

import { Place } from "./lib/place.mjs";
import { until } from "./lib/until.mjs";

const SECRETS = ["ada.secret@example.com", "Adalberta", "ada-secret-slug", "Geheimwerke"];
const PERSON = {
  email: SECRETS[0], name: SECRETS[1], linkedin_url: SECRETS[2], company: SECRETS[3],
};

/** Prometheus' text as {name{labels}: value}; throws where it is none. */
function parseMetrics(text) {
  const values = {};
  const types = {};

  for (const line of text.split("\n").filter((one) => one)) {
    const type = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line);
    if (type) types[type[1]] = type[2];
    if (line.startsWith("#")) {
      assert.match(line, /^# (HELP|TYPE) \w+ \S/);
      continue;
    }
    const sample = /^([a-z_]+)(\{(?:[a-z_]+="[^"\\\n]*",?)*\})? (-?[\d.]+(?:e[+-]?\d+)?)$/
      .exec(line);
    assert.ok(sample, line);
    const base = sample[1].replace(/_(bucket|sum|count)$/, "");
    assert.ok(types[sample[1]] ?? types[base], `${line} has a type`);
    const name = `${sample[1]}${sample[2] ?? ""}`;
    assert.equal(name in values, false, `${name} once`);
    values[name] = Number(sample[3]);
  }
  return values;
}

test("health and readiness need no key", async (t) => {
  const server = await Place.open(t).serve();

  for (const path of ["/healthz", "/readyz"]) {
    const answer = await server.request("GET", path, { key: null });
    assert.equal(answer.status, 200);
    assert.equal(typeof answer.json.status, "string");
  }
});

test("metrics count what happened, and know nobody", async (t) => {
  const server = await Place.open(t).serve();

  await server.run("lead.upsert", PERSON);
  await server.run("lead.upsert", PERSON);
  await server.run("lead.upsert", { ...PERSON, job_title: "x" });
  await server.run("lead.upsert", { name: "Nobody" });
  await server.run("lead.get", { email: PERSON.email });
  await server.request("GET", "/nothing");
  const values = await until(async () => {
    const { text, headers } = await server.request("GET", "/metrics", { key: null });
    assert.match(headers["content-type"], /^text\/plain/);
    for (const secret of [...SECRETS, server.key]) assert.equal(text.includes(secret), false);
    const found = parseMetrics(text);
    return found['galena_requests_total{command="",status="404"}'] && found;
  }, "the last request to be counted");

  assert.equal(values['galena_requests_total{command="lead.upsert",status="200"}'], 3);
  assert.equal(values['galena_requests_total{command="lead.upsert",status="400"}'], 1);
  assert.equal(values['galena_requests_total{command="lead.get",status="200"}'], 1);
  for (const outcome of ["created", "updated", "unchanged"]) {
    assert.equal(values[`galena_lead_writes_total{outcome="${outcome}"}`], 1, outcome);
  }
  assert.equal(values['galena_request_duration_seconds_count{command="lead.upsert"}'], 4);
  assert.equal(values['galena_request_duration_seconds_bucket{command="lead.upsert",le="+Inf"}'],
    4);
  assert.ok(values.galena_database_bytes > 0);
  assert.ok(values.galena_connections >= 1);
  let last = 0;
  for (const [name, value] of Object.entries(values)) {
    if (!name.startsWith('galena_request_duration_seconds_bucket{command="lead.upsert"')) continue;
    assert.ok(value >= last, "buckets add up");
    last = value;
  }
});

test("the log is JSON and holds nobody's data and no key", async (t) => {
  const server = await Place.open(t).serve();
  const { lead_id: lead } = await server.data("lead.upsert", PERSON);

  await server.run("lead.upsert", { email: "ada secret@example.com" });
  await server.run("lead.search", { query: SECRETS[1] });
  await server.request("GET", `/${SECRETS[0]}?email=${SECRETS[0]}`);
  await server.request("GET", "/api/v1/commands", { key: `sk-workspace_${"x".repeat(51)}` });
  await server.run("lead.get", { lead_id: lead }, { headers: { "X-Request-Id": "watch-me" } });
  const entry = await until(
    () => server.log.find((one) => one.request_id === "watch-me"), "its line");

  assert.equal(entry.event, "request");
  assert.equal(entry.level, "info");
  assert.equal(entry.method, "POST");
  assert.equal(entry.command, "lead.get");
  assert.equal(entry.status, 200);
  assert.ok(entry.duration_us > 0);
  assert.match(entry.at, /^\d{4}-\d\d-\d\dT/);
  for (const secret of [...SECRETS, "secret@example.com", server.key, "sk-workspace_"]) {
    assert.equal(server.stderr.includes(secret), false, secret);
  }
  assert.equal(await server.stop(), 0);
  assert.ok(server.log.length >= 6, "every line parses");
});

test("a limit for each key", async (t) => {
  const place = Place.open(t);
  const server = await place.serve(["--rate-per-minute", "5"]);
  const other = (await place.key()).key;
  const answers = [];

  for (let i = 0; i < 8; i++) answers.push(await server.run("lead.search", {}));
  const [first] = answers;
  const refused = answers.find((one) => one.status === 429);
  assert.equal(first.headers["ratelimit-limit"], "5");
  assert.equal(first.headers["ratelimit-remaining"], "4");
  assert.ok(Number(first.headers["ratelimit-reset"]) > 0);
  assert.ok(refused, "the sixth or so is one too many");
  assert.equal(answers.indexOf(refused) >= 5, true);
  assert.equal(refused.json.error.code, "RATE_LIMITED");
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  assert.equal(refused.headers["ratelimit-remaining"], "0");
  assert.equal((await server.run("lead.search", {}, { key: other })).status, 200,
    "another key has its own");
  assert.equal((await server.request("GET", "/healthz", { key: null })).status, 200);
});

test("a key made while the server runs works at once; a revoked one stops", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { key, key_id: id } = await place.key();

  assert.equal((await server.run("lead.search", {}, { key })).status, 200);
  assert.equal((await place.cli(["key", "revoke", id])).code, 0);
  const revoked = Date.now();
  await until(async () => (await server.run("lead.search", {}, { key })).status === 401,
    "the key to stop");
  const took = Date.now() - revoked;
  assert.ok(took < 2000, `within a second, and some for a slow machine: ${took} ms`);
  assert.equal((await server.run("lead.search", {})).status, 200);
});

test("SIGTERM lets requests in flight finish, and exits 0", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const acknowledged = [];
  const others = [];
  let next = 0;
  let isOver = false;

  const load = [...Array(32)].map(async () => {
    while (!isOver) {
      const email = `d${next++}@example.com`;
      try {
        const { status, text } = await server.run("lead.upsert", { email }, { agent });
        if (status === 200) acknowledged.push(email);
        else others.push(text);
      } catch {
        isOver = true; // no more connections are taken
      }
    }
  });
  await until(() => acknowledged.length > 50, "some load");
  const began = Date.now();
  assert.equal(await server.stop(), 0);
  assert.ok(Date.now() - began < 10_000);
  await Promise.all(load);
  agent.destroy();

  assert.deepEqual(others.filter((text) => !text.includes("BUSY")), []);
  const again = await place.serve([], { key: server.key });
  assert.ok((await again.data("workspace.stats", {})).leads.total >= acknowledged.length);
  for (const email of acknowledged.slice(-40)) {
    assert.equal((await again.run("lead.get", { email })).status, 200, email);
  }
});

test("SIGTERM: a request that had begun is answered", async (t) => {
  const server = await Place.open(t).serve();
  const body = JSON.stringify({ email: "last@example.com" });
  const wire = server.connect();

  wire.send("POST /api/v1/commands/lead.upsert HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" +
    `Authorization: Bearer ${server.key}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${body.length}\r\n\r\n`);
  await wire.expect(/^HTTP\/1.1 100/);
  const ending = server.stop();
  await until(() => server.stderr.includes('"stopping"'), "the server to stop");
  wire.send(body);
  await wire.expect(/HTTP\/1.1 200[^]*"outcome":"created"/);
  assert.match(wire.received, /^Connection: close\r$/im);
  assert.equal(await ending, 0);
});

test("SIGTERM does not wait for who is idle or slow", async (t) => {
  const server = await Place.open(t).serve();
  const idle = server.connect();
  const slow = server.connect();

  idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  await idle.expect(/200/);
  slow.send("POST /api/v1/commands/lead.upsert HTTP/1.1\r\nHost: x\r\n" +
    `Authorization: Bearer ${server.key}\r\nContent-Length: 100\r\n\r\n{`);
  const began = Date.now();
  assert.equal(await server.stop(), 0);
  assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
});

test("a full queue answers 503 with Retry-After, and loses nothing", async (t) => {
  const place = Place.open(t);
  const server = await place.serve(["--queue-max", "1"]);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const leads = (n) => [...Array(200).keys()].map((i) => ({ email: `q${n}-${i}@example.com` }));
  const answers = await Promise.all([...Array(64).keys()]
    .map((n) => server.run("lead.upsert_many", { leads: leads(n) }, { agent })));
  const busy = answers.filter((one) => one.status === 503);
  const done = answers.filter((one) => one.status === 200);

  agent.destroy();
  assert.equal(busy.length + done.length, answers.length);
  assert.ok(busy.length > 0 && done.length > 0, `${busy.length} busy, ${done.length} done`);
  for (const one of busy) {
    assert.ok(Number(one.headers["retry-after"]) >= 1);
    assert.equal(one.json.error.code, "BUSY");
  }
  assert.equal((await server.data("workspace.stats", {})).leads.total, done.length * 200);
});

test("a second server on the same data is refused or shares it soundly", async (t) => {
  const place = Place.open(t);
  const one = await place.serve();
  let two;

  try {
    two = await place.serve([], { key: one.key });
  } catch (error) {
    assert.match(error.message, /serve ended with [1-9]/);
    return;
  }
  await one.data("lead.upsert", { email: "ada@example.com" });
  const again = await two.run("lead.upsert", { email: "ada@example.com" });
  assert.equal(again.json.meta.outcome, "unchanged");
});

test("a taken port and a folder that cannot be are told, not guessed around", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const taken = await place.cli(["serve", "--listen", `127.0.0.1:${server.port}`,
    "--db", place.path("other.db")]);
  assert.notEqual(taken.code, 0);
  assert.match(taken.stderr, new RegExp(String(server.port)));
  const nowhere = await place.cli(["serve", "--listen", "127.0.0.1:0",
    "--db", "/proc/nothing/leads.db"]);
  assert.notEqual(nowhere.code, 0);
  assert.match(nowhere.stderr, /\/proc\/nothing/);
});
