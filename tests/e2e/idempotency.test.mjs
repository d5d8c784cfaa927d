// Idempotency-Key: a write that is sent again is answered again, and done once.
import assert from "node:assert/strict";
import test from "node:test";

import { Place } from "./lib/place.mjs";

const keyed = (name) => ({ headers: { "Idempotency-Key": name } });
const count = async (server) => (await server.data("workspace.stats", {})).leads.total;

test("a retry is answered with the first answer", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const input = { email: "ada@example.com", name: "Ada" };
  const first = await server.run("lead.upsert", input, keyed("k-1"));
  const before = await place.digest();
  const again = await server.run("lead.upsert", input, keyed("k-1"));

  assert.equal(first.headers["idempotency-replayed"], undefined);
  assert.equal(again.headers["idempotency-replayed"], "true");
  assert.deepEqual(again.json.data, first.json.data);
  assert.equal(again.json.meta.outcome, "created", "the first answer, not a second write");
  assert.equal(again.json.meta.change_id, first.json.meta.change_id);
  assert.equal(await place.digest(), before);

  const { input: same } = { input: { name: "Ada", email: "ada@example.com" } };
  const spaced = await server.request("POST", "/api/v1/commands/lead.upsert",
    { body: `{ "input" : ${JSON.stringify(same)} }`, ...keyed("k-1") });
  assert.ok([200, 422].includes(spaced.status));

  for (const [id, other] of [["lead.upsert", { email: "bo@example.com" }],
    ["lead.upsert_many", { leads: [input] }]]) {
    const mismatch = await server.run(id, other, keyed("k-1"));
    assert.equal(mismatch.status, 422);
    assert.equal(mismatch.json.error.code, "IDEMPOTENCY_MISMATCH");
  }
  assert.equal(await count(server), 1);
});

test("it holds across a restart and a kill", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const first = await server.run("lead.upsert", { email: "ada@example.com" }, keyed("k-1"));
  await server.kill();
  const next = await place.serve([], { key: server.key });
  const again = await next.run("lead.upsert", { email: "ada@example.com" }, keyed("k-1"));

  assert.equal(again.headers["idempotency-replayed"], "true");
  assert.deepEqual(again.json.data, first.json.data);
  await next.stop();
  const last = await place.serve([], { key: server.key });
  const third = await last.run("lead.upsert", { email: "ada@example.com" }, keyed("k-1"));
  assert.equal(third.headers["idempotency-replayed"], "true");
});

test("while the first runs, the second is told so", async (t) => {
  const server = await Place.open(t).serve();
  const leads = [...Array(1000).keys()].map((n) => ({ email: `p${n}@example.com` }));
  const answers = await Promise.all(
    [...Array(12)].map(() => server.run("lead.upsert_many", { leads }, keyed("big"))));
  const done = answers.filter((one) => one.status === 200);
  const fresh = done.filter((one) => one.headers["idempotency-replayed"] === undefined);

  assert.equal(fresh.length, 1, "done once");
  for (const one of answers) {
    if (one.status === 200) continue;
    assert.equal(one.status, 409, one.text);
    assert.equal(one.json.error.code, "IDEMPOTENCY_CONFLICT");
  }
  assert.ok(done.length < answers.length, "some came while it ran");
  assert.equal(await count(server), 1000);
});

test("what was refused may be mended under the same key", async (t) => {
  const server = await Place.open(t).serve();
  const refused = await server.run("lead.upsert", { name: "Nobody" }, keyed("k-1"));
  const mended = await server.run("lead.upsert", { email: "ada@example.com" }, keyed("k-1"));

  assert.equal(refused.status, 400);
  assert.equal(mended.status, 200);
  assert.equal(mended.json.meta.outcome, "created");
});

test("keys of two callers are two keys, and bad ones are refused", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { key } = await place.key();
  const input = { email: "ada@example.com" };

  await server.data("lead.upsert", input, keyed("k-1"));
  const other = await server.run("lead.upsert", input, { key, ...keyed("k-1") });
  assert.equal(other.json.meta.outcome, "unchanged");
  assert.equal(other.headers["idempotency-replayed"], undefined);
  for (const bad of ["k".repeat(256), ""]) {
    const answer = await server.run("lead.upsert", input, keyed(bad));
    assert.equal(answer.status, 400, `${bad.length} characters: ${answer.text}`);
    assert.equal(answer.json.error.code, "INVALID_INPUT");
  }
});
