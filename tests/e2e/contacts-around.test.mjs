// Around contacts, in the contacts dialect: lists, tags, stages, fields, notes, activities,
// companies, blacklists, webhooks, files, data sources, the account; and a day of one client.
import assert from "node:assert/strict";
import test from "node:test";

import { check } from "./lib/described.mjs";
import { Place } from "./lib/place.mjs";
import { until } from "./lib/until.mjs";
import { playWire, wireStories } from "./lib/wire.mjs";

/** The list that a new workspace has. */
async function inbox(server) {
  return (await server.request("GET", "/leads/api/lists")).json.data[0].uuid;
}

for (const story of wireStories("around-")) {
  test(`${story.name}: ${story.about}`, async (t) => {
    const server = await Place.open(t).serve();

    await playWire(server, story, { inbox: await inbox(server) });
  });
}

const UPLOAD = "/leads/api/file-imports/upload-csv";

/** A form with a file, as a browser or an HTTP library sends it. */
async function form(server, file, { name = "people.csv", fields = {}, part = "file" } = {}) {
  const data = new FormData();

  for (const [key, value] of Object.entries(fields)) data.append(key, value);
  if (file !== undefined) data.append(part, new Blob([file]), name);
  const answer = await fetch(`${server.url}${UPLOAD}`, {
    method: "POST", headers: { Authorization: `Bearer ${server.key}` }, body: data,
  });
  const { status, headers } = answer;
  const text = await answer.text();

  await check("POST", UPLOAD, { status, text, headers: Object.fromEntries(headers) });
  return { status, json: JSON.parse(text) };
}

async function ended(server, uuid) {
  return until(async () => {
    const { json } = await server.request("GET", `/leads/api/data-sources/${uuid}`);
    return ["completed", "failed", "canceled"].includes(json.status) && json;
  }, "the import to end");
}

const PEOPLE = [
  "Full Name,Mail,Profile,Job,Shoe Size,Secret",
  "Ada Example,ada.example@example.com,https://www.linkedin.com/in/ada-example,CTO,38,x",
  "Bo Example,bo.example@example.com,,CEO,44,y",
  "Cy Example,not-an-address,,CFO,41,z",
].join("\n");

const COLUMNS = [
  { source: "Full Name", target: "name" },
  { source: "Mail", target: "email" },
  { source: "Profile", target: "linkedin_id" },
  { source: "Job", target: "position" },
  { source: "Shoe Size", target: "custom_fields.shoe size" },
  { source: "Secret", target: null },
];

/** The custom field that COLUMNS names. */
async function shoeSize(server) {
  const { json } = await server.request("POST", "/leads/api/custom-fields",
    { body: { name: "Size of shoes", object: "lead" } });

  return (await server.request("PUT", `/leads/api/custom-fields/${json.uuid}`,
    { body: { name: "shoe size" } })).json;
}

test("a file is uploaded, then imported", async (t) => {
  const server = await Place.open(t).serve();
  const list = (await server.request("POST", "/leads/api/lists", { body: { name: "Fair" } })).json;
  const tag = (await server.request("POST", "/leads/api/tags", { body: { name: "fair" } })).json;
  const field = await shoeSize(server);

  const { status, json: file } = await form(server, PEOPLE,
    { fields: { type: "csv_leads", list_uuid: list.uuid } });
  assert.equal(status, 200, JSON.stringify(file));
  assert.deepEqual(Object.keys(file),
    ["uuid", "team_id", "user_id", "type", "payload", "status", "created_at"]);
  assert.equal(file.type, "csv_leads");
  assert.equal(file.payload.name, "people.csv");

  const path = `/leads/api/file-imports/${file.uuid}/import-leads`;
  const body = { columns: COLUMNS, list_uuid: list.uuid, tags: [tag.uuid] };
  const begun = await server.request("POST", path, { body });
  assert.equal(begun.status, 200, begun.text);
  assert.equal(begun.json.uuid, file.uuid, "the import is the file's data source");
  assert.equal(begun.json.list_uuid, list.uuid);
  assert.deepEqual(begun.json.tags, [tag.uuid]);
  assert.deepEqual(Object.keys(begun.json), [
    "uuid", "team_id", "user_id", "sender_profile_uuid", "list_uuid", "payload", "tags", "type",
    "status", "errors", "created_at", "updated_at"]);

  const source = await ended(server, file.uuid);
  assert.equal(source.status, "completed");
  assert.equal(source.payload.created, 2);
  assert.equal(source.payload.invalid, 1);
  assert.deepEqual(source.errors, []);

  const { json: page } = await server.request("POST", "/leads/api/leads/search",
    { body: { filter: { data_source_uuid: file.uuid }, order_field: "name", order_type: "asc" } });
  assert.equal(page.total, 2);
  const [ada, bo] = page.data;
  assert.equal(ada.name, "Ada Example");
  assert.equal(ada.linkedin, "ada-example");
  assert.equal(ada.position, "CTO");
  assert.equal(ada.list_uuid, list.uuid);
  assert.deepEqual(ada.tags, [tag.uuid]);
  assert.equal(bo.work_email, "bo.example@example.com");
  const { lead } = await server.data("lead.get", { lead_id: ada.uuid }, { profile: "record" });
  assert.deepEqual(lead.metadata, { "Size of shoes": "38" }, "by its key, and nothing else");
  assert.equal(field.name, "shoe size");

  const again = await server.request("POST", path, { body });
  assert.ok([404, 409].includes(again.status), `a file is imported once: ${again.text}`);
});

test("a file with the other way to name columns; no update of who is known", async (t) => {
  const server = await Place.open(t).serve();
  const list = await inbox(server);

  await server.request("POST", "/leads/api/leads/upsert", {
    body: { lead: { linkedin_id: "ada-example", position: "Founder" }, list_uuid: list },
  });
  const { json: file } = await form(server, PEOPLE);
  const mapping = { "Full Name": "name", Mail: "email", Profile: "linkedin", Job: "position" };
  const begun = await server.request("POST", `/leads/api/file-imports/${file.uuid}/import-leads`, {
    body: {
      column_mapping: mapping, list_uuid: list, data_source_uuid: null, update_if_exists: false,
      move_to_list: false, skip_first_row: true,
    },
  });
  assert.equal(begun.status, 200, begun.text);
  const source = await ended(server, file.uuid);
  assert.equal(source.payload.created, 1);
  const { json: ada } = await server.request("POST", "/leads/api/leads/lookup-one",
    { body: { linkedin_id: "ada-example" } });
  assert.equal(ada.position, "Founder");
});

test("files that cannot be", async (t) => {
  const server = await Place.open(t).serve();
  const list = await inbox(server);
  const field = await shoeSize(server);
  const wrong = async (answer, status, field) => {
    assert.equal(answer.status, status, JSON.stringify(answer.json));
    assert.equal(typeof answer.json.message, "string");
    assert.equal(answer.json.code, status);
    if (field) assert.ok(answer.json.error.data[field], JSON.stringify(answer.json));
  };
  const send = async (uuid, body) => {
    const path = `/leads/api/file-imports/${uuid}/import-leads`;
    const { status, json } = await server.request("POST", path, { body });
    return { status, json };
  };

  await wrong(await form(server, undefined, { fields: { type: "csv_leads" } }), 422, "file");
  await wrong(await form(server, PEOPLE, { part: "upload" }), 422, "file");
  await wrong(await form(server, PEOPLE, { fields: { type: "csv_companies" } }), 422, "type");
  const bare = await server.request("POST", "/leads/api/file-imports/upload-csv",
    { body: PEOPLE, headers: { "Content-Type": "text/csv" } });
  await wrong(bare, 422, "file");

  const { json: file } = await form(server, PEOPLE);
  const nobody = "01a1f866-0d00-7c41-9e55-2f0b6d3a9c10";
  await wrong(await send(nobody, { columns: COLUMNS, list_uuid: list }), 404);
  await wrong(await send("x", { columns: COLUMNS, list_uuid: list }), 404);
  await wrong(await send(file.uuid, { columns: COLUMNS, list_uuid: nobody }), 422, "list_uuid");
  await wrong(await send(file.uuid, { columns: COLUMNS, tags: [nobody] }), 422, "tags.0");
  await wrong(await send(file.uuid, { columns: "all" }), 422, "columns");
  await wrong(await send(file.uuid, { columns: [{ source: "Mail", target: "mood" }] }), 422,
    "columns.0.target");
  await wrong(await send(file.uuid, { columns: [{ target: "email" }] }), 422, "columns.0.source");
  await wrong(await send(file.uuid, { column_mapping: { Mail: 7 } }), 422, "column_mapping.Mail");
  await wrong(await send(file.uuid, { columns: COLUMNS, skip_first_row: "no" }), 422,
    "skip_first_row");
  await wrong(await send(file.uuid, { columns: COLUMNS, skip_first_row: false }), 422);
  await wrong(await send(file.uuid, { columns: COLUMNS, update_if_exists: "no" }), 422,
    "update_if_exists");
  await wrong(await send(file.uuid, { columns: [{ source: "Shoe Size", target: "about" }] }), 422);
  await wrong(await send(file.uuid, { column_mapping: { ["Käse ".repeat(60)]: "moo" } }), 422);
  const columns = [...COLUMNS.slice(0, 4), { source: "Shoe Size", target: field.uuid }];
  const fine = await send(file.uuid, { columns, list_uuid: list });
  assert.equal(fine.status, 200, "what was refused can be mended");
});

test("data sources: imports as the dialect lists, renames and deletes them", async (t) => {
  const server = await Place.open(t).serve();
  const list = await inbox(server);
  const get = async (path) => (await server.request("GET", path)).json;
  const post = (path, body) => server.request("POST", path, { body });
  const uuids = [];

  for (let n = 0; n < 3; n++) {
    const { json: file } = await form(server, `Email\nperson.${n}@example.com\n`);
    const made = await post("/leads/api/data-sources", {
      type: "csv_leads", list_uuid: list,
      payload: { file_import_uuid: file.uuid, columns: [{ source: "Email", target: "email" }] },
    });
    assert.equal(made.status, 201, made.text);
    uuids.unshift(made.json.uuid);
    await ended(server, made.json.uuid);
  }
  const page = await get("/leads/api/data-sources?limit=3");
  assert.deepEqual(page.data.map((one) => one.uuid), uuids);
  assert.deepEqual([page.total, page.has_more, page.offset, page.limit], [3, false, 0, 3]);
  const part = await get("/leads/api/data-sources?limit=2&offset=0");
  assert.deepEqual([part.data.length, part.total, part.has_more], [2, 3, true]);
  const done = await get("/leads/api/data-sources?filter[status]=completed&order_type=asc");
  assert.deepEqual(done.data.map((one) => one.uuid), uuids.toReversed());
  assert.equal((await get("/leads/api/data-sources?filter[status]=failed")).total, 0);
  const one = await get(`/leads/api/data-sources?filter[uuid]=${uuids[1]}`);
  assert.deepEqual(one.data.map((item) => item.uuid), [uuids[1]]);

  const put = (uuid, body) => server.request("PUT", `/leads/api/data-sources/${uuid}`, { body });
  const same = await put(uuids[0], { type: "csv_leads", list_uuid: list, tags: null });
  assert.equal(same.status, 200, same.text);
  const named = await put(uuids[0], { payload: { name: "Fair 2026" } });
  assert.equal(named.json.payload.name, "Fair 2026");
  const moved = await put(uuids[0], { list_uuid: "01a1f866-1a2b-7d02-8f3e-5b7c9d1e2f30" });
  assert.equal(moved.status, 422);
  assert.ok(moved.json.error.data.list_uuid);
  assert.equal((await put("01a1f866-1a2b-7d02-8f3e-5b7c9d1e2f30", {})).status, 404);

  const gone = await server.request("DELETE", `/leads/api/data-sources/${uuids[0]}`);
  assert.equal(gone.status, 204);
  assert.equal((await get("/leads/api/data-sources")).total, 2);
  const { total } = (await post("/leads/api/leads/count", {})).json;
  assert.equal(total, 3, "its contacts stay");

  const scraped = await post("/leads/api/data-sources",
    { type: "sn_leads_search", list_uuid: list, payload: { url: "x" } });
  assert.equal(scraped.status, 422);
  assert.match(scraped.json.message, /does not read LinkedIn/);
  const bare = await post("/leads/api/data-sources", { type: "csv_leads", list_uuid: list });
  assert.ok(bare.json.error.data["payload.file_import_uuid"], bare.text);
  const nowhere = await post("/leads/api/data-sources", { type: "csv_leads" });
  assert.ok(nowhere.json.error.data.list_uuid, nowhere.text);
});

test("companies with many contacts", async (t) => {
  const server = await Place.open(t).serve();
  const people = ["Email,Company"];

  for (let n = 0; n < 2100; n++) people.push(`p${n}@example.org,${n < 1200 ? "Big" : "Other"} Ltd`);
  const { json: file } = await form(server, `${people.join("\n")}\n`);
  await server.request("POST", `/leads/api/file-imports/${file.uuid}/import-leads`, { body: {} });
  assert.equal((await ended(server, file.uuid)).payload.created, 2100);
  const { json: both } = await server.request("POST", "/leads/api/companies/lookup",
    { body: { lookups: [{ name: "big ltd" }, { name: "OTHER LTD" }] } });
  const uuids = both.map((one) => one.uuid);
  const ask = (some) => server.request("POST", "/leads/api/companies/leads",
    { body: { uuids: some } });
  await until(async () => (await server.request("POST", "/leads/api/leads/search",
    { body: { filter: { company_uuid: uuids }, limit: 1 } })).json.total === 2100,
  "the index, which may lag behind so many at once");
  const { json } = await ask([uuids[0]]);
  assert.equal(new Set(json[uuids[0]].map((one) => one.work_email)).size, 1200);
  const refused = await ask(uuids);
  assert.equal(refused.status, 422);
  assert.match(refused.json.error.data.uuids[0], /more than 2000 contacts/);
});

test("pages end by has_more, for every noun", async (t) => {
  const server = await Place.open(t).serve();
  const nouns = {
    lists: (n) => ({ name: `List ${n}` }),
    tags: (n) => ({ name: `Tag ${n}` }),
    "pipeline-stages": (n) => ({ name: `Stage ${n}`, object: "company", category: "cold" }),
    "custom-fields": (n) => ({ name: `field_${n}`, object: "lead" }),
    "leads-blacklist": (n) => ({ email: `nobody.${n}@example.com` }),
    "companies-blacklist": (n) => ({ domain: `nobody${n}.example` }),
  };

  for (const [noun, body] of Object.entries(nouns)) {
    const path = `/leads/api/${noun}`;
    const before = (await server.request("GET", path)).json.total;
    for (let n = 0; n < 5; n++) {
      const made = await server.request("POST", path, { body: body(n) });
      assert.equal(made.status, 201, made.text);
    }
    const total = before + 5;
    for (const limit of [1, total - 1, total, total + 1]) {
      const seen = new Set();
      for (let offset = 0, more = true; more; offset += limit) {
        const { json } = await server.request("GET", `${path}?limit=${limit}&offset=${offset}`);
        assert.equal(json.total, total, noun);
        assert.equal(json.has_more, offset + limit < total, `${noun} ${offset} + ${limit}`);
        for (const one of json.data) seen.add(one.uuid);
        more = json.has_more;
      }
      assert.equal(seen.size, total, `${noun} in pages of ${limit}`);
    }
    const past = await server.request("GET", `${path}?offset=${total}`);
    assert.deepEqual(past.json.data, []);
    assert.equal(past.json.has_more, false);
    const far = await server.request("GET", `${path}?offset=100001`);
    assert.equal(far.status, 422);
  }
});

test("every key that lists can be filtered and ordered by", async (t) => {
  const server = await Place.open(t).serve();
  const keys = {
    "/leads/api/lists": ["uuid", "name*", "created_at*", "updated_at*"],
    "/leads/api/tags": ["uuid", "name*", "created_at*", "updated_at*"],
    "/leads/api/pipeline-stages": ["uuid", "name*", "object", "object_type", "type", "category",
      "order*", "created_at*", "updated_at*"],
    "/leads/api/custom-fields": ["uuid", "name*", "object", "order*", "created_at*", "updated_at*"],
    "/leads/api/notes": ["uuid", "object", "object_uuid", "lead_uuid", "company_uuid",
      "created_at*", "updated_at*"],
    "/leads/api/activities": ["uuid", "type", "object", "object_type", "object_uuid", "lead_uuid",
      "company_uuid", "created_at*"],
    "/leads/api/companies": ["uuid", "name*", "domain", "website", "ln_id", "linkedin", "phone",
      "industry", "employees_range", "status", "pipeline_stage_uuid", "lead_status_uuid", "tags",
      "created_at*", "updated_at*"],
    "/leads/api/leads-blacklist": ["uuid", "created_at*"],
    "/leads/api/companies-blacklist": ["uuid", "created_at*"],
    "/leads/api/data-sources": ["uuid", "name*", "status", "created_at*", "updated_at*"],
    "/integrations/api/webhooks": ["uuid", "name*", "event", "status", "created_at*",
      "updated_at*"],
  };
  const values = { created_at: "2026-01-01", updated_at: "2026-01-01T00:00:00Z", order: "3",
    status: "completed", event: "contact_created" };

  for (const [path, names] of Object.entries(keys)) {
    const ask = async (query, status = 200) => {
      const answer = await server.request("GET", `${path}?${query}`);
      assert.equal(answer.status, status, `${path}?${query}: ${answer.text}`);
    };
    await ask("filter[q]=x");
    for (const name of names) {
      const key = name.replace("*", "");
      await ask(`filter[${key}]=${values[key] ?? "01a1f866-0d00-7c41-9e55-2f0b6d3a9c10"}`);
      await ask(`filter[${key}]=is_null`);
      await ask(`order_field=${key}&order_type=asc`, name.endsWith("*") ? 200 : 422);
    }
    await ask("filter[nonsense]=1", 422);
    await ask("order_type=up", 422);
  }
});

/* A client as they are in the field: a base URL, a key, JSON both ways, an error's message. */
class Client {
  constructor(url, key) {
    this.url = url;
    this.headers = {
      Authorization: `Bearer ${key}`, "Content-Type": "application/json",
        Accept: "application/json",
    };
  }

  async send(method, path, { query = {}, body } = {}) {
    const url = new URL(path, this.url);

    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const answer = await fetch(url, {
      method, headers: this.headers, body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (answer.status === 204) return undefined;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status}: ${JSON.parse(text).message}`);
    return answer.headers.get("Content-Type").startsWith("text/csv") ? text : JSON.parse(text);
  }

  get(path, query) { return this.send("GET", path, { query }); }
  post(path, body) { return this.send("POST", path, { body }); }
  put(path, body) { return this.send("PUT", path, { body }); }
  delete(path) { return this.send("DELETE", path); }

  /** All items of a list, page by page, as long as it says that there are more. */
  async all(ask, limit) {
    const items = [];
    for (let offset = 0, more = true; more; offset += limit) {
      const page = await ask({ limit, offset });
      items.push(...page.data);
      more = Boolean(page.has_more);
    }
    return items;
  }

  async upload(name, text) {
    const form = new FormData();
    form.append("file", new Blob([text]), name);
    const answer = await fetch(`${this.url}/leads/api/file-imports/upload-csv`, {
      method: "POST", headers: { Authorization: this.headers.Authorization }, body: form,
    });
    return answer.json();
  }
}

test("a working day of a client", async (t) => {
  const server = await Place.open(t).serve();
  const client = new Client(server.url, server.key);

  // Who am I, and where?
  const me = await client.get("/id/api/users/current");
  const teams = await client.get("/id/api/teams", { limit: 20, offset: 0 });
  assert.equal(me.team_id, teams.data[0].id);
  assert.equal((await client.get(`/id/api/teams/${me.team_id}`)).name, teams.data[0].name);

  // Set up what today's contacts go into.
  const list = await client.post("/leads/api/lists", { name: "DACH CTOs" });
  const hot = await client.post("/leads/api/tags", { name: "hot", color: "#ff5733" });
  const stage = await client.post("/leads/api/pipeline-stages",
    { name: "Demo booked", object: "lead", category: "positive" });
  const field = await client.post("/leads/api/custom-fields", { name: "budget", object: "lead" });
  const stages = await client.get("/leads/api/pipeline-stages", { "filter[object]": "lead" });
  const first = stages.data.find((one) => one.type === "new");
  const hook = await client.post("/integrations/api/webhooks", {
    name: "day", event: "contact_created", request_method: "POST",
      target_url: "https://example.com/x",
  });
  assert.equal(hook.data.uuid, hook.uuid);

  // A file of 45 people comes in.
  const lines = ["First,Last,Mail,Profile,Firm,Position,Budget"];
  for (let n = 0; n < 45; n++) {
    lines.push(`P${n},Example,p${n}@firm${n % 3}.example,p${n}-example,Firm ${n % 3},CTO,${n}`);
  }
  const file = await client.upload("dach.csv", lines.join("\r\n"));
  await client.post(`/leads/api/file-imports/${file.uuid}/import-leads`, {
    list_uuid: list.uuid, tags: [hot.uuid],
    column_mapping: {
      First: "first_name", Last: "last_name", Mail: "email", Profile: "linkedin_id",
      Firm: "company_name", Position: "position", Budget: "custom_fields.budget",
    },
  });
  const source = await until(async () => {
    const one = await client.get(`/leads/api/data-sources/${file.uuid}`);
    return one.status === "completed" && one;
  }, "the import");
  assert.equal(source.payload.created, 45);

  // All of them, in pages.
  const search = (filter) => (page) => client.post("/leads/api/leads/search", { filter, ...page });
  const everyone = await client.all(search({ list_uuid: list.uuid }), 20);
  assert.equal(everyone.length, 45);
  assert.equal(new Set(everyone.map((one) => one.uuid)).size, 45);
  for (const one of everyone) {
    assert.equal(one.pipeline_stage_uuid, first.uuid);
    assert.deepEqual(one.tags, [hot.uuid]);
    assert.equal(one.data_source_uuid, file.uuid);
  }
  const counts = await client.post("/leads/api/lists/metrics", { uuids: [list.uuid] });
  assert.equal(counts[list.uuid].leads_count, 45);

  // Companies came with them.
  const firms = await client.post("/leads/api/companies/list", { filter: { q: "firm" },
    limit: 50 });
  assert.equal(firms.total, 3);
  const [firm] = await client.post("/leads/api/companies/lookup",
    { lookups: [{ name: "Firm 1" }] });
  const staff = await client.post("/leads/api/companies/leads", { uuids: [firm.uuid] });
  assert.equal(staff[firm.uuid].length, 15);
  assert.ok(staff[firm.uuid].every((one) => one.company_uuid === firm.uuid));

  // One of them is talked to.
  const p7 = await client.post("/leads/api/leads/lookup-one",
    { linkedin_id: "p7-example", email: null, name: null, company_name: null });
  await client.post("/leads/api/notes", { object: "lead", object_uuid: p7.uuid,
    note: "Wants a demo." });
  await client.post("/leads/api/activities",
    { object_type: "lead", object_uuid: p7.uuid, type: "call_made", payload: { minutes: 12 } });
  await client.put(`/leads/api/custom-fields/${field.uuid}/values`,
    { object_type: "lead", object_uuid: p7.uuid, value: "50k" });
  const done = await client.put("/leads/api/leads/mass-action", {
    type: "contact_change_pipeline_stage", filter: { ids: [p7.uuid] },
    payload: { pipeline_stage_uuid: stage.uuid },
  });
  assert.equal(done.count, 1);
  const booked = await client.post("/leads/api/leads/search",
    { filter: { pipeline_stage_uuid: stage.uuid } });
  assert.deepEqual(booked.data.map((one) => one.uuid), [p7.uuid]);
  const notes = await client.get("/leads/api/notes", { "filter[object_uuid]": p7.uuid });
  assert.equal(notes.data[0].note, "Wants a demo.");
  const { metadata } = (await server.data("lead.get", { lead_id: p7.uuid },
    { profile: "record" })).lead;
  assert.equal(metadata.budget, "50k", "the field that was defined and the file's column are one");

  // Somebody does not want to hear of us, and is not made again.
  await client.post("/leads/api/leads-blacklist", { linkedin: "p9-example" });
  await assert.rejects(client.post("/leads/api/leads/upsert",
    { lead: { linkedin_id: "p9-example", first_name: "P9" }, list_uuid: list.uuid }),
      /^Error: 422/);

  // The evening: everybody of one firm into a file, and away with the rest.
  const made = await client.post("/leads/api/file-exports/leads",
    { filter: { company_uuid: firm.uuid } });
  assert.equal(made.status, "completed");
  const csv = await client.post("/leads/api/file-exports/download", { file_name: made.file_name });
  assert.equal(csv.trim().split("\n").length, 16, "a header and 15 people");
  assert.match(csv, /p1@firm1\.example/);
  assert.equal(await client.post("/leads/api/file-exports/download", { uuid: made.uuid }), csv);
  const rest = await server.request("GET", `/api/v1/export?export_id=${made.uuid}`);
  assert.equal(rest.text, csv, "one export, however it is asked for");
  await client.put("/leads/api/leads/mass-action",
    { type: "contact_delete", filter: { all: true, excludeIds: [p7.uuid] } });
  assert.deepEqual(await client.post("/leads/api/leads/count", {}), { total: 1, count: 1 });
  await client.delete(`/leads/api/lists/${list.uuid}`);
  await client.delete(`/integrations/api/webhooks/${hook.uuid}`);
  const left = await client.get(`/leads/api/leads/${p7.uuid}`);
  assert.equal(left.list_uuid, await inbox(server), "who was on it is in the inbox");
});

const ROUTES = [
  ["POST", "/leads/api/lists"], ["POST", "/leads/api/lists/metrics"], ["PUT",
    "/leads/api/lists/$id"],
  ["POST", "/leads/api/tags"], ["POST", "/leads/api/tags/metrics"], ["PUT", "/leads/api/tags/$id"],
  ["POST", "/leads/api/pipeline-stages"], ["PUT", "/leads/api/pipeline-stages/$id"],
  ["POST", "/leads/api/custom-fields"], ["PUT", "/leads/api/custom-fields/$id"],
  ["PUT", "/leads/api/custom-fields/$id/values"], ["POST", "/leads/api/custom-field-values"],
  ["POST", "/leads/api/notes"], ["PUT", "/leads/api/notes/$id"], ["POST", "/leads/api/activities"],
  ["POST", "/leads/api/companies"], ["PUT", "/leads/api/companies/$id"],
  ["POST", "/leads/api/companies/list"], ["POST", "/leads/api/companies/lookup"],
  ["POST", "/leads/api/companies/leads"], ["POST", "/leads/api/leads-blacklist"],
  ["POST", "/leads/api/companies-blacklist"], ["POST", "/leads/api/data-sources"],
  ["PUT", "/leads/api/data-sources/$id"], ["POST", "/leads/api/file-imports/$id/import-leads"],
  ["POST", "/leads/api/file-exports/leads"], ["POST", "/leads/api/file-exports/download"],
  ["POST", "/integrations/api/webhooks"], ["PUT", "/integrations/c1/api/webhooks/$id"],
  ["POST", "/integrations/api/webhooks/test"],
];
const MEMBERS = [
  "name", "color", "object", "object_type", "category", "order", "object_uuid", "note", "type",
    "payload",
  "companies", "lookups", "uuids", "metrics", "filter", "limit", "offset", "order_field",
    "list_uuid",
  "columns", "column_mapping", "tags", "linkedin", "email", "domain", "ln_id", "event",
    "target_url",
  "filters", "status", "uuid", "file_name", "custom_field_uuid", "value", "update_if_exists",
];
const VALUES = [
  null, true, 0, -1, 1e300, "", "x", "\u0000", "\ud83d\ude00".repeat(5000), [], [null], [[]], {},
  { "=": {} }, [{}], ["x"], "01a1f866-0d00-7c41-9e55-2f0b6d3a9c10",
];

test("no shape of a body makes an error of the server", async (t) => {
  const server = await Place.open(t).serve();
  const id = await inbox(server);
  const bodies = ["", " ", "null", "7", "\"x\"", "[", "[]", "[[]]", "{}", "{\"a\":1,\"a\":2}",
    "\xff\xfe",
    "[".repeat(2000)];
  let sent = 0;

  const ask = async (method, path, body) => {
    const answer = await server.request(method, path.replace("$id", id), { body });
    const said = `${method} ${path} ${String(body).slice(0, 200)}: ${answer.text.slice(0, 400)}`;
    sent++;
    assert.ok(answer.status < 500 && answer.status >= 200, said);
    if (answer.status < 400) return;
    const { error, message, code } = answer.json;
    assert.deepEqual([typeof error.reason, error.message, code], ["string", message,
      answer.status], said);
    assert.ok(message.length > 0 && !Array.isArray(error.data) && typeof error.data === "object",
      said);
    for (const messages of Object.values(error.data)) assert.ok(Array.isArray(messages), said);
  };

  for (const [method, path] of ROUTES) {
    for (const body of bodies) await ask(method, path, body);
    for (const member of MEMBERS) {
      const value = VALUES[(sent + member.length) % VALUES.length];
      await ask(method, path, { [member]: value });
    }
    for (const value of VALUES) {
      await ask(method, path, Object.fromEntries(MEMBERS.map((member) => [member, value])));
    }
  }
  assert.ok(sent > 1500, `${sent} requests`);
});

test("a key that may only read makes nothing, not even by the other paths", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { key } = await place.key("--scopes", "read");
  const id = await inbox(server);

  for (const [method, path] of ROUTES) {
    const reads = /metrics|\/list$|lookup|companies\/leads|download/.test(path);
    const { status, json, text } = await server.request(method, path.replace("$id", id),
      { key, body: { name: "x", note: "x", uuids: [], lookups: [{ name: "x" }], type: "csv_leads",
        list_uuid: id, payload: { file_import_uuid: id }, filter: { all: true },
        companies: [{ name: "x" }], file_name: "x", uuid: id, event: "contact_created" } });
    if (reads) {
      assert.notEqual(status, 403, `${method} ${path}: ${text}`);
      continue;
    }
    // What is read before it is written may be missing; else the key is not enough.
    assert.ok(status === 403 || (status === 404 && method === "PUT"), `${method} ${path}: ${text}`);
    if (status === 403) assert.equal(json.error.reason, "access_denied");
  }
  const { status } = await form({ url: server.url, key }, "Email\nx@example.com\n");
  assert.equal(status, 403);
});
