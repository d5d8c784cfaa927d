// place: a folder of its own for one test, with a HOME, a database and the program run in it.
//
// Nothing of a test outlives it: open(t) removes the folder and stops every server by its pid
// when the test ends, however it ends.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Server } from "./server.mjs";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
export const PROGRAM = path.resolve(ROOT, process.env.GALENA_BIN ?? "build/galena");

/* What a program takes to end even on a slow machine under a sanitizer. */
const RUN_MS_MAX = 120_000;

/** The environment without what would lead the program out of its place. */
function environment(home, more) {
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^(GALENA_|XDG_|NO_COLOR$|CLICOLOR|FORCE_COLOR$|NODE_)/.test(name)) env[name] = value;
  }
  return { ...env, HOME: home, ...more };
}

/**
 * Run a program to its end: {code, stdout, stderr}. `input` goes to its standard input; `raw`
 * leaves stdout a Buffer.
 */
export function run(file, args, { cwd, env, input = "", raw = false, timeout = RUN_MS_MAX } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env });
    const alarm = setTimeout(() => child.kill("SIGKILL"), timeout);
    const out = [];
    const err = [];

    child.stdout.on("data", (piece) => out.push(piece));
    child.stderr.on("data", (piece) => err.push(piece));
    child.stdin.on("error", () => {}); // it may end without reading
    child.on("error", (error) => {
      clearTimeout(alarm);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(alarm);
      const stdout = Buffer.concat(out);
      resolve({
        code: code ?? signal,
        stdout: raw ? stdout : stdout.toString(),
        stderr: Buffer.concat(err).toString(),
      });
    });
    child.stdin.end(input);
  });
}

export class Place {
  constructor() {
    this.folder = mkdtempSync(path.join(os.tmpdir(), "galena-e2e-"));
    this.home = path.join(this.folder, "home");
    this.db = path.join(this.folder, "leads.db");
    this.servers = [];
    mkdirSync(this.home);
  }

  /** A place for a test; gone when the test ends. */
  static open(t) {
    const place = new Place();
    t.after(() => place.close());
    return place;
  }

  async close() {
    await Promise.all(this.servers.map((server) => server.end()));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  path(name) {
    return path.join(this.folder, name);
  }

  env(more = {}) {
    return environment(this.home, { GALENA_DB: this.db, GALENA_CHECK_OUTPUTS: "1", ...more });
  }

  /** Run the program with these words. */
  cli(args, { env = {}, ...options } = {}) {
    return run(PROGRAM, args, { cwd: this.folder, env: this.env(env), ...options });
  }

  /** Run it with --json: {code, json, stderr}. Throws when stdout is not one JSON document. */
  async cliJson(args, options) {
    const { code, stdout, stderr } = await this.cli([...args, "--json"], options);
    try {
      return { code, json: JSON.parse(stdout), stderr };
    } catch {
      const said = `${stdout}\n${stderr}`;
      throw new Error(`galena ${args.join(" ")} (exit ${code}) said no JSON:\n${said}`);
    }
  }

  /** `commands run`: {code, json: the envelope}. */
  command(id, input, { profile, ...options } = {}) {
    const more = profile ? ["--response-profile", profile] : [];
    return this.cliJson(
      ["commands", "run", id, "--input-file", "-", ...more],
      { input: JSON.stringify(input), ...options });
  }

  /** A new key: {key_id, key, name, scopes}. */
  async key(...more) {
    const { code, json, stderr } = await this.cliJson(["key", "create", "--name", "e2e", ...more]);
    if (code !== 0) throw new Error(`no key: ${stderr}`);
    return json;
  }

  /** Start a server; its `key` may do everything. */
  async serve(args = [], { env = {}, key } = {}) {
    const made = key ?? (await this.key()).key;
    const server = new Server(PROGRAM, args, { cwd: this.folder, env: this.env(env) });
    this.servers.push(server);
    await server.ready();
    server.key = made;
    return server;
  }

  /** All that is in the database, as SQL text. */
  async dump(file = this.db) {
    const { code, stdout, stderr } = await run("sqlite3", [file, ".timeout 10000", ".dump"]);
    if (code !== 0) throw new Error(`sqlite3: ${stderr}`);
    return stdout;
  }

  async digest() {
    return createHash("sha256").update(await this.dump()).digest("hex");
  }

  /** Rows of a query, each an object. */
  async sql(query, file = this.db) {
    const args = ["-json", file, ".timeout 10000", query];
    const { code, stdout, stderr } = await run("sqlite3", args);
    if (code !== 0) throw new Error(`sqlite3: ${stderr}`);
    return stdout.trim() ? JSON.parse(stdout) : [];
  }
}
