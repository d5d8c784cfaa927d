// mcp: messages of the Model Context Protocol to a running Galena, as a client would send them:
// over HTTP, and on the standard input of `galena mcp`, on a database or in front of a server.
import { spawn } from "node:child_process";
import path from "node:path";

import { PROGRAM, ROOT } from "./place.mjs";
import { until, within } from "./until.mjs";

export const STATELESS = "2026-07-28";
export const HANDSHAKE = ["2025-11-25", "2025-06-18"];
export const REVISIONS = [STATELESS, ...HANDSHAKE];

/** The Node that the tests bring along: some clients want a newer one than the system's. */
export const NODE = path.join(ROOT, "tests/e2e/node_modules/.bin/node");
export const BIN = path.join(ROOT, "tests/e2e/node_modules/.bin");

const NAMED = { "tools/call": "name", "prompts/get": "name", "resources/read": "uri" };
const ANSWER_MS_MAX = 60_000;

/** _meta of a request in the stateless revision. */
export function meta(more = {}) {
  return {
    "io.modelcontextprotocol/protocolVersion": STATELESS,
    "io.modelcontextprotocol/clientInfo": { name: "e2e", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
    ...more,
  };
}

let lastId = 0;

/** A request of that revision: {jsonrpc, id, method, params}. */
export function request(method, params = {}, { revision = STATELESS, id = ++lastId } = {}) {
  const own = revision === STATELESS ? { ...params, _meta: meta(params._meta) } : params;
  return { jsonrpc: "2.0", id, method, params: own };
}

/* A value as it may stand in a header. */
function headerValue(value) {
  return /^[!-~]([ -~]*[!-~])?$/.test(value) && !/^=\?base64\?.*\?=$/.test(value)
    ? value : `=?base64?${Buffer.from(value).toString("base64")}?=`;
}

/** The headers that go with a message. */
export function headersOf(message, revision = STATELESS) {
  const headers = { Accept: "application/json, text/event-stream" };

  if (message.method !== "initialize" || revision === STATELESS) {
    headers["MCP-Protocol-Version"] = revision;
  }
  if (revision !== STATELESS || !message.method) return headers;
  headers["Mcp-Method"] = message.method;
  if (NAMED[message.method]) {
    headers["Mcp-Name"] = headerValue(message.params[NAMED[message.method]] ?? "");
  }
  return headers;
}

/** The messages in a stream of events. */
export function events(text) {
  return text.split("\n").filter((line) => line.startsWith("data:"))
    .map((line) => JSON.parse(line.slice(5)));
}

/** Send a message over HTTP: {status, headers, text, json}; null in `headers` leaves one out. */
export function post(server, message, { revision = STATELESS, headers = {}, query = "",
  ...options } = {}) {
  const isMessage = message !== null && typeof message === "object" && !Array.isArray(message);
  return server.request("POST", `/mcp${query}`, {
    body: message,
    headers: { ...headersOf(isMessage ? message : {}, revision), ...headers }, ...options,
  });
}

/** A request's result; throws for an error. */
export async function ask(server, method, params, options) {
  const answer = await post(server, request(method, params, options), options);
  const { result, error } = answer.json;
  if (!result) throw new Error(`${method} answered ${answer.status}: ${JSON.stringify(error)}`);
  return result;
}

/** Call a tool over HTTP: its result. */
export function call(server, name, args = {}, { _meta, ...options } = {}) {
  return ask(server, "tools/call", { name, arguments: args, ...(_meta && { _meta }) }, options);
}

/** The command runtime's envelope, out of a tool's result. */
export function envelopeOf(result) {
  const { _meta: about, structuredContent: data } = result;
  const status = about["galena/status"];

  return {
    ok: status < 300, status, ...(data && { data }),
    ...(about["galena/error"] && { error: about["galena/error"] }), meta: about["galena/meta"],
  };
}

/** `galena mcp` as a child, and lines to and from it. */
export class Stdio {
  constructor(args, { cwd, env }) {
    this.received = [];
    this.stderr = "";
    this.rest = "";
    this.child = spawn(PROGRAM, ["mcp", ...args], { cwd, env });
    this.child.stdout.setEncoding("utf8").on("data", (text) => this.#take(text));
    this.child.stderr.setEncoding("utf8").on("data", (text) => { this.stderr += text; });
    this.child.stdin.on("error", () => {}); // it may end before it has read all
    this.exit = new Promise((resolve) => {
      this.child.on("close", (code, signal) => {
        this.ended = code ?? signal;
        resolve(this.ended);
      });
    });
  }

  /** On the database of `place`, or, with `server`, in front of that; gone when the test ends. */
  static open(t, place, { args = [], server } = {}) {
    const env = server
      ? place.env({ GALENA_API_KEY: server.key, GALENA_URL: server.url, GALENA_DB: "" })
      : place.env();
    const stdio = new Stdio(args, { cwd: place.folder, env });
    t.after(() => stdio.end());
    return stdio;
  }

  #take(text) {
    const lines = (this.rest + text).split("\n");

    this.rest = lines.pop();
    for (const line of lines) this.received.push(JSON.parse(line));
  }

  send(message) {
    this.child.stdin.write(typeof message === "string" ? message : `${JSON.stringify(message)}\n`);
  }

  /** The answer to the request `id`. */
  answer(id) {
    return until(() => {
      const found = this.received.find((one) => one.id === id && !("method" in one));
      if (!found && this.ended !== undefined) return { ended: this.ended, stderr: this.stderr };
      return found;
    }, `the answer to ${id}`, ANSWER_MS_MAX);
  }

  /** Send a request and wait for its answer. */
  async ask(method, params, options) {
    const message = request(method, params, options);
    this.send(message);
    return this.answer(message.id);
  }

  /** Close its input and wait until it has ended: the exit code. */
  close() {
    this.child.stdin.end();
    return within(this.exit, ANSWER_MS_MAX, "ending");
  }

  async end() {
    if (this.ended === undefined) this.child.kill("SIGKILL");
    await this.exit;
  }
}
