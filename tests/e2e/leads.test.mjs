// The leads dialect: every call and every example of its documentation.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { Client, LEADS, LEAD_MEMBERS, STATUSES, failureOf, leadsOf, uuidOf } from "./lib/leads.mjs";
import { Place, ROOT, run } from "./lib/place.mjs";

const seed = (name) => readFileSync(path.join(ROOT, "tests/data/seeds", name), "utf8");
const SEED = JSON.parse(seed("leads.update.json"));
const NOBODY = "lead_01a1f8660d007c419e552f0b6d3a9c10";

/* The person of the documentation's examples. */
const JOHN = {
  name: "John Doe", email: "john.doe@example.com", phone: "+1-555-123-4567", source: "website",
  status: "new", metadata: { utm_source: "google", utm_campaign: "spring_2024" },
};

async function open(t, args) {
  const place = Place.open(t);
  const server = await place.serve(args);
  return { place, server, leads: new Client(server) };
}

/* How often the lead was written. */
async function writesOf(server, id) {
  const { changes } = await server.data("lead.history", { lead_id: uuidOf(id) });
  return changes.length;
}

test("a lead is made", async (t) => {
  const { server, leads } = await open(t);

  await t.test("with all there is", async () => {
    const john = await leads.make(JOHN);
    for (const [key, value] of Object.entries(JOHN)) assert.deepEqual(john[key], value, key);
    assert.equal(john.createdAt, john.updatedAt);
    assert.deepEqual(await leads.get(john.id), john);
    const { workspace } = await server.data("workspace.get", {});
    assert.equal(uuidOf(john.workspaceId), workspace.id);
  });
  await t.test("with what it needs", async () => {
    const made = await leads.make({ name: "Ada", email: "ada@example.com" });
    assert.deepEqual([made.phone, made.source, made.status, made.metadata],
      [null, null, "new", {}]);
  });
  await t.test("null of what it may have is not given", async () => {
    const made = await leads.make({
      name: "Bo", email: "bo@example.com", phone: null, source: null, status: null, metadata: null,
    });
    assert.deepEqual([made.phone, made.source, made.status, made.metadata],
      [null, null, "new", {}]);
  });
  for (const status of STATUSES) {
    await t.test(`in status ${status}`, async () => {
      const made = await leads.make({ name: "S", email: `${status}@works.example`, status });
      assert.equal(made.status, status);
    });
  }
});

test("the documentation's examples", async (t) => {
  const { leads } = await open(t);
  const john = await leads.make(JOHN);

  await t.test("a few fields", async () => {
    const made = await leads.make({ ...JOHN, email: "first@example.com" });
    const now = await leads.change(made.id, SEED.requests[0]);
    assert.deepEqual(now, { ...made, ...SEED.requests[0], updatedAt: now.updatedAt });
    const then = await leads.change(made.id, SEED.requests[1]);
    assert.deepEqual(then.metadata, { ...made.metadata, ...SEED.requests[1].metadata });
  });
  await t.test("the answer to the largest one", async () => {
    const now = await leads.change(john.id, SEED.requests[2]);
    const { id, createdAt, updatedAt, workspaceId } = now;
    assert.deepEqual(now, { ...SEED.response.data, id, createdAt, updatedAt, workspaceId });
    assert.deepEqual(LEAD_MEMBERS, Object.keys(SEED.response.data));
    assert.deepEqual([id, createdAt, workspaceId], [john.id, john.createdAt, john.workspaceId]);
    assert.ok(updatedAt > john.updatedAt);
  });
  await t.test("an unknown status", async () => {
    const answer = await leads.server.request("PUT", `${LEADS}/${john.id}`,
      { body: { status: "invalid_status" } });
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, SEED.errors[0]);
  });
  await t.test("an address that somebody has", async () => {
    const other = await leads.make({ name: "Other", email: "existing@example.com" });
    const wanted = structuredClone(SEED.errors[1]);
    wanted.details.existingLeadId = other.id;
    for (const [method, where, body] of [
      ["PUT", `/${john.id}`, { email: "existing@example.com" }],
      ["POST", "", { name: "Again", email: "existing@example.com" }],
    ]) {
      const answer = await leads.server.request(method, LEADS + where, { body });
      assert.equal(answer.status, 409);
      assert.deepEqual(answer.json, wanted);
    }
    assert.equal((await leads.get(john.id)).email, JOHN.email);
  });
});

test("the documentation's JavaScript runs as it stands", async (t) => {
  const { server, leads } = await open(t);
  const { id } = await leads.make(JOHN);
  const script = seed("leads.update.js")
    .replace("https://your-domain.com", server.url)
    .replace("sk-workspace_your_api_key", server.key)
    .replace("lead_1234567890abcdef", id);
  const { code, stderr } = await run(process.execPath, ["--input-type=module"], { input: script });

  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  const now = await leads.get(id);
  assert.equal(now.phone, "+1-555-999-8888");
  assert.equal(now.source, "referral");
  /* The three are under way together; whichever came last said the status. */
  assert.ok(["contacted", "qualified"].includes(now.status));
  assert.deepEqual(now.metadata, {
    ...JOHN.metadata, notes: "Very interested in our services", lead_score: 90,
    follow_up_date: "2024-01-25", referrer: "Jane Smith", budget_range: "$10k-25k",
  });

  const gone = await run(process.execPath, ["--input-type=module"],
    { input: script.replace(id, NOBODY) });
  assert.notEqual(gone.code, 0);
  assert.match(gone.stderr, /Error updating lead: Error: Lead not found/);
});

test("the documentation's Python runs as it stands", async (t) => {
  const { server, leads } = await open(t);
  const { id } = await leads.make(JOHN);
  const script = seed("leads.update.py")
    .replace("https://your-domain.com", server.url)
    .replace("sk-workspace_your_api_key", server.key)
    .replace("lead_1234567890abcdef", id);
  const env = { ...process.env, NO_PROXY: "127.0.0.1" };
  const { code, stdout, stderr } = await run("python3", ["-"], { input: script, env });

  assert.equal(code, 0, stderr);
  assert.deepEqual(stdout.trim().split("\n"), [
    "Updated lead: John Doe - Status: contacted", "Status updated to: contacted",
    "Updated lead: John Doe - Status: contacted", "Updated lead: John Doe - Status: qualified"]);
  const now = await leads.get(id);
  assert.equal(now.status, "qualified");
  assert.deepEqual(now.metadata, {
    ...JOHN.metadata, notes: "Ready for sales team", follow_up_date: "2024-01-25",
    priority: "high",
  });

  const gone = await run("python3", ["-"], { input: script.replace(id, NOBODY), env });
  assert.match(gone.stdout, new RegExp(`Update failed: Lead with ID '${NOBODY}' not found`));
});

test("what is left out stays as it is", async (t) => {
  const { server, leads } = await open(t);
  const john = await leads.make({ ...JOHN, metadata: { a: 1, list: [1, 2], deep: { x: 1, y: 2 } } });
  const rows = [
    [{}, {}],
    [{ name: "Jon" }, { name: "Jon" }],
    [{ phone: null }, { phone: null }],
    [{ phone: "+49 30 1" }, { phone: "+49 30 1" }],
    [{ source: null }, { source: null }],
    [{ source: "fair" }, { source: "fair" }],
    [{ email: "jon@example.com" }, { email: "jon@example.com" }],
    [{ email: "JON@Example.com" }, {}], /* the same mailbox */
    [{ metadata: {} }, {}],
    [{ metadata: { a: null } }, { metadata: { list: [1, 2], deep: { x: 1, y: 2 } } }],
    [{ metadata: { list: [3] } }, { metadata: { list: [3], deep: { x: 1, y: 2 } } }],
    [{ metadata: { deep: { z: 3 }, b: "é" } }, { metadata: { list: [3], deep: { z: 3 }, b: "é" } }],
    [{ metadata: { list: null, deep: null, b: null, gone: null } }, { metadata: {} }],
  ];
  let lead = john;

  for (const [updates, wanted] of rows) {
    await t.test(JSON.stringify(updates), async () => {
      const now = await leads.change(john.id, updates);
      assert.deepEqual(now, { ...lead, ...wanted, updatedAt: now.updatedAt });
      assert.deepEqual(await leads.get(john.id), now);
      lead = now;
    });
  }
  await t.test("an address that was replaced is free", async () => {
    const other = await leads.make({ name: "New John", email: JOHN.email });
    assert.notEqual(other.id, john.id);
    const found = await server.data("lead.get", { email: JOHN.email });
    assert.equal(found.lead_id, uuidOf(other.id));
  });
});

test("a lead that was read can be sent back", async (t) => {
  const { server, leads } = await open(t);
  const john = await leads.make(JOHN);

  await t.test("as it is, which changes nothing", async () => {
    assert.deepEqual(await leads.change(john.id, john), john);
    assert.equal(await writesOf(server, john.id), 1);
  });
  await t.test("with one thing changed", async () => {
    const now = await leads.change(john.id, { ...john, phone: "+1" });
    assert.deepEqual(now, { ...john, phone: "+1", updatedAt: now.updatedAt });
    assert.deepEqual(await leads.change(john.id, { ...now, updatedAt: john.updatedAt }), now);
  });
  await t.test("one of which neither name nor address is known", async () => {
    const { lead_id: inside } = await server.data("lead.upsert",
      { linkedin_url: "https://www.linkedin.com/in/nameless-one" });
    const id = `lead_${inside.replaceAll("-", "")}`;
    const lead = await leads.get(id);
    assert.deepEqual([lead.name, lead.email], ["", null]);
    assert.deepEqual(await leads.change(id, lead), lead);
    assert.equal(await writesOf(server, id), 1);
  });
});

test("every status, here and inside", async (t) => {
  const { server, leads } = await open(t);
  const shown = {
    New: "new", Waiting: "follow_up", Contacted: "contacted", Replied: "contacted",
    Interested: "qualified", MeetingBooked: "qualified", NotInterested: "lost",
    DoNotContact: "lost",
  };

  for (const [runtime, word] of Object.entries(shown)) {
    await t.test(`${runtime} is ${word}`, async () => {
      const email = `${runtime}@works.example`;
      const { lead_id: inside } = await server.data("lead.upsert", { email, status: runtime });
      const id = `lead_${inside.replaceAll("-", "")}`;
      assert.equal((await leads.get(id)).status, word);
      assert.equal((await leads.change(id, { status: word })).status, word);
      const { lead } = await server.data("lead.get", { lead_id: inside });
      assert.equal(lead.status, runtime, "saying what is shown changes nothing");
      const { leads: found } = await leads.list(`status=${word}&search=${runtime}`);
      assert.deepEqual(found.map((one) => one.id), [id]);
    });
  }
  await t.test("each word from each", async () => {
    for (const from of STATUSES) {
      const { id } = await leads.make({ name: from, email: `from-${from}@works.example`,
        status: from });
      for (const to of [...STATUSES, from]) {
        assert.equal((await leads.change(id, { status: to })).status, to, `${from} to ${to}`);
      }
    }
  });
  await t.test("do not contact stays", async () => {
    const { lead_id: inside } = await server.data("lead.get",
      { email: "DoNotContact@works.example" });
    const id = `lead_${inside.replaceAll("-", "")}`;
    assert.equal((await leads.change(id, { status: "qualified" })).status, "lost");
    const { lead } = await server.data("lead.get", { lead_id: inside });
    assert.equal(lead.status, "DoNotContact");
  });
});

test("a lead is deleted", async (t) => {
  const { leads } = await open(t);
  const john = await leads.make(JOHN);
  const before = new Date().toISOString();
  const answer = await leads.server.request("DELETE", `${LEADS}/${john.id}`);

  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.json), ["success", "message", "data"]);
  assert.equal(answer.json.success, true);
  assert.equal(answer.json.message, "Lead deleted successfully");
  assert.deepEqual(Object.keys(answer.json.data), ["id", "deletedAt"]);
  assert.equal(answer.json.data.id, john.id);
  assert.ok(answer.json.data.deletedAt >= before);
  for (const [method, body] of [["GET"], ["PUT", { name: "x" }], ["DELETE"]]) {
    const gone = await leads.server.request(method, `${LEADS}/${john.id}`, { body });
    assert.equal(gone.status, 404, method);
    assert.deepEqual(gone.json, {
      success: false, error: "Lead not found", code: "LEAD_NOT_FOUND",
      details: { leadId: john.id },
    });
  }
  assert.equal((await leads.list()).pagination.total, 0);
  const again = await leads.make(JOHN);
  assert.notEqual(again.id, john.id);
});

test("a chatbot's leads are its own", async (t) => {
  const { server, leads } = await open(t);
  const red = new Client(server, leadsOf("cb_red"));
  const blue = new Client(server, leadsOf("Blue%7E2%3A%5B%5D"));
  const unknown = new Client(server, leadsOf("cb_none"));
  const refused = async (client, status, code, method, where = "", body = undefined) => {
    const answer = await server.request(method, client.path + where, { body });
    assert.equal(answer.status, status, answer.text);
    assert.equal(failureOf(answer).code, code);
    return answer.json;
  };

  await t.test("none before its first lead", async () => {
    const { details } = await refused(red, 404, "CHATBOT_NOT_FOUND", "GET");
    assert.deepEqual(details, { chatbotId: "cb_red" });
  });
  const ours = await red.make({ name: "Red One", email: "red@example.com" });
  const theirs = await blue.make({ name: "Blue One", email: "blue@example.com" });
  const free = await leads.make({ name: "Free One", email: "free@example.com" });

  await t.test("each sees its own", async () => {
    assert.deepEqual((await red.list()).leads.map((one) => one.id), [ours.id]);
    assert.deepEqual((await blue.list()).leads.map((one) => one.id), [theirs.id]);
    assert.equal((await leads.list()).pagination.total, 3);
    assert.deepEqual(await red.get(ours.id), await leads.get(ours.id));
  });
  await t.test("and nothing of another's", async () => {
    for (const id of [theirs.id, free.id]) {
      await refused(red, 404, "LEAD_NOT_FOUND", "GET", `/${id}`);
      await refused(red, 404, "LEAD_NOT_FOUND", "PUT", `/${id}`, { name: "Stolen" });
      await refused(red, 404, "LEAD_NOT_FOUND", "DELETE", `/${id}`);
    }
    assert.deepEqual(await leads.get(theirs.id), theirs);
  });
  await t.test("not even with a key for repeating", async () => {
    const answer = await server.request("DELETE", `${red.path}/${theirs.id}`,
      { headers: { "Idempotency-Key": "k" } });
    assert.equal(answer.status, 404);
    assert.deepEqual(await leads.get(theirs.id), theirs);
  });
  await t.test("an address is one lead's in the whole workspace", async () => {
    const { details } = await refused(blue, 409, "DUPLICATE_EMAIL", "POST", "",
      { name: "Again", email: "red@example.com" });
    assert.equal(details.existingLeadId, ours.id);
  });
  await t.test("one nobody heard of", async () => {
    await refused(unknown, 404, "CHATBOT_NOT_FOUND", "GET", `/${ours.id}`);
    await refused(unknown, 404, "CHATBOT_NOT_FOUND", "PUT", `/${ours.id}`, {});
    await refused(unknown, 404, "CHATBOT_NOT_FOUND", "DELETE", `/${ours.id}`);
    await refused(unknown, 404, "CHATBOT_NOT_FOUND", "GET", "");
  });
  await t.test("a refused lead makes no chatbot", async () => {
    await refused(unknown, 400, "VALIDATION_ERROR", "POST", "", { name: "No address" });
    await refused(unknown, 409, "DUPLICATE_EMAIL", "POST", "",
      { name: "Again", email: "red@example.com" });
    await refused(unknown, 404, "CHATBOT_NOT_FOUND", "GET", "");
  });
  await t.test("ids have 1 to 200 characters", async () => {
    const long = new Client(server, leadsOf("c".repeat(200)));
    await long.make({ name: "Long", email: "long@example.com" });
    const longer = new Client(server, leadsOf("c".repeat(201)));
    const { details } = await refused(longer, 400, "VALIDATION_ERROR", "POST", "",
      { name: "Longer", email: "longer@example.com" });
    assert.equal(details.field, "chatbotId");
    await refused(longer, 404, "CHATBOT_NOT_FOUND", "GET");
  });
  await t.test("ids differ by case", async () => {
    const shout = new Client(server, leadsOf("CB_RED"));
    const { id } = await shout.make({ name: "Loud", email: "loud@example.com" });
    assert.deepEqual((await shout.list()).leads.map((one) => one.id), [id]);
    assert.deepEqual((await red.list()).leads.map((one) => one.id), [ours.id]);
  });
  await t.test("changing and deleting below it", async () => {
    assert.equal((await red.change(ours.id, { status: "contacted" })).status, "contacted");
    assert.equal((await red.remove(ours.id)).id, ours.id);
    assert.equal((await red.list()).pagination.total, 0, "the chatbot stays known");
  });
});

test("pages", async (t) => {
  const { server, leads } = await open(t);
  const made = [];

  for (let n = 0; n < 23; n++) {
    made.unshift(await leads.make({
      name: `Person ${String.fromCharCode(97 + (n * 7) % 23)}`, email: `p${n}@works.example`,
      source: n % 2 ? "Web Site" : "fair", status: n % 3 ? "new" : "contacted",
    }));
    assert.equal((await leads.list("limit=1")).leads[0].id, made[0].id, "seen at once");
  }
  const ids = made.map((lead) => lead.id);
  const idsOf = async (query) => (await leads.list(query)).leads.map((lead) => lead.id);

  await t.test("newest first, ten at a time", async () => {
    const { leads: first, pagination } = await leads.list();
    const { workspaceId, ...item } = made[0];
    assert.deepEqual(first[0], item);
    assert.deepEqual(first.map((lead) => lead.id), ids.slice(0, 10));
    assert.deepEqual(pagination,
      { page: 1, limit: 10, total: 23, totalPages: 3, hasNext: true, hasPrev: false });
  });
  await t.test("the last, and one behind it", async () => {
    const { leads: last, pagination } = await leads.list("page=3");
    assert.deepEqual(last.map((lead) => lead.id), ids.slice(20));
    assert.deepEqual(pagination,
      { page: 3, limit: 10, total: 23, totalPages: 3, hasNext: false, hasPrev: true });
    const behind = await leads.list("page=4");
    assert.deepEqual(behind.leads, []);
    assert.deepEqual(behind.pagination,
      { page: 4, limit: 10, total: 23, totalPages: 3, hasNext: false, hasPrev: true });
  });
  await t.test("all of them, once each", async () => {
    const seen = [];
    for (let page = 1; ; page++) {
      const { leads: some, pagination } = await leads.list(`page=${page}&limit=4`);
      seen.push(...some.map((lead) => lead.id));
      if (!pagination.hasNext) break;
    }
    assert.deepEqual(seen, ids);
    assert.deepEqual(await idsOf("limit=100"), ids);
  });
  await t.test("filters are ANDed", async () => {
    const wanted = (test) => made.filter(test).map((lead) => lead.id);
    assert.deepEqual(await idsOf("status=contacted&limit=100"),
      wanted((lead) => lead.status === "contacted"));
    assert.deepEqual(await idsOf("source=Web+Site&limit=100"),
      wanted((lead) => lead.source === "Web Site"));
    assert.deepEqual(await idsOf("source=web%20site&status=new&limit=100"),
      wanted((lead) => lead.source === "Web Site" && lead.status === "new"));
    assert.deepEqual(await idsOf("status=converted"), []);
    assert.deepEqual(await idsOf("status=&source=&search=&page=&limit=&sortBy=&sortOrder="),
      ids.slice(0, 10), "empty is not asked for");
  });
  await t.test("search looks through name and address alone", async () => {
    const { id } = await leads.make({ name: "Zoë O'Hara", email: "hidden@zebra.example",
      source: "needle", phone: "needle" });
    await server.data("lead.update",
      { lead_id: uuidOf(id), company: "Needle Works", job_title: "Needle", title: "Needle",
        description: "A needle" });
    assert.deepEqual(await idsOf("search=zoe"), [id]);
    assert.deepEqual(await idsOf("search=zo%C3%AB+o%27hara"), [id]);
    assert.deepEqual(await idsOf("search=hidden"), [id]);
    assert.deepEqual(await idsOf("search=hidden%40zebra.example"), [id]);
    assert.deepEqual(await idsOf("search=hara+zebra"), [id]);
    assert.deepEqual(await idsOf("search=needle"), []);
    assert.deepEqual(await idsOf("search=needle+hidden"), []);
    assert.deepEqual(await idsOf("search=%2B%2B"), [], "no word finds nobody");
    await leads.remove(id);
  });
  await t.test("orders", async () => {
    const by = (key, sign) => [...made].sort((a, b) =>
      sign * (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0)).map((lead) => lead.id);
    assert.deepEqual(await idsOf("sortBy=name&sortOrder=asc&limit=100"), by("name", 1));
    assert.deepEqual(await idsOf("sortBy=name&limit=100"), by("name", -1));
    assert.deepEqual(await idsOf("sortBy=email&sortOrder=ASC&limit=100"), by("email", 1));
    assert.deepEqual(await idsOf("sortBy=createdAt&sortOrder=asc&limit=100"), [...ids].reverse());
    const words = (await leads.list("sortBy=status&sortOrder=asc&limit=100")).leads
      .map((lead) => lead.status);
    assert.deepEqual([...words].sort(), made.map((lead) => lead.status).sort());
    assert.equal(words.filter((word, n) => word !== words[n - 1]).length, 2, "each together");
    await leads.change(ids[11], { phone: "+1" });
    assert.equal((await idsOf("sortBy=updatedAt"))[0], ids[11]);
  });
});

test("a write that is repeated is done once", async (t) => {
  const { server } = await open(t);
  const keyed = (name) => ({ headers: { "Idempotency-Key": name } });
  const first = await server.request("POST", LEADS, { body: JOHN, ...keyed("k-1") });
  const again = await server.request("POST", LEADS, { body: JOHN, ...keyed("k-1") });
  const where = `${LEADS}/${first.json.data.id}`;

  assert.equal(again.status, 201);
  assert.equal(again.headers["idempotency-replayed"], "true");
  assert.deepEqual(again.json, first.json);
  const other = await server.request("POST", LEADS,
    { body: { ...JOHN, email: "x@example.com" }, ...keyed("k-1") });
  assert.equal(other.status, 422);
  assert.equal(failureOf(other).code, "IDEMPOTENCY_MISMATCH");
  const gone = await server.request("DELETE", where, keyed("k-2"));
  const goneAgain = await server.request("DELETE", where, keyed("k-2"));
  assert.deepEqual([gone.status, goneAgain.status], [200, 200]);
  assert.deepEqual(goneAgain.json, gone.json);
});

test("a working day", async (t) => {
  const { server } = await open(t);
  const bot = new Client(server, leadsOf("cb_1234567890abcdef"));
  const inbox = [];

  /* The chatbot talks to people at night; some come twice, some say nonsense. */
  for (let n = 0; n < 40; n++) {
    const body = { name: `Visitor ${n}`, email: `visitor.${n % 30}@example.com`,
      source: n % 4 ? "website" : "widget", metadata: { utm_source: "google", page: `/p/${n}` } };
    const answer = await server.request("POST", bot.path, { body });
    if (n < 30) {
      assert.equal(answer.status, 201, answer.text);
      inbox.push(answer.json.data);
    } else {
      assert.equal(failureOf(answer).code, "DUPLICATE_EMAIL");
      const { details } = answer.json;
      assert.equal(details.existingLeadId, inbox[n % 30].id);
      await bot.change(details.existingLeadId, { metadata: { visits: 2 } });
    }
  }
  /* In the morning somebody goes through the new ones, page by page. */
  let { leads, pagination } = await bot.list("status=new&limit=10");
  assert.equal(pagination.total, 30);
  while (leads.length > 0) {
    for (const lead of leads) {
      const n = inbox.findIndex((one) => one.id === lead.id);
      const status = ["contacted", "qualified", "lost"][n % 3];
      const now = await bot.change(lead.id, { status, metadata: { caller: "Jane" } });
      assert.deepEqual(now.metadata, { ...lead.metadata, caller: "Jane" });
    }
    ({ leads, pagination } = await bot.list("status=new&limit=10"));
  }
  /* At noon, the good ones from the site, by name. */
  const good = await bot.list("status=qualified&source=website&sortBy=createdAt&sortOrder=asc");
  assert.equal(good.pagination.total, inbox.filter((one, n) => n % 3 === 1 && n % 4).length);
  for (const lead of good.leads) {
    assert.deepEqual(lead.metadata.utm_source, "google");
    await bot.change(lead.id, { ...lead, status: "converted", phone: "+1-555-000-0000" });
  }
  /* In the evening, spam goes. */
  const spam = await bot.list("search=visitor.29");
  assert.equal(spam.pagination.total, 1);
  await bot.remove(spam.leads[0].id);
  const all = await bot.list("limit=100");
  assert.equal(all.pagination.total, 29);
  const stats = await server.data("workspace.stats", {});
  assert.equal(stats.leads.total, 29);
});
