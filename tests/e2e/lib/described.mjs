// described: holds answers against the program's own description (`galena openapi`).
//
// Every answer that Server.request gets goes through check(): its path, method, status and content
// type must be described, and its JSON must satisfy the schema that is given for it. Failures of
// addresses and methods that are not described must have the form of the dialect they belong to.
// A test that goes beyond the description on purpose says so: {described: false}.
//
// Without the packages of tests/e2e/package.json nothing is checked; openapi.test.mjs fails then.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const PROGRAM = path.resolve(ROOT, process.env.GALENA_BIN ?? "build/galena");
const DOCUMENT_BYTES_MAX = 64 * 1024 * 1024;
/* What the HTTP server itself may answer: to any request, and where nothing is. */
const OF_HTTP = [408, 414, 431, 501, 505];
const OF_NOTHING = [400, 404, 405, 413, 429, 503, ...OF_HTTP];
const FORMS = [
  [/^\/(?!api)[^/]+\/(c1\/)?api(\/|$)/, "ContactsFailure"],
  [/^\/api\/v1\/(leads|chatbots)(\/|$)/, "PollyFailure"],
  [/^\/api\/v1\//, "Failure"],
  [/^\/mcp$/, "RpcAnswer"],
  [/^/, "PlainFailure"],
];

const escaped = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");
const at = (...names) => `#/${names.map((name) => escaped(String(name))).join("/")}`;

/** An Ajv that knows the schemas of `document`, by their places in it. */
export async function schemasOf(document) {
  const [{ default: Ajv }, { default: addFormats }] =
    await Promise.all([import("ajv/dist/2020.js"), import("ajv-formats")]);
  const ajv = new Ajv({ strict: false, validateSchema: false, logger: false });

  addFormats(ajv);
  ajv.addSchema(document, "openapi");
  return {
    /** What is wrong with `value`: a text, or undefined. */
    problems(place, value) {
      const validate = ajv.getSchema(`openapi${encodeURI(place)}`);
      if (!validate) throw new Error(`the description has no ${place}`);
      if (validate(value)) return undefined;
      return validate.errors.map((one) =>
        `${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`).join("\n");
    },
  };
}

/** The described path that `path` is one of, or undefined: those without parameters first. */
export function finderOf(document) {
  const templates = Object.keys(document.paths).filter((one) => one.includes("{")).map((one) => {
    const pattern = one.split(/\{\w+\}/).map((text) => text.replace(/[.]/g, "\\.")).join("[^/]+");
    return [new RegExp(`^${pattern}$`), one];
  });

  return (where) => (where in document.paths ? where
    : templates.find(([pattern]) => pattern.test(where))?.[1]);
}

export function readDescription(words = [], program = PROGRAM) {
  const text = execFileSync(program, ["openapi", ...words], { maxBuffer: DOCUMENT_BYTES_MAX });
  return JSON.parse(text);
}

const opened = new Map();

/* A program's description, read once by each process that sends requests; null without Ajv. */
function open(program) {
  if (!opened.has(program)) opened.set(program, read(program));
  return opened.get(program);
}

async function read(program) {
  const document = readDescription([], program);

  try {
    return { document, find: finderOf(document), schemas: await schemasOf(document) };
  } catch (error) {
    if (error.code === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
}

function resolve(document, node) {
  if (!node?.$ref) return node;
  return node.$ref.split("/").slice(1).reduce((inside, name) => inside[name], document);
}

/* Where the schema of this answer is; throws when the answer is not described. */
function placeOf(description, { method, where, template, status, type }) {
  const { document } = description;
  const form = FORMS.find(([pattern]) => pattern.test(where))[1];
  const operation = template && document.paths[template][method];

  if (!operation || !(status in operation.responses)) {
    if (!(operation ? OF_HTTP : OF_NOTHING).includes(status)) throw new Error("is not described");
    return at("components", "schemas", form);
  }
  const said = operation.responses[status];
  const { content } = resolve(document, said);

  if (!content) {
    if (type) throw new Error(`is described without a body, and has ${type}`);
    return undefined;
  }
  if (!(type in content)) throw new Error(`is not described as ${type || "nothing"}`);
  const base = said.$ref ?? at("paths", template, method, "responses", status);
  return type === "application/json" ? `${base}${at("content", type, "schema").slice(1)}`
    : undefined;
}

/** Throw when an answer is not as the description of `program` has it. */
export async function check(method, path_, answer, program = PROGRAM) {
  const description = await open(program);
  if (!description || method === "OPTIONS" || method === "HEAD") return;
  const where = path_.split(/[?#]/)[0].replace(/^\/docs\/$/, "/docs");
  const type = (answer.headers["content-type"] ?? "").split(";")[0];
  const asked = { method: method.toLowerCase(), where, template: description.find(where),
    status: answer.status, type };
  const isWhole = !answer.headers["content-encoding"];
  let problems;

  try {
    const place = placeOf(description, asked);
    if (place && isWhole) problems = description.schemas.problems(place, JSON.parse(answer.text));
  } catch (error) {
    problems = error.message;
  }
  if (!problems) return;
  throw new Error(`${method} ${path_}, answered ${answer.status} ${type}, is not as the ` +
    `description has it:\n${problems}\n${answer.text.slice(0, 2000)}`);
}
