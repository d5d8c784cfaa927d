"""The reference as text: Markdown for docs/reference and the manual page galena-commands(7)."""
import json
import re

from reference_html import DIALECT_TEXTS
from reference_model import LANGUAGES, RISKS, cases, error_codes, rows, tool_call

FENCES = {"CLI": "sh", "curl": "sh", "TypeScript": "ts", "Python": "python"}
MADE = "<!-- Made from the catalogue by tools/reference_gen.py: `make reference`. -->\n\n"


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


class Markdown:
    def __init__(self, model):
        self.model = model
        self.words = re.compile(r"`[^`]+`|\b[a-z]+(?:\.[a-z_]+)+\b")

    def prose(self, text):
        def word(match):
            name = match[0].strip("`")
            return f"[`{name}`]({name}.md)" if name in self.model.ids else match[0]
        return self.words.sub(word, text)

    def items(self, texts):
        return "".join(f"- {self.prose(text)}\n" for text in texts) + "\n" if texts else ""

    def table(self, found):
        out = ["| Name | Type | Meaning |\n|---|---|---|\n"]
        for row in found:
            kind = row["type"]
            if row["shape"]:
                kind = kind.replace(row["shape"], f"[{row['shape']}](objects.md#"
                                                  f"{row['shape'].lower()})")
            more = "; ".join([kind, *row["limits"]])
            must = " (required)" if row["required"] else ""
            out.append(f"| `{row['path']}`{must} | {cell(more)} | "
                       f"{cell(self.prose(row['about']))} |\n")
        return "".join(out) + "\n"

    def schema(self, schema, empty):
        found = rows(schema, self.model.known)
        return self.table(found) if found else empty + "\n\n"

    def errors(self, codes):
        lines = []
        for code in codes:
            http, exit_code, means = self.model.errors[code]
            lines.append(f"| `{code}` | {http} | {exit_code} | {cell(self.prose(means))} |\n")
        return "| Code | HTTP | Exit code | Meaning |\n|---|---|---|---|\n" + "".join(lines) + "\n"

    def command(self, command):
        found = cases(command)
        out = [MADE, f"# {command['command_id']}\n\n", self.prose(command["description"]),
               f" Risk: `{command['risk']}`.\n\n", self.prose(command["when_to_use"]), "\n\n"]
        if command["risk_notes"]:
            out += ["## Before you run it\n\n", self.items(command["risk_notes"])]
        out += ["## Run it\n\n", "curl, TypeScript and Python take `GALENA_URL` and "
                "`GALENA_API_KEY` from the environment. Ids stand for your own.\n\n"]
        for language in LANGUAGES:
            out.append(f"{language}:\n\n```{FENCES[language]}\n{found[0][language]}```\n\n")
        call = tool_call(command["command_id"], found[0]["input"])
        out.append(f"MCP, tool `{command['command_id']}`:\n\n```json\n{call}```\n\n")
        for case in found[1:]:
            value = json.dumps(case["input"], ensure_ascii=False, indent=2)
            out.append(f"Input, {case['title']}:\n\n```json\n{value}\n```\n\n")
        out += ["## Input\n\n", self.schema(command["input_schema"], "It takes no input: `{}`."),
                "## Output\n\n", self.schema(command["output_schema"], "Nothing."),
                self.items(command["output_notes"]), "## Errors\n\n",
                self.errors(error_codes(command, self.model.errors))]
        if command["related_commands"]:
            out += ["## See also\n\n", ", ".join(f"[`{one}`]({one}.md)"
                                                 for one in command["related_commands"]), "\n"]
        return "".join(out).rstrip("\n") + "\n"

    def index(self):
        out = [MADE, "# Reference\n\nEverything Galena can do is a command: over HTTP (`POST "
               "/api/v1/commands/ID`), on the command line (`galena commands run ID`) and as an "
               "MCP tool of the same name. A server shows the same pages at `/docs`.\n\n"]
        out += [f"- `{risk}`: {text}\n" for risk, text in RISKS.items()]
        out += ["\nBesides: [errors](errors.md), [shapes of objects](objects.md), "
                "[the contacts dialect](contacts.md), [the leads dialect](leads.md), "
                "[files and operation](http.md).\n\n"]
        for noun, commands in self.model.nouns.items():
            out.append(f"## {noun}\n\n{self.model.about.get(noun, '')}\n\n"
                       "| Command | Risk | What it does |\n|---|---|---|\n")
            out += [f"| [`{one['command_id']}`]({one['command_id']}.md) | {one['risk']} | "
                    f"{cell(self.prose(one['summary']))} |\n" for one in commands]
            out.append("\n")
        return "".join(out).rstrip("\n") + "\n"

    def objects(self):
        out = [MADE, "# Shapes of objects\n\nObjects that several commands answer.\n\n"]
        for name in self.model.used_shapes():
            out.append(f"## {name}\n\n{self.table(self.model.shape_rows(name))}")
        return "".join(out).rstrip("\n") + "\n"

    def operations(self, name, found):
        title, text = DIALECT_TEXTS[name]
        out = [MADE, f"# {title}\n\n{text} Inputs and answers stand in `/openapi.json`, under the "
               "path.\n\n"]
        if found:
            out.append("| Operation | Meaning |\n|---|---|\n")
        out += [f"| `{method} {path}` | {cell(self.prose(operation.get('summary', '')))} |\n"
                for method, path, operation in found]
        return "".join(out).rstrip("\n") + "\n"

    def all(self):
        """{file name: text}."""
        model = self.model
        out = {"README.md": self.index(), "objects.md": self.objects(),
               "errors.md": MADE + "# Errors\n\n" + self.errors(model.errors).rstrip("\n") + "\n",
               "contacts.md": self.operations("contacts", model.dialect("contacts")),
               "leads.md": self.operations("leads", model.dialect("leads")),
               "http.md": self.operations("http", list(model.own_operations()))}
        out.update({f"{one['command_id']}.md": self.command(one) for one in model.commands})
        return out


def roff(text):
    """Text that is nothing but text to a formatter of manual pages."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    text = "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)
    return re.sub(r"^\.", r"\\&.", text, flags=re.M)


def roff_prose(text):
    return re.sub(r"`([^`]+)`", r"\\fI\1\\fR", roff(text))


def man_commands(model, version):
    """galena-commands(7): every command, what it is for and what it must be given."""
    out = [f'.TH GALENA\\-COMMANDS 7 "" "Galena {roff(version)}" "Galena"\n',
           ".SH NAME\ngalena\\-commands \\- everything that Galena can do\n.SH DESCRIPTION\n",
           "Each command works alike on the command line, over HTTP and as an MCP tool:\n",
           ".PP\n.nf\n",
           ".RS\ngalena commands run ID \\-\\-input\\-json \\(aq{\\[u2026]}\\(aq\n",
           "POST /api/v1/commands/ID {\\(dqinput\\(dq: {\\[u2026]}}\n.RE\n.fi\n.PP\n",
           ".B galena commands schema ID\nshows all that a command takes and answers.\n"]
    for noun, commands in model.nouns.items():
        out.append(f".SH {roff(noun.upper())}\n{roff_prose(model.about.get(noun, ''))}\n")
        for one in commands:
            fields = [row["path"] for row in rows(one["input_schema"], model.known)
                      if row["required"] and not re.search(r"[.\[]", row["path"])]
            must = f" Needs {', '.join(f'`{name}`' for name in fields)}." if fields else ""
            out.append(f".TP\n.B {roff(one['command_id'])}\n({one['risk']})\n"
                       f"{roff_prose(one['description'])}{roff_prose(must)}\n"
                       f"{roff_prose(one['when_to_use'])}\n")
    out.append(".SH ERRORS\nHTTP status and exit status stand behind each code.\n")
    for code, (http, exit_code, means) in model.errors.items():
        out.append(f".TP\n.BR {roff(code)} \\ ({http},\\ {exit_code})\n{roff_prose(means)}\n")
    return "".join(out) + ".SH SEE ALSO\n.BR galena (1)\n"
