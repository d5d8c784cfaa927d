// kill -9 in the middle of load: what was acknowledged is there, and nothing is half there.
import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";

import { csv } from "./lib/people.mjs";
import { Place } from "./lib/place.mjs";
import { checkTables } from "./lib/tables.mjs";
import { until } from "./lib/until.mjs";

const ROUNDS = 20;
const CLIENTS = 16;
const IMPORT_ROWS = 4000;
const IMPORT_EVERY = 4; /* rounds */

/* Identifiers of a lead of round r, number n: two, so that half a lead would show. */
const names = (r, n) => ({ email: `c${r}.${n}@example.com`, custom_id: `C-${r}-${n}` });

/* One client: make leads and change them until the server dies; notes what was acknowledged. */
async function client(server, round, acknowledged, numbers, agent) {
  for (;;) {
    const n = numbers.next++;
    try {
      for (const job of ["first", "second", null]) {
        const answer = await server.run("lead.upsert",
          { ...names(round, n), name: `Person ${n}`, job_title: job }, { agent });
        if (answer.status !== 200) return;
        acknowledged.set(n, { id: answer.json.data.lead_id, job: job ?? undefined });
      }
    } catch {
      return;
    }
  }
}

/* A round's load, killed once `enough` writes were acknowledged. */
async function loadAndKill(server, round, enough) {
  const acknowledged = new Map();
  const numbers = { next: 0 };
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  const clients = [...Array(CLIENTS)]
    .map(() => client(server, round, acknowledged, numbers, agent));

  await until(() => acknowledged.size >= enough || server.ended !== undefined, "load");
  await server.kill();
  await Promise.all(clients);
  agent.destroy();
  return acknowledged;
}

/* Every lead is whole: identifiers, history and document say the same. */
async function checkLead(server, round, n, { id, job }) {
  const { email, custom_id: custom } = names(round, n);
  const read = await server.data("lead.get", { email, custom_id: custom });
  const { changes } = await server.data("lead.history", { lead_id: id });
  const fold = Object.assign({}, ...changes.toReversed().map((one) => one.patch));

  assert.equal(read.lead_id, id, "both identifiers find the lead that was acknowledged");
  assert.equal(read.prospect_context.version, changes.length);
  assert.equal(changes.at(-1).kind, "created");
  assert.equal(read.lead.name, fold.name);
  assert.equal(read.lead.jobTitle, fold.job_title ?? undefined);
  const later = { first: ["first", "second", undefined], second: ["second", undefined] };
  assert.ok((later[job] ?? [undefined]).includes(read.lead.jobTitle),
    `${read.lead.jobTitle} is there, ${job ?? "none"} was acknowledged`);
}

async function finishImport(server, id) {
  return until(async () => {
    const { import: one } = await server.data("import.get", { import_id: id });
    return one.state === "done" && one;
  }, "the import to go on and end", 60_000);
}

/* No row twice and none left out, however often it was interrupted. */
async function checkImport(place, server, id, from) {
  const done = await finishImport(server, id);
  const sum = done.created_count + done.updated_count + done.unchanged_count +
    done.skipped_count + done.invalid_count + done.conflict_count;

  assert.equal(sum, IMPORT_ROWS);
  assert.equal(done.created_count, IMPORT_ROWS, "each row made its lead once");
  assert.equal(done.progress.rows_done, IMPORT_ROWS);
  const [{ n }] = await place.sql("SELECT count(*) AS n FROM lead " +
    `WHERE doc LIKE '%"person.${from}@example.com"%'`);
  assert.equal(n, 1);
}

test("20 times kill -9 under load", async (t) => {
  const place = Place.open(t);
  let server = await place.serve();
  const { key } = server;
  const imports = [];

  for (let round = 0; round < ROUNDS; round++) {
    if (round % IMPORT_EVERY === 0) {
      const from = 1_000_000 + round * IMPORT_ROWS;
      const { import: one } = await server.data("import.create",
        { content: csv(from, from + IMPORT_ROWS), name: `round ${round}` });
      imports.push({ id: one.import_id, from });
    }
    const acknowledged = await loadAndKill(server, round, 10 + round * 7);
    server = await place.serve([], { key });
    assert.ok(acknowledged.size > 0, `round ${round} had load`);
    await Promise.all([...acknowledged].slice(-60)
      .map(([n, seen]) => checkLead(server, round, n, seen)));
    const [{ n }] = await place.sql("SELECT count(*) AS n FROM lead " +
      `WHERE doc LIKE '%"c${round}.%@example.com"%'`);
    assert.ok(n >= acknowledged.size, `${n} leads of ${acknowledged.size} acknowledged`);
  }
  for (const { id, from } of imports) await checkImport(place, server, id, from);
  assert.equal(await server.stop(), 0);
  await checkTables(place);
});
