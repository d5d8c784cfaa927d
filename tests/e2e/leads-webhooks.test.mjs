// The leads dialect: webhooks of a chatbot.
import assert from "node:assert/strict";
import test from "node:test";

import { Client, TIME, failureOf, leadsOf } from "./lib/leads.mjs";
import { Place } from "./lib/place.mjs";

const at = (chatbot) => `/api/v1/chatbots/${chatbot}/webhooks`;
const MEMBERS = ["id", "name", "url", "eventTypes", "isActive", "status", "maxRetries",
  "retryDelay", "successCount", "failureCount", "lastTriggeredAt", "lastSuccessAt",
  "lastFailureAt", "createdAt", "updatedAt"];
const HOOK = { name: "Lead Notifications", url: "https://hooks.example/leads?a=1",
  eventTypes: ["LEAD_CREATED"] };

function checkWebhook(webhook, members = MEMBERS) {
  assert.deepEqual(Object.keys(webhook), members);
  assert.match(webhook.id, /^webhook_[0-9a-f]{32}$/);
  assert.match(webhook.createdAt, TIME);
  assert.match(webhook.updatedAt, TIME);
  assert.equal(webhook.status, "off", "nothing is delivered yet, and that is said");
  assert.deepEqual([webhook.successCount, webhook.failureCount, webhook.lastTriggeredAt,
    webhook.lastSuccessAt, webhook.lastFailureAt], [0, 0, null, null, null]);
}

async function ask(server, status, method, path, body) {
  const answer = await server.request(method, path, { body });
  assert.equal(answer.status, status, answer.text);
  if (status < 400) assert.equal(answer.json.success, true);
  return status < 400 ? answer.json : failureOf(answer);
}

test("webhooks are kept", async (t) => {
  const server = await Place.open(t).serve();
  let hook;

  await t.test("made before the chatbot's first lead", async () => {
    assert.equal((await ask(server, 404, "GET", at("cb_1"))).code, "CHATBOT_NOT_FOUND");
    const made = await ask(server, 201, "POST", at("cb_1"), HOOK);
    assert.deepEqual(Object.keys(made), ["success", "message", "webhook", "security"]);
    assert.equal(made.message, "Webhook created successfully");
    checkWebhook(made.webhook, [...MEMBERS, "secret"]);
    const { secret, ...rest } = made.webhook;
    hook = rest;
    assert.match(secret, /^whsec_\w{32,}$/);
    assert.deepEqual({ ...HOOK, isActive: true, maxRetries: 3, retryDelay: 1000 },
      { name: hook.name, url: hook.url, eventTypes: hook.eventTypes, isActive: hook.isActive,
        maxRetries: hook.maxRetries, retryDelay: hook.retryDelay });
    assert.deepEqual(Object.keys(made.security), ["note", "headerName", "format"]);
    assert.match(made.security.note, /only now.*Delivery is off/s);
    assert.equal(made.security.headerName, "X-Webhook-Signature");
    assert.match(made.security.format, /^sha256=/);
  });
  await t.test("read, without the secret", async () => {
    assert.deepEqual(await ask(server, 200, "GET", at("cb_1")),
      { success: true, webhooks: [hook], total: 1 });
    assert.deepEqual(await ask(server, 200, "GET", `${at("cb_1")}/${hook.id}`),
      { success: true, webhook: hook });
  });
  await t.test("changed", async () => {
    const updates = { name: "Other", url: "http://hooks.example:8080/", isActive: false,
      eventTypes: ["LEAD_DELETED", "LEAD_UPDATED"], maxRetries: 0, retryDelay: 60000 };
    const answer = await ask(server, 200, "PUT", `${at("cb_1")}/${hook.id}`, updates);
    assert.equal(answer.message, "Webhook updated successfully");
    checkWebhook(answer.webhook);
    assert.deepEqual(answer.webhook, { ...hook, ...updates, updatedAt: answer.webhook.updatedAt });
    const one = await ask(server, 200, "PUT", `${at("cb_1")}/${hook.id}`, { isActive: true });
    assert.deepEqual(one.webhook,
      { ...answer.webhook, isActive: true, updatedAt: one.webhook.updatedAt });
    hook = one.webhook;
  });
  await t.test("sent back as it was read", async () => {
    const { webhook } = await ask(server, 200, "PUT", `${at("cb_1")}/${hook.id}`, hook);
    assert.deepEqual({ ...webhook, updatedAt: 0 }, { ...hook, updatedAt: 0 });
  });
  await t.test("another chatbot's is not there", async () => {
    await new Client(server, leadsOf("cb_2")).make({ name: "A", email: "a@example.com" });
    assert.deepEqual((await ask(server, 200, "GET", at("cb_2"))).webhooks, []);
    await ask(server, 404, "GET", at("CB_1"));
    for (const [method, body] of [["GET"], ["PUT", { name: "x" }], ["DELETE"]]) {
      const failure = await ask(server, 404, method, `${at("cb_2")}/${hook.id}`, body);
      assert.equal(failure.code, "WEBHOOK_NOT_FOUND");
      assert.deepEqual(failure.details, { webhookId: hook.id });
    }
  });
  await t.test("deleted", async () => {
    await ask(server, 201, "POST", at("cb_1"), { ...HOOK, name: "Second" });
    assert.deepEqual(await ask(server, 200, "DELETE", `${at("cb_1")}/${hook.id}`),
      { success: true, message: "Webhook deleted successfully" });
    const { webhooks, total } = await ask(server, 200, "GET", at("cb_1"));
    assert.deepEqual([webhooks.map((one) => one.name), total], [["Second"], 1]);
    for (const [method, body] of [["GET"], ["PUT", { name: "x" }], ["DELETE"]]) {
      await ask(server, 404, method, `${at("cb_1")}/${hook.id}`, body);
    }
  });
});

test("what a webhook is refused for", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { webhook: hook } = await ask(server, 201, "POST", at("cb_1"), HOOK);
  const before = await place.dump();
  const rows = [
    ["{", null], ["[]", "body"], ["{}", "name"], [{ ...HOOK, name: undefined }, "name"],
    [{ ...HOOK, url: undefined }, "url"], [{ ...HOOK, eventTypes: null }, "eventTypes"],
    [{ ...HOOK, name: " " }, "name"], [{ ...HOOK, name: 5 }, "name"],
    [{ ...HOOK, url: "hooks.example" }, "url"], [{ ...HOOK, url: "ftp://hooks.example/" }, "url"],
    [{ ...HOOK, url: 5 }, "url"], [{ ...HOOK, eventTypes: [] }, "eventTypes"],
    [{ ...HOOK, eventTypes: "LEAD_CREATED" }, "eventTypes"],
    [{ ...HOOK, eventTypes: ["LEAD_MERGED"] }, "eventTypes"],
    [{ ...HOOK, eventTypes: ["lead.created"] }, "eventTypes"],
    [{ ...HOOK, maxRetries: -1 }, "maxRetries"], [{ ...HOOK, maxRetries: 11 }, "maxRetries"],
    [{ ...HOOK, retryDelay: 99 }, "retryDelay"], [{ ...HOOK, retryDelay: 60001 }, "retryDelay"],
    [{ ...HOOK, retryDelay: "1000" }, "retryDelay"], [{ ...HOOK, isActive: "yes" }, "isActive"],
    [{ ...HOOK, secret: "mine" }, "secret"], [{ ...HOOK, id: hook.id }, "id"],
  ];

  for (const [body, field] of rows) {
    await t.test(JSON.stringify(body), async () => {
      const failure = await ask(server, 400, "POST", at("cb_1"), body);
      assert.equal(failure.code, field === null ? "INVALID_JSON" : "VALIDATION_ERROR");
      assert.equal(failure.details?.field ?? null, field);
      if (field && body[field] !== undefined) {
        assert.deepEqual(failure.details.value, body[field]);
      }
      assert.equal(await place.dump(), before, "the database is as it was");
    });
  }
  for (const body of [{ url: "x" }, { maxRetries: 99 }, { eventTypes: ["X"] }, { colour: "red" }]) {
    await t.test(`changing: ${JSON.stringify(body)}`, async () => {
      const failure = await ask(server, 400, "PUT", `${at("cb_1")}/${hook.id}`, body);
      assert.equal(failure.details.field, Object.keys(body)[0]);
      assert.equal(await place.dump(), before, "the database is as it was");
    });
  }
  await t.test("ids that are none", async () => {
    for (const id of ["17", "webhook_17", hook.id.replace("webhook_", "lead_"),
      `webhook_${"0".repeat(32)}`]) {
      const failure = await ask(server, 404, "GET", `${at("cb_1")}/${id}`);
      assert.equal(failure.code, "WEBHOOK_NOT_FOUND");
    }
  });
});
