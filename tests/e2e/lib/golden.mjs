// golden: plays the stories of tests/golden through a way into the program.
//
// A story is {about, vars, steps}. A step is one command: {say, command, input, profile, expect,
// save, eventually}. `input` and `expect` may name what was saved before: "$ada" stands for the
// saved value, "${ada}" inside a longer text for its text, {"$with": "$ada", …} for a saved
// object with some members changed. `eventually` repeats a read until it is as expected (text
// search follows the writes by a moment).
//
// expect: status (200), outcome, matched_by, changed, warnings (pieces of text, one for each
// warning, in order), code, message (a piece), pointers, candidates, data: what must be in it,
// exact: all of it, absent: JSON pointers into data that must lead nowhere.
// In data: objects may hold more than is named, arrays may not; "$any" is anything;
// {"$has": […]} an array with these in it, in any order; {"$length": n} an array of n.
//
// A step that reads, is refused, is a dry run, answers `unchanged` or says `quiet` must leave the
// database as it was, byte for byte: that is checked without being asked for.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { ROOT } from "./place.mjs";
import { until } from "./until.mjs";

const FOLDER = path.join(ROOT, "tests", "golden");

export function stories() {
  return readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort().map((name) => ({
    name: name.replace(/\.json$/, ""),
    ...JSON.parse(readFileSync(path.join(FOLDER, name), "utf8")),
  }));
}

/** `value` with everything that begins with $ replaced by what was saved. */
export function fill(value, saved) {
  if (typeof value === "string") return fillText(value, saved);
  if (Array.isArray(value)) return value.map((one) => fill(one, saved));
  if (value === null || typeof value !== "object") return value;
  const { $with: base, ...own } = value;
  const filled = Object.fromEntries(
    Object.entries(own).map(([name, one]) => [name, fill(one, saved)]));
  return base === undefined ? filled : { ...fill(base, saved), ...filled };
}

function fillText(text, saved) {
  const known = (name) => {
    assert.ok(name in saved, `the story never saved $${name}`);
    return saved[name];
  };

  if (text === "$any") return text;
  if (/^\$\w+$/.test(text)) return known(text.slice(1));
  return text.replace(/\$\{(\w+)\}/g, (_, name) => String(known(name)));
}

export function at(value, pointer) {
  return pointer.split("/").slice(1).reduce((inside, name) => inside?.[name], value);
}

/** Where `actual` is not what `wanted` says: a list of sentences. */
export function differences(wanted, actual, where = "") {
  if (wanted === "$any") return actual === undefined ? [`${where} is missing`] : [];
  if (Array.isArray(wanted)) return arrayDifferences(wanted, actual, where);
  if (wanted === null || typeof wanted !== "object") {
    return Object.is(wanted, actual)
      ? [] : [`${where}: ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`];
  }
  if ("$length" in wanted) {
    return actual?.length === wanted.$length
      ? [] : [`${where} has ${actual?.length}, not ${wanted.$length}`];
  }
  if ("$has" in wanted) {
    return wanted.$has.filter((one) => !actual?.some?.((it) => !differences(one, it).length))
      .map((one) => `${where} lacks ${JSON.stringify(one)}: ${JSON.stringify(actual)}`);
  }
  if (actual === null || typeof actual !== "object") {
    return [`${where}: ${JSON.stringify(actual)}, not an object`];
  }
  return Object.entries(wanted)
    .flatMap(([name, one]) => differences(one, actual[name], `${where}/${name}`));
}

function arrayDifferences(wanted, actual, where) {
  if (!Array.isArray(actual) || actual.length !== wanted.length) {
    return [`${where}: ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`];
  }
  return wanted.flatMap((one, i) => differences(one, actual[i], `${where}/${i}`));
}

function warningDifferences(wanted, actual) {
  if (wanted.length !== actual.length) {
    return [`warnings: ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`];
  }
  return wanted.flatMap((piece, i) => (actual[i].includes(piece)
    ? [] : [`warning ${i}: ${JSON.stringify(actual[i])} lacks ${JSON.stringify(piece)}`]));
}

/* What is said of meta and error, each as {said in the story, found in the answer}. */
function plainDifferences(expect, envelope) {
  const { error, meta } = envelope;
  const found = {
    outcome: meta.outcome, matched_by: meta.matched_by, code: error?.code,
    candidates: error?.candidates, pointers: error?.details?.map((one) => one.pointer),
  };
  const problems = Object.entries(found)
    .filter(([name]) => name in expect)
    .flatMap(([name, value]) => differences(expect[name], value, name));

  if (expect.changed) {
    problems.push(...differences([...expect.changed].sort(), [...meta.changed].sort(), "changed"));
  }
  if (expect.message && !error?.message.includes(expect.message)) {
    problems.push(`message: ${JSON.stringify(error?.message)}`);
  }
  return problems;
}

/** What is wrong with an answer: a list of sentences. */
export function judge(expect, status, envelope) {
  const wanted = expect.status ?? 200;
  const problems = [];

  if (status !== wanted) return [`status ${status}, not ${wanted}: ${JSON.stringify(envelope)}`];
  if (envelope.status !== status || envelope.ok !== (status < 300)) {
    problems.push(`ok ${envelope.ok} and status ${envelope.status} beside ${status}`);
  }
  if (status < 300 ? "error" in envelope : "data" in envelope) {
    problems.push("both data and error");
  }
  problems.push(...plainDifferences(expect, envelope));
  problems.push(...warningDifferences(expect.warnings ?? [], envelope.meta.warnings));
  if (expect.data) problems.push(...differences(expect.data, envelope.data, "data"));
  if (expect.exact) assert.deepEqual(envelope.data, expect.exact);
  for (const pointer of expect.absent ?? []) {
    if (at(envelope.data, pointer) !== undefined) problems.push(`data${pointer} is there`);
  }
  return problems;
}

const READS = /\.(get|list|lookup|search|query|count|history|stats|preview)$/;

/* Must this step leave no trace? An import's dry run is itself kept. */
function isQuiet(step, envelope) {
  return !envelope.ok || envelope.meta.outcome === "unchanged" || step.quiet === true ||
    (step.input.dry_run === true && step.command !== "import.create") || READS.test(step.command);
}

/**
 * Play one story. `way` is {run(command, input, profile, step) -> {status, envelope}, digest(),
 * settle()}: settle waits until nothing is written in the background any more.
 * Answers every envelope, for comparing ways.
 */
export async function play(story, way) {
  const saved = { ...story.vars };
  const answers = [];
  let before = await way.digest();

  for (const [i, step] of story.steps.entries()) {
    const input = fill(step.input, saved);
    const expect = fill(step.expect ?? {}, saved);
    const ask = () => way.run(step.command, input, step.profile, step);
    const title = `step ${i + 1}, ${step.command}: ${step.say ?? ""}`;
    let answer = await ask();

    if (step.eventually) {
      await until(async () => {
        const problems = judge(expect, answer.status, answer.envelope);
        if (!problems.length) return true;
        answer = await ask();
        throw new Error(problems.join("\n"));
      }, title);
      await way.settle();
    }
    const problems = judge(expect, answer.status, answer.envelope);
    assert.deepEqual(problems, [], `${title}\n${JSON.stringify(answer.envelope, null, 1)}`);
    const after = await way.digest();
    if (isQuiet(step, answer.envelope) && !step.eventually) {
      assert.equal(after, before, `${title} changed the database`);
    }
    before = after;
    for (const [name, pointer] of Object.entries(step.save ?? {})) {
      saved[name] = at(answer.envelope, pointer);
      assert.notEqual(saved[name], undefined, `${title}: nothing at ${pointer}`);
    }
    answers.push(answer.envelope);
  }
  return answers;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/**
 * The same answers with ids by order of appearance and times as one word, so that two runs of a
 * story can be compared. What tells the ways apart by design is left out: request ids, via and
 * actor of a change, the author of a note, and the key of workspace.get.
 */
export function comparable(answers) {
  const seen = new Map();
  const text = JSON.stringify(answers, (name, value) => {
    if (name === "request_id" || name === "via" || name === "actor") return undefined;
    if (["command_hash", "next_cursor", "secret", "file_name"].includes(name)) {
      return typeof value;
    }
    if (name === "author" || (name === "key" && value?.scopes)) return undefined;
    return value;
  });

  return JSON.parse(text
    .replace(UUID, (id) => {
      if (!seen.has(id)) seen.set(id, `id ${seen.size + 1}`);
      return seen.get(id);
    })
    .replace(TIME, "a time"));
}
