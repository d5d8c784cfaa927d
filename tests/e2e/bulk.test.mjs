// One action on many leads: beside other writes, stopped, killed, and where it is not allowed.
import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";

import { csv } from "./lib/people.mjs";
import { Place } from "./lib/place.mjs";
import { checkTables } from "./lib/tables.mjs";
import { until } from "./lib/until.mjs";

const MANY = 50_000;
const SOME = 20_000;
const CLIENTS = 8;
const WAIT_MS_MAX = 120_000;

async function fill(server, count) {
  const { import: one } = await server.data("import.create", { content: csv(0, count) });

  await until(async () => {
    const { import: now } = await server.data("import.get", { import_id: one.import_id });
    return now.state === "done";
  }, `${count} leads`, WAIT_MS_MAX);
}

async function count(place, rest) {
  return (await place.sql(`SELECT count(*) AS n FROM ${rest}`))[0].n;
}

/* Upserts until `isOver` says so: how long each took, in milliseconds, sorted. */
async function writeOn(server, isOver) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  const times = [];
  let next = 0;

  await Promise.all([...Array(CLIENTS)].map(async () => {
    while (!isOver()) {
      const from = performance.now();
      const { status } = await server.run("lead.upsert",
        { email: `w${next++ % 2000}@example.com`, job_title: `Job ${next}` }, { agent });
      times.push(performance.now() - from);
      assert.equal(status, 200);
    }
  }));
  agent.destroy();
  return times.sort((a, b) => a - b);
}

test("50,000 leads are tagged while others write", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  await fill(server, MANY);
  const { tag } = await server.data("tag.create", { name: "Hot" });
  let isOver = false;
  const bulk = server.run("lead.bulk", { action: "add_tags", tag_id: tag.id, all: true })
    .finally(() => { isOver = true; });
  const times = await writeOn(server, () => isOver);
  const { status, json } = await bulk;

  assert.equal(status, 200, JSON.stringify(json.error));
  assert.equal(json.data.refused, 0);
  assert.equal(json.data.count, json.data.changed);
  assert.ok(json.data.count >= MANY, `${json.data.count} leads`);
  assert.equal(json.data.lead_ids.length, json.data.count);
  assert.equal(new Set(json.data.lead_ids).size, json.data.count);
  assert.ok(times.length > 50, `${times.length} writes went on meanwhile`);
  assert.ok(times.at(-1) < 5000, `a write waited ${times.at(-1)} ms`);
  const half = times[Math.floor(times.length / 2)];
  assert.ok(half < 500, `writes took ${half} ms`);
  const again = await server.data("lead.bulk",
    { action: "add_tags", tag_id: tag.id, lead_ids: json.data.lead_ids.slice(0, 10_000) });
  assert.deepEqual([again.count, again.changed], [10_000, 0]);
  assert.equal(await server.stop(), 0);
  assert.equal(await count(place, `lead WHERE doc LIKE '%"${tag.id}"%'`), json.data.count);
  await checkTables(place);
});

/* Begin a change of all leads, and wait until it is somewhere in the middle. */
async function begin(place, server) {
  const { tag } = await server.data("tag.create", { name: "Hot" });
  const bulk = server.run("lead.bulk", { action: "add_tags", tag_id: tag.id, all: true })
    .catch((error) => error);

  await until(() => count(place, "change WHERE no > " + SOME), "the first of them", WAIT_MS_MAX);
  return { tag: tag.id, bulk };
}

/* The rest is done when it is asked for again, and nothing twice. */
async function finish(place, server, tag) {
  const before = await count(place, `lead WHERE doc LIKE '%"${tag}"%'`);
  const done = await server.data("lead.bulk", { action: "add_tags", tag_id: tag, all: true });

  assert.ok(before > 0, "some were done before");
  assert.deepEqual([done.count, done.changed], [SOME, SOME - before]);
  const marked = { where: [{ field: "tag_id", op: "eq", value: tag }] };
  assert.equal((await server.data("lead.count", marked)).total, SOME, "seen at once");
  assert.equal(await server.stop(), 0);
  assert.equal(await count(place, "change"), 2 * SOME, "each lead was made once, changed once");
  await checkTables(place);
}

test("SIGTERM ends it between two leads, and tells how far it came", async (t) => {
  const place = Place.open(t);
  let server = await place.serve();
  const { key } = server;
  await fill(server, SOME);
  const { tag, bulk } = await begin(place, server);
  const code = await server.stop();
  const answer = await bulk;

  assert.equal(code, 0);
  if (answer.status !== 200) {
    assert.equal(answer.status, 503, answer.text ?? String(answer));
    assert.match(answer.json.error.message, new RegExp(`^\\d+ of ${SOME} leads were done`));
    const [said] = answer.json.error.message.split(" ");
    assert.equal(await count(place, `lead WHERE doc LIKE '%"${tag}"%'`), Number(said));
  }
  server = await place.serve([], { key });
  await finish(place, server, tag);
});

test("kill -9 in the middle leaves whole leads", async (t) => {
  const place = Place.open(t);
  let server = await place.serve();
  const { key } = server;
  await fill(server, SOME);
  const { tag, bulk } = await begin(place, server);

  await server.kill();
  await bulk;
  server = await place.serve([], { key });
  const { status, text } = await server.run("lead.count", {});
  assert.equal(status, 200, `an index that is only behind answers: ${text}`);
  await finish(place, server, tag);
});

test("who may write may not delete thereby", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { key } = await place.key("--scopes", "read write");
  const { lead_id: lead } = await server.data("lead.upsert", { email: "ada@example.com" });
  const refused = await server.run("lead.bulk", { action: "delete", lead_ids: [lead] }, { key });

  assert.equal(refused.status, 403);
  assert.equal(refused.json.error.code, "FORBIDDEN");
  const marked = await server.run("lead.bulk", { action: "mark_read", all: true }, { key });
  assert.equal(marked.status, 200);
  assert.equal(marked.json.data.count, 1);
  const gone = await server.run("lead.bulk", { action: "delete", lead_ids: [lead] });
  assert.deepEqual(gone.json.data.lead_ids, [lead]);
});

test("an Idempotency-Key is kept for long work, too", async (t) => {
  const server = await Place.open(t).serve();
  const headers = { "Idempotency-Key": "once" };
  const input = { action: "add_tags", tag_id: (await server.data("tag.create", { name: "A" })).tag.id,
    all: true };
  await server.data("lead.upsert", { email: "ada@example.com" });
  const first = await server.run("lead.bulk", input, { headers });
  await server.data("lead.upsert", { email: "bo@example.com" });
  const second = await server.run("lead.bulk", input, { headers });

  assert.equal(first.json.data.count, 1);
  assert.deepEqual(second.json.data, first.json.data);
  const other = await server.run("lead.bulk", { ...input, action: "remove_tags" }, { headers });
  assert.equal(other.status, 422);
});

test("the file of an export has the leads that were meant", async (t) => {
  const server = await Place.open(t).serve();
  await fill(server, 300);
  const { leads } = await server.data("lead.search", { email: "person.7@example.com" });
  const made = await server.data("lead.bulk", { action: "export", all: true,
    except_lead_ids: [leads[0].lead_id], format: "ndjson" });
  const file = await server.request("GET", `/api/v1/export?export_id=${made.export_id}`);
  const lines = file.text.trim().split("\n").map((line) => JSON.parse(line));

  assert.equal(file.status, 200);
  assert.match(file.headers["content-type"], /ndjson/);
  assert.equal(lines.length, 299);
  assert.equal(lines.some((one) => one.email === "person.7@example.com"), false);
  const { export: one } = await server.data("export.create", { lead_ids: [leads[0].lead_id] });
  const table = await server.request("GET", `/api/v1/export?export_id=${one.file_name}`);
  assert.equal(table.text.trim().split("\n").length, 2);
  assert.match(table.text, /person\.7@example\.com/);
  const none = await server.request("GET", "/api/v1/export?export_id=none.csv");
  assert.equal(none.status, 404);
  assert.equal(none.json.error.code, "EXPORT_NOT_FOUND");
});
