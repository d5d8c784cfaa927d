// Imports over the Model Context Protocol: progress, the answer at the end, cancelling.
import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";

import { csv } from "./lib/people.mjs";
import { HANDSHAKE, Stdio, call, events, headersOf, post, request } from "./lib/mcp.mjs";
import { Place } from "./lib/place.mjs";
import { until } from "./lib/until.mjs";

const SMALL = csv(0, 3);
const LARGE = csv(0, 40_000);

/* As many rows as one message holds: longer than any machine needs to stop them. */
const HUGE = `Email\n${Array.from({ length: 320_000 },
  (_, n) => `${(n + 46_656).toString(36)}@e.co\n`).join("")}`;

function create(content, more = {}, options = {}) {
  return request("tools/call", {
    name: "import.create", arguments: { content }, _meta: { progressToken: "p", ...more },
  }, options);
}

function checkProgress(messages, token = "p") {
  const told = messages.filter((one) => one.method === "notifications/progress")
    .map((one) => one.params);

  assert.ok(told.length > 0, "some progress");
  told.forEach((one, i) => {
    assert.equal(one.progressToken, token);
    assert.ok(i === 0 || one.progress > told[i - 1].progress, "it only grows");
    assert.ok(one.total === undefined || one.total >= one.progress);
    assert.equal(typeof one.message, "string");
  });
}

async function stateOf(server, id) {
  return (await server.data("import.get", { import_id: id })).import.state;
}

async function newest(server) {
  return (await server.data("import.list", {})).imports[0]?.import_id;
}

/* A stream that can be hung up on: {messages(), close(), ended}. */
function open(server, message, headers = {}) {
  const pieces = [];
  const body = JSON.stringify(message);
  const sent = http.request({
    host: "127.0.0.1", port: server.port, method: "POST", path: "/mcp",
    headers: { ...headersOf(message), "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body), Authorization: `Bearer ${server.key}`, ...headers },
  });
  const ended = new Promise((resolve) => {
    sent.on("response", (response) => {
      response.on("data", (piece) => pieces.push(piece));
      response.on("close", resolve);
      response.on("error", () => {});
    });
    sent.on("error", resolve);
  });
  sent.end(body);
  return {
    messages: () => events(Buffer.concat(pieces).toString().replace(/data:[^\n]*$/, "")),
    close: () => sent.destroy(), ended,
  };
}

test("without a token the answer comes at once", async (t) => {
  const server = await Place.open(t).serve();
  const result = await call(server, "import.create", { content: SMALL });

  assert.match(result.structuredContent.import.state, /^(queued|running|done)$/);
});

test("with one the answer comes when it is over", async (t) => {
  const server = await Place.open(t).serve();
  const answer = await post(server, create(LARGE));
  const messages = events(answer.text);
  const { result } = messages.at(-1);

  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "text/event-stream");
  assert.equal(answer.headers["x-accel-buffering"], "no");
  assert.equal(result.resultType, "complete");
  assert.equal(result.structuredContent.import.state, "done");
  assert.equal(result.structuredContent.import.created_count, 40_000);
  assert.equal(JSON.parse(result.content[0].text).import.state, "done");
  checkProgress(messages);
  assert.equal(messages.filter((one) => "id" in one).length, 1, "one answer");
});

test("import.get follows, too; other tools do not stream", async (t) => {
  const server = await Place.open(t).serve();
  const made = await call(server, "import.create", { content: LARGE });
  const id = made.structuredContent.import.import_id;
  const get = request("tools/call", { name: "import.get", arguments: { import_id: id },
    _meta: { progressToken: 7 } });
  const messages = events((await post(server, get)).text);

  assert.equal(messages.at(-1).result.structuredContent.import.state, "done");
  checkProgress(messages, 7);
  const again = await post(server, get);
  assert.equal(again.headers["content-type"], "application/json", "it is over");
  const other = await post(server, request("tools/call",
    { name: "workspace.stats", _meta: { progressToken: 1 } }));
  assert.equal(other.headers["content-type"], "application/json");
});

test("a client that takes no events gets the answer at once", async (t) => {
  const server = await Place.open(t).serve();
  const answer = await post(server, create(LARGE), { headers: { Accept: "application/json" } });

  assert.equal(answer.headers["content-type"], "application/json");
  assert.match(answer.json.result.structuredContent.import.state, /^(queued|running)$/);
});

test("to hang up is to cancel, since 2026-07-28", async (t) => {
  const server = await Place.open(t).serve();
  const stream = open(server, create(HUGE));

  await until(() => stream.messages().length > 0, "progress");
  stream.close();
  const id = await newest(server);
  await until(async () => await stateOf(server, id) === "cancelled", "the import to be cancelled");
});

test("to hang up on import.get cancels nothing", async (t) => {
  const server = await Place.open(t).serve();
  const made = await call(server, "import.create", { content: LARGE });
  const id = made.structuredContent.import.import_id;
  const stream = open(server, request("tools/call",
    { name: "import.get", arguments: { import_id: id }, _meta: { progressToken: 1 } }));

  await until(() => stream.messages().length > 0, "progress");
  stream.close();
  await until(async () => await stateOf(server, id) === "done", "the import to go on");
});

test("before, hanging up is a broken line, and a notification cancels", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { key } = await place.key();
  const revision = HANDSHAKE[0];
  const about = (session) => ({ "MCP-Protocol-Version": revision, "Mcp-Session-Id": session });
  const ask = (id, content) => request("tools/call",
    { name: "import.create", arguments: { content }, _meta: { progressToken: "p" } },
    { revision, id });
  const gone = open(server, ask(1, LARGE), about("one"));

  await until(() => gone.messages().length > 0, "progress");
  gone.close();
  const first = await newest(server);
  const stream = open(server, ask(1, HUGE), about("two"));
  await until(() => stream.messages().length > 0, "the second to be followed");
  const second = await newest(server);
  const cancel = (session, requestId, options) => post(server,
    { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } },
    { revision, headers: about(session), ...options });
  const others = [["three", 1], ["two", 2], ["two", "1"], ["two", 1, { key }]];
  for (const [session, id, options] of others) {
    assert.equal((await cancel(session, id, options)).status, 202);
  }
  await until(async () => await stateOf(server, first) === "done", "the one whose line broke");
  const before = stream.messages().length;
  await until(() => stream.messages().length > before, "more progress: none of those counted");
  await cancel("two", 1);
  await stream.ended;
  await until(async () => await stateOf(server, second) === "cancelled", "the cancelled import");
  assert.equal(stream.messages().some((one) => "id" in one), false, "no answer comes");
});

test("on a line: progress, the answer, and cancelling", async (t) => {
  for (const withServer of [false, true]) {
    const place = Place.open(t);
    const server = withServer ? await place.serve() : undefined;
    const stdio = Stdio.open(t, place, { server });
    const whole = create(LARGE, { progressToken: 5 });

    stdio.send(whole);
    const { result } = await stdio.answer(whole.id);
    assert.equal(result.structuredContent.import.state, "done");
    checkProgress(stdio.received, 5);
    const cut = create(HUGE, { progressToken: 6 });
    stdio.send(cut);
    await until(() => stdio.received.some((one) => one.params?.progressToken === 6), "progress");
    stdio.send({ jsonrpc: "2.0", method: "notifications/cancelled",
      params: { requestId: cut.id, reason: "no more" } });
    await until(async () => {
      const { result: list } = await stdio.ask("tools/call", { name: "import.list" });
      const [one] = list.structuredContent.imports;
      const got = await stdio.ask("tools/call",
        { name: "import.get", arguments: { import_id: one.import_id } });
      return got.result.structuredContent.import.state === "cancelled";
    }, "the import to be cancelled");
    assert.equal(stdio.received.some((one) => one.id === cut.id), false, "no answer comes");
  }
});

test("an import that is cut by the end of the input goes on the next time", async (t) => {
  const place = Place.open(t);
  const first = Stdio.open(t, place);
  const message = create(LARGE);

  first.send(message);
  await until(() => first.received.length > 0, "progress");
  assert.equal(await first.close(), 0, first.stderr);
  const told = first.received.find((one) => one.id === message.id);
  assert.match(told.result.structuredContent.import.state, /^(queued|running|done)$/,
    "as it stood");
  const second = Stdio.open(t, place);
  const { import_id: id } = told.result.structuredContent.import;
  const { result } = await second.ask("tools/call",
    { name: "import.get", arguments: { import_id: id }, _meta: { progressToken: 1 } });
  assert.equal(result.structuredContent.import.state, "done");
  assert.equal(result.structuredContent.import.created_count, 40_000);
});

test("a server that stops answers those who follow", async (t) => {
  const server = await Place.open(t).serve();
  const message = create(HUGE);
  const stream = open(server, message);

  await until(() => stream.messages().length > 0, "progress");
  assert.equal(await server.stop(), 0);
  await stream.ended;
  const told = stream.messages().find((one) => one.id === message.id);
  assert.match(told.result.structuredContent.import.state, /^(queued|running)$/);
});

test("a key that may import but not look gets its answer at once", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { key } = await place.key("--scopes", "import.create");
  const answer = await post(server, create(SMALL), { key });

  assert.equal(answer.headers["content-type"], "application/json");
  assert.equal(answer.json.result.isError, false);
});
