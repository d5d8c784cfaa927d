// `galena mcp` on standard input and output: on a database, beside a server, and in front of one.
import assert from "node:assert/strict";
import test from "node:test";

import { ids } from "./lib/examples.mjs";
import { HANDSHAKE, STATELESS, Stdio, call, request } from "./lib/mcp.mjs";
import { Place, run, PROGRAM } from "./lib/place.mjs";
import { until } from "./lib/until.mjs";

/* Both ways in: each is (t) -> {place, stdio}. */
const ways = {
  "a database": async (t, args = []) => {
    const place = Place.open(t);
    return { place, stdio: Stdio.open(t, place, { args }) };
  },
  "a server": async (t, args = []) => {
    const place = Place.open(t);
    const server = await place.serve();
    return { place, server, stdio: Stdio.open(t, place, { args, server }) };
  },
};

for (const [where, open] of Object.entries(ways)) {
  test(`${where}: two hundred calls at once, each answered once`, async (t) => {
    const { stdio } = await open(t);
    const messages = Array.from({ length: 200 }, (_, n) => request("tools/call", {
      name: n % 4 ? "lead.upsert" : "workspace.stats",
      arguments: n % 4 ? { email: `person.${n % 50}@example.com` } : {},
    }, { id: `call ${n}` }));

    stdio.send(messages.map((one) => `${JSON.stringify(one)}\n`).join(""));
    await until(() => stdio.received.length === 200, "two hundred answers");
    assert.equal(await stdio.close(), 0, stdio.stderr);
    assert.deepEqual(stdio.received.map((one) => one.id).sort(),
      messages.map((one) => one.id).sort());
    for (const one of stdio.received) assert.equal(one.result.isError, false);
  });

  test(`${where}: what was sent is answered before it ends`, async (t) => {
    const { stdio } = await open(t);
    const messages = Array.from({ length: 20 }, (_, n) => request("tools/call",
      { name: "lead.upsert", arguments: { email: `person.${n}@example.com` } }));

    stdio.send(`\n  \r\n${messages.map((one) => JSON.stringify(one)).join("\r\n")}`);
    assert.equal(await stdio.close(), 0, stdio.stderr);
    assert.equal(stdio.received.length, 20, "the last line needs no end");
    assert.equal(stdio.rest, "");
  });

  test(`${where}: compact lists and plain names`, async (t) => {
    const { stdio } = await open(t, ["--profile", "compact", "--names", "plain"]);
    const { result } = await stdio.ask("tools/list");

    assert.deepEqual(result.tools.map((one) => one.name), ids.map((id) => id.replaceAll(".", "_")));
    assert.ok(result._meta["galena/saved"].bytes < result._meta["galena/saved"].bytes_in_full);
  });

  test(`${where}: a frame that is too long is skipped and told`, async (t) => {
    const { stdio } = await open(t);
    const long = "x".repeat(1024 * 1024);

    stdio.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"");
    for (let n = 0; n < 66; n++) stdio.send(long);
    stdio.send("\"}\n");
    const { result } = await stdio.ask("tools/call", { name: "workspace.stats" });
    assert.equal(result.isError, false);
    assert.equal(stdio.received[0].error.code, -32600);
    assert.match(stdio.received[0].error.message, /64 MiB/);
    assert.equal(stdio.received.length, 2);
  });

  test(`${where}: SIGTERM ends it`, async (t) => {
    const { stdio } = await open(t);

    await stdio.ask("tools/list");
    stdio.child.kill("SIGTERM");
    assert.equal(await stdio.exit, 0, stdio.stderr);
  });
}

test("both eras on one line", async (t) => {
  const { stdio } = await ways["a database"](t);
  const start = await stdio.ask("initialize", { protocolVersion: HANDSHAKE[1], capabilities: {} },
    { revision: HANDSHAKE[1] });
  const old = await stdio.ask("tools/call", { name: "workspace.stats" },
    { revision: HANDSHAKE[1] });
  const now = await stdio.ask("tools/call", { name: "workspace.stats" });

  assert.equal(start.result.protocolVersion, HANDSHAKE[1]);
  assert.equal(old.result.resultType, undefined);
  assert.equal(now.result.resultType, "complete");
  assert.equal(STATELESS, "2026-07-28");
});

test("nothing but messages on standard output, beside a server too", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const stdio = Stdio.open(t, place);

  await call(server, "lead.upsert", { email: "ada@example.com", name: "Ada Example" });
  const got = await stdio.ask("tools/call",
    { name: "lead.get", arguments: { email: "ada@example.com" } });
  assert.equal(got.result.structuredContent.lead.name, "Ada Example");
  await stdio.ask("tools/call", { name: "lead.upsert", arguments: { email: "bo@example.com" } });
  assert.equal((await call(server, "lead.get", { email: "bo@example.com" })).isError, false);
  for (const one of stdio.received) assert.equal(one.jsonrpc, "2.0");
  assert.equal(stdio.stderr, "");
});

test("text search finds what was written here", async (t) => {
  const { stdio } = await ways["a database"](t);

  await stdio.ask("tools/call",
    { name: "lead.upsert", arguments: { email: "ada@example.com", name: "Ada Lovelace" } });
  await until(async () => {
    const { result } = await stdio.ask("tools/call",
      { name: "lead.search", arguments: { query: "lovelace" } });
    return result.structuredContent.leads.length === 1;
  }, "the search index to follow");
});

test("scopes on the command line", async (t) => {
  const { stdio } = await ways["a database"](t, ["--scopes", "read list.create"]);
  const { result: { tools } } = await stdio.ask("tools/list");
  const refused = await stdio.ask("tools/call",
    { name: "lead.upsert", arguments: { email: "ada@example.com" } });

  assert.ok(tools.some((one) => one.name === "list.create"));
  assert.equal(tools.some((one) => one.name === "lead.upsert"), false);
  assert.equal(refused.result._meta["galena/error"].code, "FORBIDDEN");
});

test("a command line that cannot work says why, on standard error", async (t) => {
  const place = Place.open(t);
  const start = (args, env = {}) =>
    run(PROGRAM, ["mcp", ...args], { cwd: place.folder, env: place.env(env) });

  for (const [args, env, says] of [
    [["--profile", "small"], {}, /--profile is full or compact/],
    [["--names", "x"], {}, /--names is id or plain/],
    [["--scopes", "everything"], {}, /everything/],
    [["--workspace", "nowhere"], {}, /nowhere/],
    [["--url", "http://127.0.0.1:1"], { GALENA_DB: "" }, /GALENA_API_KEY/],
    [["--url", "http://127.0.0.1:1", "--scopes", "read"], { GALENA_API_KEY: "x" }, /--scopes/],
    [["more"], {}, /no use for "more"/],
  ]) {
    const { code, stdout, stderr } = await start(args, env);
    assert.ok(code > 0, args.join(" "));
    assert.equal(stdout, "", "standard output is for messages");
    assert.match(stderr, says);
  }
});

test("a server that is not there, or will not let us in, is told in the answer", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const wrong = Stdio.open(t, place, { server: { url: server.url, key: "sk-workspace_wrong" } });
  const gone = Stdio.open(t, place, { server: { url: "http://127.0.0.1:1", key: server.key } });
  const other = await wrong.ask("tools/list");
  const none = await gone.ask("tools/list");

  assert.equal(other.error.data.code, "UNAUTHENTICATED");
  assert.equal(none.error.data.code, "UPSTREAM");
  assert.match(none.error.message, /Is the server running/);
  gone.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  assert.equal(await gone.close(), 0);
  assert.equal(gone.received.length, 1, "a notification is not answered, not even so");
});

test("a reader that has gone ends it", async (t) => {
  const { stdio } = await ways["a database"](t);

  await stdio.ask("tools/list");
  stdio.child.stdout.destroy();
  for (let n = 0; n < 3 && stdio.ended === undefined; n++) stdio.send(request("tools/list"));
  await stdio.exit;
  assert.ok(stdio.ended !== undefined);
});
