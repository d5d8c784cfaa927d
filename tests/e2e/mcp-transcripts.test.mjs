// Every transcript of tests/data/mcp, message by message: over HTTP, on the standard input of
// `galena mcp` on a database, and of `galena mcp --url` in front of a server.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { at, differences } from "./lib/golden.mjs";
import { STATELESS, Stdio, headersOf } from "./lib/mcp.mjs";
import { Place, ROOT } from "./lib/place.mjs";
import { until } from "./lib/until.mjs";

const FOLDER = path.join(ROOT, "tests", "data", "mcp");
const transcripts = readdirSync(FOLDER).filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name))
  .map((name) => JSON.parse(readFileSync(path.join(FOLDER, name), "utf8")));

/* What is sent for a step, as bytes. */
function bytesOf(send) {
  if (typeof send !== "string") return Buffer.from(JSON.stringify(send));
  const hex = /^\$bytes (.*)$/.exec(send);
  return hex ? Buffer.from(hex[1], "hex") : Buffer.from(send);
}

function judge(step, answer, where) {
  const title = `${where}, ${step.say}: ${JSON.stringify(answer)}`;

  assert.deepEqual(differences(step.expect, answer), [], title);
  for (const pointer of step.absent ?? []) {
    assert.equal(at(answer, pointer), undefined, `${title}\n${pointer} is there`);
  }
}

async function playOverHttp(transcript, server) {
  for (const step of transcript.steps) {
    const isMessage = typeof step.send !== "string" && !Array.isArray(step.send);
    const headers = headersOf(isMessage ? step.send : {}, transcript.revision);
    if (step.version) headers["MCP-Protocol-Version"] = step.version;
    const answer = await server.request("POST", "/mcp", { body: bytesOf(step.send), headers });

    if (step.expect === null) {
      assert.equal(answer.status, 202, `${step.say}: ${answer.text}`);
      assert.equal(answer.text, "", step.say);
      continue;
    }
    assert.equal(answer.status, step.status ?? 200, `${step.say}: ${answer.text}`);
    assert.equal(answer.headers["content-type"], "application/json", step.say);
    judge(step, answer.json, "HTTP");
  }
}

/* One after the other; what comes next is the answer, or it comes to a step that wants none. */
async function playOnLines(transcript, stdio, where) {
  let answered = 0;

  for (const step of transcript.steps) {
    stdio.child.stdin.write(Buffer.concat([bytesOf(step.send), Buffer.from("\n")]));
    if (step.expect === null) continue;
    await until(() => stdio.received.length > answered, `${where}, ${step.say}`);
    judge(step, stdio.received[answered], where);
    answered++;
  }
  assert.equal(await stdio.close(), 0, stdio.stderr);
  assert.equal(stdio.received.length, answered, "an answer that nobody asked for");
}

for (const transcript of transcripts) {
  test(`transcript of ${transcript.revision}`, async (t) => {
    await playOverHttp(transcript, await Place.open(t).serve());
    const place = Place.open(t);
    await playOnLines(transcript, Stdio.open(t, place), "a database");
    const other = Place.open(t);
    await playOnLines(transcript, Stdio.open(t, other, { server: await other.serve() }),
      "a server");
  });
}

test("there is a transcript of every revision", () => {
  assert.deepEqual(transcripts.map((one) => one.revision),
    ["2025-06-18", "2025-11-25", STATELESS]);
});
