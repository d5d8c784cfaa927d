// Files of leads: as people have them, of any size, interrupted, mended, sent again.
import assert from "node:assert/strict";
import { createReadStream, createWriteStream, readFileSync, readdirSync, statSync,
  writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { finished } from "node:stream/promises";
import test from "node:test";

import { csv, person } from "./lib/people.mjs";
import { ROOT, Place } from "./lib/place.mjs";
import { until } from "./lib/until.mjs";

const DATA = path.join(ROOT, "tests", "data", "csv");
const SAMPLES = path.join(ROOT, "samples");
const COUNTS = ["created", "updated", "unchanged", "skipped", "invalid", "conflict"];
/* The one file in which no column names anybody. */
const NOBODYS = "no-known-headers.csv";
const IMPORTS = "/api/v1/imports";

const query = (settings) => `${IMPORTS}?${new URLSearchParams(settings)}`;
const counts = (one) => Object.fromEntries(COUNTS.map((name) => [name, one[`${name}_count`]]));
const sum = (one) => Object.values(counts(one)).reduce((a, b) => a + b, 0);
const total = async (server) => (await server.data("workspace.stats", {})).leads.total;

/** Upload a file's bytes as they are. */
async function upload(server, name, bytes, settings = {}) {
  const answer = await server.request("POST", query({ name, ...settings }),
    { body: bytes, headers: { "Content-Type": "text/csv" } });
  assert.ok([200, 201, 202].includes(answer.status), answer.text);
  return answer.json.data.import.import_id;
}

async function finish(server, id, ms = 120_000) {
  return until(async () => {
    const { import: one } = await server.data("import.get", { import_id: id });
    return ["done", "failed", "cancelled"].includes(one.state) && one;
  }, "the import to end", ms);
}

async function whole(server, name, bytes, settings) {
  return finish(server, await upload(server, name, bytes, settings));
}

test("files of every form and encoding", async (t) => {
  const server = await Place.open(t).serve();
  const files = readdirSync(DATA).filter((name) => !name.endsWith(".expected"));

  assert.ok(files.length > 15);
  for (const name of files) {
    await t.test(name, async () => {
      const bytes = readFileSync(path.join(DATA, name));
      if (name === NOBODYS) {
        const answer = await server.request("POST", query({ name }), { body: bytes });
        assert.equal(answer.status, 400, answer.text);
        assert.match(answer.json.error.message, /mapping/);
        return;
      }
      const one = await whole(server, name, bytes);
      if (one.state === "failed") {
        assert.match(one.error, /\w+ \w+/, "says why");
        return;
      }
      assert.equal(one.state, "done");
      assert.equal(sum(one), one.progress.rows_done);
      assert.equal(one.progress.rows_total, one.progress.rows_done);
      const again = await whole(server, name, bytes);
      assert.equal(again.created_count, 0, "again makes nobody new");
      assert.equal(sum(again), sum(one));
      const { leads } = await server.data("import.leads.list", { import_id: again.import_id });
      assert.equal(leads.length, again.total_leads);
    });
  }
  const names = [["sep.csv", "cyrillic-1251.csv"], ["names-utf16be-no-mark.csv", "google.csv"]];
  for (const name of names.flat()) {
    const { import_id: id } = await whole(server, name, readFileSync(path.join(DATA, name)));
    const { leads } = await server.data("import.leads.list", { import_id: id });
    for (const lead of leads) {
      assert.doesNotMatch(lead.name, /\ufffd|Ð|Ã/, `${name}: ${lead.name}`);
    }
  }
});

test("the samples: three sources, overlapping people", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const files = readdirSync(SAMPLES);
  let rows = 0;

  for (const name of files) {
    const dry = await whole(server, name, readFileSync(path.join(SAMPLES, name)),
      { dry_run: "true" });
    const before = await total(server);
    const real = await whole(server, name, readFileSync(path.join(SAMPLES, name)));
    assert.deepEqual(counts(real), counts(dry), `${name}: a dry run says what will be`);
    assert.equal(await total(server), before + real.created_count);
    rows += sum(real);
  }
  const leads = await total(server);
  assert.ok(leads < rows, `${rows} rows became ${leads} leads`);
  const ids = await Promise.all([
    { email: "heike.pfannkuch.680@example.net" }, { linkedin_id: "heike-pfannkuch-618d8fa8" },
    { sales_navigator_id: "ACwAAO7256EBZZKuOSzBDEfiWMt2xGgOCOG4YIA" },
  ].map(async (input) => (await server.data("lead.get", input)).lead_id));
  assert.equal(new Set(ids).size, 1, "one person from all three");
  for (const name of files) {
    const again = await whole(server, name, readFileSync(path.join(SAMPLES, name)));
    assert.equal(again.created_count, 0, `${name} again`);
  }
  assert.equal(await total(server), leads);
});

test("a dry run leaves the leads as they are", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  await whole(server, "a.csv", csv(0, 50));
  const tables = ["lead", "identifier", "change", "list_lead"];
  const look = () => Promise.all(tables.map((table) => place.sql(`SELECT * FROM "${table}"`)));
  const before = await look();
  const dry = await whole(server, "b.csv", csv(25, 100), { dry_run: "true" });

  assert.deepEqual([dry.created_count, dry.unchanged_count], [50, 25]);
  assert.deepEqual(await look(), before);
});

test("ways to send a file", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const bytes = csv(0, 200);

  await t.test("raw", async () => {
    assert.equal((await whole(server, "raw.csv", bytes)).created_count, 200);
  });
  await t.test("in chunks", async () => {
    const answer = await server.request("POST", query({ name: "chunks.csv" }), {
      body: bytes, headers: { "Content-Type": "text/csv", "Transfer-Encoding": "chunked" },
    });
    const one = await finish(server, answer.json.data.import.import_id);
    assert.equal(one.unchanged_count, 200);
    assert.equal(one.name, "chunks.csv");
  });
  await t.test("as a form, with settings as parts", async () => {
    const form = new FormData();
    form.set("file", new Blob([bytes], { type: "text/csv" }), "form.csv");
    form.set("tags", "fair,north");
    form.set("source", "the form");
    const packed = new Response(form);
    const answer = await server.request("POST", IMPORTS, {
      body: Buffer.from(await packed.arrayBuffer()),
      headers: { "Content-Type": packed.headers.get("content-type") },
    });
    assert.ok(answer.status < 300, answer.text);
    const one = await finish(server, answer.json.data.import.import_id);
    assert.equal(one.name, "form.csv");
    assert.equal(one.updated_count, 200);
    const { prospect_context: context } = await server.data("lead.get",
      { email: person(7).email });
    assert.deepEqual(context.tags, ["fair", "north"]);
  });
  await t.test("a form without a file", async () => {
    const packed = new Response(new FormData());
    const answer = await server.request("POST", IMPORTS, {
      body: Buffer.from(await packed.arrayBuffer()),
      headers: { "Content-Type": packed.headers.get("content-type") },
    });
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.json.error.message, /file/);
  });
  await t.test("bad settings are refused", async () => {
    for (const bad of [{ on_existing: "burn" }, { mapping: "{" }, { list_id: "x" },
      { dry_run: "perhaps" }, { nonsense: "1" }]) {
      const answer = await server.request("POST", query(bad),
        { body: bytes, headers: { "Content-Type": "text/csv" } });
      assert.ok([400, 404].includes(answer.status), `${JSON.stringify(bad)}: ${answer.text}`);
    }
  });
  await t.test("a key that only reads may not", async () => {
    const { key } = await place.key("--scopes", "read");
    for (const [given, status] of [["x", 401], [key, 403]]) {
      const answer = await server.request("POST", query({ name: "x" }),
        { body: bytes, key: given, headers: { "Content-Type": "text/csv" } });
      assert.equal(answer.status, status);
      assert.deepEqual(Object.keys(answer.json), ["error"]);
    }
  });
});

test("half an upload leaves nothing", async (t) => {
  const place = Place.open(t);
  const server = await place.serve();
  const wire = server.connect();

  wire.send(`POST ${query({ name: "half.csv" })} HTTP/1.1\r\nHost: x\r\n` +
    `Authorization: Bearer ${server.key}\r\nContent-Type: text/csv\r\n` +
    `Content-Length: 1000000\r\n\r\n${csv(0, 1000)}`);
  const folder = `${place.db}.uploads`;
  const files = () => readdirSync(folder).filter((name) => name.endsWith(".upload"));
  await until(() => files().length === 1, "the file to begin");
  wire.close();
  await until(() => files().length === 0, "the file to go");
  assert.deepEqual((await server.data("import.list", {})).imports, []);
  assert.equal(await total(server), 0);
});

test("refused rows are downloaded, mended and sent again", async (t) => {
  const server = await Place.open(t).serve();
  const lines = ["Name,Email,Notes", "Ada,ada@example.com,fine",
    'Bo,bo at example.com,"a ""b"", c"', "Cy,,no address", "Di,di@example.com,fine"];
  const one = await whole(server, "list.csv", `${lines.join("\n")}\n`);

  assert.deepEqual([one.created_count, one.invalid_count], [2, 2]);
  const file = await server.request("GET", `${IMPORTS}/${one.import_id}/refused.csv`);
  assert.equal(file.status, 200);
  assert.match(file.headers["content-type"], /^text\/csv/);
  const rows = file.text.replace(/^\ufeff/, "").trim().split(/\r?\n/);
  assert.equal(rows.length, 3);
  assert.match(rows[0], /^Name,Email,Notes/);
  assert.match(rows[1], /"a ""b"", c"/);
  const mended = file.text.replace("bo at example.com", "bo@example.com")
    .replace("Cy,,", "Cy,cy@example.com,");
  const again = await whole(server, "mended.csv", mended);
  assert.equal(again.created_count, 2, JSON.stringify(again));
  assert.equal(again.invalid_count, 0);
  assert.equal(await total(server), 4);
  const none = await server.request("GET", `${IMPORTS}/nothing/refused.csv`);
  assert.equal(none.status, 404);
});

test("policies, lists, missions and mappings", async (t) => {
  const server = await Place.open(t).serve();
  const { list } = await server.data("list.create", { name: "Fair" });
  const { mission } = await server.data("mission.create", { name: "Win" });
  const [first] = [person(1)];
  await server.data("lead.upsert", { email: first.email, name: "Own Name" });

  const fill = await whole(server, "fill.csv", csv(1, 4),
    { on_existing: "fill", list_id: list.id, mission_id: mission.id });
  const { lead } = await server.data("lead.get", { email: first.email });
  assert.equal(lead.name, "Own Name");
  assert.equal(lead.company, first.company);
  assert.deepEqual(fill.mission, { id: mission.id, name: "Win", status: "active" });
  assert.equal((await server.data("list.get", { list_id: list.id })).list.leads, 3);
  assert.equal((await server.data("mission.get", { mission_id: mission.id }))
    .mission.stats.leads, 3);

  const skip = await whole(server, "skip.csv", csv(0, 4), { on_existing: "skip" });
  assert.deepEqual([skip.created_count, skip.unchanged_count + skip.skipped_count], [1, 3]);
  const mapped = await whole(server, "map.csv", "Wer;Post;Was\nEd;ed@example.com;x\n",
    { mapping: JSON.stringify({ Wer: "name", Post: "email", Was: null }) });
  assert.equal(mapped.created_count, 1, JSON.stringify(mapped));
  const old = await whole(server, "old.csv", "Email,Job Title\nperson.1@example.com,Trainee\n",
    { observed_at: "2020-01-01T00:00:00Z" });
  assert.equal(old.updated_count, 0, "an older file overwrites nothing");
  const preview = await server.data("import.preview", { content: csv(0, 100) });
  assert.deepEqual(preview.columns.map((column) => column.target),
    ["name", "email", "job_title", "company"]);
  assert.equal(preview.rows.length, 20);
});

test("an import is cancelled", async (t) => {
  const server = await Place.open(t).serve();
  const id = await upload(server, "big.csv", csv(0, 60_000));

  const answer = await server.run("import.cancel", { import_id: id });
  assert.equal(answer.status, 200, answer.text);
  const one = await finish(server, id);
  assert.equal(one.state, "cancelled");
  assert.equal(sum(one), one.progress.rows_done);
  assert.ok(one.progress.rows_done < 60_000);
  assert.equal(await total(server), one.created_count, "what was written stays");
});

test("an import goes on after a stop and after a kill", async (t) => {
  const place = Place.open(t);
  let server = await place.serve();
  const { key } = server;
  const rows = 30_000;
  const id = await upload(server, "big.csv", csv(0, rows));

  for (const end of ["stop", "kill"]) {
    await until(async () => {
      const { import: one } = await server.data("import.get", { import_id: id });
      return one.state === "done" || (one.progress.rows_done > 0 &&
        one.progress.rows_done > (end === "kill" ? rows / 8 : 0));
    }, "some rows");
    await server[end]();
    server = await place.serve([], { key });
  }
  const one = await finish(server, id);
  assert.deepEqual(counts(one),
    { created: rows, updated: 0, unchanged: 0, skipped: 0, invalid: 0, conflict: 0 });
  assert.equal(await total(server), rows);
  let cursor;
  const emails = [];
  do {
    const { json } = await server.run("import.leads.list",
      { import_id: id, ...(cursor ? { cursor } : {}) });
    emails.push(...json.data.leads.map((lead) => lead.email));
    cursor = json.meta.next_cursor;
  } while (cursor);
  assert.equal(emails.length, rows);
  assert.equal(emails.findIndex((email, n) => email !== person(n).email), -1, "in row order");
});

/* Memory of the process now and at its highest, in MiB. */
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)[1]) / 1024;
  return { now: field("VmRSS"), most: field("VmHWM") };
}

async function writeBigFile(file, rows) {
  const out = createWriteStream(file);
  for (let n = 0; n < rows; n += 5000) {
    const text = csv(n, n + 5000);
    out.write(n ? text.slice(text.indexOf("\n") + 1) : text);
  }
  out.end();
  await finished(out);
}

/* Send a file without holding it; answers the import's id. */
function stream(server, file) {
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: "127.0.0.1", port: server.port, method: "POST", path: query({ name: "big.csv" }),
      headers: {
        Authorization: `Bearer ${server.key}`, "Content-Type": "text/csv",
        "Content-Length": statSync(file).size,
      },
    }, async (response) => {
      const pieces = await response.toArray();
      resolve(JSON.parse(Buffer.concat(pieces).toString()).data.import.import_id);
    });
    request.on("error", reject);
    createReadStream(file).pipe(request);
  });
}

/* Write one person after the other until `isOver`; answers how long each took, sorted. */
async function writeMeanwhile(server, isOver) {
  const took = [];
  for (let n = 0; !isOver(); n++) {
    const began = performance.now();
    await server.data("lead.upsert", { email: `meanwhile.${n}@example.com`, name: `M ${n}` });
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b);
}

test("200,000 rows in constant memory, and writes stay quick meanwhile", async (t) => {
  const place = Place.open(t);
  const server = await place.serve(["--cache-mib", "16"]);
  const file = place.path("big.csv");
  const rows = 200_000;
  /* A sanitizer keeps freed memory and slows everything; there only the counts are of use. */
  const isPlain = !process.env.ASAN_OPTIONS && !process.env.TSAN_OPTIONS;
  const wanted = isPlain ? rows : rows / 10;

  await writeBigFile(file, wanted);
  const id = await stream(server, file);
  let done;
  const ending = finish(server, id, 300_000).then((one) => { done = one; });
  const took = await writeMeanwhile(server, () => done);
  await ending;

  assert.equal(done.created_count, wanted, JSON.stringify(counts(done)));
  assert.ok(took.length > 20, `${took.length} writes meanwhile`);
  const p99 = took[Math.floor(took.length * 0.99)];
  const { most } = memory(server.pid);
  t.diagnostic(`${took.length} writes meanwhile, p99 ${p99.toFixed(1)} ms, ${most.toFixed(0)} MiB`);
  if (isPlain) {
    assert.ok(p99 < 250, `p99 ${p99} ms`);
    assert.ok(most < 200, `${most} MiB`);
  }
});

test("the command line imports, and downloads what was refused", async (t) => {
  const place = Place.open(t);
  const file = place.path("people.csv");
  const mend = place.path("mend.csv");

  writeFileSync(file, `${csv(0, 20)}Bad,nope,x,y\n`);
  const here = await place.cliJson(["import", file, "--refused", mend, "--list", "Fair"]);
  assert.equal(here.code, 0, here.stderr);
  assert.deepEqual([here.json.created_count, here.json.invalid_count], [20, 1]);
  assert.equal(here.json.state, "done");
  assert.match(readFileSync(mend, "utf8"), /Bad,nope/);
  const piped = await place.cliJson(["import", "-"], { input: csv(10, 30) });
  assert.deepEqual([piped.json.created_count, piped.json.unchanged_count], [10, 10]);

  const server = await place.serve();
  const far = await place.cliJson(["import", file],
    { env: { GALENA_URL: server.url, GALENA_API_KEY: server.key } });
  assert.equal(far.code, 0, far.stderr);
  assert.deepEqual([far.json.unchanged_count, far.json.invalid_count], [20, 1]);
});
