#!/usr/bin/env node
// openapi_examples: record the examples of the OpenAPI description.
//
// usage: GALENA_BIN=build/galena tools/openapi_examples.mjs
//
// Plays the stories of tests/golden and tests/wire, and a few requests of its own, against fresh
// servers, and writes catalogue/openapi/examples: of every command the shortest answers in
// commands.json, of the other operations in requests.json. Ids, times and secrets are replaced by
// ones that are always the same, so that only what changed makes a difference.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { ids, furnish } from "../tests/e2e/lib/examples.mjs";
import { finderOf, readDescription } from "../tests/e2e/lib/described.mjs";
import { play, stories } from "../tests/e2e/lib/golden.mjs";
import { Place, ROOT } from "../tests/e2e/lib/place.mjs";
import { until } from "../tests/e2e/lib/until.mjs";
import { playWire, wireStories } from "../tests/e2e/lib/wire.mjs";

const FOLDER = path.join(ROOT, "catalogue", "openapi", "examples");
const PER_COMMAND = 2;
const ROWS = 20_000; // more than are imported before they can be cancelled
const EXAMPLE_BYTES_MAX = 24_000;
const NOT_RECORDED = /^\/api\/v1\/(commands\/[^/]+|imports|export)$|^\/mcp$/;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const DIGITS = /\b(lead|ws|webhook)_([0-9a-f]{32})\b/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** The same with steady ids, times and secrets, numbered in their order within one example. */
function steady(example) {
  const seen = new Map();
  const numbered = (key) => {
    if (!seen.has(key)) seen.set(key, (seen.size + 1).toString(16).padStart(12, "0"));
    return seen.get(key);
  };
  const text = JSON.stringify(example, (name, value) => {
    if (name === "command_hash" && value) return "0".repeat(value.length);
    if (name === "secret") return `whsec_${"0".repeat(value.length - 6)}`;
    if (name === "request_id") return "01a1f866";
    if (name === "next_cursor") return "MDAwMDAw";
    return value;
  });

  return JSON.parse(text
    .replace(UUID, (id) => `01a1f866-0d00-7c41-9e55-${numbered(id.replaceAll("-", ""))}`)
    .replace(DIGITS, (_, kind, id) => `${kind}_01a1f8660d007c419e55${numbered(id)}`)
    .replace(TIME, (_, part = "") => `2026-03-04T09:25:42${part.replace(/\d/g, "0")}Z`)
    .replace(/127\.0\.0\.1:\d+/g, "leads.example.com")
    .replace(/leads-\d{8}-\d{6}-[0-9a-f]{12}/g, "leads-20260304-092542-0a1b2c3d4e5f"));
}

const sizeOf = (one) => JSON.stringify(one).length;

/* A short name for an example: its first words. */
function nameOf(say, taken) {
  const base = say.toLowerCase().replace(/[^a-z0-9]+/g, "_").split("_").filter(Boolean)
    .slice(0, 4).join("_") || "example";
  let name = base;

  for (let i = 2; taken.has(name); i++) name = `${base}_${i}`;
  return name;
}

/* Whether the answer is a list of nothing. */
function isEmpty({ answer }) {
  return Object.values(answer?.data ?? {}).some((one) => Array.isArray(one) && !one.length);
}

/* The shortest of them, by their names; those that say what they are and show something first. */
function choose(list, title, max = PER_COMMAND) {
  const known = list.filter((one) => sizeOf(one) <= EXAMPLE_BYTES_MAX)
    .sort((a, b) => isEmpty(a) - isEmpty(b) || Boolean(b.say) - Boolean(a.say) ||
      sizeOf(a) - sizeOf(b));
  const chosen = new Map();

  for (const one of known) {
    if (chosen.size >= max) break;
    const said = one.say || title;
    const say = said[0].toUpperCase() + said.slice(1);
    if ([...chosen.values()].some((other) => other.say === say)) continue;
    chosen.set(nameOf(say, chosen), steady({ ...one, say }));
  }
  return Object.fromEntries(chosen);
}

async function recordCommands(document) {
  const found = Object.fromEntries(ids.map((id) => [id, []]));

  for (const story of stories()) {
    await withServer(async (server, place) => {
      const open = "SELECT no FROM import WHERE state <= 1 OR file <> ''";
      const settle = () =>
        until(async () => (await place.sql(open)).length === 0, "the imports to be over");
      const last = new Map(); // of each step, which may be repeated
      const run = async (command, input, profile, step) => {
        const { status, json } = await server.run(command, input, { profile });

        if (status === 200 && !profile && found[command]) {
          last.set(step, { command, example: { say: step.say ?? "", input, answer: json } });
        }
        return { status, envelope: json };
      };
      await play(story, { run, digest: async () => "", settle });
      for (const { command, example } of last.values()) found[command].push(example);
    });
  }
  found["import.cancel"].push(await cancelled());
  const titleOf = (id) => document.paths[`/api/v1/commands/${id}`].post.summary;
  return Object.fromEntries(ids.map((id) => [id, choose(found[id], titleOf(id))]));
}

/* Stories cannot say how far an import is, so none of them cancels one. */
function cancelled() {
  return withServer(async (server) => {
    const rows = Array.from({ length: ROWS }, (_, i) => `p${i}@example.com\n`).join("");
    const made = await server.data("import.create", { content: `Email\n${rows}` });
    const input = { import_id: made.import.import_id };
    const { status, json } = await server.run("import.cancel", input);

    if (status !== 200) throw new Error(`the import was over: make it larger than ${ROWS} rows`);
    return { say: "", input, answer: json };
  });
}

async function withServer(use) {
  const place = new Place();

  try {
    return await use(await place.serve(), place);
  } finally {
    await place.close();
  }
}

/* The body without members that the description does not name: servers ignore those. */
function named(document, schema, value) {
  const known = schema?.$ref
    ? schema.$ref.split("/").slice(1).reduce((inside, name) => inside[name], document) : schema;

  if (Array.isArray(value)) return value.map((one) => named(document, known?.items, one));
  if (!known?.properties || value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name in known.properties)
    .map(([name, one]) => [name, named(document, known.properties[name], one)]));
}

/* Whatever is asked of `server` from now on is kept by the operation that it is. */
function record(server, document, found) {
  const find = finderOf(document);
  const request = server.request.bind(server);

  server.request = async (method, where, options = {}) => {
    const answer = await request(method, where, options);
    const template = find(where.split("?")[0]);
    const operation = template && document.paths[template][method.toLowerCase()];
    const isJson = (answer.headers["content-type"] ?? "").startsWith("application/json");

    if (operation && answer.status < 300 && !NOT_RECORDED.test(template) &&
      !operation["x-galena-alias-of"] && typeof options.body !== "string") {
      const one = { say: "", status: answer.status };
      const { schema } = operation.requestBody?.content["application/json"] ?? {};
      if (options.body !== undefined) one.body = named(document, schema, options.body);
      if (isJson) one.answer = answer.json;
      if ("body" in one || "answer" in one) (found[operation.operationId] ??= []).push(one);
    }
    return answer;
  };
}

/* What no story asks for. */
async function own(server) {
  const ask = (method, where, body) => server.request(method, where, { body });
  const made = await furnish(server);
  const inbox = (await ask("GET", "/leads/api/lists?limit=1")).json.data[0].uuid;
  const ada = { linkedin_id: "https://www.linkedin.com/in/ada-example", first_name: "Ada",
    last_name: "Example", email: "ada@example.com", company_name: "Example Works" };
  const uuid = (await ask("POST", "/leads/api/leads/upsert",
    { lead: ada, list_uuid: inbox })).json.uuid;

  await ask("POST", "/leads/api/leads", { list_uuid: inbox, leads: [{ ...ada, position: "CTO" }] });
  await ask("GET", "/leads/api/leads?limit=1");
  await ask("POST", "/leads/api/leads/search", { filter: { first_name: "Ada" }, limit: 1 });
  await ask("POST", "/leads/c1/api/leads/list", { filter: { first_name: "Ada" }, limit: 1 });
  await ask("POST", "/leads/api/leads/count", { filter: { company_name: "Example Works" } });
  await ask("PUT", "/leads/api/leads/mass-action", { type: "contact_add_tags",
    filter: { ids: [uuid] }, payload: { tag_uuid: made.tag } });
  await ask("GET", `/leads/api/data-sources/${made.import}`);
  await ask("GET", "/leads/api/data-sources?limit=1");
  await ask("PUT", `/leads/api/data-sources/${made.import}`, { payload: { name: "Autumn fair" } });
  const id = await ownLeads(ask);
  for (const where of ["/healthz", "/readyz", "/api/v1/resources",
    "/api/v1/resources/read?uri=galena://status", "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp"]) await ask("GET", where);
  await ask("DELETE", `/api/v1/leads/${id}`);
}

async function ownLeads(ask) {
  const leads = "/api/v1/leads";
  const john = { name: "John Doe", email: "john.doe@example.com", phone: "+1-555-123-4567",
    source: "website", metadata: { utm_source: "google", utm_campaign: "spring_2024" } };
  const change = { name: "John Smith", status: "qualified", source: "webinar",
    metadata: { company: "New Tech Corp", interests: ["enterprise_solution"] } };
  const { id } = (await ask("POST", leads, john)).json.data;
  const chatbot = "/api/v1/chatbots/shop-assistant";
  const other = (await ask("POST", `${chatbot}/leads`,
    { ...john, email: "jane.doe@example.com", name: "Jane Doe" })).json.data.id;
  const { webhook } = (await ask("POST", `${chatbot}/webhooks`, { name: "Lead Notifications",
    url: "https://hooks.example.com/leads", eventTypes: ["LEAD_CREATED"] })).json;

  await ask("PUT", `${leads}/${id}`, change);
  await ask("PUT", `${chatbot}/leads/${other}`, { status: "contacted" });
  for (const where of [`${leads}?limit=1`, `${leads}/${id}`, `${chatbot}/leads?limit=1`,
    `${chatbot}/leads/${other}`, `${chatbot}/webhooks`, `${chatbot}/webhooks/${webhook.id}`]) {
    await ask("GET", where);
  }
  await ask("PUT", `${chatbot}/webhooks/${webhook.id}`, { maxRetries: 5 });
  await ask("DELETE", `${chatbot}/webhooks/${webhook.id}`);
  await ask("DELETE", `${chatbot}/leads/${other}`);
  return id;
}

async function recordRequests(document) {
  const found = {};
  const summaries = Object.fromEntries(Object.values(document.paths).flatMap((item) =>
    Object.values(item).map((one) => [one.operationId, one.summary])));

  for (const story of wireStories()) {
    await withServer(async (server) => {
      const inbox = (await server.request("GET", "/leads/api/lists")).json.data[0].uuid;
      record(server, document, found);
      await playWire(server, story, { inbox });
    });
  }
  await withServer(async (server) => {
    record(server, document, found);
    await own(server);
  });
  const largest = (list) => list.filter((one) => sizeOf(one) <= 6000)
    .sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, 1);
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, list]) => [id, choose(largest(list), summaries[id], 1)])
    .filter(([, examples]) => Object.keys(examples).length > 0));
}

function write(name, value) {
  /* One example on a line: read by programs, compared by people. */
  const lines = Object.entries(value).map(([id, examples]) =>
    `  ${JSON.stringify(id)}: {\n${Object.entries(examples).map(([key, one]) =>
      `    ${JSON.stringify(key)}: ${JSON.stringify(one)}`).join(",\n")}\n  }`);

  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, name), `{\n${lines.join(",\n")}\n}\n`);
}

const document = readDescription();
const commands = await recordCommands(document);
const missing = ids.filter((id) => Object.keys(commands[id]).length === 0);

if (missing.length) throw new Error(`no story has an answer of ${missing.join(", ")}`);
write("commands.json", commands);
write("requests.json", await recordRequests(document));
