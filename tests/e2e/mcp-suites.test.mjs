// What others made to test servers of the Model Context Protocol: the official conformance suite,
// with the reviewed list of tests/data/mcp/conformance.json, and the inspector's command line.
import assert from "node:assert/strict";
import http from "node:http";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { ids } from "./lib/examples.mjs";
import { BIN, NODE } from "./lib/mcp.mjs";
import { PROGRAM, Place, ROOT, run } from "./lib/place.mjs";

const REVIEWED = JSON.parse(
  readFileSync(path.join(ROOT, "tests", "data", "mcp", "conformance.json"), "utf8")).revisions;

/* The suite sends no key, so this stands before the server and adds it. Answers its URL. */
async function openProxy(t, server) {
  const proxy = http.createServer((asked, answer) => {
    const passed = http.request({
      host: "127.0.0.1", port: server.port, method: asked.method, path: asked.url,
      headers: { ...asked.headers, authorization: `Bearer ${server.key}` },
    }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  });

  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  t.after(() => proxy.close());
  return `http://127.0.0.1:${proxy.address().port}/mcp`;
}

function suite(place, args) {
  return run(NODE, [path.join(BIN, "conformance"), ...args],
    { cwd: place.folder, env: place.env() });
}

/* scenario → its checks, from the folders that the suite leaves. */
function readResults(folder) {
  return Object.fromEntries(readdirSync(folder).map((name) => [
    /^server-(.*)-\d{4}-\d\d-\d\dT/.exec(name)[1],
    JSON.parse(readFileSync(path.join(folder, name, "checks.json"), "utf8")),
  ]));
}

for (const [revision, { run: wanted, left_out: leftOut }] of Object.entries(REVIEWED)) {
  test(`conformance suite, revision ${revision}`, async (t) => {
    const place = Place.open(t);
    const url = await openProxy(t, await place.serve());
    const listed = await suite(place, ["list", "--server", "--spec-version", revision]);
    const scenarios = [...listed.stdout.matchAll(/^ +- (\S+) \[/gm)].map((found) => found[1]);

    assert.deepEqual(scenarios.sort(),
      [...Object.keys(wanted), ...Object.keys(leftOut)].sort(), "every scenario is reviewed");
    mkdirSync(place.path("results"));
    await suite(place, ["server", "--url", url, "--suite", "all", "--spec-version", revision,
      "-o", place.path("results")]);
    const results = readResults(place.path("results"));
    for (const [scenario, known] of Object.entries(wanted)) {
      const checks = results[scenario] ?? [];
      const passed = checks.filter((one) => one.status === "SUCCESS");
      const others = checks.filter((one) => one.status !== "SUCCESS");
      const surprises = others.filter((one) => !(one.id in known));

      assert.deepEqual(surprises, [], scenario);
      assert.deepEqual(others.map((one) => one.id).sort(), Object.keys(known).sort(),
        `${scenario}: what is known not to succeed`);
      assert.ok(passed.length > 0, `${scenario} checked something`);
      for (const one of passed) {
        assert.doesNotMatch(JSON.stringify(one.details ?? {}), /Unknown (tool|prompt)/,
          `${scenario}, ${one.id}: passed only because something is unknown here`);
      }
    }
  });
}

test("the inspector lists and calls tools", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const ways = {
    HTTP: [`${server.url}/mcp`, "--transport", "http", "--header",
      `Authorization: Bearer ${server.key}`],
    "standard input": [PROGRAM, "mcp"],
  };

  for (const [name, way] of Object.entries(ways)) {
    const inspect = async (...args) => {
      const { code, stdout, stderr } = await run(NODE,
        [path.join(BIN, "mcp-inspector"), "--cli", ...way, ...args],
        { cwd: place.folder, env: place.env() });
      assert.equal(code, 0, `${name}: ${stdout}${stderr}`);
      return JSON.parse(stdout);
    };
    const { tools } = await inspect("--method", "tools/list");
    assert.deepEqual(tools.map((one) => one.name), ids, name);
    const written = await inspect("--method", "tools/call", "--tool-name", "lead.upsert",
      "--tool-arg", "email=ada@example.com", "--tool-arg", "name=Ada Example");
    assert.equal(written.structuredContent.lead.name, "Ada Example", name);
    const { contents } = await inspect("--method", "resources/read", "--uri", "galena://status");
    assert.equal(contents.length, 1, name);
    const { prompts } = await inspect("--method", "prompts/list");
    assert.equal(prompts.length, 3, name);
  }
});
