#!/usr/bin/env python3
"""Make the OpenAPI descriptions from the catalogue.

usage: openapi_gen.py CATALOGUE_DIR VERSION OUT_DIR

Writes openapi.json (OpenAPI 3.1) and openapi-3.2.json. Every command becomes a typed operation;
what is no command (the other two dialects, uploads, exports, health) is described in openapi/*.json
beside the commands: pieces of an OpenAPI document that are put together here. Beside OpenAPI they
have these words, which readers never see:

  x-3.2           stands beside what it replaces in the 3.2 description
  x-responses     of a file: the response that stands for each status that is a failure
  x-always        of a file: the statuses that every operation with x-failures may answer
  x-failures      of an operation: the statuses beside those
  x-command-failures  the same as x-responses, for commands
  x-alias-of      of a path: it answers as that path does, all of it
  x-takes         of an operation: the schema of the JSON that it takes
  x-may-take      the same where there may be no body
  x-gives         of a response: the schema of its JSON
  $ref            without "#": a schema's name; a text among parameters or headers is a name, too
  $copied         a schema of the same piece with a copy of itself as member "lead"
  x-filter        among parameters: the contacts dialect's, with this schema
  $all            an object with these properties, all of them, and no others
  $filter         an object with conditions of the contacts dialect on these keys
  $field          of a property: a lead's field of fields.json; the property's name must be the
                  one that the dialect's column ("contacts", …) has for it: "contacts/email"
  $fields         among properties: all names that the columns have, each with this schema
  $input          a piece of a command's input: "tag.create/name"
  $page           a page of these, in the contacts dialect

Examples are in openapi/examples/, recorded by tools/openapi_examples.mjs: commands.json by
command_id, requests.json by operationId.
"""
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import catalogue_gen  # noqa: E402  (its folder is only now on the path)

# Fragments that become schemas of their own, by the names they get.
NAMED = {"lead": "Lead", "lead_record": "LeadRecord", "lead_message": "LeadMessage",
         "approval": "Approval", "list": "List", "mission": "Mission", "import": "Import",
         "tag": "Tag", "stage": "Stage", "field": "Field", "note": "Note", "company": "Company",
         "activity": "Activity", "webhook": "Webhook", "blacklist_entry": "BlacklistEntry",
         "chatbot": "Chatbot", "export": "Export"}
READ_FAILURES = ("400", "401", "403", "404", "413", "415", "429", "500", "503")
WORDS = ("$all", "$field", "$fields", "$filter", "$input", "$page")
FILTER = {"name": "filter", "in": "query", "style": "deepObject", "explode": True,
          "description": "Conditions that must all hold: `filter[key]=value`, "
                         "`filter[key][]=value`, `filter[key][>=]=value`; or the whole as one "
                         "JSON text, `filter={…}`."}
METHODS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"


def camel(command_id):
    return "".join(word.capitalize() for word in command_id.replace(".", "_").split("_"))


def schema_ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def merge(into, piece, place):
    """Put `piece` into a document; two pieces may not say the same thing twice."""
    for key, value in piece.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value, f"{place}/{key}")
        elif isinstance(value, list) and isinstance(into.get(key), list):
            into[key] = into[key] + value
        elif key in into:
            sys.exit(f"openapi: {place}/{key} is said twice")
        else:
            into[key] = value


def choose(node, is_newer):
    """Take what the version understands: "x-3.2" replaces its neighbours or goes."""
    if isinstance(node, list):
        return [choose(value, is_newer) for value in node]
    if not isinstance(node, dict):
        return node
    newer = node.get("x-3.2")
    out = {key: choose(value, is_newer) for key, value in node.items() if key != "x-3.2"}
    if newer is not None and is_newer:
        out.update(choose(newer, is_newer))
        out = {key: value for key, value in out.items() if value is not None}
    return out


def refer(node, known):
    """Schemas that have a name are referred to by it."""
    if isinstance(node, list):
        return [refer(value, known) for value in node]
    if not isinstance(node, dict):
        return node
    name = known.get(json.dumps(node, sort_keys=True))
    if name:
        return schema_ref(name)
    return {key: refer(value, known) for key, value in node.items()}


def named_schemas(fragments):
    """The named fragments, whole, and how to recognise them."""
    schemas, known = {}, {}
    for fragment, name in NAMED.items():
        if fragment in fragments:
            schemas[name] = catalogue_gen.expand(fragments[fragment], fragments, fragment)
            known[json.dumps(schemas[name], sort_keys=True)] = name
    for name, schema in schemas.items():
        schemas[name] = {key: refer(value, known) for key, value in schema.items()}
    return schemas, known


class Words:
    """Replaces the $words of the pieces by what they stand for."""

    def __init__(self, page, commands):
        self.page = page
        self.fields = {field["name"]: field for field in page["fields"]}
        self.commands = {command["command_id"]: command for command in commands}
        self.used = set()

    def field(self, said, name, beside):
        column, _, inside = said.partition("/")
        field = self.fields.get(inside, {})
        if field.get(column) != name:
            sys.exit(f"openapi: {name!r} is not what {column} calls {inside!r}")
        self.used.add((column, inside))
        schema = catalogue_gen.field_schema(field, self.page["items"], column != "contacts_input")
        if field["type"] == "number":
            schema["type"] = "integer"
        if field["type"] == "object":
            schema["additionalProperties"] = True
        return {**catalogue_gen.nullable(schema), "description": field["about"], **beside}

    def check_columns(self):
        """Every name that a dialect shows is described."""
        for field in self.page["fields"]:
            for column in ("contacts", "contacts_input", "leads"):
                if field.get(column) and (column, field["name"]) not in self.used:
                    sys.exit(f"openapi: {column} lacks the field {field['name']}")

    def column_names(self, said):
        names = []
        for field in self.page["fields"]:
            for column in said["columns"]:
                name = field.get(column)
                if name and name not in names and name not in said["but"]:
                    names.append(name)
        return {name: self.expand(said["schema"]) for name in names}

    def input(self, said):
        command_id, *steps = said.split("/")
        schema = self.commands[command_id]["input_schema"]
        for step in steps:
            schema = schema["items"] if step == "[]" else schema["properties"][step]
        return schema

    def expand(self, node, name=""):
        if isinstance(node, list):
            return [self.expand(value) for value in node]
        if not isinstance(node, dict):
            return node
        out = {key: self.expand(value, key) for key, value in node.items() if key not in WORDS}
        if "$all" in node:
            return {**whole(self.expand(node["$all"])), **out}
        if "$filter" in node:
            return {**filter_of(node["$filter"]), **out}
        if "$field" in node:
            return self.field(node["$field"], name, out)
        if "$fields" in node:
            return {**out, **self.column_names(node["$fields"])}
        if "$input" in node:
            return {**self.input(node["$input"]), **out}
        if "$ref" in node and "#" not in node["$ref"]:
            return {**out, **schema_ref(node["$ref"])}
        return {**page_of(node["$page"]), **out} if "$page" in node else out


def add_copied(schemas):
    for schema in schemas.values():
        name = schema.pop("$copied", None)
        if name:
            whole = {**schemas[name], **schema}
            schema.update(whole)
            schema["properties"] = {**whole["properties"], "lead": schema_ref(name)}
            schema["required"] = [*whole["required"], "lead"]


def whole(properties):
    return {"type": "object", "properties": properties, "required": list(properties),
            "additionalProperties": False}


def filter_of(keys):
    out = whole({**{key: schema_ref("ContactFilterValue") for key in keys},
                 "q": {"type": ["string", "null"],
                       "description": "Text: every word must begin a word of it."}})
    del out["required"]
    return out


def page_of(name):
    count = {"type": "integer", "minimum": 0}
    properties = {"data": {"type": "array", "items": schema_ref(name)},
                  "limit": {**count, "description": "How many were asked for."},
                  "offset": {**count, "description": "How many stand before these."},
                  "total": {**count, "description": "How many there are in all."},
                  "has_more": {"type": "boolean", "description": "Whether others follow."}}
    return whole(properties)


def operations(paths):
    for item in paths.values():
        for method in METHODS:
            if method in item:
                yield item[method]


def parameter(said):
    if isinstance(said, str):
        return {"$ref": f"#/components/parameters/{said}"}
    if "x-filter" in said:
        return {**FILTER, "schema": schema_ref(said["x-filter"])}
    return said


def write_out(piece):
    """The words that make operations short to read."""
    responses = list(piece.get("components", {}).get("responses", {}).values())
    for operation in operations(piece.get("paths", {})):
        if "parameters" in operation:
            operation["parameters"] = [parameter(one) for one in operation["parameters"]]
        for word, is_required in (("x-takes", True), ("x-may-take", False)):
            if word in operation:
                operation["requestBody"] = {
                    "required": is_required, "content": {JSON: {"schema": operation.pop(word)}}}
        responses += operation["responses"].values()
    for response in responses:
        if isinstance(response.get("headers"), list):
            response["headers"] = {name: {"$ref": f"#/components/headers/{name}"}
                                   for name in response["headers"]}
        if "x-gives" in response:
            response["content"] = {JSON: {"schema": response.pop("x-gives")}}


def add_failures(piece):
    """The responses that x-failures stands for."""
    names, always = piece.pop("x-responses", {}), piece.pop("x-always", [])
    for operation in operations(piece.get("paths", {})):
        if "x-failures" not in operation:
            continue
        for status in sorted({*always, *operation.pop("x-failures")}):
            operation["responses"][status] = {"$ref": f"#/components/responses/{names[status]}"}


def example_of(one, value):
    return {"summary": one["say"], "value": value}


def add_examples(operation, examples):
    """What was recorded of an operation: requests and answers."""
    for name, one in examples.items():
        wanted = [(operation.get("requestBody", {}), "body"),
                  (operation["responses"].get(str(one["status"]), {}), "answer")]
        for place, key in wanted:
            content = place.get("content", {}).get(JSON)
            if content is not None and key in one:
                content.setdefault("examples", {})[name] = example_of(one, one[key])


def add_aliases(paths):
    for path, item in paths.items():
        original = item.pop("x-alias-of", None)
        if original is None:
            continue
        for method in METHODS:
            if method not in paths[original]:
                continue
            said = json.loads(json.dumps(paths[original][method]))
            said["operationId"] += "_alias"
            said["description"] = f"Another address of `{original}`.\n\n{said['description']}"
            said["x-galena-alias-of"] = original
            item[method] = said


def description(command):
    notes = command["risk_notes"] + command["output_notes"]
    return "\n\n".join([command["description"], command["when_to_use"],
                        "\n".join(f"- {note}" for note in notes)]).strip()


def headers(command):
    refs = []
    if command["risk"] != "read":
        refs.append("IdempotencyKey")
    if "if_version" in command["input_schema"]["properties"]:
        refs.append("IfMatch")
    if command["command_id"] == "lead.get":
        refs.append("IfNoneMatch")
    return [{"$ref": f"#/components/parameters/{name}"} for name in refs]


def body(command, examples):
    content = {"schema": schema_ref(f"{camel(command['command_id'])}Request")}
    if examples:
        content["examples"] = {name: example_of(one, {"input": one["input"]})
                               for name, one in examples.items()}
    return {"required": bool(command["input_schema"].get("required")), "content": {JSON: content}}


def answer_headers(command):
    names = ["ETag"] if command["command_id"] in ("lead.get", "lead.upsert", "lead.update") else []
    if command["risk"] != "read":
        names.append("Idempotency-Replayed")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def answers(command, examples, failures):
    content = {"schema": schema_ref(f"{camel(command['command_id'])}Response")}
    if examples:
        content["examples"] = {name: example_of(one, one["answer"])
                               for name, one in examples.items()}
    out = {"200": {"description": command["summary"], "content": {JSON: content}}}
    if answer_headers(command):
        out["200"]["headers"] = answer_headers(command)
    wanted = [code for code in failures if command["risk"] != "read" or code in READ_FAILURES]
    if command["risk"] == "read" and "linkedin_url" in command["input_schema"]["properties"]:
        wanted.append("409")  # its identifiers may belong to several leads
    if command["command_id"] == "lead.get":
        wanted.append("304")
    if "if_version" in command["input_schema"]["properties"]:
        wanted.append("412")
    names = {**failures, "304": "NotModified", "412": "Moved"}
    out.update({code: {"$ref": f"#/components/responses/{names[code]}"} for code in wanted})
    return dict(sorted(out.items()))


def add_tag(document, category):
    """A noun that base.json does not explain yet."""
    if all(tag["name"] != category for tag in document["tags"]):
        document["tags"].append({"name": category, "description": f"Commands of {category}."})


def data_schema(command, name):
    """What stands in `data`; commands that answer one lead can answer its record instead."""
    own = schema_ref(f"{name}Output")
    if command["command_id"] in ("lead.get", "lead.upsert", "lead.update"):
        return {"anyOf": [own, schema_ref("LeadRecordOutput")]}
    return own


def add_command(document, command, known, examples):
    name = camel(command["command_id"])
    schemas = document["components"]["schemas"]
    add_tag(document, command["category"])
    schemas[f"{name}Input"] = refer(command["input_schema"], known)
    schemas[f"{name}Output"] = refer(command["output_schema"], known)
    request = {"type": "object",
               "properties": {"input": schema_ref(f"{name}Input"),
                              "response_profile": schema_ref("ResponseProfile")},
               "required": ["input"], "additionalProperties": False}
    if not command["input_schema"].get("required"):
        del request["required"]
    schemas[f"{name}Request"] = request
    schemas[f"{name}Response"] = {
        "type": "object",
        "properties": {"ok": {"type": "boolean", "const": True},
                       "status": {"type": "integer", "const": 200},
                       "data": refer(data_schema(command, name), known),
                       "meta": schema_ref("Meta")},
        "required": ["ok", "status", "data", "meta"], "additionalProperties": False}
    operation = {"operationId": command["command_id"].replace(".", "_"),
                 "tags": [command["category"]], "summary": command["title"],
                 "description": description(command),
                 "requestBody": body(command, examples),
                 "responses": answers(command, examples, document["x-command-failures"])}
    if headers(command):
        operation["parameters"] = headers(command)
    operation["x-galena-risk"] = command["risk"]
    document["paths"][f"/api/v1/commands/{command['command_id']}"] = {"post": operation}


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def read_examples(catalogue, name):
    path = catalogue / "openapi" / "examples" / name
    return read_json(path) if path.exists() else {}


def read_pieces(catalogue, words, is_newer):
    document = {"openapi": "3.2.0" if is_newer else "3.1.1"}
    for path in sorted((catalogue / "openapi").glob("*.json")):
        piece = words.expand(choose(read_json(path), is_newer))
        add_copied(piece.get("components", {}).get("schemas", {}))
        write_out(piece)
        add_failures(piece)
        merge(document, piece, path.name)
    words.check_columns()
    return document


def build(catalogue, version, is_newer):
    page = read_json(catalogue / "fields.json")
    fragments = catalogue_gen.read_fragments(catalogue, page)
    commands = catalogue_gen.read_commands(catalogue, fragments)
    document = read_pieces(catalogue, Words(page, commands), is_newer)
    document["info"]["version"] = version
    add_aliases(document["paths"])
    requests = read_examples(catalogue, "requests.json")
    for operation in operations(document["paths"]):
        add_examples(operation, requests.get(operation["operationId"], {}))
    schemas, known = named_schemas(fragments)
    document["components"]["schemas"].update(schemas)
    examples = read_examples(catalogue, "commands.json")
    for command in commands:
        add_command(document, command, known, examples.get(command["command_id"], {}))
    del document["x-command-failures"]
    drop_unused(document)
    components = document["components"]
    components["schemas"] = tell_defaults(components["schemas"])
    document["paths"] = dict(sorted(document["paths"].items()))
    return document


def tell_defaults(node):
    """Say defaults in words: makers of types take a member with a default for one always there."""
    if isinstance(node, list):
        return [tell_defaults(value) for value in node]
    if not isinstance(node, dict):
        return node
    out = {key: tell_defaults(value) for key, value in node.items()}
    for name, schema in out.get("properties", {}).items():
        if isinstance(schema, dict) and "default" in schema and "$ref" not in schema:
            schema = dict(schema)
            default = json.dumps(schema.pop("default"))
            said = schema.get("description", "")
            schema["description"] = f"{said} Default: `{default}`.".strip()
            out["properties"][name] = schema
    return out


def drop_unused(document):
    """Named schemas that nobody refers to are left out, until none is left."""
    schemas = document["components"]["schemas"]
    while True:
        text = json.dumps(document)
        unused = [name for name in schemas if f'"#/components/schemas/{name}"' not in text]
        if not unused:
            return
        for name in unused:
            del schemas[name]


def texts(catalogue, version):
    """Both descriptions as they are served, by the names of their files."""
    return {name: json.dumps(build(catalogue, version, is_newer), ensure_ascii=False,
                             separators=(",", ":"))
            for name, is_newer in (("openapi.json", False), ("openapi-3.2.json", True))}


def main():
    catalogue, version, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts(catalogue, version).items():
        (out / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
