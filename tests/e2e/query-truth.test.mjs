// What lead.query and lead.count answer after writes of every kind, held against a plain search
// through all leads: no index, no columns, nothing clever.
import assert from "node:assert/strict";
import test from "node:test";

import { Place } from "./lib/place.mjs";

const PEOPLE = 1500;
const ROUNDS = 50;
const QUERIES = 180;
const CLIENTS = 6;
const SORTED_BYTES = 64; // of a text, as lead.query says
const SEED = Number(process.env.QUERY_TRUTH_SEED ?? 20261120);

const STATUSES = ["new", "waiting", "contacted", "replied", "interested", "qualified",
  "meeting_booked", "converted", "follow_up", "not_interested", "lost", "do_not_contact"];
const WORDS = ["name", "first_name", "last_name", "title", "job_title", "company", "location",
  "email", "personal_email", "phone", "source", "linkedin", "linkedin_status", "email_status"];
const SORTED = ["name", "first_name", "last_name", "job_title", "company", "email"];
const NUMBERS = ["score", "connections", "followers"];
const OTHERS = ["description", "avatar_url", "timezone", "metadata", "skills", "twitter"];
const SEARCHED = ["name", "email", "job_title", "title", "company", "description"];
const IDS = { list_id: "lists", tag_id: "tags", stage_id: "stages", company_id: "companies",
  mission_id: "missions", chatbot_id: "chatbots" };
const LONG = "The very long name of a company that goes on beyond what can be sorted by ";
const VALUES = {
  job_title: ["Engineer", "engineer ", "Ingénieur", "INGENIEUR", "VP of Sales", "vp  of sales",
    "Chief Executive", "Чайка", "営業部長", "ßtraße", "Sales", "sales lead", "Zoo keeper"],
  company: ["Acme", "ACME", "acme inc", "Ünder & Co", "under & co", "Zeta", "shared beginning 1",
    "shared beginning 2", `${LONG}1`, `${LONG}2`, "42"],
  title: ["Headline", "head line", "Sales at Acme", "Ingénieur chez Zeta"],
  location: ["Berlin", "BERLIN", "São Paulo", "sao paulo"],
  source: ["web form", "Web  Form", "webinar"],
  phone: ["+49 30 1234", "+49 (30) 12-34", "+4930999"],
  linkedin_status: ["active", "Active", "restricted"],
  email_status: ["valid", "invalid"],
  description: ["Sells things to engineers.", "Knows Zeta well", "sails"],
  avatar_url: ["https://example.com/a.png"],
  timezone: ["Europe/Berlin"],
  skills: [["C", "SQL"], ["selling"]],
  twitter: ["@ada"],
  score: [0, 1, 2.5, 10, 1000000],
  connections: [0, 7, 500],
  followers: [3, 30000],
};
const GIVEN = ["Ada", "ada", "Zoë", "Zoe", "José", "Mira", "Øystein", "李"];
const FAMILY = ["Example", "Müller", "muller", "O'Neil", "van Dyk", "Šimek"];

/** Numbers from 0 to below `sides`, the same ones for the same seed. */
function dice(seed) {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  .replaceAll("ß", "ss").trim().replace(/\s+/g, " ");
const wordsOf = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter((word) => word);

/** A text as it is compared. */
function form(field, text) {
  if (!field.includes("phone")) return fold(text);
  return text.replace(/\D/g, "") || fold(text);
}

/** Everything that the test makes, and the dice that decide what. */
class World {
  constructor(server, roll) {
    this.server = server;
    this.roll = roll;
    this.alive = new Map(); // lead id: whether it is there
    this.made = { lists: [], tags: [], stages: [], missions: [], chatbots: ["bot-a", "bot b"] };
  }

  pick(list) {
    return list[this.roll(list.length)];
  }

  chance(percent) {
    return this.roll(100) < percent;
  }

  async furnish() {
    for (let i = 0; i < 5; i++) {
      const named = async (command, more) =>
        Object.values(await this.server.data(command, { name: `${command} ${i}`, ...more }))[0].id;
      this.made.lists.push(await named("list.create"));
      this.made.tags.push(await named("tag.create"));
      this.made.stages.push(await named("stage.create", { object: "lead", category: "cold" }));
      this.made.missions.push(await named("mission.create"));
    }
    const { lists } = await this.server.data("list.list", {});
    this.inbox = lists.find((one) => one.is_inbox).id;
    const { stages } = await this.server.data("stage.list",
      { where: [{ field: "object", op: "eq", value: "lead" }] });
    this.stageNew = stages.find((one) => one.type === "new").id;
    this.made.lists.push(this.inbox);
    this.made.stages.push(this.stageNew);
  }

  /** Some fields with values; `clears`: some of them null. */
  profile(clears) {
    const made = {};

    if (this.chance(70)) made.name = `${this.pick(GIVEN)} ${this.pick(FAMILY)}`;
    else if (this.chance(50)) made.first_name = this.pick(GIVEN);
    for (const [field, values] of Object.entries(VALUES)) {
      if (this.chance(35)) made[field] = this.pick(values);
      else if (clears && this.chance(10)) made[field] = null;
    }
    if (this.chance(30)) made.metadata = { [`k${this.roll(3)}`]: this.roll(9) };
    return made;
  }

  person(i) {
    const made = this.profile(false);

    if (this.chance(80)) made.email = `p${i}@${this.pick(["example.com", "Exämple.org"])}`;
    else made.linkedin_url = `https://www.linkedin.com/in/p-${i}`;
    if (this.chance(20)) made.personal_email = `home${i}@example.net`;
    if (this.chance(40)) made.list_id = this.pick(this.made.lists);
    if (this.chance(30)) made.mission_id = this.pick(this.made.missions);
    if (this.chance(40)) made.tag_ids = this.some(this.made.tags);
    if (this.chance(30)) made.stage_id = this.pick(this.made.stages);
    if (this.chance(30)) made.chatbot_id = this.pick(this.made.chatbots);
    return made;
  }

  some(list) {
    return list.filter(() => this.chance(40));
  }

  somebody() {
    return this.pick([...this.alive.keys()]);
  }

  async makePeople(from, count) {
    const leads = [...Array(count).keys()].map((i) => this.person(from + i));
    const { results } = await this.server.data("lead.upsert_many", { leads });

    for (const one of results) {
      assert.ok(one.lead_id, JSON.stringify(one));
      this.alive.set(one.lead_id, true);
    }
  }

  async update() {
    const lead_id = this.somebody();
    const input = { lead_id, ...this.profile(true) };

    if (this.chance(30)) input.email = `n${this.roll(1e9)}@example.com`;
    if (this.chance(20)) input.add_tag_ids = this.some(this.made.tags);
    if (this.chance(20)) input.move_to_list = this.pick(this.made.lists);
    if (this.chance(20)) input.stage_id = this.pick([...this.made.stages, null]);
    return this.send("lead.update", input);
  }

  /** A status, in the words of a dialect that has few of them. */
  async mark() {
    const id = `lead_${this.somebody().replaceAll("-", "")}`;
    const status = this.pick(["new", "contacted", "qualified", "converted", "lost", "follow_up"]);
    const { status: code, text } = await this.server.request("PUT", `/api/v1/leads/${id}`,
      { body: { status } });
    assert.ok(code === 200 || code === 404, text);
  }

  /** The same in the command's words: here Do Not Contact can be said, too. */
  status() {
    const status = this.pick(["New", "Waiting", "Replied", "MeetingBooked", "DoNotContact"]);
    return this.send("lead.update", { lead_id: this.somebody(), status });
  }

  async remove() {
    const lead_id = this.somebody();
    await this.send("lead.delete", { lead_id });
    this.alive.delete(lead_id);
  }

  bulk() {
    const lead_ids = [...Array(10)].map(() => this.somebody());
    const change = this.pick([
      { action: "add_tags", tag_id: this.pick(this.made.tags) },
      { action: "remove_tags", tag_ids: this.some(this.made.tags) },
      { action: "replace_tags", tag_ids: this.some(this.made.tags) },
      { action: "move_to_list", list_id: this.pick(this.made.lists) },
      { action: "set_stage", stage_id: this.pick([...this.made.stages, null]) },
    ]);
    return this.send("lead.bulk", { ...change, lead_ids });
  }

  /** Run a command; somebody else may have deleted its lead meanwhile. */
  async send(command, input) {
    const { status, text } = await this.server.run(command, input);
    assert.ok(status === 200 || status === 404, `${command}: ${text}`);
  }

  async change() {
    const kinds = ["update", "update", "mark", "status", "remove", "bulk"];
    await this[this.pick(kinds)]();
  }

  /** Take away one of each: leads keep nothing of it. */
  async takeAway() {
    const { companies } = await this.server.data("company.list", { limit: 100 });

    const [list_id, tag_id, stage_id, company_id] = [this.made.lists.shift(),
      this.made.tags.shift(), this.made.stages.shift(), companies.shift().id];

    await this.server.data("list.delete", { list_id });
    await this.server.data("tag.delete", { tag_id });
    await this.server.data("stage.delete", { stage_id });
    await this.server.data("company.delete", { company_id });
    await this.server.data("tag.update", { tag_id: this.made.tags[0], name: "Renamed" });
    this.made.companies = companies.map((one) => one.id);
    this.gone = [list_id, tag_id, stage_id, company_id];
  }
}

/** All leads, oldest first. */
async function readAll(server) {
  const leads = [];
  let cursor;

  do {
    const { json } = await server.run("lead.query", { order: "created_at", direction: "asc",
      limit: 1000, ...(cursor && { cursor }) });
    leads.push(...json.data.leads);
    cursor = json.meta.next_cursor;
  } while (cursor);
  return leads.map((lead, place) => ({ ...lead, place }));
}

/* What a lead has for `field`: none, one or several values, as they are compared. */
function valuesOf(world, lead, field) {
  if (field === "list_id") {
    return lead.lists?.length ? lead.lists : [world.inbox];
  }
  if (field === "tag_id") return lead.tag_ids;
  if (field === "mission_id") return lead.missions ?? [];
  const value = field === "status" ? lead.status : lead[field];
  if (value === undefined || value === null) return [];
  return [WORDS.includes(field) ? form(field, value) : value];
}

function orderOf(field, value) {
  if (WORDS.includes(field)) return Buffer.from(fold(value)).subarray(0, SORTED_BYTES);
  return field.endsWith("_at") ? Date.parse(value) : value;
}

const compare = (a, b) => (Buffer.isBuffer(a) ? Buffer.compare(a, b) : a - b);

function holds(world, lead, { field, op, value }) {
  const has = valuesOf(world, lead, field);

  if (op.startsWith("is_")) return (has.length === 0) === (op === "is_null");
  const wanted = [value].flat().map((one) => (WORDS.includes(field) ? form(field, one) : one));
  const isOne = has.some((one) => wanted.includes(one));
  if (op === "eq" || op === "in") return isOne;
  if (op === "ne" || op === "not_in") return !isOne;
  if (has.length === 0) return false;
  const side = compare(orderOf(field, lead[field]), orderOf(field, value));
  return { lt: side < 0, lte: side <= 0, gt: side > 0, gte: side >= 0 }[op];
}

function isFound(lead, query) {
  const all = SEARCHED.flatMap((field) => wordsOf(lead[field] ?? ""));
  return wordsOf(query).every((word) => all.some((one) => one.startsWith(word)));
}

/** Those that fit, in order: what lead.query must answer. */
function truth(world, leads, { query, where, order, direction, lead_ids, except_lead_ids }) {
  const up = direction === "asc" ? 1 : -1;
  const fits = leads.filter((lead) =>
    where.every((one) => holds(world, lead, one)) && (!query || isFound(lead, query)) &&
    (!lead_ids || lead_ids.includes(lead.lead_id)) && !except_lead_ids?.includes(lead.lead_id));

  return fits.sort((a, b) => {
    if (order === "created_at") return up * (a.place - b.place);
    const key = (lead) => (order === "status" ? STATUSES.indexOf(lead.status) : lead[order]);
    const [left, right] = [key(a), key(b)];
    if (left === undefined || right === undefined) {
      return left === right ? up * (a.place - b.place) : left === undefined ? 1 : -1;
    }
    return up * (compare(orderOf(order, left), orderOf(order, right)) || a.place - b.place);
  });
}

/* A condition with a value that some leads have. */
function condition(world, leads) {
  const kind = world.roll(10);
  const one = world.pick(leads);

  if (kind < 3) {
    const field = world.pick(WORDS);
    const ops = ["eq", "ne", "in", "not_in", "is_null", "is_not_null"];
    if (SORTED.includes(field)) ops.push("lt", "lte", "gt", "gte");
    return valued(world, leads, field, world.pick(ops), one[field] ?? "nobody's");
  }
  if (kind === 3) return { field: world.pick(OTHERS), op: world.pick(["is_null", "is_not_null"]) };
  if (kind < 6) {
    const field = world.pick([...NUMBERS, "created_at", "updated_at"]);
    const ops = ["lt", "lte", "gt", "gte"];
    if (NUMBERS.includes(field)) ops.push("eq", "ne", "is_null", "is_not_null");
    return valued(world, leads, field, world.pick(ops), one[field] ?? 5);
  }
  if (kind === 6) {
    return valued(world, leads, "status", world.pick(["eq", "ne", "in", "not_in"]), one.status);
  }
  const field = world.pick(Object.keys(IDS));
  const ops = ["eq", "ne", "in", "not_in"];
  if (field !== "company_id") ops.push("is_null", "is_not_null"); // which speaks of the name
  return valued(world, leads, field, world.pick(ops),
    world.pick([...world.made[IDS[field]], ...world.gone]));
}

function valued(world, leads, field, op, value) {
  if (op.startsWith("is_")) return { field, op };
  if (!op.endsWith("in")) return { field, op, value };
  const more = world.pick(leads)[field] ?? value;
  return { field, op, value: [value, more] };
}

function question(world, leads) {
  const made = {
    where: [...Array(world.roll(4))].map(() => condition(world, leads)),
    order: world.pick(["created_at", "updated_at", "status", ...SORTED, ...NUMBERS]),
    direction: world.pick(["asc", "desc"]),
  };

  if (world.chance(25)) {
    const words = wordsOf(world.pick(leads)[world.pick(SEARCHED)] ?? "nobody");
    made.query = words.map((word) => word.slice(0, 1 + world.roll(word.length))).join(" ");
    if (!made.query) delete made.query;
  }
  const ids = () => leads.filter(() => world.chance(30)).slice(0, 900).map((one) => one.lead_id);
  if (world.chance(10)) made.lead_ids = ids();
  if (world.chance(10)) made.except_lead_ids = ids();
  return made;
}

const idsOf = (leads) => leads.map((one) => one.lead_id);

/* One page somewhere, and the number of all. */
async function checkPage(world, leads, asked) {
  const right = truth(world, leads, asked);
  const limit = 1 + world.roll(60);
  const offset = world.pick([0, 1, limit, Math.max(0, right.length - limit), right.length]);
  const page = await world.server.data("lead.query", { ...asked, limit, offset },
    { profile: "record" });
  const said = JSON.stringify(asked).slice(0, 400);

  assert.equal(page.total, right.length, said);
  assert.deepEqual(idsOf(page.leads), idsOf(right.slice(offset, offset + limit)),
    `${said} at ${offset}, ${limit}`);
  assert.equal(page.has_more, offset + limit < right.length, said);
  const { order, direction, ...chosen } = asked;
  const { total } = await world.server.data("lead.count", chosen);
  assert.equal(total, right.length, said);
}

/* All pages, by their cursors. */
async function checkWalk(world, leads, asked) {
  const right = truth(world, leads, asked);
  const limit = Math.max(5, Math.ceil(right.length / 7));
  const seen = [];
  let cursor;

  do {
    const { json } = await world.server.run("lead.query",
      { ...asked, limit, ...(cursor && { cursor }) });
    assert.equal(json.data.total, right.length, JSON.stringify(asked).slice(0, 400));
    seen.push(...idsOf(json.data.leads));
    cursor = json.meta.next_cursor;
    assert.equal(json.data.has_more, cursor !== undefined);
  } while (cursor);
  assert.deepEqual(seen, idsOf(right), JSON.stringify(asked).slice(0, 400));
}

test(`queries after writes of every kind (seed ${SEED})`, async (t) => {
  const world = new World(await Place.open(t).serve(), dice(SEED));
  const { server } = world;

  await world.furnish();
  for (let i = 0; i < PEOPLE; i += 300) await world.makePeople(i, 300);
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all([...Array(CLIENTS)].map(() => world.change()));
  }
  await world.takeAway();
  await world.makePeople(PEOPLE, 100);
  const leads = await readAll(server);

  await t.test("every lead is there, and no other", async () => {
    assert.deepEqual(new Set(idsOf(leads)), new Set(world.alive.keys()));
    const stats = await server.data("workspace.stats", {});
    assert.equal(stats.leads.total, leads.length);
    const times = leads.map((one) => one.created_at);
    assert.deepEqual(times, [...times].sort());
    for (const lead of leads) {
      for (const id of world.gone) assert.ok(!JSON.stringify(lead).includes(id), `${id} is gone`);
    }
  });
  await t.test("a lead reads the same by itself", async () => {
    for (let i = 0; i < 20; i++) {
      const { place, ...lead } = world.pick(leads);
      const { lead: read } = await server.data("lead.get", { lead_id: lead.lead_id },
        { profile: "record" });
      assert.deepEqual(read, lead);
    }
  });
  await t.test("lists count who is on them", async () => {
    const { lists } = await server.data("list.list", { limit: 100 });
    for (const list of lists.filter((one) => !one.is_inbox)) {
      assert.equal(list.leads, leads.filter((one) => one.lists?.includes(list.id)).length);
    }
  });
  await t.test("pages and totals", async () => {
    for (let i = 0; i < QUERIES; i += CLIENTS) {
      await Promise.all([...Array(CLIENTS)].map(() =>
        checkPage(world, leads, question(world, leads))));
    }
  });
  await t.test("cursors", async () => {
    await Promise.all([...Array(2 * CLIENTS)].map(() =>
      checkWalk(world, leads, question(world, leads))));
  });
});
