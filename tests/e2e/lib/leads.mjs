// leads: requests in the leads dialect, and what holds for each of its answers.
import assert from "node:assert/strict";

export const LEADS = "/api/v1/leads";
export const STATUSES = ["new", "contacted", "qualified", "converted", "lost", "follow_up"];
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const LEAD_MEMBERS = ["id", "name", "email", "phone", "source", "status", "metadata",
  "createdAt", "updatedAt", "workspaceId"];

/** The leads of a chatbot. */
export const leadsOf = (chatbot) => `/api/v1/chatbots/${chatbot}/leads`;

/** The id inside of "lead_…". */
export function uuidOf(id) {
  const [, a, b, c, d, e] = /^[a-z]+_(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(id);
  return [a, b, c, d, e].join("-");
}

/** A lead as answers must show it. */
export function checkLead(lead, members = LEAD_MEMBERS) {
  assert.deepEqual(Object.keys(lead), members);
  assert.match(lead.id, /^lead_[0-9a-f]{32}$/);
  assert.equal(typeof lead.name, "string");
  for (const name of ["email", "phone", "source"]) {
    assert.ok(lead[name] === null || (typeof lead[name] === "string" && lead[name]), name);
  }
  assert.ok(STATUSES.includes(lead.status), lead.status);
  assert.equal(Object.prototype.toString.call(lead.metadata), "[object Object]");
  assert.match(lead.createdAt, TIME);
  assert.match(lead.updatedAt, TIME);
  assert.ok(lead.updatedAt >= lead.createdAt);
  if ("workspaceId" in lead) assert.match(lead.workspaceId, /^ws_[0-9a-f]{32}$/);
}

/** The failure of an answer, in the dialect's one form. */
export function failureOf(answer) {
  const { json } = answer;
  const known = ["success", "error", "code", "retryAfter", "details"];

  assert.match(answer.headers["content-type"], /^application\/json/);
  assert.equal(json.success, false);
  assert.match(json.error, /\w+ \w+/, "words for people");
  assert.match(json.code, /^[A-Z][A-Z_]+$/);
  for (const key of Object.keys(json)) assert.ok(known.includes(key), `${key} is no member`);
  if ("details" in json) {
    assert.equal(Object.prototype.toString.call(json.details), "[object Object]");
  }
  if (json.code === "VALIDATION_ERROR") {
    assert.equal(json.error, "Validation failed");
    assert.deepEqual(Object.keys(json.details), ["field", "value", "message"]);
    assert.match(json.details.message, /\w+ \w+/);
  }
  return json;
}

/** Somebody who speaks the dialect to `server`. */
export class Client {
  constructor(server, path = LEADS) {
    this.server = server;
    this.path = path;
  }

  /** The data of a request that must be answered with `status`. */
  async data(status, method, path, body, options = {}) {
    const answer = await this.server.request(method, this.path + path, { body, ...options });

    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.json.success, true);
    return answer.json.data;
  }

  async make(lead) {
    const made = await this.data(201, "POST", "", lead);
    checkLead(made);
    return made;
  }

  async get(id) {
    const lead = await this.data(200, "GET", `/${id}`);
    checkLead(lead);
    return lead;
  }

  async change(id, updates) {
    const lead = await this.data(200, "PUT", `/${id}`, updates);
    checkLead(lead);
    return lead;
  }

  remove(id) {
    return this.data(200, "DELETE", `/${id}`);
  }

  async list(query = "") {
    const { leads, pagination } = await this.data(200, "GET", query && `?${query}`);

    for (const lead of leads) checkLead(lead, LEAD_MEMBERS.slice(0, -1));
    assert.deepEqual(Object.keys(pagination),
      ["page", "limit", "total", "totalPages", "hasNext", "hasPrev"]);
    return { leads, pagination };
  }
}
