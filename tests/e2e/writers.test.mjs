// The same new person from many sides at the same moment is one lead.
import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";

import { memberId, salesId } from "./lib/people.mjs";
import { Place } from "./lib/place.mjs";

/* One person, each time under another name; some name pairs of identifiers. */
const MEMBER = 740112233;
const NAMES = [
  { email: "ada@example.com", linkedin_url: "ada-example" },
  { email: "ADA@Example.com", linkedin_id: memberId(MEMBER) },
  { linkedin_url: "https://de.linkedin.com/in/Ada-Example/", email: "ada@example.com" },
  { sales_navigator_id: salesId(MEMBER), email: "ada@example.com" },
  { linkedin_id: memberId(MEMBER, 7), linkedin_url: "ada-example", email: "ada@example.com" },
];

/* The history from the first change to the last leads to what the lead shows. */
async function checkHistory(server, lead) {
  const { changes } = await server.data("lead.history", { lead_id: lead, limit: 200 });
  const names = changes.toReversed().map((one) => one.patch.name).filter((name) => name);
  const read = await server.data("lead.get", { lead_id: lead });

  assert.equal(changes.at(-1).kind, "created");
  assert.equal(changes.filter((one) => one.kind === "created").length, 1);
  assert.equal(read.lead.name, names.at(-1));
  assert.equal(read.prospect_context.version, changes.length);
}

test("200 upserts over 200 connections", async (t) => {
  const server = await Place.open(t).serve();
  const agent = new http.Agent({ keepAlive: false });
  const answers = await Promise.all([...Array(200).keys()].map((i) =>
    server.run("lead.upsert", { ...NAMES[i % NAMES.length], name: `Ada ${i}` }, { agent })));
  const outcomes = answers.map((one) => one.json.meta.outcome);

  agent.destroy();
  assert.deepEqual([...new Set(answers.map((one) => one.status))], [200]);
  assert.equal(outcomes.filter((one) => one === "created").length, 1);
  assert.equal(new Set(answers.map((one) => one.json.data.lead_id)).size, 1);
  assert.equal((await server.data("workspace.stats", {})).leads.total, 1);
  await checkHistory(server, answers[0].json.data.lead_id);
});

test("of many who want a new lead, one makes it", async (t) => {
  const server = await Place.open(t).serve();
  const answers = await Promise.all([...Array(60).keys()].map((i) =>
    server.run("lead.upsert", { email: "ada@example.com", name: `Ada ${i}`, on_existing: "refuse",
      tags: [`tag ${i}`] })));
  const made = answers.filter((one) => one.status === 200);
  const refused = answers.filter((one) => one.status === 409);

  assert.equal(made.length, 1);
  assert.equal(refused.length, 59);
  for (const { json } of refused) {
    assert.equal(json.error.code, "LEAD_EXISTS");
    assert.equal(json.error.candidates[0].lead_id, made[0].json.data.lead_id);
  }
  assert.equal((await server.data("tag.list", {})).total, 1, "nothing of the others is there");
});

test("many people, each from several sides at once", async (t) => {
  const server = await Place.open(t).serve();
  const answers = await Promise.all([...Array(300).keys()].map((i) =>
    server.run("lead.upsert", { email: `p${i % 30}@example.com`, metadata: { [`k${i}`]: i } })));

  assert.deepEqual([...new Set(answers.map((one) => one.status))], [200]);
  assert.equal(answers.filter((one) => one.json.meta.outcome === "created").length, 30);
  const { prospect_context: context } = await server.data("lead.get", { email: "p7@example.com" });
  assert.equal(Object.keys(context.metadata).length, 10, "no write was lost");
});

test("the server and the command line at once", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const line = [...Array(6).keys()].map((i) =>
    place.command("lead.upsert", { email: "ada@example.com", metadata: { [`line${i}`]: i } }));
  const http_ = [...Array(60).keys()].map((i) =>
    server.run("lead.upsert", { email: "ada@example.com", metadata: { [`http${i}`]: i } }));
  const answers = [
    ...(await Promise.all(line)).map((one) => one.json),
    ...(await Promise.all(http_)).map((one) => one.json),
  ];

  for (const one of answers) assert.equal(one.ok, true, JSON.stringify(one));
  assert.equal(answers.filter((one) => one.meta.outcome === "created").length, 1);
  assert.equal(new Set(answers.map((one) => one.data.lead_id)).size, 1);
  const { prospect_context: context } = await server.data("lead.get", { email: "ada@example.com" });
  assert.equal(Object.keys(context.metadata).length, 66, "no write was lost");
  const { changes } = await server.data("lead.history",
    { lead_id: answers[0].data.lead_id, limit: 200 });
  assert.deepEqual([...new Set(changes.map((one) => one.via))].sort(), ["cli", "rest"]);
});
