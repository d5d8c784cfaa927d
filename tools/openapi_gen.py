#!/usr/bin/env python3
"""Make the OpenAPI descriptions from the catalogue.

usage: openapi_gen.py CATALOGUE_DIR VERSION OUT_DIR

Writes openapi.json (OpenAPI 3.1) and openapi-3.2.json. Every command becomes a typed operation;
what is no command (uploads, exports, health, the other two dialects) is described in
openapi/*.json beside the commands: pieces of an OpenAPI document that are put together here. A
member "x-3.2" stands beside what replaces it in the 3.2 description.
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
         "activity": "Activity", "webhook": "Webhook", "blacklist_entry": "BlacklistEntry"}
RISKS = {"read": "Reads; changes nothing.", "mutate": "Writes.",
         "approval": "Writes what a person may want to confirm first."}
FAILURES = {"400": "BadInput", "401": "Unauthenticated", "403": "Forbidden", "404": "NotFound",
            "409": "Conflict", "413": "TooLarge", "415": "UnsupportedMediaType",
            "422": "Refused", "429": "RateLimited", "500": "Internal", "503": "Busy",
            "507": "StorageFull"}
READ_FAILURES = ("400", "401", "403", "404", "413", "415", "429", "500", "503")


def camel(command_id):
    return "".join(word.capitalize() for word in command_id.replace(".", "_").split("_"))


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
        return {"$ref": f"#/components/schemas/{name}"}
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
    name = camel(command["command_id"])
    content = {"schema": {"$ref": f"#/components/schemas/{name}Request"}}
    if examples:
        content["examples"] = {key: {"summary": one["say"], "value": {"input": one["input"]}}
                               for key, one in examples.items()}
    return {"required": bool(command["input_schema"].get("required")),
            "content": {"application/json": content}}


def answers(command, examples):
    name = camel(command["command_id"])
    content = {"schema": {"$ref": f"#/components/schemas/{name}Response"}}
    shown = {key: one for key, one in examples.items() if "answer" in one}
    if shown:
        content["examples"] = {key: {"summary": one["say"], "value": one["answer"]}
                               for key, one in shown.items()}
    out = {"200": {"description": command["summary"], "content": {"application/json": content}}}
    if command["command_id"] == "lead.get":
        out["304"] = {"$ref": "#/components/responses/NotModified"}
    wanted = [code for code in FAILURES if command["risk"] != "read" or code in READ_FAILURES]
    if "if_version" in command["input_schema"]["properties"]:
        out["412"] = {"$ref": "#/components/responses/Moved"}
    out.update({code: {"$ref": f"#/components/responses/{FAILURES[code]}"} for code in wanted})
    return dict(sorted(out.items()))


def add_command(document, command, known, examples):
    name = camel(command["command_id"])
    schemas = document["components"]["schemas"]
    profile = {"$ref": "#/components/schemas/ResponseProfile"}
    schemas[f"{name}Input"] = refer(command["input_schema"], known)
    schemas[f"{name}Output"] = refer(command["output_schema"], known)
    schemas[f"{name}Request"] = {
        "type": "object",
        "properties": {"input": {"$ref": f"#/components/schemas/{name}Input"},
                       "response_profile": profile},
        "required": ["input"] if command["input_schema"].get("required") else [],
        "additionalProperties": False}
    if not schemas[f"{name}Request"]["required"]:
        del schemas[f"{name}Request"]["required"]
    schemas[f"{name}Response"] = {
        "type": "object",
        "properties": {"ok": {"type": "boolean", "const": True},
                       "status": {"type": "integer", "const": 200},
                       "data": {"$ref": f"#/components/schemas/{name}Output"},
                       "meta": {"$ref": "#/components/schemas/Meta"}},
        "required": ["ok", "status", "data", "meta"], "additionalProperties": False}
    operation = {"operationId": command["command_id"].replace(".", "_"),
                 "tags": [command["category"]], "summary": command["title"],
                 "description": description(command),
                 "requestBody": body(command, examples),
                 "responses": answers(command, examples)}
    if headers(command):
        operation["parameters"] = headers(command)
    operation["x-galena-risk"] = command["risk"]
    document["paths"][f"/api/v1/commands/{command['command_id']}"] = {"post": operation}


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def build(catalogue, version, is_newer):
    page = read_json(catalogue / "fields.json")
    fragments = catalogue_gen.read_fragments(catalogue, page)
    examples_file = catalogue / "openapi" / "examples" / "commands.json"
    examples = read_json(examples_file) if examples_file.exists() else {}
    document = {"openapi": "3.2.0" if is_newer else "3.1.1"}
    for path in sorted((catalogue / "openapi").glob("*.json")):
        merge(document, choose(read_json(path), is_newer), path.name)
    document["info"]["version"] = version
    schemas, known = named_schemas(fragments)
    document["components"]["schemas"].update(schemas)
    for command in catalogue_gen.read_commands(catalogue, fragments):
        add_command(document, command, known, examples.get(command["command_id"], {}))
    drop_unused(document)
    document["paths"] = dict(sorted(document["paths"].items()))
    return document


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


def main():
    catalogue, version, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    for name, is_newer in (("openapi.json", False), ("openapi-3.2.json", True)):
        text = json.dumps(build(catalogue, version, is_newer), ensure_ascii=False,
                          separators=(",", ":"))
        (out / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
