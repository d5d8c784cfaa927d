// The Model Context Protocol over HTTP, beyond the transcripts: who is let in, headers, tools
// against the catalogue, what is shown, retries, questions, bounds.
import assert from "node:assert/strict";
import test from "node:test";

import { ids } from "./lib/examples.mjs";
import { HANDSHAKE, STATELESS, ask, call, headersOf, meta, post, request } from "./lib/mcp.mjs";
import { Place } from "./lib/place.mjs";
import { until } from "./lib/until.mjs";

const ADA = { email: "ada@example.com", name: "Ada Example" };

async function tools(server, options) {
  return (await ask(server, "tools/list", {}, options)).tools;
}

test("tools are the commands, with the catalogue's own bytes", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const answer = await post(server, request("tools/list"));
  const listed = answer.json.result.tools;

  assert.deepEqual(listed.map((one) => one.name), ids, "every command, in their order");
  for (const id of ids) {
    const { stdout } = await place.cli(["commands", "schema", id, "--json"]);
    const { command } = JSON.parse(stdout).data;
    const tool = listed.find((one) => one.name === id);

    for (const [theirs, ours] of [["inputSchema", "input_schema"], ["outputSchema",
      "output_schema"]]) {
      const bytes = JSON.stringify(command[ours]);
      assert.ok(stdout.includes(`"${ours}":${bytes}`), `${id} ${ours} on the command line`);
      assert.ok(answer.text.includes(`"${theirs}":${bytes}`), `${id} ${theirs}`);
    }
    assert.equal(tool.title, command.title);
    assert.equal(tool.description, `${command.description} ${command.when_to_use}`);
    assert.equal(tool.annotations.readOnlyHint, command.risk === "read", id);
    assert.equal(tool.annotations.destructiveHint, command.risk === "approval", id);
    if (command.risk === "read") assert.equal(tool.annotations.idempotentHint, true, id);
    assert.match(tool.name, /^[A-Za-z0-9_.-]{1,128}$/);
  }
  assert.equal((await post(server, request("tools/list", {}, { id: answer.json.id }))).text,
    answer.text, "the same list, byte for byte");
});

test("the text block is the data, and what else there is to know", async (t) => {
  const server = await Place.open(t).serve();
  const written = await call(server, "lead.upsert", { ...ADA, phone: "+49 30 1" });
  const read = await call(server, "lead.get", { email: ADA.email });
  const { meta: about, ...data } = JSON.parse(written.content[0].text);

  assert.deepEqual(data, written.structuredContent);
  assert.equal(about.outcome, "created");
  assert.equal(read.content.length, 1);
  assert.deepEqual(JSON.parse(read.content[0].text), read.structuredContent, "nothing more to say");
  for (let n = 0; n < 3; n++) await call(server, "lead.upsert", { email: `n${n}@example.com` });
  const page = await call(server, "import.list", {});
  assert.equal("meta" in JSON.parse(page.content[0].text), false);
  const first = await call(server, "lead.search", { limit: 2 });
  const { next_cursor: cursor } = JSON.parse(first.content[0].text).meta;
  assert.equal(cursor, first._meta["galena/meta"].next_cursor);
  const second = await call(server, "lead.search", { limit: 2, cursor });
  assert.equal(second.isError, false);
  assert.notDeepEqual(second.structuredContent, first.structuredContent);
});

test("errors say what REST says", async (t) => {
  const server = await Place.open(t).serve();
  const cases = [
    ["lead.get", { emial: "x" }], ["lead.get", { email: "nobody@example.com" }],
    ["lead.upsert", { name: "Nobody" }], ["lead.upsert", { email: 7, name: [] }],
    ["list.get", { list_id: "01a1f866-1a2b-7d02-8f3e-5b7c9d1e2f30" }],
    ["import.create", {}], ["lead.search", { limit: 100000 }],
  ];

  for (const [name, args] of cases) {
    const rest = (await server.run(name, args)).json;
    const result = await call(server, name, args);
    const said = JSON.parse(result.content[0].text);

    assert.equal(result.isError, true, name);
    assert.equal("structuredContent" in result, false, name);
    assert.deepEqual(said, { error: rest.error }, `${name}: the text`);
    assert.deepEqual(result._meta["galena/error"], rest.error, name);
    assert.equal(result._meta["galena/status"], rest.status, name);
  }
});

test("plain names, and compact lists that say what they saved", async (t) => {
  const server = await Place.open(t).serve();
  const full = await tools(server);
  const plain = await tools(server, { query: "?names=plain" });
  const answer = await ask(server, "tools/list", {}, { query: "?profile=compact&names=plain" });
  const saved = answer._meta["galena/saved"];

  assert.deepEqual(plain.map((one) => one.name), ids.map((id) => id.replaceAll(".", "_")));
  assert.equal(new Set(plain.map((one) => one.name)).size, ids.length);
  assert.deepEqual(answer.tools.map((one) => one.name), plain.map((one) => one.name));
  assert.equal(Buffer.byteLength(JSON.stringify(answer.tools)), saved.bytes);
  assert.equal(Buffer.byteLength(JSON.stringify(plain)), saved.bytes_in_full);
  assert.ok(saved.bytes < saved.bytes_in_full / 2, "less than half");
  assert.ok(saved.left_out.includes("outputSchema"));
  for (const one of answer.tools) {
    assert.equal("outputSchema" in one, false);
    assert.equal(one.inputSchema.type, "object");
  }
  const upsert = answer.tools.find((one) => one.name === "lead_upsert").inputSchema;
  const whole = full.find((one) => one.name === "lead.upsert").inputSchema;
  assert.ok(upsert.properties.email && !upsert.properties.email.description);
  assert.ok(whole.properties.prospect_id && !upsert.properties.prospect_id, "second names");
  assert.deepEqual(upsert.required, whole.required);
  for (const query of ["?profile=x", "?names=x"]) {
    const refused = await post(server, request("tools/list"), { query });
    assert.equal(refused.status, 400, query);
    assert.equal(refused.json.error.data.code, "INVALID_INPUT");
  }
});

test("a profile for one call", async (t) => {
  const server = await Place.open(t).serve();
  await call(server, "lead.upsert", { ...ADA, description: "long ".repeat(200) });
  const full = await call(server, "lead.get", { email: ADA.email });
  const compact = await call(server, "lead.get", { email: ADA.email },
    { _meta: { "galena/response_profile": "compact" } });
  const rest = await server.run("lead.get", { email: ADA.email }, { profile: "compact" });

  assert.ok(full.structuredContent.lead.description);
  assert.deepEqual(compact.structuredContent, rest.json.data);
  assert.ok(compact._meta["galena/saved"].left_out.includes("description"));
  assert.equal("galena/saved" in full._meta, false);
  const bad = await post(server, request("tools/call",
    { name: "lead.get", arguments: ADA, _meta: { "galena/response_profile": "record" } }));
  assert.equal(bad.json.error.code, -32602);
});

test("a write that is repeated with its key happens once", async (t) => {
  const server = await Place.open(t).serve();
  const again = { _meta: { "galena/idempotency_key": "one" } };
  const first = await call(server, "mission.create", { name: "A" }, again);
  const second = await call(server, "mission.create", { name: "A" }, again);
  const other = await call(server, "mission.create", { name: "B" }, again);

  assert.deepEqual(second.structuredContent, first.structuredContent);
  assert.equal(second._meta["galena/meta"].replayed, true);
  assert.equal(JSON.parse(second.content[0].text).meta.replayed, true);
  assert.equal(other._meta["galena/error"].code, "IDEMPOTENCY_MISMATCH");
  assert.equal((await server.data("mission.list", {})).missions.length, 1);
  for (const key of ["", 7, "ä", "x".repeat(256)]) {
    const bad = await post(server, request("tools/call",
      { name: "mission.list", _meta: { "galena/idempotency_key": key } }));
    assert.equal(bad.json.error.code, -32602, JSON.stringify(key));
  }
});

test("history says that it came by MCP", async (t) => {
  const server = await Place.open(t).serve();
  const { structuredContent: { lead_id: lead } } = await call(server, "lead.upsert", ADA);
  const { changes } = await server.data("lead.history", { lead_id: lead });

  assert.equal(changes[0].via, "mcp");
});

test("without a key: 401, and where to read on", async (t) => {
  const server = await Place.open(t).serve();

  for (const key of [null, `sk-workspace_${"x".repeat(51)}`, "Bearer"]) {
    const answer = await post(server, request("tools/list"), { key });
    const challenge = /resource_metadata="([^"]+)"/.exec(answer.headers["www-authenticate"]);

    assert.equal(answer.status, 401);
    assert.equal(answer.json.jsonrpc, "2.0");
    assert.equal(answer.json.error.data.code, "UNAUTHENTICATED");
    assert.match(answer.headers["www-authenticate"], /^Bearer /);
    assert.equal(challenge[1], `${server.url}/.well-known/oauth-protected-resource/mcp`);
  }
  for (const path of ["/mcp", ""]) {
    const about = await server.request("GET", `/.well-known/oauth-protected-resource${path}`,
      { key: null });
    assert.equal(about.status, 200);
    assert.equal(about.json.resource, `${server.url}/mcp`);
    assert.deepEqual(about.json.bearer_methods_supported, ["header"]);
  }
  const forwarded = await post(server, request("tools/list"),
    { key: null, headers: { Host: "leads.example.com", "X-Forwarded-Proto": "https" } });
  assert.match(forwarded.headers["www-authenticate"], /"https:\/\/leads\.example\.com\/\.well-/);
  const odd = await post(server, request("tools/list"),
    { key: null, headers: { Host: "x\"y" } });
  assert.equal(odd.headers["www-authenticate"]?.includes("\"y") ?? false, false);
});

test("only what the key may do is there", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const { key: reads } = await place.key("--scopes", "read");
  const { key: imports } = await place.key("--scopes", "import.create list.*");
  const { structuredContent: { lead_id: lead } } = await call(server, "lead.upsert", ADA);

  for (const one of await tools(server, { key: reads })) {
    assert.equal(one.annotations.readOnlyHint, true, one.name);
  }
  assert.deepEqual((await tools(server, { key: imports })).map((one) => one.name),
    ids.filter((id) => id === "import.create" || id.startsWith("list.")));
  const refused = await call(server, "lead.delete", { lead_id: lead }, { key: reads });
  assert.equal(refused.isError, true);
  assert.equal(refused._meta["galena/error"].code, "FORBIDDEN");
  assert.match(refused.content[0].text, /lacks the scope \\"delete\\"/);
  assert.equal((await call(server, "lead.get", { lead_id: lead })).isError, false, "still there");
  const { resources } = await ask(server, "resources/list", {}, { key: imports });
  assert.deepEqual([...new Set(resources.map((one) => one.uri.replace(/.*:\/\//, "")))],
    ["catalog", "lists"]);
  const { prompts } = await ask(server, "prompts/list", {}, { key: imports });
  assert.deepEqual(prompts.map((one) => one.name), ["import_file"]);
  const { completion } = await ask(server, "completion/complete", {
    ref: { type: "ref/prompt", name: "import_file" }, argument: { name: "mission_id", value: "" },
  }, { key: imports });
  assert.deepEqual(completion.values, []);
  const read = await post(server, request("resources/read", { uri: "galena://status" }),
    { key: imports });
  assert.match(read.json.error.message, /workspace\.stats/);
});

test("pages of strangers are not let in", async (t) => {
  const place = Place.open(t);
  const strict = await place.serve();
  const open = await place.serve(["--cors-origins", "https://app.example.com, https://b.example"],
    { key: strict.key });
  const from = async (server, origin) =>
    (await post(server, request("tools/list"), { headers: { Origin: origin } })).status;

  for (const origin of ["http://evil.example.com", "null", "https://app.example.com",
    "http://localhost.evil.com", "http://127.0.0.1.evil.com", strict.url.replace("127", "10")]) {
    assert.equal(await from(strict, origin), 403, origin);
  }
  for (const origin of ["http://localhost", "http://localhost:6274", "https://127.0.0.1:1",
    "http://[::1]:80", strict.url]) {
    assert.equal(await from(strict, origin), 200, origin);
  }
  assert.equal(await from(open, "https://app.example.com"), 200);
  assert.equal(await from(open, "https://B.example"), 200);
  assert.equal(await from(open, "https://c.example"), 403);
  const refused = await post(strict, request("tools/list"), { headers: { Origin: "null" } });
  assert.equal(refused.json.error.data.code, "FORBIDDEN");
});

test("headers and body must say the same", async (t) => {
  const server = await Place.open(t).serve();
  const get = request("tools/call", { name: "workspace.stats" });
  const read = request("resources/read", { uri: "galena://status" });
  const wrapped = (text) => `=?base64?${Buffer.from(text).toString("base64")}?=`;
  const refused = [
    [get, { "Mcp-Name": "foo" }], [get, { "Mcp-Name": null }], [get, { "Mcp-Method": null }],
    [get, { "Mcp-Method": "TOOLS/CALL" }], [get, { "MCP-Protocol-Version": null }],
    [get, { "MCP-Protocol-Version": "2025-11-25" }], [get, { "Mcp-Name": wrapped("foo") }],
    [get, { "Mcp-Name": "=?base64?d29ya3NwYWNlLnN0YXRz!?=" }],
    [get, { "Mcp-Name": "=?base64?d29ya3NwYWNlLnN0YXRzMTI?=" }],
    [get, { "Mcp-Name": "=?base64?/w==?=" }], [read, { "Mcp-Name": "galena://catalog" }],
    [read, { "Mcp-Name": null }],
  ];
  const accepted = [
    [get, {}], [get, { "Mcp-Name": "  workspace.stats  " }], [read, {}],
    [get, { "Mcp-Name": wrapped("workspace.stats") }],
    [get, { "Mcp-Method": null, "MCP-METHOD": "tools/call" }],
  ];

  for (const [message, headers] of refused) {
    const answer = await post(server, message, { headers });
    assert.equal(answer.status, 400, JSON.stringify(headers));
    assert.equal(answer.json.error.code, -32020, JSON.stringify(headers));
    assert.equal(answer.json.id, message.id);
  }
  for (const [message, headers] of accepted) {
    const answer = await post(server, message, { headers });
    assert.equal(answer.status, 200, `${JSON.stringify(headers)} ${answer.text}`);
    assert.ok(answer.json.result);
  }
});

test("versions in headers alone", async (t) => {
  const server = await Place.open(t).serve();
  const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  const send = (version, message = list) =>
    post(server, message, { headers: { "MCP-Protocol-Version": version } });

  for (const version of HANDSHAKE) assert.equal((await send(version)).status, 200, version);
  assert.equal((await send(null)).status, 200, "none: an older one");
  for (const version of ["2024-01-01", "x", "", "2025-03-26"]) {
    const answer = await send(version);
    assert.equal(answer.status, 400, version);
    assert.equal(answer.json.error.code, -32022);
    assert.deepEqual(answer.json.error.data,
      { supported: [STATELESS, ...HANDSHAKE], requested: version });
  }
  const bare = await send(STATELESS);
  assert.deepEqual([bare.status, bare.json.error.code], [400, -32602]);
  assert.equal((await send("x", { jsonrpc: "2.0", method: "notifications/initialized" })).status,
    400, "a notification, too");
});

test("initialize agrees on a revision, and names a session", async (t) => {
  const server = await Place.open(t).serve();
  const start = (protocolVersion) => post(server,
    request("initialize", { protocolVersion, capabilities: {}, clientInfo: {} },
      { revision: HANDSHAKE[0] }), { revision: HANDSHAKE[0] });

  for (const [asked, given] of [...HANDSHAKE.map((one) => [one, one]),
    ["2024-11-05", HANDSHAKE[0]], [STATELESS, HANDSHAKE[0]], ["x", HANDSHAKE[0]]]) {
    const answer = await start(asked);
    assert.equal(answer.json.result.protocolVersion, given, asked);
    assert.match(answer.headers["mcp-session-id"], /^[0-9a-f]{32}$/);
  }
  const wrong = await start(7);
  assert.equal(wrong.json.error.code, -32602);
  assert.equal(wrong.headers["mcp-session-id"], undefined);
  const ours = { "Mcp-Session-Id": (await start(HANDSHAKE[0])).headers["mcp-session-id"] };
  const list = request("tools/list", {}, { revision: HANDSHAKE[0] });
  assert.equal((await post(server, list, { revision: HANDSHAKE[0], headers: ours })).status, 200);
  const long = await post(server, list,
    { revision: HANDSHAKE[0], headers: { "Mcp-Session-Id": "x".repeat(200) } });
  assert.equal(long.status, 400);
});

test("GET and DELETE are not answered; other bodies neither", async (t) => {
  const server = await Place.open(t).serve();

  for (const method of ["GET", "DELETE", "PUT"]) {
    const answer = await server.request(method, "/mcp");
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.allow, "POST, OPTIONS");
    assert.equal(answer.json.error.data.code, "METHOD_NOT_ALLOWED");
  }
  const text = await post(server, request("tools/list"),
    { headers: { "Content-Type": "text/plain" } });
  assert.equal(text.status, 415);
  assert.equal(text.json.error.code, -32600);
  const empty = await server.request("POST", "/mcp", { headers: headersOf(request("ping")) });
  assert.equal(empty.status, 400);
});

test("frames that are too large, too deep, or broken", async (t) => {
  const server = await Place.open(t).serve(["--body-bytes-max", "65536"]);
  const large = await post(server, request("tools/call",
    { name: "lead.upsert", arguments: { ...ADA, description: "x".repeat(70000) } }));

  assert.equal(large.status, 413);
  assert.equal(large.json.error.data.code, "TOO_LARGE");
  const deep = await post(server, `${"[".repeat(500)}${"]".repeat(500)}`);
  assert.deepEqual([deep.status, deep.json.error.code], [400, -32700]);
  for (const body of ["", " ", "null", "7", "\"x\"", "{}", "{\"jsonrpc\":\"2.0\"}", "\u0000",
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}", "data: {}", "[".repeat(60000),
    "{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999,\"method\":\"ping\"}",
    `{"jsonrpc":"2.0","id":"${"x".repeat(300)}","method":"ping"}`]) {
    const answer = await post(server, body);
    assert.equal(answer.status, 400, body.slice(0, 40));
    assert.ok([-32700, -32600].includes(answer.json.error.code), body.slice(0, 40));
  }
  assert.equal((await post(server, request("tools/list"))).status, 200, "and it goes on");
});

test("a destructive tool asks first, where the client can ask", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const can = { "io.modelcontextprotocol/clientCapabilities": { elicitation: {} } };
  const make = async (n) => (await call(server, "lead.upsert", { email: `${n}@x.example.com` }))
    .structuredContent.lead_id;
  const del = (lead, more = {}, options = {}) => post(server, request("tools/call",
    { name: "lead.delete", arguments: { lead_id: lead }, _meta: can, ...more }), options);
  const isThere = async (lead) => !(await call(server, "lead.get", { lead_id: lead })).isError;
  const yes = { confirm: { action: "accept", content: { confirm: true } } };
  const lead = await make("one");
  const { result: asked } = (await del(lead)).json;
  const { requestState } = asked;

  assert.equal(asked.resultType, "input_required");
  assert.equal(asked.inputRequests.confirm.method, "elicitation/create");
  assert.equal(asked.inputRequests.confirm.params.mode, "form");
  assert.match(asked.inputRequests.confirm.params.message, new RegExp(lead));
  assert.deepEqual(asked.inputRequests.confirm.params.requestedSchema.required, ["confirm"]);
  assert.equal("ttlMs" in asked, false);
  assert.ok(await isThere(lead), "nothing happened yet");

  for (const response of [
    { confirm: { action: "decline" } }, { confirm: { action: "cancel" } },
    { confirm: { action: "accept", content: { confirm: false } } },
    { confirm: { action: "accept", content: {} } },
  ]) {
    const no = (await del(lead, { inputResponses: response, requestState })).json.result;
    assert.equal(no.isError, true);
    assert.equal(no._meta["galena/error"].code, "FORBIDDEN");
  }
  for (const more of [{ inputResponses: yes }, { requestState }, { inputResponses: {} ,
    requestState }, { inputResponses: { other: yes.confirm }, requestState }]) {
    const again = (await del(lead, more)).json.result;
    assert.equal(again.resultType, "input_required", JSON.stringify(more));
  }
  const other = await make("two");
  const { key } = await place.key();
  for (const [whom, state, options] of [
    [lead, `${requestState.slice(0, -2)}AA`], [lead, "x"], [lead, ""], [other, requestState],
    [lead, requestState, { key }],
  ]) {
    const refused = await del(whom, { inputResponses: yes, requestState: state }, options);
    assert.equal(refused.json.error.code, -32602, state);
  }
  assert.ok(await isThere(lead), "still nothing happened");
  const done = (await del(lead, { inputResponses: { ...yes, extra: {} }, requestState })).json;
  assert.equal(done.result.isError, false);
  assert.equal(done.result.resultType, "complete");
  assert.equal(await isThere(lead), false);

  assert.equal((await call(server, "lead.delete", { lead_id: other })).isError, false,
    "a client that cannot ask takes care itself");
  const third = await make("three");
  const url = { "io.modelcontextprotocol/clientCapabilities": { elicitation: { url: {} } } };
  assert.equal((await del(third, { _meta: url })).json.result.isError, false, "no forms");
  const bad = (await post(server, request("tools/call",
    { name: "lead.delete", arguments: { lead: 1 }, _meta: can }))).json.result;
  assert.equal(bad._meta["galena/error"].code, "INVALID_INPUT", "nobody is asked about that");
});

test("resources are the commands' answers", async (t) => {
  const server = await Place.open(t).serve();
  const { lead_id: lead } = await server.data("lead.upsert", ADA);
  const { list } = await server.data("list.create", { name: "A list" });
  const cases = {
    status: ["workspace.stats", {}], missions: ["mission.list", {}], lists: ["list.list", {}],
    imports: ["import.list", {}], [`leads/${lead}`]: ["lead.get", { lead_id: lead }],
    [`prospects/${lead}`]: ["lead.get", { lead_id: lead }],
    [`lists/${list.id}`]: ["list.get", { list_id: list.id }],
  };

  await until(async () => {
    const { search } = await server.data("workspace.stats", {});
    return search === undefined || JSON.stringify(search).includes("0");
  });
  for (const [path, [command, input]] of Object.entries(cases)) {
    for (const scheme of ["galena", "salestouch"]) {
      const uri = `${scheme}://${path}`;
      const { contents } = await ask(server, "resources/read", { uri });
      assert.equal(contents.length, 1);
      assert.equal(contents[0].uri, uri);
      assert.deepEqual(Object.keys(JSON.parse(contents[0].text)),
        Object.keys(await server.data(command, input)), uri);
    }
  }
  const { contents: [catalog] } = await ask(server, "resources/read", { uri: "galena://catalog" });
  assert.deepEqual(JSON.parse(catalog.text).commands.map((one) => one.command_id), ids);
  for (const uri of ["galena://", "galena://x", "galena://leads/", "galena://leads/x",
    `galena://leads/${"x".repeat(500)}`, "galena://status/x", "GALENA://status", "", "galena://l\u00e4"]) {
    const answer = await post(server, request("resources/read", { uri }));
    assert.equal(answer.json.error.code, -32602, uri);
    assert.equal(answer.status, 200, uri);
  }
});

test("completion of ids and names", async (t) => {
  const server = await Place.open(t).serve();
  const make = async (command, input, noun) => (await server.data(command, input))[noun].id;
  const fair = await make("list.create", { name: "Spring Fair" }, "list");
  const web = await make("list.create", { name: "Web form" }, "list");
  const mission = await make("mission.create", { name: "Spring mission" }, "mission");
  const tag = await make("tag.create", { name: "Hot" }, "tag");
  const stage = await make("stage.create",
    { name: "Demo held", object: "lead", category: "positive" }, "stage");
  const { import: { import_id: made } } = await server.data("import.create",
    { content: "Email\nbo@example.com\n", name: "people.csv" });
  const complete = async (ref, name, value) => (await ask(server, "completion/complete",
    { ref, argument: { name, value } })).completion;
  const prompt = (name) => ({ type: "ref/prompt", name });
  const resource = (uri) => ({ type: "ref/resource", uri });
  const cases = [
    [prompt("import_file"), "list_id", "spring", [fair]],
    [prompt("import_file"), "list_id", web, [web]],
    [prompt("import_file"), "mission_id", "MISSION", [mission]],
    [prompt("import_file"), "tag", "h", ["Hot"]],
    [prompt("import_file"), "file", "peo", []],
    [prompt("prepare_outreach_list"), "stage_id", "demo", [stage]],
    [resource("galena://lists/{id}"), "id", "fair", [fair]],
    [resource("salestouch://missions/{id}"), "id", "", [mission]],
    [resource("galena://imports/{id}"), "id", "people", [made]],
    [resource("galena://tags/{id}"), "id", "hot", [tag]],
    [resource("galena://stages/{id}"), "id", "Demo", [stage]],
    [resource("galena://leads/{id}"), "id", "a", []],
  ];

  for (const [ref, name, value, values] of cases) {
    const found = await complete(ref, name, value);
    assert.deepEqual(found.values, values, `${ref.name ?? ref.uri} ${name} "${value}"`);
    assert.equal(found.total, values.length);
    assert.equal(found.hasMore, false);
  }
  assert.ok((await complete(prompt("import_file"), "list_id", "")).values.includes(fair));
  for (let n = 0; n < 101; n++) await server.data("list.create", { name: `many ${n}` });
  const many = await complete(prompt("import_file"), "list_id", "many");
  assert.deepEqual([many.values.length, many.hasMore], [100, true]);
  for (const params of [
    { ref: prompt("import_file"), argument: { name: "nothing", value: "" } },
    { ref: resource("galena://nothing/{id}"), argument: { name: "id", value: "" } },
    { ref: resource("galena://lists/{id}"), argument: { name: "x", value: "" } },
    { ref: { type: "ref/tool", name: "x" }, argument: { name: "x", value: "" } },
    { ref: prompt("import_file"), argument: { name: "list_id" } }, { argument: {} }, {},
  ]) {
    const answer = await post(server, request("completion/complete", params));
    assert.equal(answer.json.error?.code, -32602, JSON.stringify(params));
  }
});

test("prompts name tools that there are", async (t) => {
  const server = await Place.open(t).serve();
  const { prompts } = await ask(server, "prompts/list", {});

  for (const { name, arguments: takes } of prompts) {
    const given = Object.fromEntries(takes.map((one) => [one.name, `the ${one.name}`]));
    const { messages } = await ask(server, "prompts/get", { name, arguments: given });
    const { text } = messages[0].content;
    const named = text.match(/\b[a-z]+\.[a-z_]+(\.[a-z]+)?\b/g);

    assert.ok(named.length > 3);
    for (const one of named) assert.ok(ids.includes(one), `${name} names ${one}`);
    for (const one of takes) assert.ok(text.includes(`the ${one.name}`), `${name} ${one.name}`);
  }
  const long = await post(server, request("prompts/get",
    { name: "import_file", arguments: { file: "x".repeat(2001) } }));
  assert.equal(long.json.error.code, -32602);
});

test("two hundred calls at once", async (t) => {
  const server = await Place.open(t).serve();
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => post(server,
    request("tools/call", { name: n % 4 ? "lead.upsert" : "workspace.stats",
      arguments: n % 4 ? { email: `person.${n % 50}@example.com` } : {} }, { id: `call ${n}` }))));

  answers.forEach((answer, n) => {
    assert.equal(answer.status, 200);
    assert.equal(answer.json.id, `call ${n}`);
    assert.equal(answer.json.result.isError, false, answer.text);
  });
  const { tools: listed } = await ask(server, "tools/list", {});
  assert.equal(listed.length, ids.length);
});

test("the log names the command and the failure", async (t) => {
  const server = await Place.open(t).serve();
  await call(server, "lead.get", { email: "nobody@example.com" });
  await post(server, request("no/such"));
  await server.stop();
  const lines = server.log.filter((one) => one.route === "/mcp");

  assert.equal(lines.length, 2);
  assert.equal(lines[0].command, "lead.get");
  assert.equal(lines[0].error, "LEAD_NOT_FOUND");
  assert.equal(lines[0].status, 200);
  assert.equal(lines[1].error, "NOT_FOUND");
  assert.equal(server.stderr.includes("nobody@example.com"), false);
});

test("meta of a request may hold what it likes", async (t) => {
  const server = await Place.open(t).serve();
  const answer = await post(server, request("tools/call", {
    name: "workspace.stats",
    _meta: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01", "x/y": [1] },
  }));

  assert.equal(answer.json.result.isError, false);
  assert.equal(typeof meta()["io.modelcontextprotocol/protocolVersion"], "string");
});
