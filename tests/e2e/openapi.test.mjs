// The OpenAPI description: sound by the judgement of others' tools, complete, and true.
//
// That it names every route and no other is in tests/unit/test_openapi.c; that every answer is as
// it says is checked wherever tests send requests (lib/described.mjs).
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { check, readDescription, schemasOf } from "./lib/described.mjs";
import { ids } from "./lib/examples.mjs";
import { NODE } from "./lib/mcp.mjs";
import { ROOT, Place, run } from "./lib/place.mjs";

const VERSIONS = { "3.1": "/openapi.json", "3.2": "/openapi-3.2.json" };
const PACKAGES = path.join(ROOT, "tests/e2e/node_modules");
const METHODS = ["get", "post", "put", "patch", "delete"];
const OPEN = ["/", "/favicon.ico", "/healthz", "/readyz", "/metrics", "/openapi.json",
  "/openapi-3.2.json", "/docs", "/docs/{page}", "/.well-known/oauth-protected-resource",
  "/.well-known/oauth-protected-resource/mcp"];

const document = readDescription();
const newer = readDescription(["--as", "3.2"]);

/** [{path, method, operation}] of a description. */
function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([where, item]) => METHODS.filter((one) => one in item)
    .map((method) => ({ path: where, method, operation: item[method] })));
}

/* Run a tool of the packages in `place`, with what it may want to write going there. */
function tool(place, script, ...args) {
  return run(NODE, [path.join(PACKAGES, script), ...args], { cwd: place.folder,
    env: place.env({ REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", CI: "1" }) });
}

function write(place) {
  writeFileSync(place.path("openapi.json"), JSON.stringify(document));
  writeFileSync(place.path("openapi-3.2.json"), JSON.stringify(newer));
}

test("the server answers what the program prints, to whoever asks", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();

  for (const [version, where] of Object.entries(VERSIONS)) {
    const answer = await server.request("GET", where, { key: null });
    const { stdout } = await place.cli(["openapi", "--as", version]);
    assert.equal(answer.status, 200);
    assert.equal(answer.text.trim(), stdout.trim());
    assert.ok(answer.json.openapi.startsWith(`${version}.`), answer.json.openapi);
    assert.equal(answer.headers["access-control-allow-origin"], "*");
  }
  const { code, stderr } = await place.cli(["openapi", "--as", "2.0"]);
  assert.equal(code, 2);
  assert.match(stderr, /3\.1 or 3\.2/);
});

for (const file of ["openapi.json", "openapi-3.2.json"]) {
  test(`Redocly finds nothing to warn of in ${file}`, async (t) => {
    const place = Place.open(t);
    write(place);
    const { code, stdout, stderr } = await tool(place, "@redocly/cli/bin/cli.js", "lint",
      "--extends", "recommended", "--format", "json", file);
    const { totals, problems } = JSON.parse(stdout);

    assert.deepEqual([code, totals], [0, { errors: 0, warnings: 0, ignored: 0 }],
      `${JSON.stringify(problems, null, 1).slice(0, 4000)}\n${stderr}`);
  });
}

test("TypeScript's types of it compile, and are the right ones", async (t) => {
  const place = Place.open(t);
  write(place);
  const made = await tool(place, "openapi-typescript/bin/cli.js", "openapi.json", "-o", "api.ts");
  assert.equal(made.code, 0, made.stderr);
  writeFileSync(place.path("use.ts"), `import type { components, operations, paths } from "./api";
type Schemas = components["schemas"];
const contact = {} as Schemas["Contact"];
export const name: string | null = contact.name;
export const upsert: Schemas["ContactUpsert"] =
  { lead: { linkedin_id: "ada" }, list_uuid: "x" };
export const lead: Schemas["PollyLeadNew"] = { name: "Ada", email: "ada@example.com" };
export type Answer = operations["lead_upsert"]["responses"][200]["content"]["application/json"];
export const answer = (one: Answer): boolean => one.ok;
export type Page = paths["/leads/api/leads"]["get"]["responses"][200]["content"];
// @ts-expect-error a lead has a name
export const nobody: Schemas["PollyLeadNew"] = { email: "ada@example.com" };
`);
  const { code, stdout } = await tool(place, "typescript/bin/tsc", "--noEmit", "--strict",
    "--target", "es2022", "--moduleResolution", "bundler", "--module", "esnext", "use.ts");
  assert.equal(code, 0, stdout);
});

test("each command is an operation with schemas and examples of its own", () => {
  for (const id of ids) {
    const { post } = document.paths[`/api/v1/commands/${id}`];
    const name = id.split(/[._]/).map((word) => word[0].toUpperCase() + word.slice(1)).join("");
    assert.equal(post.operationId, id.replaceAll(".", "_"));
    for (const kind of ["Input", "Output", "Request", "Response"]) {
      assert.ok(`${name}${kind}` in document.components.schemas, `${name}${kind}`);
    }
    const answered = post.responses[200].content["application/json"];
    assert.ok(Object.keys(answered.examples).length > 0, `${id} has an example`);
    assert.deepEqual(Object.keys(answered.examples),
      Object.keys(post.requestBody.content["application/json"].examples));
  }
  const commands = Object.keys(document.paths)
    .filter((one) => /^\/api\/v1\/commands\/[^/]+$/.test(one));
  assert.deepEqual(commands.map((one) => one.split("/").at(-1)), ids);
});

test("every example is what its schema says", async (t) => {
  const schemas = await schemasOf(document);
  let count = 0;

  const checkContent = (content, ...place) => {
    for (const [type, media] of Object.entries(content ?? {})) {
      const where = `#/${[...place, "content", type, "schema"]
        .map((one) => String(one).replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;
      for (const [name, example] of Object.entries(media.examples ?? {})) {
        count++;
        assert.equal(schemas.problems(where, example.value), undefined, `${where} ${name}`);
      }
    }
  };
  for (const { path: where, method, operation } of operationsOf(document)) {
    const place = ["paths", where, method];
    checkContent(operation.requestBody?.content, ...place, "requestBody");
    for (const [status, response] of Object.entries(operation.responses)) {
      checkContent(response.content, ...place, "responses", status);
    }
  }
  t.diagnostic(`${count} examples`);
  assert.ok(count > 300, `${count} examples`);
});

test("3.2 has the same operations, schemas and examples", () => {
  assert.deepEqual(newer.components.schemas, document.components.schemas);
  const examples = (description) => operationsOf(description).map(({ operation }) =>
    [operation.operationId, operation.requestBody?.content["application/json"],
      operation.responses[200]?.content?.["application/json"]]);
  assert.deepEqual(examples(newer), examples(document));
});

test("who needs a key, and what every operation says", () => {
  const seen = new Set();

  assert.deepEqual(document.security, [{ bearer: [] }, { header: [] }]);
  for (const { path: where, operation } of operationsOf(document)) {
    const isOpen = OPEN.includes(where);
    assert.deepEqual(operation.security, isOpen ? [] : undefined, where);
    for (const status of ["401", "403", "429"]) {
      assert.equal(status in operation.responses, !isOpen, `${where} ${status}`);
    }
    assert.ok(operation.summary && operation.description && operation.tags.length, where);
    assert.equal(seen.has(operation.operationId), false, operation.operationId);
    seen.add(operation.operationId);
  }
});

test("without a key, what is described as closed is closed", async (t) => {
  const server = await Place.open(t).serve();

  for (const { path: where, method } of operationsOf(document)) {
    const answer = await server.request(method.toUpperCase(), where.replace(/\{\w+\}/g, "x"),
      { key: null });
    assert.equal(answer.status === 401, !OPEN.includes(where), `${method} ${where}`);
  }
});

test("3.2 says what the lines of streams are", () => {
  const lines = (description) => [
    description.paths["/api/v1/export"].get.responses[200].content["application/x-ndjson"],
    description.paths["/api/v1/imports"].post.requestBody.content["application/x-ndjson"],
    description.paths["/mcp"].post.responses[200].content["text/event-stream"],
  ];

  for (const one of lines(newer)) assert.deepEqual(Object.keys(one), ["itemSchema"]);
  for (const one of lines(document)) assert.deepEqual(Object.keys(one), ["schema"]);
  for (const text of [JSON.stringify(document), JSON.stringify(newer)]) {
    assert.doesNotMatch(text, /"\$(input|page|field|all|filter)"|"x-(3\.2|takes|gives|failures)"/);
  }
});

test("aliases answer as what they stand for", () => {
  const aliases = operationsOf(document).filter((one) => one.operation["x-galena-alias-of"]);

  assert.ok(aliases.length >= 10);
  for (const { method, operation } of aliases) {
    const original = document.paths[operation["x-galena-alias-of"]][method];
    assert.deepEqual(operation.parameters, original.parameters);
    assert.deepEqual(Object.keys(operation.responses), Object.keys(original.responses));
  }
});

test("an answer that is not as described is found", async () => {
  const answer = (status, value, type = "application/json") =>
    ({ status, headers: { "content-type": type }, text: JSON.stringify(value) });
  const tags = "/leads/api/tags";
  const page = { data: [], limit: 20, offset: 0, total: 0, has_more: false };

  await check("GET", tags, answer(200, page));
  await check("GET", "/leads/api/nothing", answer(404, { error: { reason: "not_found",
    message: "x", data: {} }, message: "x", code: 404 }));
  for (const wrong of [answer(200, { ...page, more: 1 }), answer(200, {}), answer(418, page),
    answer(200, page, "text/plain"), answer(401, { error: { message: "x", code: "x" } })]) {
    await assert.rejects(check("GET", tags, wrong), /is not as the description has it/);
  }
  await assert.rejects(check("GET", "/leads/api/nothing", answer(200, {})), /not described/);
  await assert.rejects(check("GET", "/leads/api/nothing", answer(404, {})));
});
