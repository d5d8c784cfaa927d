"""The pages of /docs, from reference_model.Model: whole documents that need no script.

docs.css and docs.js come from web/; the list that the search goes through is put into docs.js.
"""
import hashlib
import html
import json
import re

from reference_model import LANGUAGES, RISKS, cases, error_codes, rows, tool_call

LOGO = ('<svg viewBox="0 0 44 44" aria-hidden="true"><path d="M22 3 39 12.5v19L22 41 5 31.5v-19z"/>'
        '<path d="M5 12.5 22 22l17-9.5M22 22v19"/></svg>')
CSS, JS = "/docs/docs.css", "/docs/docs.js"
DIALECT_TEXTS = {
    "contacts": ("The contacts dialect", "The same leads under the names and paths that clients of "
                 "the contacts API know."),
    "leads": ("The leads dialect", "The same leads under the names and paths that clients of the "
              "leads API know, also one chatbot's."),
    "http": ("Files and operation", "What is no command: files in and out, the catalogue itself, "
             "and whether the server is well.")}


def escape(text):
    return html.escape(text, quote=True)


class Pages:
    def __init__(self, model, version, web):
        self.model, self.version = model, version
        self.words = re.compile(r"`([^`]+)`|\b([a-z]+(?:\.[a-z_]+)+)\b")
        self.assets = {CSS: (web / "docs.css").read_text(encoding="utf-8"),
                       JS: self.script(web)}
        self.sums = {path: hashlib.sha256(text.encode()).hexdigest()[:16]
                     for path, text in self.assets.items()}

    def script(self, web):
        entries = [[name, title, ""] for name, title in self.other_pages()]
        for command in self.model.commands:
            names = dict.fromkeys(row["path"].split(".")[0].split("[")[0] for row in
                                  rows(command["input_schema"], self.model.known))
            entries.append([command["command_id"], command["summary"],
                            " ".join([command["title"], command["description"],
                                      *names]).lower()])
        text = (web / "docs.js").read_text(encoding="utf-8")
        return text.replace("@PAGES@", json.dumps(entries, ensure_ascii=False,
                                                  separators=(",", ":")))

    @staticmethod
    def other_pages():
        """Every page that is no command's: its name and title."""
        return [("errors", "Errors"), ("objects", "Shapes of objects"),
                *((name, title) for name, (title, _) in DIALECT_TEXTS.items())]

    def prose(self, text):
        """A text of the catalogue: backticks are code, ids of commands are links."""
        def word(match):
            code, name = match[1], match[2]
            if name in self.model.ids or code in self.model.ids:
                name = name or code
                return f'<a href="/docs/{name}"><code>{name}</code></a>'
            return f"<code>{match[1]}</code>" if match[1] else match[0]
        return self.words.sub(word, escape(text))

    def items(self, texts):
        return "<ul>" + "".join(f"<li>{self.prose(text)}</li>" for text in texts) + "</ul>"

    def page(self, title, body, noun=""):
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{escape(title)} · Galena</title>\n"
            f'<link rel="stylesheet" href="{CSS}?v={self.sums[CSS]}">\n'
            f'<script src="{JS}?v={self.sums[JS]}" defer></script>\n</head>\n<body>\n'
            '<a class="skip" href="#main">To the text</a>\n<header>\n'
            f'<a class="brand" href="/docs">{LOGO}<b>Galena</b> <span>reference</span></a>\n'
            '<div class="search" role="search" hidden><input id="search" type="search" '
            'placeholder="Search, or press /" aria-label="Search" role="combobox" '
            'aria-controls="found" aria-expanded="false" autocomplete="off" spellcheck="false">\n'
            '<ul id="found" role="listbox" aria-label="Pages found" hidden></ul></div>\n</header>\n'
            f'<div class="columns">\n<main id="main">\n{body}</main>\n{self.menu(noun)}</div>\n'
            f"<footer>Galena {escape(self.version)} · made from the catalogue · "
            '<a href="/openapi.json">openapi.json</a> · <a href="/">start page</a></footer>\n'
            "</body>\n</html>\n")

    def menu(self, noun):
        out = ['<nav aria-label="Reference">\n<ul>\n<li><a href="/docs">All commands</a></li>\n']
        for name, commands in self.model.nouns.items():
            out.append(f'<li><a href="/docs#{name}">{name}</a>')
            if name == noun:
                links = "".join(f'<li><a href="/docs/{one["command_id"]}">{one["command_id"]}</a>'
                                "</li>" for one in commands)
                out.append(f"<ul>{links}</ul>")
            out.append("</li>\n")
        out += [f'<li><a href="/docs/{name}">{title}</a></li>\n'
                for name, title in self.other_pages()]
        return "".join(out) + "</ul>\n</nav>\n"

    def table(self, list_of_rows):
        out = ['<table class="fields">\n<thead><tr><th>Name</th><th>Type</th><th>Meaning</th></tr>'
               "</thead>\n<tbody>\n"]
        for row in list_of_rows:
            name = re.sub(r"(\.|\[\])", r"\1<wbr>", escape(row["path"]))
            kind = escape(row["type"])
            if row["shape"]:
                kind = kind.replace(row["shape"],
                                    f'<a href="/docs/objects#{row["shape"]}">{row["shape"]}</a>')
            more = "".join(f"<small>{self.prose(one)}</small>" for one in row["limits"])
            must = ' <b class="must">required</b>' if row["required"] else ""
            out.append(f"<tr><td><code>{name}</code>{must}</td><td>{kind}{more}</td>"
                       f'<td>{self.prose(row["about"])}</td></tr>\n')
        return "".join(out) + "</tbody>\n</table>\n"

    def schema(self, schema, empty):
        found = rows(schema, self.model.known)
        if not found:
            return f"<p>{empty}</p>\n"
        if all(row["required"] for row in found):
            found = [{**row, "required": False} for row in found]
            return "<p>All of these are always there.</p>\n" + self.table(found)
        return self.table(found)

    def code(self, text, label):
        return (f'<pre tabindex="0" aria-label="{escape(label)}"><code>{escape(text.rstrip())}'
                "</code></pre>\n")

    def lines(self, command, case):
        """One example in each language; radio buttons choose, also without a script."""
        tabs, panels = [], []
        for i, language in enumerate(LANGUAGES):
            name = f"in-{language.lower()}"
            tabs.append(f'<input type="radio" name="language" id="{name}"'
                        f'{"" if i else " checked"}><label for="{name}">{language}</label>\n')
            code = self.code(case[language], language)
            panels.append(f'<div class="panel {name}">{code}</div>\n')
        call = self.code(tool_call(command["command_id"], case["input"]), "MCP")
        tabs.append('<input type="radio" name="language" id="in-mcp">'
                    '<label for="in-mcp">MCP</label>\n')
        panels.append(f'<div class="panel in-mcp">{call}</div>\n')
        return f'<div class="tabs">\n{"".join(tabs)}{"".join(panels)}</div>\n'

    def other_cases(self, others):
        out = []
        for case in others:
            value = json.dumps(case["input"], ensure_ascii=False, indent=2)
            title = case["title"][:1].upper() + case["title"][1:]
            out.append(f'<details class="case"><summary>{escape(title)}</summary>\n'
                       f"{self.code(value, 'Input')}{self.code(case['CLI'], 'CLI')}</details>\n")
        return "".join(out)

    def try_it(self, command, case):
        value = json.dumps(case["input"], ensure_ascii=False, indent=2)
        risk = command["risk"]
        warning = ""
        if risk != "read":
            dry = command["input_schema"]["properties"].get("dry_run")
            more = " <code>\"dry_run\": true</code> in the input writes nothing." if dry else ""
            warning = f'<p class="warning">This writes to the workspace of the key.{more}</p>\n'
        sure = ('<label class="sure"><input type="checkbox" id="sure"> Yes, do it: '
                f"{escape(command['summary'])}</label>\n" if risk == "approval" else "")
        return (
            f'<form id="try" data-command="{command["command_id"]}" hidden>\n{warning}'
            '<label for="key">API key <span>stays in this page; it is stored nowhere</span></label>'
            '\n<input id="key" type="password" autocomplete="off" spellcheck="false" '
            'placeholder="sk-workspace_…">\n<label for="input">Input</label>\n'
            f'<textarea id="input" spellcheck="false" rows="{min(16, value.count(chr(10)) + 2)}">'
            f"{escape(value)}</textarea>\n{sure}"
            '<button type="submit">Send</button> <kbd>Ctrl Enter</kbd>\n'
            '<p id="status" role="status"></p>\n<pre id="answer" tabindex="0" hidden></pre>\n'
            "</form>\n<noscript><p>Trying it here needs JavaScript; the lines above do not.</p>"
            "</noscript>\n")

    def errors_table(self, codes):
        out = ['<table class="errors">\n<thead><tr><th>Code</th><th>HTTP</th><th>Exit code</th>'
               "<th>Meaning</th></tr></thead>\n<tbody>\n"]
        for code in codes:
            http, exit_code, means = self.model.errors[code]
            out.append(f"<tr><td><code>{code}</code></td><td>{http}</td><td>{exit_code}</td>"
                       f"<td>{self.prose(means)}</td></tr>\n")
        return "".join(out) + "</tbody>\n</table>\n"

    def command(self, command):
        name = command["command_id"]
        found = cases(command)
        head = (f'<p class="trail"><a href="/docs#{command["category"]}">{command["category"]}</a>'
                f'</p>\n<h1><code>{name}</code> <span class="risk {command["risk"]}">'
                f'{command["risk"]}</span></h1>\n'
                f'<p class="lead">{self.prose(command["description"])}</p>\n'
                f'<p>{self.prose(command["when_to_use"])}</p>\n')
        if command["risk_notes"]:
            head += "<h2>Before you run it</h2>\n" + self.items(command["risk_notes"])
        use = ('<h2 id="use">Run it</h2>\n' + self.lines(command, found[0])
               + "<p class=\"quiet\">curl, TypeScript and Python take <code>GALENA_URL</code> and "
               "<code>GALENA_API_KEY</code> from the environment; so does the command line, which "
               "without them works on the database here. Ids stand for your own. The name of the "
               f"MCP tool is <code>{name}</code>.</p>\n" + self.other_cases(found[1:]))
        tables = ('<h2 id="takes">Input</h2>\n'
                  + self.schema(command["input_schema"], "It takes no input: <code>{}</code>.")
                  + '<h2 id="gives">Output</h2>\n<p class="quiet">What stands in '
                  "<code>data</code> of the answer.</p>\n"
                  + self.schema(command["output_schema"], "Nothing.")
                  + (self.items(command["output_notes"]) if command["output_notes"] else ""))
        related = "".join(f'<li><a href="/docs/{one}"><code>{one}</code></a></li>'
                          for one in command["related_commands"])
        foot = ('<h2 id="errors">Errors</h2>\n'
                + self.errors_table(error_codes(command, self.model.errors))
                + '<h2 id="try-it">Try it</h2>\n' + self.try_it(command, found[0])
                + (f'<h2>See also</h2>\n<ul class="related">{related}</ul>\n' if related else ""))
        return self.page(name, head + use + tables + foot, command["category"])

    def start(self):
        command = next(one for one in self.model.commands if one["command_id"] == "lead.upsert")
        found = cases(command)[0]
        out = ['<h1>Galena reference</h1>\n<p class="lead">Everything Galena can do is a command. '
               "Each one works alike over HTTP, on the command line and as an MCP tool.</p>\n"
               '<h2 id="start">Start</h2>\n', self.code(
                   "export GALENA_URL=http://127.0.0.1:8207\n"
                   "export GALENA_API_KEY=sk-workspace_…   # galena key create", "Environment"),
               self.code(found["curl"], "curl"),
               "<p>The answer is <code>{\"ok\": true, \"status\": 200, \"data\": …, \"meta\": …}"
               "</code>, or <code>\"ok\": false</code> with an <code>error</code> that has a "
               '<a href="/docs/errors">code</a>, a message that says what to do, and '
               "<code>details</code> that point to the field. <code>X-Request-Id</code> names the "
               "request in the server's log. A write that carries <code>Idempotency-Key</code> "
               "happens once, however often it is sent.</p>\n"
               '<p>Generators and clients read <a href="/openapi.json">/openapi.json</a> (OpenAPI '
               '3.1) or <a href="/openapi-3.2.json">/openapi-3.2.json</a>; AI clients connect to '
               "<code>/mcp</code>.</p>\n"]
        for noun, commands in self.model.nouns.items():
            out.append(f'<h2 id="{noun}">{noun}</h2>\n<p class="quiet">'
                       f'{escape(self.model.about.get(noun, ""))}</p>\n<ul class="commands">\n')
            for one in commands:
                mark = ("" if one["risk"] == "read" else
                        f' <span class="risk {one["risk"]}">{one["risk"]}</span>')
                out.append(f'<li><a href="/docs/{one["command_id"]}"><code>{one["command_id"]}'
                           f'</code></a>{mark}<br>{self.prose(one["summary"])}</li>\n')
            out.append("</ul>\n")
        risks = "".join(f"<li><code>{risk}</code>: {text}</li>" for risk, text in RISKS.items())
        out.append(f'<h2 id="risks">Risks</h2>\n<ul>{risks}</ul>\n')
        return self.page("Reference", "".join(out))

    def error_page(self):
        return self.page("Errors", "<h1>Errors</h1>\n<p>A failure is answered with "
                         "<code>{\"ok\": false, \"error\": {\"code\", \"message\", …}}</code> and "
                         "its HTTP status; the command line ends with the exit code.</p>\n"
                         + self.errors_table(self.model.errors))

    def objects(self):
        out = ["<h1>Shapes of objects</h1>\n<p>Objects that several commands answer.</p>\n"]
        for name in self.model.used_shapes():
            out.append(f'<h2 id="{name}">{name}</h2>\n'
                       + self.table(self.model.shape_rows(name)))
        return self.page("Shapes of objects", "".join(out))

    def dialect(self, name, operations):
        title, text = DIALECT_TEXTS[name]
        out = [f"<h1>{title}</h1>\n<p>{text} The same key works everywhere. Inputs and answers "
               'stand in <a href="/openapi.json">/openapi.json</a>, under the path.</p>\n']
        if operations:
            out.append('<table class="operations">\n<thead><tr><th>Operation</th><th>Meaning</th>'
                       "</tr></thead>\n<tbody>\n")
        for method, path, operation in operations:
            at = escape(path).replace("/", "/<wbr>")
            out.append(f"<tr><td><code>{method} {at}</code></td>"
                       f"<td>{self.prose(operation.get('summary', ''))}</td></tr>\n")
        return self.page(title, "".join(out) + ("</tbody>\n</table>\n" if operations else ""))

    def all(self):
        """{path: (content type, text)}."""
        kind = "text/html; charset=utf-8"
        out = {"/docs": (kind, self.start()),
               "/docs/errors": (kind, self.error_page()),
               "/docs/objects": (kind, self.objects()),
               "/docs/contacts": (kind, self.dialect("contacts", self.model.dialect("contacts"))),
               "/docs/leads": (kind, self.dialect("leads", self.model.dialect("leads"))),
               "/docs/http": (kind, self.dialect("http", list(self.model.own_operations()))),
               CSS: ("text/css; charset=utf-8", self.assets[CSS]),
               JS: ("text/javascript; charset=utf-8", self.assets[JS])}
        for command in self.model.commands:
            out[f'/docs/{command["command_id"]}'] = (kind, self.command(command))
        return out
