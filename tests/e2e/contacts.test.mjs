// Contacts in the contacts dialect: written, found, listed, changed many at once, as its clients
// do it. What they send wrong is in contacts-bad-input.test.mjs.
import assert from "node:assert/strict";
import test from "node:test";

import { Place } from "./lib/place.mjs";
import { playWire, wireStories } from "./lib/wire.mjs";

const LEADS = "/leads/api/leads";
const NOBODY = "01a1f866-0d00-7c41-9e55-2f0b6d3a9c10";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/* The members of the published description, in its order. */
const MEMBERS = [
  "uuid", "team_id", "user_id", "sender_profile_uuid", "list_uuid", "data_source_uuid",
  "pipeline_stage_uuid", "company_uuid", "name", "first_name", "last_name", "company_name",
  "company_ln_id", "position", "headline", "about", "avatar_url", "ln_id", "sn_id", "linkedin",
  "facebook", "twitter", "work_email", "personal_email", "work_phone_number",
  "personal_phone_number", "connections_number", "followers_number", "primary_language",
  "supported_languages", "has_open_profile", "has_verified_profile", "has_premium",
  "experience", "posts", "educations", "skills", "raw_address", "location", "tags", "status",
  "linkedin_status", "email_status", "unread_counts", "last_automation_approve_at",
  "created_at", "updated_at",
];

/** A server, the list that every workspace has, and another. */
async function open(t, args = []) {
  const place = Place.open(t);
  const server = await place.serve(["--check-outputs", ...args]);
  const { lists } = await server.data("list.list", {});
  const inbox = lists.find((one) => one.name === "Inbox").id;
  const other = (await server.data("list.create", { name: "Autumn" })).list.id;
  const send = async (method, path, body, options = {}) => {
    const answer = await server.request(method, path, { body, ...options });
    const { status, headers, text } = answer;
    return { status, headers, text, body: text === "" ? undefined : answer.json };
  };
  const ok = async (method, path, body, options) => {
    const answer = await send(method, path, body, options);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  };
  const upsert = (lead, more = {}) =>
    ok("POST", `${LEADS}/upsert`, { lead, list_uuid: inbox, ...more });
  return { place, server, inbox, other, send, ok, upsert };
}

const checkMembers = (contact, more = []) =>
  assert.deepEqual(Object.keys(contact), [...MEMBERS, ...more]);

test("wire stories", async (t) => {
  for (const story of wireStories("contacts")) {
    await t.test(story.name, async (t) => {
      const { server, inbox, other } = await open(t);
      await playWire(server, story, { inbox, other });
    });
  }
});

test("upsert", async (t) => {
  const { server, inbox, other, send, ok, upsert } = await open(t);
  const made = await upsert({
    linkedin_id: "john-doe-123456", first_name: "John", last_name: "Doe",
    company_name: "Acme Inc", ln_id: null, sn_id: null, linkedin: null,
    email: "john@acme.com", about: "Sells things.", domain: "acme.com",
    headline: "VP of Sales at Acme Inc", position: "VP of Sales",
    raw_address: "San Francisco, CA, USA",
  }, { custom_fields: { field_position: "CTO", field_experience: "10 years" },
    update_if_exists: true, move_to_list: false });

  await t.test("answers the whole contact, in the published order", () => {
    checkMembers(made);
    assert.match(made.uuid, UUID);
    assert.equal(made.list_uuid, inbox);
    assert.match(made.pipeline_stage_uuid, UUID);
    assert.match(made.company_uuid, UUID);
    assert.match(made.created_at, TIME);
    assert.match(made.updated_at, TIME);
    assert.deepEqual(
      Object.fromEntries(Object.entries(made).filter(([name]) => !/uuid$|_at$/.test(name))), {
        team_id: 1, user_id: null, name: "John Doe", first_name: "John", last_name: "Doe",
        company_name: "Acme Inc", company_ln_id: null, position: "VP of Sales",
        headline: "VP of Sales at Acme Inc", about: "Sells things.", avatar_url: null,
        ln_id: null, sn_id: null, linkedin: "john-doe-123456", facebook: null, twitter: null,
        work_email: "john@acme.com", personal_email: null, work_phone_number: null,
        personal_phone_number: null, connections_number: null, followers_number: null,
        primary_language: null, supported_languages: null, has_open_profile: null,
        has_verified_profile: null, has_premium: null, experience: null, posts: null,
        educations: null, skills: null, raw_address: "San Francisco, CA, USA",
        location: [{ address_string: "San Francisco, CA, USA" }], tags: [], status: "ok",
        linkedin_status: "active", email_status: null, unread_counts: [],
      });
    assert.deepEqual([made.sender_profile_uuid, made.data_source_uuid,
      made.last_automation_approve_at], [null, null, null]);
  });

  await t.test("keeps custom fields under their names", async () => {
    const { lead } = await server.data("lead.get", { lead_id: made.uuid }, { profile: "record" });
    assert.deepEqual(lead.metadata, { field_position: "CTO", field_experience: "10 years" });
    await upsert({ linkedin_id: "john-doe-123456" }, { custom_fields: { field_position: null } });
    const after = await server.data("lead.get", { lead_id: made.uuid }, { profile: "record" });
    assert.deepEqual(after.lead.metadata, { field_experience: "10 years" });
    await upsert({ linkedin_id: "john-doe-123456" }, { custom_fields: [] });
  });

  await t.test("the same again changes nothing", async () => {
    const again = await upsert({ linkedin_id: "john-doe-123456", first_name: "John" });
    assert.equal(again.uuid, made.uuid);
    const history = await server.data("lead.history", { lead_id: made.uuid });
    assert.equal(history.changes.length, 2);
    assert.equal(history.changes[0].via, "contacts");
  });

  await t.test("absent stays, null and an empty text clear", async () => {
    const changed = await upsert({ linkedin_id: "john-doe-123456", headline: "CEO", about: null,
      raw_address: "" });
    assert.equal(changed.headline, "CEO");
    assert.equal(changed.about, null);
    assert.equal(changed.raw_address, null);
    assert.equal(changed.location, null);
    assert.equal(changed.position, "VP of Sales");
  });

  await t.test("the name follows its parts", async () => {
    const renamed = await upsert({ linkedin_id: "john-doe-123456", last_name: "Smith" });
    assert.equal(renamed.name, "John Smith");
  });

  await t.test("the list of a known contact counts only with move_to_list", async () => {
    const stayed = await upsert({ linkedin_id: "john-doe-123456" }, { list_uuid: other });
    assert.equal(stayed.list_uuid, inbox);
    assert.equal((await server.data("list.get", { list_id: other })).list.leads, 0);
    const moved = await upsert({ linkedin_id: "john-doe-123456" },
      { list_uuid: other, move_to_list: true });
    assert.equal(moved.list_uuid, other);
    assert.equal((await server.data("list.get", { list_id: inbox })).list.leads, 0);
    assert.equal((await server.data("list.get", { list_id: other })).list.leads, 1);
  });

  await t.test("a new contact is put on the list that move_to_list names, too", async () => {
    const made = await upsert({ linkedin_id: "mover" }, { list_uuid: other, move_to_list: true });
    assert.equal(made.list_uuid, other);
  });

  await t.test("update_if_exists false refuses a known contact", async () => {
    const answer = await send("POST", `${LEADS}/upsert`,
      { lead: { linkedin_id: "john-doe-123456", first_name: "Jack" }, list_uuid: inbox,
        update_if_exists: false });
    assert.equal(answer.status, 422);
    assert.equal(answer.body.error.reason, "validation_error");
    assert.deepEqual(Object.keys(answer.body.error.data), ["lead.linkedin_id"]);
    assert.match(answer.body.error.data["lead.linkedin_id"][0], /already exists/);
    assert.equal(answer.body.code, 422);
    assert.equal((await ok("GET", `${LEADS}/${made.uuid}`)).first_name, "John");
    const fresh = await upsert({ linkedin_id: "fresh-one" }, { update_if_exists: false });
    assert.match(fresh.uuid, UUID);
  });

  await t.test("a retry with the same Idempotency-Key is answered once more", async () => {
    const headers = { "Idempotency-Key": "again" };
    const body = { lead: { linkedin_id: "twice", position: "CTO" }, list_uuid: inbox };
    const first = await ok("POST", `${LEADS}/upsert`, body, { headers });
    await upsert({ linkedin_id: "twice", position: "CFO" });
    assert.deepEqual(await ok("POST", `${LEADS}/upsert`, body, { headers }), first);
    assert.equal((await ok("GET", `${LEADS}/${first.uuid}`)).position, "CFO");
  });

  await t.test("whoever is on the blacklist is refused", async () => {
    await server.data("blacklist.add", { object: "lead", linkedin_id: "unwanted" });
    const one = { linkedin_id: "https://www.linkedin.com/in/unwanted" };
    const calls = [[`${LEADS}/upsert`, { lead: one, list_uuid: inbox }, "lead.linkedin_id"],
      [LEADS, { leads: [{ linkedin_id: "wanted" }, one], list_uuid: inbox },
        "leads.1.linkedin_id"]];
    for (const [path, body, field] of calls) {
      const answer = await send("POST", path, body);
      assert.equal(answer.status, 422);
      assert.equal(answer.body.error.reason, "validation_error");
      assert.deepEqual(Object.keys(answer.body.error.data), [field]);
    }
    assert.equal((await send("POST", `${LEADS}/lookup-one`, { linkedin_id: "wanted" })).status,
      404);
  });

  await t.test("no more than 100 custom fields", async () => {
    const custom = (count) => ({ custom_fields: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`field ${i}`, i])) });
    const body = { lead: { linkedin_id: "fielded" }, list_uuid: inbox };
    const answer = await send("POST", `${LEADS}/upsert`, { ...body, ...custom(99) });
    assert.equal(answer.status, 422, "two of them were there before");
    assert.match(Object.keys(answer.body.error.data)[0], /^custom_fields/);
    await ok("POST", `${LEADS}/upsert`, { ...body, ...custom(98) });
  });

  await t.test("a contact without LinkedIn data says so", async () => {
    const { lead_id: id } = await server.data("lead.upsert", { custom_id: "crm-7", name: "A B" });
    const contact = await ok("GET", `${LEADS}/${id}`);
    assert.equal(contact.status, "no_contact_data");
    assert.equal(contact.linkedin_status, "unknown");
    assert.equal(contact.list_uuid, inbox);
  });

  await t.test("whoever is not to be contacted shows it", async () => {
    const { lead_id: id } = await server.data("lead.upsert",
      { email: "no@example.com", status: "DoNotContact" });
    const contact = await ok("GET", `${LEADS}/${id}`);
    assert.equal(contact.linkedin_status, "do_not_contact");
    assert.equal(contact.email_status, "do_not_contact");
  });
});

test("linkedin_id in any form finds the one contact", async (t) => {
  const { upsert, ok } = await open(t);
  const LN = "ACoAAAB1bLkBW8n9zq0o2p8bq7nVJ3xkZ8bqQwE";
  const made = await upsert({ linkedin_id: "https://www.linkedin.com/in/ada-example/" });

  for (const form of ["ada-example", "linkedin.com/in/ada-example",
    "https://de.linkedin.com/in/Ada-Example?x=1",
    "http://www.linkedin.com/in/ada-example/details/experience/"]) {
    assert.equal((await upsert({ linkedin_id: form })).uuid, made.uuid, form);
    assert.equal((await ok("POST", `${LEADS}/lookup-one`, { linkedin_id: form })).uuid,
      made.uuid, form);
  }
  const numbered = await upsert({ linkedin_id: LN, linkedin: "ada-example" });
  assert.equal(numbered.uuid, made.uuid);
  assert.equal(numbered.ln_id, LN);
  const SN = `ACwA${LN.slice(4)}`;
  for (const form of [LN, SN, `https://www.linkedin.com/sales/lead/${SN},NAME_SEARCH,abcd`,
    `https://www.linkedin.com/sales/people/${SN},x,y`, `https://www.linkedin.com/in/${LN}`]) {
    assert.equal((await upsert({ linkedin_id: form })).uuid, made.uuid, form);
  }
  assert.equal((await ok("GET", `${LEADS}/${made.uuid}`)).sn_id, SN);
});

test("identifiers of two contacts are a conflict", async (t) => {
  const { upsert, send, inbox } = await open(t);
  const ada = await upsert({ linkedin_id: "ada", email: "ada@example.com" });
  const bob = await upsert({ linkedin_id: "bob", email: "bob@example.com" });
  const answers = [
    await send("POST", `${LEADS}/upsert`,
      { lead: { linkedin_id: "ada", email: "bob@example.com" }, list_uuid: inbox }),
    await send("POST", `${LEADS}/lookup-one`, { linkedin_id: "ada", email: "bob@example.com" }),
  ];

  for (const { status, body } of answers) {
    assert.equal(status, 409);
    assert.equal(body.error.reason, "identity_conflict");
    assert.deepEqual(body.error.data.candidates.toSorted(), [ada.uuid, bob.uuid].toSorted());
    assert.equal(body.code, 409);
  }
  const put = await send("PUT", `${LEADS}/${ada.uuid}`, { email: "bob@example.com" });
  assert.equal(put.status, 409);
  assert.deepEqual(put.body.error.data.candidates, [bob.uuid]);
});

test("create", async (t) => {
  const { server, upsert, send, ok, inbox, other } = await open(t);

  await t.test("many at once, found or made, in their order", async () => {
    const known = await upsert({ linkedin_id: "known", first_name: "Known" });
    const made = await ok("POST", LEADS, { list_uuid: other, leads: [
      { linkedin_id: "first", first_name: "First", custom_fields: { level: 3 } },
      { linkedin_id: "known", position: "CTO" },
      { linkedin_id: "first", last_name: "Again", email: "first@example.com" },
    ] });
    assert.equal(made.length, 3);
    made.forEach((one) => checkMembers(one));
    assert.equal(made[0].uuid, made[2].uuid);
    assert.equal(made[2].name, "First Again");
    assert.equal(made[0].list_uuid, other);
    assert.equal(made[1].uuid, known.uuid);
    assert.equal(made[1].list_uuid, inbox);
    assert.equal(made[1].position, "CTO");
    const { lead } = await server.data("lead.get", { lead_id: made[0].uuid },
      { profile: "record" });
    assert.deepEqual(lead.metadata, { level: 3 });
  });

  await t.test("one that is wrong refuses all, and is named", async () => {
    const answer = await send("POST", LEADS, { list_uuid: inbox, leads: [
      { linkedin_id: "second" }, { linkedin_id: "third", email: "no address" }] });
    assert.equal(answer.status, 422);
    assert.deepEqual(Object.keys(answer.body.error.data), ["leads.1.email"]);
    assert.equal((await send("POST", `${LEADS}/lookup-one`, { linkedin_id: "second" })).status,
      404);
  });

  await t.test("1,000 are taken, 1,001 are not", async () => {
    const leads = (count) => Array.from({ length: count }, (_, i) => ({ linkedin_id: `p-${i}` }));
    const made = await ok("POST", LEADS, { list_uuid: inbox, leads: leads(1000) });
    assert.equal(new Set(made.map((one) => one.uuid)).size, 1000);
    const answer = await send("POST", LEADS, { list_uuid: inbox, leads: leads(1001) });
    assert.equal(answer.status, 422);
    assert.deepEqual(Object.keys(answer.body.error.data), ["leads"]);
  });
});

test("lookup-one", async (t) => {
  const { upsert, send, ok } = await open(t);
  const ada = await upsert({ linkedin_id: "ada", email: "ada@example.com", first_name: "Ada",
    last_name: "Example", company_name: "Works" });
  const none = { linkedin_id: null, email: null, name: null, company_name: null };
  const found = [
    { ...none, linkedin_id: "https://linkedin.com/in/ada" },
    { ...none, email: "ADA@example.com" },
    { ...none, name: "Ada Example", company_name: "Works" },
    { ...none, name: "ada example", company_name: "WORKS", disable_aggregation: true },
    { ...none, linkedin_id: "nobody", name: "Ada Example", company_name: "Works" },
    { linkedin_id: "", email: "", name: "Ada Example", company_name: "Works" },
  ];

  for (const body of found) {
    for (const path of ["lookup-one", "find-one"]) {
      const contact = await ok("POST", `${LEADS}/${path}`, body);
      checkMembers(contact);
      assert.equal(contact.uuid, ada.uuid, JSON.stringify(body));
    }
  }
  for (const body of [{ linkedin_id: "nobody" }, { email: "nobody@example.com" },
    { name: "Ada Example", company_name: "Elsewhere" }]) {
    const answer = await send("POST", `${LEADS}/lookup-one`, body);
    assert.equal(answer.status, 404);
    assert.equal(answer.body.error.reason, "not_found");
  }
  const fields = [[{}, "linkedin_id"], [none, "linkedin_id"], [undefined, "linkedin_id"],
    [{ name: "Ada Example" }, "company_name"], [{ linkedin_id: 7 }, "linkedin_id"],
    [{ email: "no address" }, "email"], [{ name: 7, company_name: "Works" }, "name"],
    [{ name: "Ada", company_name: [] }, "company_name"]];
  for (const [body, field] of fields) {
    const answer = await send("POST", `${LEADS}/lookup-one`, body);
    assert.equal(answer.status, 422, `${JSON.stringify(body)} ${answer.text}`);
    assert.deepEqual(Object.keys(answer.body.error.data), [field]);
  }
  const twin = await upsert({ linkedin_id: "ada-two", first_name: "Ada", last_name: "Example",
    company_name: "Works" });
  const both = await send("POST", `${LEADS}/lookup-one`,
    { name: "Ada Example", company_name: "Works" });
  assert.equal(both.status, 409);
  assert.deepEqual(both.body.error.data.candidates.toSorted(), [ada.uuid, twin.uuid].toSorted());
});

test("one contact by its uuid", async (t) => {
  const { server, upsert, send, ok } = await open(t);
  const made = await upsert({ linkedin_id: "ada", email: "ada@example.com", first_name: "Ada" });
  const path = `${LEADS}/${made.uuid}`;

  assert.deepEqual(await ok("GET", path), made);
  assert.equal((await send("HEAD", path)).status, 200);

  await t.test("PUT changes what it names", async () => {
    const changed = await ok("PUT", path, { position: "CTO", about: null });
    checkMembers(changed);
    assert.equal(changed.position, "CTO");
    assert.equal(changed.first_name, "Ada");
    assert.equal(changed.work_email, "ada@example.com");
  });

  await t.test("PUT ignores what it cannot change", async () => {
    const before = await ok("GET", path);
    const after = await ok("PUT", path, { ...before, custom_fields: { a: 1 }, nonsense: [1] });
    assert.deepEqual(after, before);
  });

  await t.test("PUT without anything changes nothing", async () => {
    const before = await ok("GET", path);
    const empty = [
      { body: undefined, headers: { "Content-Length": "0", "Content-Type": null } },
      { body: undefined, headers: { "Content-Type": "application/json" } },
      { body: "" }, { body: {} }, { body: [] },
    ];
    for (const options of empty) {
      const answer = await server.request("PUT", path, options);
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json, before);
    }
  });

  await t.test("PUT replaces an identifier, the old one is free", async () => {
    const changed = await ok("PUT", path, { email: "new@example.com" });
    assert.equal(changed.work_email, "new@example.com");
    assert.equal((await send("POST", `${LEADS}/lookup-one`, { email: "ada@example.com" })).status,
      404);
    assert.equal((await ok("PUT", path, { email: null })).work_email, null);
  });

  await t.test("requests without a body may say that it is JSON", async () => {
    for (const method of ["GET", "HEAD"]) {
      const headers = { "Content-Type": "application/json" };
      assert.equal((await server.request(method, path, { headers })).status, 200);
    }
  });

  await t.test("DELETE, once", async () => {
    const answer = await send("DELETE", path, undefined,
      { headers: { "Content-Type": "application/json" } });
    assert.equal(answer.status, 204);
    assert.equal(answer.text, "");
    for (const method of ["GET", "PUT", "DELETE"]) {
      const gone = await send(method, path);
      assert.equal(gone.status, 404, method);
      assert.equal(gone.body.error.reason, "not_found");
    }
    const again = await upsert({ linkedin_id: "ada" });
    assert.notEqual(again.uuid, made.uuid);
  });
});

test("lists of contacts", async (t) => {
  const { server, ok, send, inbox, other, upsert } = await open(t);
  const page = (query) => ok("GET", query ? `${LEADS}?${query}` : LEADS);
  const search = (body) => ok("POST", `${LEADS}/search`, body);

  await t.test("of nobody", async () => {
    assert.deepEqual(await page(""), { data: [], limit: 20, offset: 0, total: 0,
      has_more: false });
  });

  const people = [];
  for (let i = 0; i < 21; i++) {
    people.push(await upsert({ linkedin_id: `person-${i}`, first_name: `P${i}`,
      last_name: i % 2 ? "Odd" : "Even", company_name: i < 5 ? "Works" : "Elsewhere Ltd",
      position: "CTO", ...(i < 3 ? { email: `p${i}@example.com` } : {}) },
    { list_uuid: i < 10 ? inbox : other }));
  }
  const newest = people.map((one) => one.uuid).reverse();
  const uuids = (answer) => answer.data.map((one) => one.uuid);

  await t.test("has_more is exact around the limit", async () => {
    const cases = [["limit=20", 20, true], ["limit=21", 21, false], ["limit=22", 21, false],
      ["limit=1&offset=20", 1, false], ["limit=1&offset=19", 1, true],
      ["limit=20&offset=20", 1, false], ["limit=20&offset=21", 0, false]];
    for (const [query, count, more] of cases) {
      const answer = await page(query);
      assert.deepEqual([answer.data.length, answer.has_more, answer.total], [count, more, 21],
        query);
      assert.deepEqual(Object.keys(answer), ["data", "limit", "offset", "total", "has_more"]);
    }
    let seen = [];
    for (let offset = 0; ; offset += 4) {
      const answer = await page(`limit=4&offset=${offset}`);
      seen = seen.concat(uuids(answer));
      if (!answer.has_more) break;
    }
    assert.deepEqual(seen, newest);
  });

  await t.test("items are flat and stand once more under lead, in GET and /list", async () => {
    const one = await ok("GET", `${LEADS}/${newest[0]}`);
    const answers = [await page("limit=1"),
      await ok("POST", "/leads/c1/api/leads/list", { limit: 1 })];
    for (const { data: [item] } of answers) {
      checkMembers(item, ["lead"]);
      assert.deepEqual(item, { ...one, lead: one });
    }
    assert.deepEqual((await search({ limit: 1 })).data, [one]);
  });

  await t.test("filters", async () => {
    const stage = people[0].pipeline_stage_uuid;
    const cases = [
      [{ list_uuid: inbox }, 10], [{ list_uuid: [inbox, other] }, 21],
      [{ list_uuid: { "!=": inbox } }, 11], [{ list_uuid: { "<>": inbox } }, 11],
      [{ uuid: newest[3] }, 1], [{ uuid: newest.slice(0, 4) }, 4], [{ uuid: NOBODY }, 0],
      [{ company_name: "works" }, 5], [{ company_name: "Works", last_name: "Odd" }, 2],
      [{ work_email: "is_not_null" }, 3], [{ email: null }, 18], [{ about: "is_null" }, 21],
      [{ linkedin: "person-7" }, 1], [{ pipeline_stage_uuid: stage }, 21],
      [{ company_uuid: people[0].company_uuid }, 5], [{ tags: NOBODY }, 0],
      [{ created_at: { ">=": people[5].created_at, "<": people[7].created_at } }, null],
      [{ created_at: { "<": "2020-01-01" } }, 0], [{ q: "els" }, 16], [{ q: "works cto" }, 5],
    ];
    for (const [filter, count] of cases) {
      const said = JSON.stringify(filter);
      const answer = await search({ filter, limit: 100 });
      if (count !== null) assert.equal(answer.total, count, said);
      assert.equal(answer.data.length, answer.total, said);
      const same = await page(`limit=100&filter=${encodeURIComponent(said)}`);
      assert.deepEqual(uuids(same), uuids(answer), said);
    }
  });

  await t.test("filters in the query string, encoded or not", async () => {
    const queries = ["filter[company_name]=Elsewhere+Ltd", "filter[company_name]=Elsewhere%20Ltd",
      "filter%5Bcompany_name%5D=Elsewhere%20Ltd", "filter[company_name][=]=Elsewhere+Ltd",
      "filter[company_name][]=Elsewhere+Ltd", "filter[company_name][%21%3D]=Works",
      "filter[company_name][!=]=Works", "filter[q]=elsewhere", "filter[q]=Elsewhere+Ltd",
      "filter%5Bq%5D=elsewhere", "q=elsewhere"];
    for (const query of queries) assert.equal((await page(query)).total, 16, query);
  });

  await t.test("orders", async () => {
    const names = async (query) => (await page(`limit=3&${query}`)).data.map((one) => one.name);
    assert.deepEqual(await names("order_field=name&order_type=asc"),
      ["P0 Even", "P1 Odd", "P10 Even"]);
    assert.deepEqual(await names("order-field=name&order-type=desc"),
      ["P9 Odd", "P8 Even", "P7 Odd"]);
    assert.deepEqual(uuids(await page("order_type=asc&limit=2")), newest.slice(-2).reverse());
    assert.deepEqual(uuids(await search({ order_field: "created_at", order_type: "asc",
      limit: 2 })), newest.slice(-2).reverse());
  });

  await t.test("after goes on where a page ended", async () => {
    const first = await server.request("GET", `${LEADS}?limit=15`);
    const after = first.headers["x-next-after"];
    const second = await server.request("GET",
      `${LEADS}?limit=15&after=${encodeURIComponent(after)}`);
    assert.deepEqual([...uuids(first.json), ...uuids(second.json)], newest);
    assert.equal(second.headers["x-next-after"], undefined);
    assert.equal(second.json.has_more, false);
  });

  await t.test("what was just written is there", async () => {
    const made = await upsert({ linkedin_id: "latecomer", company_name: "Late" });
    assert.deepEqual(uuids(await page("filter[company_name]=late")), [made.uuid]);
    assert.equal((await send("DELETE", `${LEADS}/${made.uuid}`)).status, 204);
    assert.equal((await page("filter[company_name]=late")).total, 0);
  });

  await t.test("on a connection that closes", async () => {
    const answer = await server.request("GET", `${LEADS}?limit=1`,
      { headers: { Connection: "close" }, agent: false });
    assert.equal(answer.status, 200);
    assert.equal(answer.json.has_more, true);
  });

  await t.test("count", async () => {
    const count = (body) => ok("POST", `${LEADS}/count`, body);
    const cases = [[undefined, 21], [{}, 21], [{ all: true }, 21], [{ filter: {} }, 21],
      [{ filter: { list_uuid: inbox } }, 10], [{ ids: newest.slice(0, 3) }, 3],
      [{ ids: [NOBODY] }, 0], [{ all: true, excludeIds: newest.slice(0, 3) }, 18],
      [{ ids: newest.slice(0, 3), filter: { last_name: "Odd" } }, 1],
      [{ filter: { q: "works" } }, 5]];
    for (const [body, total] of cases) {
      assert.deepEqual(await count(body), { total, count: total }, JSON.stringify(body));
    }
  });
});

test("mass-action", async (t) => {
  const { server, ok, send, inbox, other, upsert } = await open(t);
  const act = (type, filter, payload) =>
    ok("PUT", `${LEADS}/mass-action`, { type, filter, payload });
  const ids = [];
  for (let i = 0; i < 4; i++) {
    ids.push((await upsert({ linkedin_id: `m-${i}`, company_name: i ? "Works" : "Else" })).uuid);
  }
  const get = (i) => ok("GET", `${LEADS}/${ids[i]}`);
  const tag = async (name) => (await server.data("tag.create", { name })).tag.id;
  const red = await tag("red");
  const blue = await tag("blue");

  await t.test("tags", async () => {
    const done = await act("contact_add_tags", { ids: ids.slice(0, 2) }, { tag_uuid: red });
    assert.equal(done.count, 2);
    assert.deepEqual(done.data.toSorted(), ids.slice(0, 2).toSorted());
    assert.deepEqual((await get(0)).tags, [red]);
    await act("contact_assign_tag", { ids: [ids[0]] }, { tag_uuid: blue });
    assert.deepEqual((await get(0)).tags.toSorted(), [red, blue].toSorted());
    await act("contact_remove_tags", { all: true }, { tag_uuid: red });
    assert.deepEqual((await get(0)).tags, [blue]);
    assert.deepEqual((await get(1)).tags, []);
    await act("contact_replace_tags", { all: true, excludeIds: [ids[3]] },
      { tag_uuids: [red] });
    assert.deepEqual((await get(0)).tags, [red]);
    assert.deepEqual((await get(3)).tags, []);
    await act("contact_remove_tag", { tags: red }, { tag_uuid: red });
    assert.deepEqual((await get(0)).tags, []);
  });

  await t.test("lists", async () => {
    const done = await act("contact_change_list", { company_name: "works" },
      { list_uuid: other });
    assert.equal(done.count, 3);
    assert.equal((await get(0)).list_uuid, inbox);
    assert.equal((await get(1)).list_uuid, other);
    await act("contact_move_to_list", { ids: [ids[1]] }, { list_uuid: inbox });
    assert.equal((await get(1)).list_uuid, inbox);
  });

  await t.test("stages", async () => {
    const { stage } = await server.data("stage.create",
      { name: "Warm", object: "lead", category: "engaging" });
    await act("contact_change_pipeline_stage", { ids: [ids[2]] },
      { pipeline_stage_uuid: stage.id });
    assert.equal((await get(2)).pipeline_stage_uuid, stage.id);
  });

  await t.test("custom fields", async () => {
    const { field } = await server.data("field.create", { name: "level", object: "lead" });
    const level = async () =>
      (await server.data("lead.get", { lead_id: ids[0] }, { profile: "record" })).lead.metadata;
    await act("contact_change_custom_field", { ids: [ids[0]] },
      { custom_field_uuid: field.id, value: "high" });
    assert.deepEqual(await level(), { level: "high" });
    await act("contact_change_custom_field", { ids: [ids[0]] },
      { custom_field_uuid: field.id, value: null });
    assert.deepEqual((await level()) ?? {}, {});
  });

  await t.test("reading and exporting", async () => {
    assert.equal((await act("contact_mark_read", { ids })).count, 4);
    assert.equal((await act("contact_export_csv", { all: true })).count, 4);
  });

  await t.test("deleting", async () => {
    const done = await act("contact_delete", { ids: [ids[3], NOBODY] });
    assert.deepEqual(done, { count: 1, data: [ids[3]] });
    assert.equal((await send("GET", `${LEADS}/${ids[3]}`)).status, 404);
    assert.equal((await act("contact_delete", { all: true, excludeIds: [ids[0]] })).count, 2);
    assert.equal((await ok("POST", `${LEADS}/count`, {})).total, 1);
  });

  await t.test("what is wrong", async () => {
    const all = { all: true };
    const cases = [
      [{ filter: all }, "type"], [{ type: 5, filter: all }, "type"],
      [{ type: "contact_add_to_flow", filter: all }, "type"],
      [{ type: "contact_delete" }, "filter"], [{ type: "contact_delete", filter: {} }, "filter"],
      [{ type: "contact_delete", filter: [] }, "filter"],
      [{ type: "contact_delete", filter: { all: false } }, "filter"],
      [{ type: "contact_delete", filter: { all: true, ids } }, "filter"],
      [{ type: "contact_delete", filter: { nothing: 1 } }, "filter.nothing"],
      [{ type: "contact_delete", filter: { ids: "x" } }, "filter.ids"],
      [{ type: "contact_delete", filter: { all: "yes" } }, "all"],
      [{ type: "contact_add_tags", filter: all }, "payload.tag_uuid"],
      [{ type: "contact_add_tags", filter: all, payload: [1] }, "payload"],
      [{ type: "contact_change_list", filter: all, payload: {} }, "payload.list_uuid"],
      [{ type: "contact_change_list", filter: all, payload: { list_uuid: NOBODY } },
        "payload.list_uuid"],
      [{ type: "contact_change_pipeline_stage", filter: all,
        payload: { pipeline_stage_uuid: NOBODY } }, "payload.pipeline_stage_uuid"],
    ];
    for (const [body, field] of cases) {
      const answer = await send("PUT", `${LEADS}/mass-action`, body);
      assert.equal(answer.status, 422, `${JSON.stringify(body)} ${answer.text}`);
      assert.deepEqual(Object.keys(answer.body.error.data), [field], answer.text);
    }
    const flow = await send("PUT", `${LEADS}/mass-action`,
      { type: "contact_add_to_flow", filter: all });
    assert.match(flow.body.message, /not supported here/);
    assert.equal((await ok("POST", `${LEADS}/count`, {})).total, 1);
  });
});
