// One lead in three dialects: whoever writes it, and in whichever way, all of them show the same,
// and what was read in one can be sent back in it without changing anything.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { Client, LEADS, checkLead, failureOf, leadsOf, uuidOf } from "./lib/leads.mjs";
import { memberId, salesId } from "./lib/people.mjs";
import { Place, ROOT } from "./lib/place.mjs";

const CONTACTS = "/leads/api/leads";
const { fields, items } = JSON.parse(
  readFileSync(path.join(ROOT, "catalogue/fields.json"), "utf8"));

/* Inside, in the command runtime, in the leads dialect. */
const STATUSES = [
  ["new", "New", "new"], ["waiting", "Waiting", "follow_up"],
  ["contacted", "Contacted", "contacted"], ["replied", "Replied", "contacted"],
  ["interested", "Interested", "qualified"], ["qualified", "Interested", "qualified"],
  ["meeting_booked", "MeetingBooked", "qualified"], ["converted", "MeetingBooked", "converted"],
  ["follow_up", "Waiting", "follow_up"], ["not_interested", "NotInterested", "lost"],
  ["lost", "NotInterested", "lost"], ["do_not_contact", "DoNotContact", "lost"],
];

const idOf = (uuid) => `lead_${uuid.replaceAll("-", "")}`;

/** A server, and somebody who speaks each dialect to it. */
class Trio {
  constructor(server) {
    this.server = server;
    this.leads = new Client(server);
  }

  static async open(t) {
    return new Trio(await Place.open(t).serve());
  }

  /** A request in the contacts dialect that must be answered with `status`. */
  async contact(status, method, where, body) {
    const answer = await this.server.request(method, CONTACTS + where, { body });
    assert.equal(answer.status, status, `${method} ${where}: ${answer.text}`);
    return answer.text ? answer.json : undefined;
  }

  async inbox() {
    this.list ??= (await this.server.data("workspace.get", {})).workspace.inbox_list_id;
    return this.list;
  }

  /** Upsert in the contacts dialect. */
  async meet(lead, more = {}) {
    return this.contact(200, "POST", "/upsert",
      { lead, list_uuid: await this.inbox(), ...more });
  }

  run(id, input) {
    return this.server.data(id, input);
  }

  async record(uuid) {
    return (await this.server.data("lead.get", { lead_id: uuid }, { profile: "record" })).lead;
  }

  /** The lead in all dialects, held against each other: {record, runtime, contact, lead}. */
  async look(uuid) {
    const record = await this.record(uuid);
    const { lead: runtime } = await this.run("lead.get", { lead_id: uuid });
    const contact = await this.contact(200, "GET", `/${uuid}`);
    const lead = await this.leads.get(idOf(uuid));
    const all = { record, runtime, contact, lead };

    for (const field of fields) agree(all, field);
    assert.deepEqual([runtime.id, contact.uuid, uuidOf(lead.id)], [uuid, uuid, uuid]);
    const [, ofRuntime, ofLeads] = STATUSES.find(([inside]) => inside === record.status);
    assert.deepEqual([runtime.status, lead.status], [ofRuntime, ofLeads]);
    for (const [ours, theirs, last] of [["createdAt", "created_at"], ["updatedAt", "updated_at"]]) {
      assert.equal(lead[ours], record[theirs], last);
      assert.equal(Date.parse(contact[theirs]), Date.parse(record[theirs]));
    }
    return all;
  }

  /** How often it was written. */
  async writes(uuid) {
    const { changes } = await this.run("lead.history", { lead_id: uuid, limit: 200 });
    return changes.length;
  }

  /** `act` leaves the lead exactly as it is: version, history and all that shows. */
  async unchanged(uuid, act) {
    const before = [await this.record(uuid), await this.writes(uuid)];
    await act();
    assert.deepEqual([await this.record(uuid), await this.writes(uuid)], before);
  }
}

/* What stands for nothing in the runtime's Lead and the leads dialect. */
const isNothing = (value) => value === undefined || value === null || value === "" ||
  value === 0 || (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" && Object.keys(value).length === 0);

/* Every text inside a value, however deep. */
function textsOf(value) {
  if (value === null || typeof value !== "object") return typeof value === "string" ? [value] : [];
  return Object.values(value).flatMap(textsOf);
}

/* A value in the contacts dialect's form says the same as `inside`. */
function checkContact(value, inside, { name, type, items: item }) {
  if (type === "flag") {
    assert.equal(value, Number(inside), name);
  } else if (type === "array" && item !== "short_text") {
    /* Their items have other members; what both have is the same. */
    assert.equal(value.length, inside.length, name);
    const texts = textsOf(value).filter((text) => text);
    assert.ok(texts.length > 0, name);
    for (const text of texts) assert.ok(textsOf(inside).includes(text), `${name}: ${text}`);
  } else {
    assert.deepEqual(value, inside, name);
  }
}

/* Contacts have no other place for do not contact, and LinkedIn is never without a state. */
function stateOf(record, name) {
  if (record.status === "do_not_contact") return record.status;
  if (name === "email_status" || record[name]) return record[name] ?? null;
  return record.linkedin || record.ln_id || record.sn_id ? "active" : "unknown";
}

/* One field, as each dialect that has it shows it. */
function agree({ record, runtime, contact, lead }, field) {
  const inside = record[field.name];
  const nothing = (value) => isNothing(value) || value === false;

  if (field.name === "status") return;
  for (const [view, name] of [[runtime, field.runtime], [lead, field.leads]]) {
    if (!name) continue;
    if (isNothing(inside)) assert.ok(nothing(view[name]), `${field.name} as ${name}`);
    else assert.deepEqual(view[name], inside, `${field.name} as ${name}`);
  }
  if (!field.contacts) return;
  if (/^(linkedin|email)_status$/.test(field.name)) {
    assert.equal(contact[field.name], stateOf(record, field.name));
  } else if (!isNothing(inside)) {
    checkContact(contact[field.contacts], inside, field);
  } else {
    assert.ok(nothing(contact[field.contacts]), `${field.name} as ${field.contacts}`);
  }
}

test("one lead, written in three dialects by turns", async (t) => {
  const trio = await Trio.open(t);
  const { leads } = trio;
  const bot = new Client(trio.server, leadsOf("cb_1"));
  const made = await bot.make({ name: "Ada Example", email: "ada@works.example",
    source: "website", metadata: { utm_source: "ads" } });
  const uuid = uuidOf(made.id);
  let all = await trio.look(uuid);

  const step = (title, act) => t.test(title, async () => {
    const before = all;
    await act();
    all = await trio.look(uuid);
    assert.equal(all.record.version, before.record.version + 1, "one change");
    assert.equal((await bot.list()).pagination.total, 1, "one lead");
  });

  await step("contacts: the same person, by address", async () => {
    const contact = await trio.meet({ linkedin_id: "https://www.linkedin.com/in/ada-example",
      email: "Ada@Works.Example", first_name: "Ada", last_name: "Example",
      headline: "Head of Sales at Works", company_name: "Works" });
    assert.equal(contact.uuid, uuid);
    assert.deepEqual([contact.linkedin, contact.company_name], ["ada-example", "Works"]);
  });
  await step("runtime: by the profile, with a member id", async () => {
    const { lead_id: found } = await trio.run("lead.upsert",
      { linkedin_url: "linkedin.com/in/ada-example/", linkedin_id: memberId(71),
        job_title: "Head of Sales", status: "Contacted" });
    assert.equal(found, uuid);
  });
  await step("leads: a number and more of what is the owner's own", async () => {
    const lead = await bot.change(made.id, { phone: "+49 30 1", metadata: { score: 5 } });
    assert.deepEqual(lead.metadata, { utm_source: "ads", score: 5 });
    assert.equal(lead.status, "contacted");
  });
  await step("contacts: by the Sales Navigator id, with a field of its own", async () => {
    const contact = await trio.meet(
      { linkedin_id: `https://www.linkedin.com/sales/lead/${salesId(71)},NAME_SEARCH,x1`,
        raw_address: "Berlin" }, { custom_fields: { Budget: "5k" } });
    assert.equal(contact.uuid, uuid);
    assert.equal((await leads.get(made.id)).metadata.Budget, "5k");
  });
  await step("leads: what is custom there is metadata here", async () => {
    const lead = await leads.change(made.id, { metadata: { Budget: "9k", score: null } });
    assert.deepEqual(lead.metadata, { utm_source: "ads", Budget: "9k" });
  });
  await step("runtime: replied is still contacted for those who know no more", async () => {
    await trio.run("lead.upsert", { sales_navigator_id: salesId(71), status: "Replied" });
    assert.equal((await leads.get(made.id)).status, "contacted");
  });
  await t.test("leads: and saying contacted changes nothing", () =>
    trio.unchanged(uuid, () => leads.change(made.id, { status: "contacted" })));
  await step("contacts: another position", async () => {
    await trio.contact(200, "PUT", `/${uuid}`, { position: "Chief of Sales" });
  });
  await step("leads: another address, in place of the old one", async () => {
    await leads.change(made.id, { email: "ada@new.example" });
    const old = await trio.server.run("lead.get", { email: "ada@works.example" });
    assert.equal(old.status, 404);
    const found = await trio.contact(200, "POST", "/lookup-one", { email: "ada@new.example" });
    assert.equal(found.uuid, uuid);
  });
  await step("leads: another name, which its parts follow", async () => {
    await leads.change(made.id, { name: "Ada Lovelace" });
    const { contact } = await trio.look(uuid);
    assert.deepEqual([contact.name, contact.first_name, contact.last_name],
      ["Ada Lovelace", "Ada", "Lovelace"]);
  });
  await step("contacts: another last name, which the name follows", async () => {
    await trio.contact(200, "PUT", `/${uuid}`, { last_name: "Byron" });
    assert.equal((await leads.get(made.id)).name, "Ada Byron");
  });
  await step("leads: what is cleared here is cleared everywhere", async () => {
    await leads.change(made.id, { phone: null, source: null });
    assert.equal((await trio.record(uuid)).phone, undefined);
  });
  await t.test("each write says through what it came", async () => {
    const { changes } = await trio.run("lead.history", { lead_id: uuid, limit: 200 });
    assert.deepEqual([...new Set(changes.map((change) => change.via))].sort(),
      ["contacts", "leads", "rest"]);
    assert.equal(changes.at(-1).via, "leads");
  });
  await t.test("deleted in one, gone from all", async () => {
    await trio.contact(204, "DELETE", `/${uuid}`);
    await trio.contact(404, "GET", `/${uuid}`);
    assert.equal((await trio.server.run("lead.get", { lead_id: uuid })).status, 404);
    assert.equal((await trio.server.request("GET", `${LEADS}/${made.id}`)).status, 404);
    assert.equal((await bot.list()).pagination.total, 0);
  });
});

test("nobody twice, whichever dialect comes first", async (t) => {
  const trio = await Trio.open(t);
  const refuse = async (method, where, body, existing) => {
    const answer = await trio.server.request(method, LEADS + where, { body });
    assert.equal(answer.status, 409, answer.text);
    const { code, details } = failureOf(answer);
    assert.deepEqual([code, details.existingLeadId], ["DUPLICATE_EMAIL", idOf(existing)]);
  };

  await t.test("contacts, then leads", async () => {
    const { uuid } = await trio.meet({ linkedin_id: "bo-example", email: "bo@works.example" });
    await refuse("POST", "", { name: "Bo", email: "BO@works.example" }, uuid);
    const other = await trio.leads.make({ name: "Other", email: "other@works.example" });
    await refuse("PUT", `/${other.id}`, { email: "bo@works.example" }, uuid);
  });
  await t.test("a private address in one is an address in the other", async () => {
    const { lead_id: uuid } = await trio.run("lead.upsert",
      { linkedin_url: "linkedin.com/in/cy-example", personal_email: "cy@home.example" });
    await refuse("POST", "", { name: "Cy", email: "cy@home.example" }, uuid);
  });
  await t.test("runtime by Sales Navigator, then contacts by member id", async () => {
    const { lead_id: uuid } = await trio.run("lead.upsert",
      { sales_navigator_id: salesId(72), name: "Di Example" });
    const contact = await trio.meet({ linkedin_id: memberId(72), email: "di@works.example" });
    assert.equal(contact.uuid, uuid);
    assert.equal(contact.name, "Di Example");
    await refuse("POST", "", { name: "Di", email: "di@works.example" }, uuid);
  });
  await t.test("leads, then both others", async () => {
    const made = await trio.leads.make({ name: "Ed Example", email: "ed@works.example" });
    const uuid = uuidOf(made.id);
    assert.equal((await trio.run("lead.upsert", { email: "ed@works.example" })).lead_id, uuid);
    const contact = await trio.meet({ linkedin_id: "ed-example", email: "ed@works.example" });
    assert.equal(contact.uuid, uuid);
    await trio.look(uuid);
  });
});

test("do not contact is said once and stays", async (t) => {
  const trio = await Trio.open(t);
  const { uuid } = await trio.meet({ linkedin_id: "fay-example", email: "fay@works.example",
    first_name: "Fay", last_name: "Example" });
  await trio.run("lead.update", { lead_id: uuid, status: "DoNotContact" });

  for (const [title, act] of [
    ["leads: every other word", async () => {
      for (const status of ["new", "contacted", "qualified", "converted", "follow_up", "lost"]) {
        const lead = await trio.leads.change(idOf(uuid), { status });
        assert.equal(lead.status, "lost");
      }
    }],
    ["contacts: an upsert", () => trio.meet({ linkedin_id: "fay-example", headline: "Back" })],
    ["runtime: an upsert", () => trio.run("lead.upsert",
      { email: "fay@works.example", status: "Interested" })],
  ]) {
    await t.test(title, async () => {
      await act();
      const { record } = await trio.look(uuid);
      assert.equal(record.status, "do_not_contact");
    });
  }
  await t.test("also for whoever comes again after being deleted", async () => {
    await trio.leads.remove(idOf(uuid));
    const again = await trio.leads.make(
      { name: "Fay Again", email: "fay@works.example", status: "qualified" });
    assert.equal(again.status, "lost");
    assert.equal((await trio.look(uuidOf(again.id))).record.status, "do_not_contact");
  });
  await t.test("and for who is put on the blacklist by contacts", async () => {
    const gus = await trio.leads.make({ name: "Gus", email: "gus@works.example" });
    await trio.run("blacklist.add", { object: "lead", email: "gus@works.example" });
    assert.equal((await trio.leads.get(gus.id)).status, "lost");
    await trio.leads.remove(gus.id);
    const answer = await trio.server.request("POST", LEADS,
      { body: { name: "Gus", email: "gus@works.example" } });
    assert.equal(answer.status, 422, answer.text);
    assert.equal(failureOf(answer).code, "BLACKLISTED");
  });
});

/* A value that fits a schema of items. */
function itemOf(schema) {
  if (schema.type === "number") return 3;
  if (schema.type === "string") return "Words, \"quoted\" and Ünïcode";
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, inner]) => [name, itemOf(inner)]));
}

/* A value for a field; different for each, so that none can stand in for another. */
function valueOf(field, n) {
  switch (field.type) {
  case "text": return `Value ${n} of ${field.name}`.slice(0, field.max);
  case "number": return 40 + n;
  case "flag": return true;
  case "array": return [itemOf(items[field.items])];
  case "object": return { text: `é ${n}`, list: [1, [2], {}], deep: { a: { b: null } }, no: false };
  default: throw new Error(`no value for ${field.name}`);
  }
}

/* What lead.upsert takes to set a field that follows from who it is. */
const identity = {
  email: { email: "Field@Works.example" },
  personal_email: { personal_email: "field@home.example" },
  linkedin: { linkedin_url: "https://www.linkedin.com/in/field-example" },
  ln_id: { linkedin_id: memberId(80) },
  sn_id: { sales_navigator_id: salesId(80) },
  linkedin_unverified: null, /* stands where a profile could not be read; imports have it */
};

/* What of a field was read, in the form that contacts clients send: {} where they cannot. */
function contactInput(contact) {
  const input = {};

  for (const { contacts, contacts_input: name } of fields) {
    if (contacts && name && contact[contacts] !== null) input[name] = contact[contacts];
  }
  return input;
}

/* Read in each dialect, and send back. */
async function sendBack(trio, uuid) {
  const { runtime, contact, lead } = await trio.look(uuid);
  const input = contactInput(contact);

  checkLead(lead);
  await trio.unchanged(uuid, () => trio.leads.change(lead.id, lead));
  await trio.unchanged(uuid, () => trio.contact(200, "PUT", `/${uuid}`, input));
  await trio.unchanged(uuid, () => trio.contact(200, "PUT", `/${uuid}`, contact));
  if (contact.linkedin || contact.ln_id || contact.sn_id) {
    const linkedin_id = contact.linkedin ?? contact.ln_id ?? contact.sn_id;
    await trio.unchanged(uuid, () => trio.meet({ linkedin_id, ...input }));
  }
  await trio.unchanged(uuid, () => trio.run("lead.upsert", runtime));
}

test("every field is read and sent back without a change", async (t) => {
  const trio = await Trio.open(t);
  const settable = fields.filter((field) => field.input && field.type !== "status");

  for (const [n, field] of settable.entries()) {
    await t.test(field.name, async () => {
      const value = valueOf(field, n);
      const { lead_id: uuid } = await trio.run("lead.upsert",
        { email: `field.${n}@works.example`, linkedin_url: `linkedin.com/in/field-${n}`,
          [field.name]: value });
      assert.deepEqual((await trio.record(uuid))[field.name], value, "it was set");
      await sendBack(trio, uuid);
    });
  }
  for (const field of fields.filter((one) => one.identity && identity[one.name])) {
    await t.test(field.name, async () => {
      const { lead_id: uuid } = await trio.run("lead.upsert", identity[field.name]);
      assert.ok((await trio.record(uuid))[field.name], "it was set");
      await sendBack(trio, uuid);
      await trio.run("lead.delete", { lead_id: uuid });
    });
  }
  await t.test("all of them at once", async () => {
    const values = Object.fromEntries(settable.map((field, n) => [field.name, valueOf(field, n)]));
    const { list } = await trio.run("list.create", { name: "All" });
    const { mission } = await trio.run("mission.create", { name: "All" });
    const { stage } = await trio.run("stage.create",
      { name: "All", object: "lead", category: "engaging" });
    const { lead_id: uuid } = await trio.run("lead.upsert",
      Object.assign({}, ...Object.values(identity), values, { chatbot_id: "cb_all",
        status: "Interested", stage_id: stage.id, list_id: list.id, mission_id: mission.id,
        custom_fields: { "A field of mine": "9" } }));
    const record = await trio.record(uuid);

    for (const { name } of fields) {
      if (identity[name] !== null) assert.ok(name in record, `${name} is set`);
    }
    await sendBack(trio, uuid);
  });
});

test("every status is read and sent back without a change", async (t) => {
  const trio = await Trio.open(t);

  for (const [n, [inside, runtime, word]] of STATUSES.entries()) {
    await t.test(inside, async () => {
      const { lead_id: uuid } = await trio.run("lead.upsert",
        { email: `status.${n}@works.example`, linkedin_url: `linkedin.com/in/status-${n}` });
      const set = inside === word
        ? () => trio.leads.change(idOf(uuid), { status: word })
        : () => trio.run("lead.update", { lead_id: uuid, status: runtime });
      await set();
      const { record } = await trio.look(uuid);
      assert.equal(record.status, inside);
      await sendBack(trio, uuid);
    });
  }
});
