// wire: plays stories of HTTP requests, in whatever dialect, against a running server.
//
// For contacts, leads and their like, where golden.mjs only knows commands. A story is a file of
// tests/wire: {about, vars, steps}. A step is one request:
//
//   {say, method ("GET"), path, headers, body (sent as JSON) or raw (sent as it is), expect, save}
//
// expect: status (200), headers (each a text, or {"$like": "pattern"}), body: what must be in it,
// exact: all of it, keys: the names of the body's members in their order, absent: JSON pointers
// that must lead nowhere. Strings may name what was saved: "$ada" is the saved value, "${ada}"
// inside a longer text its text. In body, beside golden.mjs's "$any", {"$has"} and {"$length"}:
// {"$like": "pattern"} is a text that a regular expression fits. `save` takes values out of the
// body by JSON pointer.
//
// A story's test is one line: see tests/e2e/contacts.test.mjs.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { at, differences, fill } from "./golden.mjs";
import { ROOT } from "./place.mjs";

const FOLDER = path.join(ROOT, "tests", "wire");

/** The stories whose file name begins with `prefix`. */
export function wireStories(prefix = "") {
  return readdirSync(FOLDER).filter((name) => name.startsWith(prefix) && name.endsWith(".json"))
    .sort().map((name) => ({
      name: name.replace(/\.json$/, ""),
      ...JSON.parse(readFileSync(path.join(FOLDER, name), "utf8")),
    }));
}

/* Texts that a pattern stands for are replaced by "$any" when it fits them. */
function settle(wanted, actual) {
  if (wanted === null || typeof wanted !== "object") return wanted;
  if ("$like" in wanted) {
    return typeof actual === "string" && new RegExp(wanted.$like).test(actual) ? "$any" : wanted;
  }
  if (Array.isArray(wanted)) return wanted.map((one, i) => settle(one, actual?.[i]));
  return Object.fromEntries(
    Object.entries(wanted).map(([name, one]) => [name, settle(one, actual?.[name])]));
}

function judge(expect, answer) {
  const wanted = expect.status ?? 200;

  if (answer.status !== wanted) {
    return [`status ${answer.status}, not ${wanted}: ${answer.text.slice(0, 2000)}`];
  }
  const body = answer.text === "" ? undefined : answer.json;
  const problems = [
    ...differences(settle(expect.headers ?? {}, answer.headers), answer.headers, "headers"),
    ...("body" in expect ? differences(settle(expect.body, body), body, "body") : []),
  ];

  if (expect.exact !== undefined) assert.deepEqual(body, expect.exact);
  if (expect.keys) assert.deepEqual(Object.keys(body), expect.keys);
  for (const pointer of expect.absent ?? []) {
    if (at(body, pointer) !== undefined) problems.push(`body${pointer} is there`);
  }
  return problems;
}

/** Play one story; answers what it saved. */
export async function playWire(server, story, vars = {}) {
  const saved = { ...story.vars, ...vars };

  for (const [i, step] of story.steps.entries()) {
    const { method = "GET", path: where, headers, body, raw } = fill(step, saved);
    const answer = await server.request(method, where, { headers, body: raw ?? body });
    const problems = judge(fill(step.expect ?? {}, saved), answer);

    assert.deepEqual(problems, [],
      `step ${i + 1}, ${method} ${where}: ${step.say ?? ""}\n${answer.text.slice(0, 4000)}`);
    for (const [name, pointer] of Object.entries(step.save ?? {})) {
      saved[name] = at(answer.json, pointer);
      assert.notEqual(saved[name], undefined, `step ${i + 1} has nothing at ${pointer}`);
    }
  }
  return saved;
}
