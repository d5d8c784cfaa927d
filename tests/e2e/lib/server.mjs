// server: a running `galena serve`, and the requests that tests send to it.
import { spawn } from "node:child_process";
import http from "node:http";
import https from "node:https";
import net from "node:net";

import { check } from "./described.mjs";
import { until, within } from "./until.mjs";

const READY_MS_MAX = 60_000;
const END_MS_MAX = 30_000;
const ANSWER_MS_MAX = 60_000;

export class Server {
  constructor(program, args, options) {
    this.stdout = "";
    this.stderr = "";
    this.key = "";
    this.program = program;
    this.child = spawn(program, ["serve", "--listen", "127.0.0.1:0", ...args],
      { ...options, stdio: ["ignore", "pipe", "pipe"] });
    this.pid = this.child.pid;
    this.child.stdout.setEncoding("utf8").on("data", (text) => { this.stdout += text; });
    this.child.stderr.setEncoding("utf8").on("data", (text) => { this.stderr += text; });
    this.exit = new Promise((resolve, reject) => {
      this.child.on("error", reject);
      this.child.on("close", (code, signal) => {
        this.ended = code ?? signal;
        resolve(this.ended);
      });
    });
    this.exit.catch(() => {}); // told by ready()
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  }

  /** Wait for the ready line. */
  async ready() {
    const line = /^listening on (https?):\/\/([^\s]+):(\d+)$/m;

    await until(() => {
      if (this.ended !== undefined) return true;
      return line.exec(this.stdout);
    }, "the ready line", READY_MS_MAX);
    const found = line.exec(this.stdout);
    if (!found) throw new Error(`serve ended with ${this.ended}:\n${this.stderr}`);
    this.isTls = found[1] === "https";
    this.port = Number(found[3]);
    this.url = `${found[1]}://127.0.0.1:${this.port}`;
    if (this.isTls) this.agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
  }

  /** The lines of the log that are about requests. */
  get log() {
    return this.stderr.split("\n").filter((line) => line).map((line) => JSON.parse(line));
  }

  /** SIGTERM, and the exit code. */
  async stop() {
    this.child.kill("SIGTERM");
    return within(this.exit, END_MS_MAX, "stopping");
  }

  /** kill -9, and wait until it is gone. */
  async kill() {
    this.child.kill("SIGKILL");
    await within(this.exit, END_MS_MAX, "dying");
    this.agent.destroy();
  }

  /** However it is: gone afterwards. */
  async end() {
    this.agent.destroy();
    if (this.ended !== undefined || this.pid === undefined) return;
    this.child.kill("SIGKILL");
    await this.exit;
  }

  /**
   * One request: {status, headers, raw, text, json}. `body` may be text, a Buffer, or anything
   * else to be sent as JSON. Without `key` the server's own goes along; null sends none. The
   * answer must be as the program describes it, unless `described` is false.
   */
  async request(method, path, { body, headers = {}, key = this.key, agent = this.agent,
    described = true } = {}) {
    const isBytes = typeof body === "string" || Buffer.isBuffer(body);
    const bytes = body === undefined ? undefined : isBytes ? body : JSON.stringify(body);
    const sent = { ...headers };

    if (key !== null) sent.Authorization ??= `Bearer ${key}`;
    if (bytes !== undefined) {
      sent["Content-Type"] ??= "application/json";
      if (!sent["Transfer-Encoding"]) sent["Content-Length"] = Buffer.byteLength(bytes);
    }
    for (const name of Object.keys(sent)) {
      if (sent[name] === null) delete sent[name];
    }
    const answer = await exchange(this, { method, path, headers: sent, agent }, bytes);
    if (described) await check(method, path, answer, this.program);
    return answer;
  }

  /** Run a command; the answer's JSON is the envelope. */
  run(id, input, { profile, ...options } = {}) {
    const body = profile ? { input, response_profile: profile } : { input };
    return this.request("POST", `/api/v1/commands/${id}`, { body, ...options });
  }

  /** Run a command that must succeed, and answer its data. */
  async data(id, input, options) {
    const { status, text, json } = await this.run(id, input, options);
    if (status !== 200) throw new Error(`${id} answered ${status}: ${text}`);
    return json.data;
  }

  /** A bare connection, for what no decent client sends. */
  connect() {
    return new Wire(this.port);
  }
}

function exchange(server, options, bytes) {
  const library = server.isTls ? https : http;
  const tls = server.isTls ? { rejectUnauthorized: false } : {};

  return new Promise((resolve, reject) => {
    const request = library.request(
      { host: "127.0.0.1", port: server.port, timeout: ANSWER_MS_MAX, ...tls, ...options },
      (response) => {
        const pieces = [];
        response.on("data", (piece) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () => {
          const raw = Buffer.concat(pieces);
          const text = raw.toString();
          resolve({
            status: response.statusCode, headers: response.headers, raw, text,
            get json() { return JSON.parse(text); },
          });
        });
      });
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", reject);
    request.end(bytes);
  });
}

/** Bytes out, bytes in. */
export class Wire {
  constructor(port) {
    this.received = "";
    this.isClosed = false;
    this.socket = net.connect(port, "127.0.0.1");
    this.socket.setEncoding("latin1").on("data", (text) => { this.received += text; });
    this.socket.on("error", () => { this.isClosed = true; });
    this.socket.on("close", () => { this.isClosed = true; });
  }

  send(text) {
    this.socket.write(text, "latin1");
  }

  /** Wait until something like `pattern` arrived, and answer all that did. */
  async expect(pattern, ms) {
    await until(() => pattern.test(this.received), `${pattern} in ${this.received}`, ms);
    return this.received;
  }

  closed(ms) {
    return until(() => this.isClosed, `the end of the connection after ${this.received}`, ms);
  }

  close() {
    this.socket.destroy();
  }
}
