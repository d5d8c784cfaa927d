// "Adding a command" of docs/ARCHITECTURE.md, done: in a copy of the sources a command is one JSON
// file and one C function, and every surface has it.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { Place, ROOT, run } from "./lib/place.mjs";
import { Server } from "./lib/server.mjs";

const SOURCES = ["meson.build", "meson_options.txt", "catalogue", "sql", "src", "tests/bench", "tools",
  "web"];
const BUILD_MS_MAX = 600_000; // other tests may be running beside it

/* Step 1. */
const INPUT = { name: "Ada" };
const HELLO = {
  command_id: "hello.say",
  title: "Say Hello",
  description: "Say hello to somebody.",
  summary: "Say hello.",
  visibility: "public",
  risk: "read",
  category: "hello",
  default_permission: "allow",
  when_to_use: "Use this to see that a new command is everywhere.",
  risk_notes: [],
  output_notes: ["`greeting` is English."],
  related_commands: ["workspace.get"],
  related_resources: [],
  examples: [
    { title: "CLI", language: "bash",
      code: `galena commands run hello.say --input-json '${JSON.stringify(INPUT)}' --json` },
    { title: "HTTP", language: "bash",
      code: "curl -X POST \"$GALENA_URL/api/v1/commands/hello.say\" " +
        "-H \"Authorization: Bearer $GALENA_API_KEY\" -H \"Content-Type: application/json\" " +
        `-d '${JSON.stringify({ input: INPUT })}'` },
    { title: "Payload", language: "json", code: JSON.stringify(INPUT, null, 2) },
  ],
  input_schema: {
    type: "object",
    properties: { name: { type: "string", maxLength: 100, description: "Whom to greet." } },
    required: ["name"],
    additionalProperties: false,
  },
  output_schema: {
    type: "object",
    properties: { greeting: { type: "string", description: "The greeting." } },
    required: ["greeting"],
    additionalProperties: false,
  },
  approval_output_schema: { $use: "approval" },
};

/* Step 2. */
const HEADER = `#ifndef COMMAND_HELLO_COMMANDS_H
#define COMMAND_HELLO_COMMANDS_H

#include "command/command.h"

MUST_USE enum err_code hello_commands_say(struct call *call, struct txn *txn, struct err *err);

#endif
`;
const SOURCE = `#include "command/hello_commands.h"

enum err_code hello_commands_say(struct call *call, struct txn *txn, struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);

	(void)txn;
	writer_begin_object(&writer);
	writer_member_text(&writer, "greeting",
			   arena_format(call->arena, "Hello, %.*s!",
					TEXT_ARG(command_text(call->input, "name"))));
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
`;

function edit(file, from, to) {
  const text = readFileSync(file, "utf8");
  assert.equal(text.split(from).length, 2, `${file} has one ${from}`);
  writeFileSync(file, text.replace(from, () => to));
}

/** The copy, with the command in it: steps 1 to 3. */
function addCommand(tree) {
  const folder = path.join(tree, "src/command");

  for (const name of SOURCES) {
    cpSync(path.join(ROOT, name), path.join(tree, name), { recursive: true });
  }
  writeFileSync(path.join(tree, "catalogue/commands/hello.say.json"), JSON.stringify(HELLO));
  writeFileSync(path.join(folder, "hello_commands.h"), HEADER);
  writeFileSync(path.join(folder, "hello_commands.c"), SOURCE);
  edit(path.join(folder, "meson.build"), "'handlers.c'", "'handlers.c', 'hello_commands.c'");
  edit(path.join(folder, "handlers.c"), '#include "command/import_commands.h"\n',
    '#include "command/hello_commands.h"\n#include "command/import_commands.h"\n');
  edit(path.join(folder, "handlers.c"), '\t{"import.cancel"',
    '\t{"hello.say", COMMAND_READS_HERE, NULL, hello_commands_say},\n\t{"import.cancel"');
}

async function build(tree, out) {
  const options = ["--buildtype=plain", "-Doptimization=0", "-Ddebug=false", "-Dtests=false"];
  const set = await run("meson", ["setup", out, tree, ...options]);
  assert.equal(set.code, 0, set.stdout);
  const made = await run("ninja", ["-C", out, "galena"], { timeout: BUILD_MS_MAX });
  assert.equal(made.code, 0, made.stdout.slice(-4000));
}

test("a command is one JSON file and one C function", { timeout: BUILD_MS_MAX }, async (t) => {
  if ((await run("sh", ["-c", "command -v meson ninja"])).code !== 0) {
    t.skip("meson and ninja are not installed");
    return;
  }
  const place = Place.open(t);
  const tree = place.path("tree");
  const program = place.path("out/galena");

  addCommand(tree);
  await build(tree, place.path("out"));
  const cli = (...args) => run(program, args, { cwd: place.folder, env: place.env() });
  const key = JSON.parse((await cli("key", "create", "--name", "e2e", "--json")).stdout).key;
  const server = new Server(program, [], { cwd: place.folder, env: place.env() });
  place.servers.push(server);
  await server.ready();
  server.key = key;

  await t.test("REST", async () => {
    assert.deepEqual(await server.data("hello.say", INPUT), { greeting: "Hello, Ada!" });
    const refused = await server.run("hello.say", { nam: "Ada" });
    assert.equal(refused.status, 400);
    assert.equal(refused.json.error.code, "INVALID_INPUT");
    const { commands } = (await server.request("GET", "/api/v1/commands")).json.data;
    assert.ok(commands.some((one) => one.command_id === "hello.say"));
  });
  await t.test("command line", async () => {
    const ran = await cli("commands", "run", "hello.say", "--input-json", '{"name":"Bo"}', "--json");
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(JSON.parse(ran.stdout).data.greeting, "Hello, Bo!");
    assert.match((await cli("commands", "list")).stdout, /^hello\.say +read +Say hello\.$/m);
    assert.match((await cli("commands", "schema", "hello.say")).stdout, /Whom to greet/);
    assert.match((await cli("completion", "bash")).stdout, / hello\.say /);
  });
  await t.test("OpenAPI", async () => {
    const { paths, components } = (await server.request("GET", "/openapi.json")).json;
    assert.equal(paths["/api/v1/commands/hello.say"].post.summary, "Say Hello");
    assert.deepEqual(components.schemas.HelloSayInput, HELLO.input_schema);
  });
  await t.test("/docs and the manual", async () => {
    const page = await server.request("GET", "/docs/hello.say", { key: null });
    assert.equal(page.status, 200);
    assert.match(page.text, /Whom to greet/);
    assert.match((await server.request("GET", "/docs", { key: null })).text, /\/docs\/hello\.say/);
    const manual = readFileSync(place.path("out/src/surface/galena-commands.7"), "utf8");
    assert.match(manual, /^\.B hello\.say$/m);
  });
  await t.test("MCP", async () => {
    const ask = async (method, params) => {
      const { status, text } = await server.request("POST", "/mcp", {
        body: { jsonrpc: "2.0", id: 1, method, params },
        headers: {
          Accept: "application/json, text/event-stream", "MCP-Protocol-Version": "2025-11-25",
        },
      });
      assert.equal(status, 200, text);
      return JSON.parse(text.replace(/^.*?(?=\{)/s, "")).result;
    };
    const tools = [];
    let cursor;
    do {
      const page = await ask("tools/list", cursor ? { cursor } : {});
      tools.push(...page.tools);
      cursor = page.nextCursor;
    } while (cursor);
    assert.ok(tools.some((one) => one.name === "hello.say"));
    const called = await ask("tools/call", { name: "hello.say", arguments: INPUT });
    assert.equal(called.structuredContent.greeting, "Hello, Ada!");
  });
});
