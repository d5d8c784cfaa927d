// Every story of tests/golden, over HTTP, on the command line and as tools of the Model Context
// Protocol, which must agree.
import assert from "node:assert/strict";
import test from "node:test";

import { ids } from "./lib/examples.mjs";
import { comparable, play, stories } from "./lib/golden.mjs";
import { call, envelopeOf } from "./lib/mcp.mjs";
import { Place } from "./lib/place.mjs";
import { until } from "./lib/until.mjs";

/* Exit codes by status, as the program's manual has them. */
const EXITS = { 200: 0, 400: 2, 403: 3, 404: 4, 409: 5, 412: 5, 422: 5, 503: 6 };

/* An import that is over still has its file to clear away. */
function settle(place) {
  return until(async () => {
    const open = await place.sql("SELECT no FROM import WHERE state <= 1 OR file <> ''");
    return open.length === 0;
  }, "the imports to be cleared away");
}

async function overHttp(place) {
  const server = await place.serve();

  return {
    digest: () => place.digest(),
    settle: () => settle(place),
    run: async (command, input, profile) => {
      const { status, json } = await server.run(command, input, { profile });
      return { status, envelope: json };
    },
  };
}

/* The same start: a database with one key in it. */
async function onTheLine(place) {
  await place.key();
  return {
    digest: () => place.digest(),
    settle: () => settle(place),
    run: async (command, input, profile) => {
      const { code, json } = await place.command(command, input, { profile });
      assert.equal(code, EXITS[json.status], `exit code of status ${json.status}`);
      return { status: json.status, envelope: json };
    },
  };
}

async function asTools(place) {
  const server = await place.serve();

  return {
    digest: () => place.digest(),
    settle: () => settle(place),
    run: async (command, input, profile) => {
      /* Records have another schema than the tool's, and what is no command is no tool. */
      if (profile === "record" || !ids.includes(command)) {
        const { status, json } = await server.run(command, input, { profile });
        return { status, envelope: json };
      }
      const _meta = profile ? { "galena/response_profile": profile } : {};
      const result = await call(server, command, input, { _meta });
      const envelope = envelopeOf(result);
      assert.equal(result.isError, !envelope.ok);
      return { status: envelope.status, envelope };
    },
  };
}

for (const story of stories()) {
  test(`golden: ${story.name}`, async (t) => {
    const http = await play(story, await overHttp(Place.open(t)));
    const line = await play(story, await onTheLine(Place.open(t)));

    const tools = await play(story, await asTools(Place.open(t)));

    assert.deepEqual(comparable(line), comparable(http), "the command line agrees");
    assert.deepEqual(comparable(tools), comparable(http), "tools agree");
  });
}
