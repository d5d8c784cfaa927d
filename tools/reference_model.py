"""What the reference says of each command: rows of its schemas, lines to paste, errors.

The pages (reference_html.py) and the texts (reference_text.py) are two forms of what is made
here from the catalogue, from src/base/err.h and from the OpenAPI description.
"""
import json
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import catalogue_gen  # noqa: E402  (its folder is only now on the path)
import openapi_gen  # noqa: E402

LANGUAGES = ["CLI", "curl", "TypeScript", "Python"]
RISKS = {"read": "Reads; changes nothing.", "mutate": "Writes.",
         "approval": "Writes what a person may want to confirm first."}
# What any command can answer, and any that writes besides.
ALWAYS = ["INVALID_JSON", "INVALID_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "TOO_LARGE",
          "UNSUPPORTED_MEDIA_TYPE", "RATE_LIMITED", "INTERNAL", "BUSY"]
WRITING = ["IDEMPOTENCY_CONFLICT", "IDEMPOTENCY_MISMATCH", "STORAGE_FULL"]
# A required id of a thing: what an unknown one is answered with.
ID_ERRORS = {"entry": "BLACKLIST_ENTRY_NOT_FOUND"}
# Paths that belong to another dialect, by the page that lists them.
DIALECTS = {"contacts": ("/leads/api", "/integrations/api", "/id/api"),
            "leads": ("/api/v1/leads", "/api/v1/chatbots")}


def read_errors(root):
    """{code: (HTTP status, exit code, meaning)} in the order of src/base/err.h."""
    means = json.loads((root / "catalogue" / "errors.json").read_text(encoding="utf-8"))
    source = (root / "src" / "base" / "err.h").read_text(encoding="utf-8")
    rows = re.findall(r"\bX\(([A-Z_]+), (\d+), -?\d+, (\d+)\)", source)
    missing = {row[0] for row in rows} ^ set(means)
    if missing:
        sys.exit(f"catalogue/errors.json and src/base/err.h differ in {sorted(missing)}")
    return {name: (int(http), int(code), means[name]) for name, http, code in rows}


def schema_type(schema, known):
    """(words, name of the shape or None): "string or null", "array of Lead"."""
    name = known.get(json.dumps(schema, sort_keys=True))
    if name:
        return name, name
    for key in ("anyOf", "oneOf"):
        if key in schema:
            parts = [schema_type(one, known) for one in schema[key]]
            return " or ".join(part[0] for part in parts), next((p[1] for p in parts if p[1]), None)
    kinds = schema.get("type", "anything")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    shape = None
    words = []
    for kind in kinds:
        if kind == "array" and "items" in schema:
            inner, shape = schema_type(schema["items"], known)
            inner = f"({inner})" if " or " in inner else inner
            kind = f"array of {inner}"
        elif kind == "string" and schema.get("format") == "date-time":
            kind = "time"
        words.append(kind)
    return " or ".join(words), shape


def span(low, high, unit):
    if low is not None and high is not None:
        return f"{low:,} to {high:,}{unit}"
    return f"at most {high:,}{unit}" if high is not None else f"at least {low:,}{unit}"


def limits(schema):
    """What else is asked of a value: a list of short texts."""
    out = []
    for low, high, unit in (("minLength", "maxLength", " characters"),
                            ("minItems", "maxItems", " items"),
                            ("minProperties", "maxProperties", " members"),
                            ("minimum", "maximum", "")):
        if low in schema or high in schema:
            out.append(span(schema.get(low), schema.get(high), unit))
    if schema.get("uniqueItems"):
        out.append("no two alike")
    if "const" in schema:
        out.append("always " + json.dumps(schema["const"]))
    if "enum" in schema:
        out.append("one of " + ", ".join(f"`{one}`" for one in schema["enum"]))
    if "default" in schema:
        out.append(f"default `{json.dumps(schema['default'], ensure_ascii=False)}`")
    return out


def inner_schemas(schema):
    """What stands inside a value: (how the path goes on, schema)."""
    if isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
        yield ".*", schema["additionalProperties"]
    if "items" in schema:
        yield "[]", schema["items"]
    for key in ("anyOf", "oneOf"):
        for one in schema.get(key, []):
            yield "", one


def rows(schema, known, path=""):
    """Every member of an object, inner ones behind their own, as dictionaries."""
    out = []
    required = schema.get("required", [])
    for name, member in schema.get("properties", {}).items():
        at = f"{path}.{name}" if path else name
        words, shape = schema_type(member, known)
        more = limits(member)
        if isinstance(member.get("items"), dict) and not shape:
            more += [f"each {one}" for one in limits(member["items"])]
        out.append({"path": at, "type": words, "shape": shape, "limits": more,
                    "required": name in required, "about": member.get("description", "")})
        if not shape:
            out += rows(member, known, at)
    for step, inner in inner_schemas(schema):
        if not known.get(json.dumps(inner, sort_keys=True)):
            out += rows(inner, known, path + step)
    return out


def literal(value, words, indent, depth=0):
    """A value as Python or JavaScript writes it, in lines."""
    pad, end = " " * indent * (depth + 1), " " * indent * depth
    if isinstance(value, dict) and value:
        members = [f"{pad}{words['key'](key)}: {literal(one, words, indent, depth + 1)}"
                   for key, one in value.items()]
        return "{\n" + ",\n".join(members) + ",\n" + end + "}"
    if isinstance(value, list) and value:
        if all(not isinstance(one, (dict, list)) for one in value):
            return "[" + ", ".join(literal(one, words, indent) for one in value) + "]"
        members = [pad + literal(one, words, indent, depth + 1) for one in value]
        return "[\n" + ",\n".join(members) + ",\n" + end + "]"
    if value is None or isinstance(value, bool):
        return words[value]
    return json.dumps(value, ensure_ascii=False)


def js_key(key):
    return key if re.fullmatch(r"[A-Za-z_]\w*", key) else json.dumps(key, ensure_ascii=False)


JAVASCRIPT = {None: "null", True: "true", False: "false", "key": js_key}
PYTHON = {None: "None", True: "True", False: "False",
          "key": lambda key: json.dumps(key, ensure_ascii=False)}


def type_script(command_id, value):
    return (f"const input = {literal(value, JAVASCRIPT, 2)};\n"
            "const answer = await fetch("
            f"`${{process.env.GALENA_URL}}/api/v1/commands/{command_id}`, {{\n"
            '  method: "POST",\n'
            "  headers: {\n"
            "    Authorization: `Bearer ${process.env.GALENA_API_KEY}`,\n"
            '    "Content-Type": "application/json",\n'
            "  },\n"
            "  body: JSON.stringify({ input }),\n"
            "});\n"
            "const { ok, data, error } = JSON.parse(await answer.text());\n"
            "if (!ok) throw new Error(`${error.code}: ${error.message}`);\n"
            "console.log(JSON.stringify(data, null, 2));\n")


def python(command_id, value):
    return ("import json, os, sys, urllib.error, urllib.request\n\n"
            f"command_input = {literal(value, PYTHON, 4)}\n"
            "request = urllib.request.Request(\n"
            f'    os.environ["GALENA_URL"] + "/api/v1/commands/{command_id}",\n'
            '    json.dumps({"input": command_input}).encode(),\n'
            '    {"Authorization": "Bearer " + os.environ["GALENA_API_KEY"],\n'
            '     "Content-Type": "application/json"})\n'
            "try:\n"
            "    with urllib.request.urlopen(request) as answer:\n"
            '        print(json.dumps(json.load(answer)["data"], indent=2))\n'
            "except urllib.error.HTTPError as error:\n"
            "    sys.exit(error.read().decode())\n")


def cases(command):
    """The examples, those of one case together: [{title, input, CLI, curl, …}]."""
    found = {}
    for example in command["examples"]:
        kind, _, title = example["title"].partition(": ")
        found.setdefault(title, {})[kind] = example["code"]
    out = []
    for title, codes in found.items():
        value = json.loads(codes["Payload"])
        curl = codes["HTTP"].replace(' -H "', ' \\\n  -H "').replace(" -d '", " \\\n  -d '", 1)
        out.append({"title": title, "input": value, "CLI": codes["CLI"] + "\n", "curl": curl + "\n",
                    "TypeScript": type_script(command["command_id"], value),
                    "Python": python(command["command_id"], value)})
    return out


def tool_call(command_id, value):
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                       "params": {"name": command_id, "arguments": value}},
                      ensure_ascii=False, indent=2) + "\n"


def error_codes(command, errors):
    """What a command can answer: the common ones, and those that its own texts and ids name."""
    codes = set(ALWAYS) | (set() if command["risk"] == "read" else set(WRITING))
    codes |= {word for word in re.findall(r"\b[A-Z][A-Z_]{3,}\b", json.dumps(command))
              if word in errors}
    given = command["input_schema"]
    for name in given.get("required", []):
        if not name.endswith("_id"):
            continue
        things = [name.removesuffix("_id")]
        if name == "object_id":
            things = given["properties"]["object"]["enum"]
        codes |= {ID_ERRORS.get(thing, thing.upper() + "_NOT_FOUND") for thing in things}
    return [code for code in errors if code in codes]


def operations(document, prefixes):
    """The operations under these paths: (method, path, operation)."""
    for path, item in document["paths"].items():
        if any(path == one or path.startswith(one + "/") for one in prefixes):
            for method, operation in item.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    yield method.upper(), path, operation


class Model:
    """All of it, read once."""

    def __init__(self, root):
        catalogue = root / "catalogue"
        fragments = catalogue_gen.read_fragments(
            catalogue, json.loads((catalogue / "fields.json").read_text(encoding="utf-8")))
        self.commands = catalogue_gen.read_commands(catalogue, fragments)
        self.ids = {command["command_id"] for command in self.commands}
        self.errors = read_errors(root)
        self.document = openapi_gen.build(catalogue, "", False)
        self.known = self.shapes(fragments)
        self.fields = json.loads((catalogue / "fields.json").read_text(encoding="utf-8"))["fields"]
        self.nouns = {}
        for command in self.commands:
            self.nouns.setdefault(command["category"], []).append(command)
        self.about = {tag["name"]: tag["description"] for tag in self.document["tags"]}

    def shapes(self, fragments):
        """Named schemas that some command answers or takes; self.named has them whole."""
        _, known = openapi_gen.named_schemas(fragments)
        self.named = {name: json.loads(text) for text, name in known.items()}
        return known

    def used_shapes(self):
        """The names that tables refer to, in their order."""
        todo = [row for command in self.commands for key in ("input_schema", "output_schema")
                for row in rows(command[key], self.known)]
        used = set()
        while todo:
            shape = todo.pop()["shape"]
            if shape and shape not in used:
                used.add(shape)
                todo += rows(self.named[shape], self.known)
        return [name for name in self.named if name in used]

    def shape_rows(self, name):
        """The table of a named shape; a lead's fields say what they are in fields.json."""
        column = {"Lead": "runtime", "LeadRecord": "name"}.get(name)
        about = {field.get(column): field.get("about", "") for field in self.fields if column}
        return [{**row, "about": row["about"] or about.get(row["path"], "")}
                for row in rows(self.named[name], self.known)]

    def dialect(self, name):
        return list(operations(self.document, DIALECTS[name]))

    def own_operations(self):
        """What is no command and of no other dialect."""
        others = tuple(one for paths in DIALECTS.values() for one in paths)
        taken = {path for _, path, _ in operations(self.document, others)}
        for method, path, operation in operations(self.document, ("",)):
            if path not in taken and path.removeprefix("/api/v1/commands/") not in self.ids:
                yield method, path, operation
