// The official clients, old and new, over HTTP and standard input: each lists and runs every tool.
import assert from "node:assert/strict";
import test from "node:test";

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OldHttp }
  from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { examplesOf, furnish, ids, mayFail, withIds } from "./lib/examples.mjs";
import { csv } from "./lib/people.mjs";
import { HANDSHAKE, STATELESS } from "./lib/mcp.mjs";
import { PROGRAM, Place } from "./lib/place.mjs";

const NAME = { name: "e2e", version: "1.0.0" };

/* How a client reaches the database of `place`, which `server` serves. */
const transports = {
  HTTP: ({ server, url, http: make }) => make(new URL(url ?? `${server.url}/mcp`), {
    requestInit: { headers: { Authorization: `Bearer ${server.key}` } },
  }),
  "standard input": ({ place, server, stdio: make }) => make({
    command: PROGRAM, args: ["mcp", "--workspace", server.workspace], env: place.env(),
  }),
  "standard input, in front of a server": ({ place, server, stdio: make }) => make({
    command: PROGRAM, args: ["mcp", "--url", server.url],
    env: place.env({ GALENA_API_KEY: server.key }),
  }),
};

const old = { http: (...args) => new OldHttp(...args), stdio: (...args) => new OldStdio(...args) };
const own = {
  http: (...args) => new StreamableHTTPClientTransport(...args),
  stdio: (...args) => new StdioClientTransport(...args),
};
const clients = {
  "sdk 1": { make: (more) => new OldClient(NAME, more), revision: HANDSHAKE[0], ...old },
  "client 2, as before": { make: (more) => new Client(NAME, more), revision: HANDSHAKE[0], ...own },
  "client 2, auto": {
    make: (more) => new Client(NAME, { versionNegotiation: { mode: "auto" }, ...more }),
    revision: STATELESS, ...own,
  },
  "client 2, pinned": {
    make: (more) => new Client(NAME, { versionNegotiation: { mode: { pin: STATELESS } }, ...more }),
    revision: STATELESS, ...own,
  },
};

async function connect(t, kind, way, where, more) {
  const client = clients[kind].make(more);
  await client.connect(transports[way]({ ...clients[kind], ...where }));
  t.after(() => client.close());
  return client;
}

/* A workspace of its own, with what examples name, for whoever comes next. */
async function freshWorkspace(place, server, name) {
  const made = await place.cliJson(["workspace", "create", name]);
  assert.equal(made.code, 0, made.stderr);
  server.key = (await place.key("--workspace", name)).key;
  server.workspace = name;
  return furnish(server);
}

for (const kind of Object.keys(clients)) {
  for (const way of Object.keys(transports)) {
    test(`${kind} over ${way}: every tool`, async (t) => {
      const place = Place.open(t);
      const server = await place.serve();
      const things = await freshWorkspace(place, server, "own");
      const client = await connect(t, kind, way, { place, server });
      const { tools } = await client.listTools();

      assert.deepEqual(tools.map((one) => one.name), ids);
      if (client.getNegotiatedProtocolVersion) {
        assert.equal(client.getNegotiatedProtocolVersion(), clients[kind].revision);
      }
      /* What takes things away, or shuts them out, comes last. */
      const isEnd = (id) => /\.(add|delete|remove)$/.test(id);
      const order = [...ids.filter((id) => !isEnd(id)), ...ids.filter(isEnd)];
      const problems = [];
      for (const id of order) {
        const { code } = examplesOf(id).find((one) => one.language === "json");
        const args = JSON.parse(withIds(code, things));
        const result = await client.callTool({ name: id, arguments: args });
        const error = result._meta["galena/error"];

        assert.equal(result.content.length, 1, id);
        if (result.isError && !mayFail(id, error)) problems.push(`${id}: ${JSON.stringify(error)}`);
        if (!result.isError) assert.equal(typeof result.structuredContent, "object", id);
      }
      assert.deepEqual(problems, []);
    });
  }

  test(`${kind}: resources, prompts, completion, errors`, async (t) => {
    const place = Place.open(t);
    const server = await place.serve();
    const client = await connect(t, kind, "HTTP", { place, server });
    const { list } = await server.data("list.create", { name: "Spring Fair" });
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    const { prompts } = await client.listPrompts();

    for (const { uri } of resources) {
      const { contents } = await client.readResource({ uri });
      assert.equal(typeof JSON.parse(contents[0].text), "object", uri);
    }
    assert.ok(resourceTemplates.some((one) => one.uriTemplate === "galena://leads/{id}"));
    for (const { name, arguments: takes } of prompts) {
      const given = Object.fromEntries(takes.map((one) => [one.name, "x"]));
      const { messages } = await client.getPrompt({ name, arguments: given });
      assert.equal(messages[0].role, "user");
    }
    const { completion } = await client.complete({
      ref: { type: "ref/resource", uri: "galena://lists/{id}" },
      argument: { name: "id", value: "spring" },
    });
    assert.deepEqual(completion.values, [list.id]);
    const bad = await client.callTool({ name: "lead.get", arguments: { emial: "x" } });
    assert.equal(bad.isError, true);
    assert.match(bad.content[0].text, /\/emial/);
    await assert.rejects(client.callTool({ name: "no.such", arguments: {} }), /Unknown tool/);
    await assert.rejects(client.readResource({ uri: "galena://leads/x" }), /not found/);
    await assert.rejects(client.getPrompt({ name: "nothing" }), /Unknown prompt/);
  });

  test(`${kind}: progress of an import`, async (t) => {
    const place = Place.open(t);
    const server = await place.serve();
    server.workspace = "default";
    for (const [turn, way] of Object.keys(transports).entries()) {
      const client = await connect(t, kind, way, { place, server });
      const seen = [];
      /* New people each time, and many: clients lose progress that comes with the answer. */
      const content = csv(turn * 40_000, (turn + 1) * 40_000);
      const args = [
        { name: "import.create", arguments: { content } },
        { onprogress: (one) => seen.push(one.progress) },
      ];
      const result = kind === "sdk 1"
        ? await client.callTool(args[0], undefined, args[1]) : await client.callTool(...args);
      assert.equal(result.structuredContent.import.state, "done", way);
      assert.ok(seen.length > 0, way);
    }
  });
}

test("a client that asks people is asked before a lead is deleted", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  server.workspace = "default";

  for (const way of Object.keys(transports)) {
    for (const confirm of [false, true]) {
      const client = await connect(t, "client 2, pinned", way, { place, server },
        { capabilities: { elicitation: { form: {} } } });
      const asked = [];
      client.setRequestHandler("elicitation/create", (request) => {
        asked.push(request.params.message);
        return { action: "accept", content: { confirm } };
      });
      const { lead_id: lead } = await server.data("lead.upsert", { email: "ada@example.com" });
      const result = await client.callTool(
        { name: "lead.delete", arguments: { lead_id: lead } });

      assert.equal(asked.length, 1, way);
      assert.match(asked[0], new RegExp(lead));
      assert.equal(result.isError, !confirm);
      assert.equal((await server.run("lead.get", { lead_id: lead })).status, confirm ? 404 : 200);
    }
  }
});

test("without a key no client comes in", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();

  for (const [kind, { make, http }] of Object.entries(clients)) {
    const client = make();
    await assert.rejects(client.connect(http(new URL(`${server.url}/mcp`))), /401|key|nauthorized/,
      kind);
    await client.close();
  }
});
