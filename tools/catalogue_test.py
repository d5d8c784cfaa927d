#!/usr/bin/env python3
"""The catalogue keeps its promises: whole, closed, readable, and equal to the contract.

usage: catalogue_test.py     (from anywhere; standard library only)
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "catalogue"
SEEDS = ROOT / "tests" / "data" / "seeds"
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True
import catalogue_gen  # noqa: E402  (its folder is only now on the path)

META = ["command_id", "title", "description", "summary", "visibility", "risk", "category",
        "default_permission", "when_to_use", "risk_notes", "output_notes", "related_commands",
        "related_resources", "examples", "input_schema", "output_schema",
        "approval_output_schema"]
SCHEMAS = META[-3:]
TEXTS = ["title", "description", "summary", "when_to_use"]
TEXT_LISTS = ["risk_notes", "output_notes", "related_commands", "related_resources"]
CHOICES = {"visibility": {"public"}, "risk": {"read", "mutate", "approval"},
           "category": {"activity", "blacklist", "chatbot", "company", "export", "field", "import",
                        "lead", "list", "mission", "note", "stage", "tag", "webhook",
                        "workspace"},
           "default_permission": {"allow"}}
RESOURCES = {"salestouch://status", "salestouch://catalog", "salestouch://missions",
             "salestouch://prospects/{id}"}
# What the validator of the program knows. Anything else would be a promise nobody keeps.
KEYWORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "const",
            "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minimum",
            "maximum", "format", "anyOf", "oneOf", "description", "title", "default", "examples",
            "minProperties", "maxProperties"}
FORMATS = {"date-time", "uuid", "uri"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
         "number": (int, float), "integer": int}
COMMANDS = []


def types_of(schema):
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def sub_schemas(schema, place):
    """The schemas directly inside a schema, each with its place."""
    for name, inner in schema.get("properties", {}).items():
        yield inner, f"{place}/{name}"
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield schema[key], f"{place}/{key}"
    for key in ("anyOf", "oneOf"):
        for inner in schema.get(key, []):
            yield inner, f"{place}/{key}"


def every_schema(schema, place):
    todo = [(schema, place)]
    while todo:
        node, at = todo.pop()
        yield node, at
        todo.extend(sub_schemas(node, at))


def schemas_of(command, keys=SCHEMAS):
    for key in keys:
        yield from every_schema(command[key], f"{command['command_id']} {key}")


def is_type(value, kind):
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])


def bad_bounds(value, schema):
    """Lengths, sizes and formats of one value against its schema."""
    if isinstance(value, str):
        size, low, high = len(value), "minLength", "maxLength"
    elif isinstance(value, list):
        size, low, high = len(value), "minItems", "maxItems"
    elif isinstance(value, dict):
        size, low, high = len(value), "minProperties", "maxProperties"
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        size, low, high = value, "minimum", "maximum"
    else:
        return None
    if not schema.get(low, size) <= size <= schema.get(high, size):
        return f"{low} or {high}"
    if isinstance(value, str) and schema.get("format") == "date-time":
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", value):
            return "date-time"
        datetime.fromisoformat(value.replace("Z", "+00:00"))
    return None


def members_inside(value, schema, place):
    """(member, schema, place) of each member; a closed object's stranger has the schema False."""
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, member in value.items():
        yield member, properties.get(name, others), f"{place}/{name}"


def check(value, schema, place="input"):
    """What is wrong with a value, as texts. Enough of JSON Schema for the examples."""
    todo, faults = [(value, schema, place)], []
    while todo:
        node, rule, at = todo.pop()
        if isinstance(rule, bool):
            faults += [] if rule else [f"{at}: not known"]
            continue
        kinds = types_of(rule)
        if kinds and not any(is_type(node, kind) for kind in kinds):
            faults.append(f"{at}: not {kinds}")
            continue
        if node not in rule.get("enum", [node]) or node != rule.get("const", node):
            faults.append(f"{at}: not one of the words")
        fault = bad_bounds(node, rule)
        faults += [f"{at}: {fault}"] if fault else []
        if isinstance(node, dict):
            faults += [f"{at}: no {name}" for name in rule.get("required", []) if name not in node]
            todo.extend(members_inside(node, rule, at))
        if isinstance(node, list) and "items" in rule:
            todo.extend((item, rule["items"], f"{at}/{i}") for i, item in enumerate(node))
    return faults


class Generator(unittest.TestCase):
    def test_runs_and_makes_the_three_files(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, ROOT / "tools" / "catalogue_gen.py", CATALOGUE, folder],
                           check=True)
            made = {path.name for path in pathlib.Path(folder).iterdir()}
            rows = (pathlib.Path(folder) / "catalogue_data.c").read_text()
        self.assertEqual(made, {"field_ids.h", "field_rows.c", "catalogue_data.c"})
        self.assertIn(f"catalogue_data_count = {len(COMMANDS)};", rows)

    def test_every_fragment_is_used(self):
        text = "".join(path.read_text() for path in [CATALOGUE / "fragments.json",
                                                     *(CATALOGUE / "commands").glob("*.json")])
        for name in json.loads((CATALOGUE / "fragments.json").read_text()):
            # Once as its own name, once more where it is used.
            self.assertGreater(len(re.findall(f'"{name}"', text)), 1, name)

    def test_members_beside_use_stand_in_place_of_the_fragment(self):
        fragments = {"a": {"type": "string", "description": "old"}, "m": {"one": {"$use": "a"}}}
        made = catalogue_gen.expand({"zero": 0, "$merge": ["m"],
                                     "two": {"$use": "a", "description": "new"}}, fragments, "")
        self.assertEqual(list(made), ["zero", "one", "two"])
        self.assertEqual(made["one"]["description"], "old")
        self.assertEqual(made["two"], {"type": "string", "description": "new"})


class Contract(unittest.TestCase):
    """Output schemas that were given to us, member for member and in their order."""

    def test_outputs_equal_the_seeds(self):
        by_id = {command["command_id"]: command for command in COMMANDS}
        for name in ("lead.upsert", "import.leads.list"):
            seed = json.loads((SEEDS / f"{name}.output.json").read_text())
            self.assertEqual(json.dumps(by_id[name]["output_schema"]), json.dumps(seed), name)

    def test_a_lead_that_was_read_can_be_sent_back(self):
        seed = json.loads((SEEDS / "lead.upsert.output.json").read_text())
        one = next(c for c in COMMANDS if c["command_id"] == "lead.upsert")["input_schema"]
        many = next(c for c in COMMANDS if c["command_id"] == "lead.upsert_many")["input_schema"]
        for taken in (one, many["properties"]["leads"]["items"]):
            for name in seed["properties"]["lead"]["properties"]:
                self.assertIn(name, taken["properties"])

    def test_ids_of_the_contract_are_here(self):
        here = {command["command_id"] for command in COMMANDS}
        self.assertLessEqual({
            "lead.upsert", "lead.upsert_many", "lead.get", "lead.search", "lead.update",
            "lead.delete", "lead.history", "import.preview", "import.create", "import.list",
            "import.get", "import.leads.list", "import.rows.list", "import.cancel",
            "list.create", "list.get", "list.list", "list.update", "mission.create",
            "mission.get", "mission.list", "mission.update", "workspace.stats"}, here)


class Meta(unittest.TestCase):
    def test_members_and_their_order(self):
        for command in COMMANDS:
            self.assertEqual(list(command), META, command["command_id"])

    def test_texts_say_something(self):
        for command in COMMANDS:
            for key in TEXTS:
                text = command[key]
                self.assertTrue(text and text == text.strip(), (command["command_id"], key))
            for key in TEXTS[1:]:
                self.assertTrue(command[key].endswith("."), (command["command_id"], key))
            for key in TEXT_LISTS:
                self.assertTrue(command[key], (command["command_id"], key))
                self.assertEqual(len(command[key]), len(set(command[key])))
                self.assertTrue(all(item.strip() for item in command[key]))

    def test_words(self):
        for command in COMMANDS:
            for key, words in CHOICES.items():
                self.assertIn(command[key], words, (command["command_id"], key))
            self.assertEqual(command["category"], command["command_id"].split(".")[0])

    def test_titles_are_unique(self):
        titles = [command["title"] for command in COMMANDS]
        self.assertEqual(len(titles), len(set(titles)))

    def test_related_exist(self):
        here = {command["command_id"] for command in COMMANDS}
        for command in COMMANDS:
            others = here - {command["command_id"]}
            self.assertLessEqual(set(command["related_commands"]), others, command["command_id"])
            self.assertLessEqual(set(command["related_resources"]), RESOURCES)

    def test_commands_named_in_prose_exist(self):
        here = {command["command_id"] for command in COMMANDS}
        name = re.compile(r"\b(?:" + "|".join(sorted(CHOICES["category"])) +
                          r")\.[a-z_]+(?:\.[a-z_]+)?\b")
        for command in COMMANDS:
            prose = [command[key] for key in TEXTS] + command["risk_notes"]
            prose += command["output_notes"]
            prose += [node.get("description", "") for node, _ in schemas_of(command)]
            for word in name.findall(" ".join(prose)):
                self.assertIn(word, here, command["command_id"])

    def test_fields_named_in_prose_exist(self):
        """A `word` in backticks is a field of some command, or of the envelope."""
        known = {"response_profile", "input", "full", "compact", "record"}
        for command in COMMANDS:
            for node, _ in schemas_of(command):
                known |= set(node.get("properties", {}))
        for command in COMMANDS:
            prose = " ".join([command["when_to_use"], *command["risk_notes"],
                              *command["output_notes"]])
            for word in re.findall(r"`([a-z_]+)`", prose):
                self.assertIn(word, known, command["command_id"])


class Schemas(unittest.TestCase):
    def test_only_keywords_that_the_validator_knows(self):
        for command in COMMANDS:
            for node, place in schemas_of(command):
                self.assertLessEqual(set(node), KEYWORDS, place)
                self.assertIn(node.get("format", "uri"), FORMATS, place)
                self.assertLessEqual(set(types_of(node)), set(TYPES), place)

    def test_objects_are_closed(self):
        for command in COMMANDS:
            for node, place in schemas_of(command):
                if "object" not in types_of(node):
                    continue
                if "properties" in node:
                    self.assertIs(node.get("additionalProperties"), False, place)
                elif not place.endswith("/metadata"):
                    self.assertIn("additionalProperties", node, place)

    def test_required_members_exist_once(self):
        for command in COMMANDS:
            for node, place in schemas_of(command):
                required = node.get("required", [])
                self.assertLessEqual(set(required), set(node.get("properties", {})), place)
                self.assertEqual(len(required), len(set(required)), place)

    def test_defaults_satisfy_their_schema(self):
        for command in COMMANDS:
            for node, place in schemas_of(command):
                if "default" in node:
                    self.assertEqual(check(node["default"], node), [], place)

    def test_inputs_are_objects_without_alternatives_at_the_top(self):
        """Clients that offer a command as a tool refuse anyOf and oneOf there."""
        for command in COMMANDS:
            schema = command["input_schema"]
            self.assertEqual(schema["type"], "object")
            self.assertFalse({"anyOf", "oneOf"} & set(schema), command["command_id"])

    def test_every_input_field_is_described(self):
        page = json.loads((CATALOGUE / "fields.json").read_text())
        known = [inner for item in page["items"].values()
                 for inner in item.get("properties", {}).values()]
        for command in COMMANDS:
            for node, place in schemas_of(command, ["input_schema"]):
                for name, inner in node.get("properties", {}).items():
                    if inner not in known:
                        self.assertTrue(inner.get("description"), f"{place}/{name}")

    def test_every_text_and_array_of_an_input_is_bounded(self):
        for command in COMMANDS:
            for node, place in schemas_of(command, ["input_schema"]):
                kinds = types_of(node)
                if "string" in kinds and "enum" not in node and "format" not in node:
                    self.assertIn("maxLength", node, place)
                if "array" in kinds:
                    self.assertIn("maxItems", node, place)
                if "object" in kinds and "properties" not in node:
                    self.assertIn("maxProperties", node, place)


class Examples(unittest.TestCase):
    def parse(self, command_id, example):
        """The input that an example sends, whichever form it has."""
        code = example["code"]
        if example["title"].startswith("Payload"):
            self.assertEqual(example["language"], "json")
            return json.loads(code)
        self.assertEqual(example["language"], "bash")
        words = shlex.split(code)
        if example["title"].startswith("CLI"):
            self.assertEqual(words[:4], ["galena", "commands", "run", command_id])
            self.assertEqual((words[4], words[6:]), ("--input-json", ["--json"]))
            return json.loads(words[5])
        self.assertEqual(words, [
            "curl", "-X", "POST", f"$GALENA_URL/api/v1/commands/{command_id}",
            "-H", "Authorization: Bearer $GALENA_API_KEY",
            "-H", "Content-Type: application/json", "-d", words[-1]])
        body = json.loads(words[-1])
        self.assertEqual(list(body), ["input"])
        return body["input"]

    def test_three_forms_of_each_that_agree_and_are_valid(self):
        for command in COMMANDS:
            name, seen = command["command_id"], {}
            self.assertTrue(command["examples"], name)
            for example in command["examples"]:
                self.assertEqual(list(example), ["title", "language", "code"], name)
                form, _, what = example["title"].partition(": ")
                given = self.parse(name, example)
                self.assertEqual(check(given, command["input_schema"]), [], name)
                seen.setdefault(what, {})[form] = given
            for what, forms in seen.items():
                self.assertEqual(list(forms), ["CLI", "HTTP", "Payload"], (name, what))
                self.assertEqual(forms["CLI"], forms["Payload"], (name, what))
                self.assertEqual(forms["HTTP"], forms["Payload"], (name, what))

    def test_ids_are_those_the_readme_lists(self):
        listed = set(re.findall(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b",
                                (CATALOGUE / "README.md").read_text()))
        for command in COMMANDS:
            for example in command["examples"]:
                used = set(re.findall(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", example["code"]))
                self.assertLessEqual(used, listed, command["command_id"])


class Checker(unittest.TestCase):
    """The little checker above can say no."""

    def test_refusals(self):
        schema = {"type": "object", "properties": {
            "n": {"type": "integer", "minimum": 1},
            "s": {"type": ["string", "null"], "maxLength": 2},
            "w": {"enum": ["a"]}, "t": {"type": "string", "format": "date-time"},
            "a": {"type": "array", "items": {"type": "string"}, "maxItems": 1}},
            "required": ["n"], "additionalProperties": False}
        self.assertEqual(check({"n": 1, "s": None, "w": "a", "a": ["x"],
                                "t": "2026-11-20T10:00:00Z"}, schema), [])
        for bad in ({}, {"n": 0}, {"n": True}, {"n": 1, "s": "abc"}, {"n": 1, "w": "b"}, [],
                    {"n": 1, "a": [1]}, {"n": 1, "a": ["x", "y"]}, {"n": 1, "t": "today"},
                    {"n": 1, "z": 1}):
            self.assertEqual(len(check(bad, schema)), 1, bad)


def setUpModule():
    page = json.loads((CATALOGUE / "fields.json").read_text())
    fragments = catalogue_gen.read_fragments(CATALOGUE, page)
    COMMANDS.extend(catalogue_gen.read_commands(CATALOGUE, fragments))


if __name__ == "__main__":
    unittest.main()
