#!/usr/bin/env python3
"""Make C from the catalogue: the table of a lead's fields and the commands with whole schemas.

usage: catalogue_gen.py CATALOGUE_DIR OUT_DIR

Reads fields.json, fragments.json and commands/*.json. A command's schema may say
  {"$use": "name"}                       replaced by the fragment of that name; members beside
                                         it are added, or stand in place of the fragment's
  "properties": {"$merge": ["name", …]}  those fragments' members, at that place
Fragments are the ones in fragments.json and those made here: lead, lead_record,
lead_profile_input and lead_profile_aliases from fields.json, lead_message, lead_status and
lead_status_counts from the words below. Nothing else is rewritten, so what a command's file
says is what its readers get.
"""
import json
import pathlib
import sys

STATUS_WORDS = ["New", "Waiting", "Contacted", "Replied", "MeetingBooked", "Interested",
                "NotInterested", "DoNotContact"]
INSIDE_WORDS = ["new", "waiting", "contacted", "replied", "interested", "qualified",
                "meeting_booked", "converted", "follow_up", "not_interested", "lost",
                "do_not_contact"]
C_TYPES = {"text": "FIELD_TYPE_TEXT", "number": "FIELD_TYPE_NUMBER", "flag": "FIELD_TYPE_FLAG",
           "array": "FIELD_TYPE_ARRAY", "object": "FIELD_TYPE_OBJECT",
           "status": "FIELD_TYPE_STATUS"}
C_FINDS = {None: "FIELD_FIND_NOT", "word": "FIELD_FIND_WORD", "number": "FIELD_FIND_NUMBER"}


def strip_limits(schema):
    """The output form of an item schema: the seed's, which knows no lengths."""
    if isinstance(schema, dict):
        return {k: strip_limits(v) for k, v in schema.items() if k != "maxLength"}
    if isinstance(schema, list):
        return [strip_limits(v) for v in schema]
    return schema


def field_schema(field, items, output):
    kind = field["type"]
    if kind == "text":
        return {"type": "string"} if output else {"type": "string", "maxLength": field["max"]}
    if kind == "number":
        return ({"type": "number"} if output else
                {"type": "number", "minimum": field["min"], "maximum": field["max"]})
    if kind == "flag":
        return {"type": "boolean"}
    if kind == "status":
        return {"type": "string", "enum": STATUS_WORDS}
    if kind == "array":
        item = items[field["items"]]
        if output:
            return {"type": "array", "items": strip_limits(item)}
        return {"type": "array", "items": item, "maxItems": field["max"]}
    return {"type": "object", "maxProperties": field["max"]}


def nullable(schema):
    """An input field may be null, which clears it."""
    out = dict(schema)
    if "enum" in out:
        return out
    out["type"] = [out["type"], "null"]
    return out


def lead_message():
    return {"type": "object", "properties": {
        "id": {"type": "string"}, "content": {"type": "string"},
        "channel": {"type": "string", "enum": ["EMAIL", "LINKEDIN"]},
        "date": {"type": "string"}, "timestamp": {"type": "string"},
        "senderName": {"type": "string"}, "isPending": {"type": "boolean"}},
        "required": ["id", "content", "channel", "date"], "additionalProperties": False}


def lead_output(fields, items):
    """The runtime dialect's Lead, member for member in the seed's order."""
    message = lead_message()
    text = {"type": "string"}
    made_before = {"name": [("id", text)],
                   "status": [("linkedinUrl", text), ("linkedin_url", text)],
                   "description": [("lastInteraction", text)],
                   "is_flagged": [("mission", text),
                                  ("missions", {"type": "array", "items": text}),
                                  ("sentMessages", {"type": "array", "items": message}),
                                  ("receivedMessages", {"type": "array", "items": message}),
                                  ("addedDate", text)]}
    properties = {}
    order = [f for f in fields if f.get("runtime")]
    for field in order:
        for name, schema in made_before.get(field["name"], []):
            properties[name] = schema
        properties[field["runtime"]] = field_schema(field, items, True)
    return {"type": "object", "properties": properties,
            "required": ["id", "name", "title", "company", "score", "avatarUrl", "linkedinUrl",
                         "linkedin_url", "status"],
            "additionalProperties": False}


def lead_record(fields, items):
    """All that is known of a lead, by inside names, as command/lead_record.h writes it."""
    text = {"type": "string"}
    time = {"type": "string", "format": "date-time"}
    properties = {"lead_id": text, "version": {"type": "integer", "minimum": 1},
                  "created_at": time, "updated_at": time,
                  "status": {"type": "string", "enum": INSIDE_WORDS},
                  "list_id": text, "stage_id": text,
                  "company_id": {"type": ["string", "null"]},
                  "import_id": {"type": ["string", "null"]},
                  "chatbot_id": text, "tag_ids": {"type": "array", "items": text}}
    required = [name for name in properties if name != "chatbot_id"]
    for field in fields:
        if field["name"] in properties:
            continue
        if field["type"] == "array" and "items" not in field:
            properties[field["name"]] = {"type": "array", "items": text}
        elif field["type"] == "object":
            properties[field["name"]] = {"type": "object", "additionalProperties": True}
        else:
            properties[field["name"]] = field_schema(field, items, True)
    properties["linkedin_url"] = text
    return {"type": "object", "properties": properties, "required": required + ["linkedin_url"],
            "additionalProperties": False}


def made_fragments(page):
    fields, items = page["fields"], page["items"]
    given = [f for f in fields if f.get("input")]
    profile, aliases = {}, {}
    for field in given:
        schema = nullable(field_schema(field, items, False))
        profile[field["name"]] = {**schema, "description": field["about"]}
        alias = field.get("runtime")
        if alias and alias != field["name"]:
            aliases[alias] = {**schema, "description": f"The same as {field['name']}."}
    counts = {word: {"type": "integer"} for word in STATUS_WORDS}
    return {"lead": lead_output(fields, items), "lead_record": lead_record(fields, items),
            "lead_profile_input": profile,
            "lead_profile_aliases": aliases, "lead_message": lead_message(),
            "lead_status": {"type": "string", "enum": STATUS_WORDS},
            "lead_status_counts": {"type": "object", "properties": counts,
                                   "required": STATUS_WORDS, "additionalProperties": False}}


def expand(node, fragments, place):
    if isinstance(node, list):
        return [expand(value, fragments, place) for value in node]
    if not isinstance(node, dict):
        return node
    if "$use" in node:
        if node["$use"] not in fragments:
            sys.exit(f"{place}: no fragment {node['$use']!r}")
        out = expand(fragments[node["$use"]], fragments, place)
        beside = {key: value for key, value in node.items() if key != "$use"}
        return {**out, **expand(beside, fragments, place)}
    out = {}
    for key, value in node.items():
        if key != "$merge":
            out[key] = expand(value, fragments, place)
            continue
        for name in value:
            if name not in fragments:
                sys.exit(f"{place}: no fragment {name!r}")
            out.update(expand(fragments[name], fragments, place))
    return out


def c_string(text):
    """A C string literal in lines. ISO C promises 4095 characters; gcc and clang take more."""
    out = ["\t__extension__"]
    for at in range(0, len(text), 1000):
        piece = text[at:at + 1000].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        out.append('\t"' + piece.replace("?", "\\?") + '"')
    return "\n".join(out)


def c_text(name):
    """An initialiser of struct text."""
    return f'{{"{name}", {len(name)}}}' if name else "{NULL, 0}"


def write_fields(page, out_dir):
    rows, names = [], []
    for field in page["fields"]:
        names.append(f"\tFIELD_{field['name'].upper()},")
        texts = (c_text(field.get(k)) for k in (
            "name", "runtime", "contacts", "contacts_input", "leads"))
        flags = ("true" if field.get(k) else "false"
                 for k in ("compact", "search", "sort", "input", "identity"))
        rows.append("\t{%s, %d, %s, %s, %s}," % (
            C_TYPES[field["type"]], field.get("max", 0), ", ".join(texts),
            C_FINDS[field.get("find")], ", ".join(flags)))
    (out_dir / "field_ids.h").write_text(
        "/* Made from catalogue/fields.json by tools/catalogue_gen.py. */\n"
        "#ifndef LEAD_FIELD_IDS_H\n#define LEAD_FIELD_IDS_H\n\nenum field_id {\n"
        + "\n".join(names) + "\n\tFIELD_COUNT\n};\n\n#endif\n")
    (out_dir / "field_rows.c").write_text(
        "/* Made from catalogue/fields.json by tools/catalogue_gen.py. */\n"
        '#include "lead/fields.h"\n\nconst struct field_row field_rows[FIELD_COUNT] = {\n'
        + "\n".join(rows) + "\n};\n")


def read_fragments(catalogue, page):
    fragments = json.loads((catalogue / "fragments.json").read_text())
    fragments.update(made_fragments(page))
    return fragments


def read_commands(catalogue, fragments):
    """Every command in the order of its id, schemas whole."""
    commands = []
    for path in sorted((catalogue / "commands").glob("*.json"), key=lambda path: path.stem):
        command = json.loads(path.read_text())
        if command.get("command_id") != path.stem:
            sys.exit(f"{path}: command_id is not the file's name")
        for key in ("input_schema", "output_schema", "approval_output_schema"):
            command[key] = expand(command[key], fragments, str(path))
        commands.append(command)
    return commands


def c_json(value):
    return c_string(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def write_commands(commands, fragments, out_dir):
    rows = [c_json(command) + "," for command in commands]
    record = expand(fragments["lead_record"], fragments, "lead_record")
    (out_dir / "catalogue_data.c").write_text(
        "/* Made from catalogue/ by tools/catalogue_gen.py. */\n"
        '#include "command/catalogue_data.h"\n\n'
        "const char *const catalogue_data_rows[] = {\n" + "\n".join(rows) + "\n};\n\n"
        f"const size_t catalogue_data_count = {len(rows)};\n\n"
        "const char *const catalogue_data_record =\n" + c_json(record) + ";\n")


def main():
    catalogue, out_dir = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out_dir.mkdir(parents=True, exist_ok=True)
    page = json.loads((catalogue / "fields.json").read_text())
    fragments = read_fragments(catalogue, page)
    commands = read_commands(catalogue, fragments)
    write_fields(page, out_dir)
    write_commands(commands, fragments, out_dir)


if __name__ == "__main__":
    main()
