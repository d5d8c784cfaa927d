// The pages at /docs as a reader gets them, and the lines on them, pasted.
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { gunzipSync } from "node:zlib";

import { examplesOf, furnish, ids, withIds } from "./lib/examples.mjs";
import { PROGRAM, Place, run } from "./lib/place.mjs";

const OTHER_PAGES = ["errors", "objects", "contacts", "leads", "http"];

/* What is read and what is written, each alike however often it is done. */
const PASTED = ["lead.get", "lead.search", "lead.query", "list.get", "workspace.stats",
  "lead.upsert", "lead.update", "note.create", "tag.update", "company.upsert"];

const LANGUAGES = {
  cli: (place, code) => run("bash", ["-c", code], place),
  curl: (place, code) => run("bash", ["-c", code], place),
  typescript: (place, code) => {
    const file = path.join(place.cwd, "line.mjs");
    writeFileSync(file, code);
    return run(process.execPath, [file], place);
  },
  python: (place, code) => run("python3", ["-c", code], place),
};

function get(server, target, headers = {}) {
  return server.request("GET", target, { key: null, headers });
}

/** The text of a piece of a page. */
function plain(html) {
  return html.replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&amp;", "&");
}

/** The line in that language, as it stands on the page. */
function line(page, language) {
  const found = new RegExp(`<div class="panel in-${language}"><pre[^>]*>(.*?)</pre>`, "s").exec(page);
  assert.ok(found, language);
  return plain(found[1]);
}

function errorsOn(page) {
  const table = /<table class="errors">.*?<\/table>/s.exec(page)[0];
  return [...table.matchAll(/<tr><td><code>(\w+)<\/code><\/td><td>(\d+)/g)]
    .map(([, code, status]) => ({ code, status: Number(status) }));
}

test("every page is there, without a key, and leads to the others", async (t) => {
  const server = await Place.open(t).serve();
  const todo = ["/docs"];
  const seen = new Map();

  while (todo.length) {
    const target = todo.pop();
    if (seen.has(target)) continue;
    const answer = await get(server, target);
    assert.equal(answer.status, 200, target);
    seen.set(target, answer);
    for (const [, link] of answer.text.matchAll(/(?:href|src)="(\/docs[^"#]*)/g)) todo.push(link);
  }
  for (const name of [...ids, ...OTHER_PAGES]) assert.ok(seen.has(`/docs/${name}`), name);
  for (const [target, { headers, text }] of seen) {
    const policy = headers["content-security-policy"];
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/, target);
    assert.equal(policy.includes("unsafe"), false);
    assert.equal(headers["x-content-type-options"], "nosniff");
    const isAsset = target.includes("?v=");
    assert.equal(headers["cache-control"],
      isAsset ? "public, max-age=31536000, immutable" : "public, no-cache", target);
    if (!isAsset) assert.match(text, /<html lang="en">.*<h1>.*<\/html>\n$/s, target);
  }
  assert.equal((await get(server, "/docs/")).text, seen.get("/docs").text);
  assert.match((await get(server, "/")).text, /href="\/docs".*href="\/openapi\.json"/s);
  const none = await get(server, "/docs/lead.vanish");
  assert.equal(none.status, 404);
  assert.equal(none.headers["cache-control"], "no-store");
  assert.equal((await server.request("POST", "/docs", { key: null })).status, 405);
});

test("pages are sent compressed or not, and not at all when they are known", async (t) => {
  const server = await Place.open(t).serve();
  const packed = await get(server, "/docs/lead.get", { "Accept-Encoding": "gzip" });
  const whole = await get(server, "/docs/lead.get", { "Accept-Encoding": "gzip;q=0" });

  assert.equal(packed.headers["content-encoding"], "gzip");
  assert.match(packed.headers.vary, /Accept-Encoding/);
  assert.equal(whole.headers["content-encoding"], undefined);
  assert.equal(gunzipSync(packed.raw).toString(), whole.text);
  assert.notEqual(packed.headers.etag, whole.headers.etag);
  for (const answer of [packed, whole]) {
    const headers = {
      "Accept-Encoding": answer === packed ? "gzip" : "identity",
      "If-None-Match": `"x", W/${answer.headers.etag}`,
    };
    const again = await get(server, "/docs/lead.get", headers);
    assert.equal(again.status, 304);
    assert.equal(again.raw.length, 0);
    assert.equal(again.headers.etag, answer.headers.etag);
    assert.equal((await get(server, "/docs/lead.get",
      { ...headers, "If-None-Match": '"0000000000000000"' })).status, 200);
  }
  const head = await server.request("HEAD", "/docs/lead.get", { key: null });
  assert.equal(head.status, 200);
  assert.equal(head.raw.length, 0);
});

test("the lines on the pages work when they are pasted", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const made = await furnish(server);

  mkdirSync(place.path("bin"));
  symlinkSync(PROGRAM, place.path("bin/galena"));
  const around = {
    cwd: place.folder,
    env: place.env({
      PATH: `${place.path("bin")}:${process.env.PATH}`, GALENA_URL: server.url,
      GALENA_API_KEY: server.key, GALENA_DB: "",
    }),
  };
  for (const id of PASTED) {
    const page = (await get(server, `/docs/${id}`)).text;
    for (const [language, paste] of Object.entries(LANGUAGES)) {
      await t.test(`${id} in ${language}`, async () => {
        const { code, stdout, stderr } = await paste(around, withIds(line(page, language), made));
        assert.equal(code, 0, `${stdout}${stderr}`);
        const said = JSON.parse(stdout);
        if (language === "cli" || language === "curl") assert.equal(said.ok, true, stdout);
        else assert.equal(typeof said, "object");
      });
    }
  }
  await t.test("a refusal ends the TypeScript and Python lines with the server's words", async () => {
    const page = (await get(server, "/docs/lead.update")).text;
    for (const language of ["typescript", "python"]) {
      const { code, stderr } = await LANGUAGES[language](around, line(page, language));
      assert.notEqual(code, 0);
      assert.match(stderr, /LEAD_NOT_FOUND/);
    }
  });
});

test("the MCP call on a page is one", async (t) => {
  const server = await Place.open(t).serve();
  const page = (await get(server, "/docs/lead.upsert")).text;
  const answer = await server.request("POST", "/mcp", {
    body: line(page, "mcp"),
    headers: { Accept: "application/json, text/event-stream", "MCP-Protocol-Version": "2025-11-25" },
  });
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.text, /"isError":false/);
});

test("an id that nobody knows is answered with an error that its page has", async (t) => {
  const server = await Place.open(t).serve();
  const asked = [];

  for (const id of ids) {
    const { command } = (await server.request("GET", `/api/v1/commands/${id}/schema`)).json.data;
    if (!(command.input_schema.required ?? []).some((name) => name.endsWith("_id"))) continue;
    const payload = examplesOf(id).find((one) => one.title.startsWith("Payload"));
    const { status, json } = await server.run(id, JSON.parse(payload.code));
    const shown = errorsOn((await get(server, `/docs/${id}`)).text);
    assert.match(json.error.code, /_NOT_FOUND$/, id);
    assert.deepEqual(shown.filter((one) => one.code === json.error.code),
      [{ code: json.error.code, status }], `${id}: ${json.error.code}`);
    asked.push(id);
  }
  assert.ok(asked.length > 25, `${asked.length}`);
});
