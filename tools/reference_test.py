#!/usr/bin/env python3
"""The reference is whole: pages that are sound, links that lead somewhere, docs/reference as the
catalogue says.

usage: reference_test.py     (from anywhere; standard library only; prints TAP)
"""
import ast
import html.parser
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True
import reference_gen  # noqa: E402  (its folder is only now on the path)
import reference_html  # noqa: E402
import reference_model  # noqa: E402
import reference_text  # noqa: E402

VOID = {"meta", "link", "input", "br", "wbr", "path"}
ELSEWHERE = {"/", "/openapi.json", "/openapi-3.2.json"}
MODEL = reference_model.Model(ROOT)
PAGES = reference_html.Pages(MODEL, "0.0.0", ROOT / "web").all()
TEXTS = reference_text.Markdown(MODEL).all()


class Reader(html.parser.HTMLParser):
    """Notes what is wrong in the form of a page, and what it refers to."""

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.links, self.ids = [], [], [], []
        self.labels = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("style", "script") and "src" not in given:
            self.faults.append(f"{tag} inside the page")
        self.faults += [f"{name} inside the page" for name in given
                        if name == "style" or name.startswith("on")]
        self.links += [given[name] for name in ("href", "src") if name in given]
        self.labels += [given[name] for name in ("for", "aria-controls") if name in given]
        if "id" in given:
            self.ids.append(given["id"])

    def handle_startendtag(self, tag, attributes):
        if tag not in VOID:
            self.faults.append(f"<{tag}/>")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def html_pages():
    return {path: text for path, (kind, text) in PAGES.items() if kind.startswith("text/html")}


def every_command_has_a_page():
    for command_id in MODEL.ids:
        if f"/docs/{command_id}" not in PAGES or f"{command_id}.md" not in TEXTS:
            yield command_id


def pages_are_sound():
    for path, text in html_pages().items():
        page = read(text)
        yield from (f"{path}: {fault}" for fault in page.faults + page.open)
        yield from (f"{path}: two of #{one}" for one in set(page.ids) if page.ids.count(one) > 1)
        yield from (f"{path}: no #{one}" for one in page.labels if one not in page.ids)


def links_lead_somewhere():
    read_pages = {path: read(text) for path, text in html_pages().items()}
    for path, page in read_pages.items():
        for link in page.links:
            target, _, part = link.partition("#")
            target = target.partition("?")[0] or path
            if target in ELSEWHERE or (target in PAGES and not part):
                continue
            if target not in read_pages or part not in read_pages[target].ids:
                yield f"{path}: {link}"


def nothing_is_loaded_from_elsewhere():
    for path, (_, text) in PAGES.items():
        found = re.findall(r"(?:src|href|url\(|fetch\(|import\()\W*(?:https?:)?//", text)
        yield from (f"{path}: {one}" for one in found)


def markdown_links_lead_somewhere():
    for name, text in TEXTS.items():
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
            if link not in TEXTS:
                yield f"{name}: {link}"


def every_field_is_in_the_tables():
    for command in MODEL.commands:
        text = PAGES[f"/docs/{command['command_id']}"][1].replace("<wbr>", "")
        for key in ("input_schema", "output_schema"):
            for name in command[key].get("properties", {}):
                if f"<td><code>{name}</code>" not in text:
                    yield f"{command['command_id']} {name}"


def lines_are_python():
    for command in MODEL.commands:
        for case in reference_model.cases(command):
            tree = ast.parse(case["Python"])
            given = next(node.value for node in tree.body if isinstance(node, ast.Assign)
                         and node.targets[0].id == "command_input")
            if ast.literal_eval(given) != case["input"]:
                yield f"{command['command_id']} {case['title']}"


def examples_of_a_case_say_the_same():
    for command in MODEL.commands:
        for case in reference_model.cases(command):
            if set(reference_model.LANGUAGES) - set(case):
                yield f"{command['command_id']} {case['title']}"


def docs_reference_is_up_to_date():
    yield from reference_gen.differing(ROOT / "docs" / "reference", TEXTS)


def drift_is_found():
    """A page that is missing, one too many and one that was changed are named."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        reference_gen.write_markdown(folder, TEXTS)
        if reference_gen.differing(folder, TEXTS):
            yield "just written"
        (folder / "lead.get.md").unlink()
        (folder / "lead.upsert.md").write_text("x", encoding="utf-8")
        (folder / "lead.vanished.md").write_text("x", encoding="utf-8")
        found = reference_gen.differing(folder, TEXTS)
        if found != ["lead.get.md", "lead.upsert.md", "lead.vanished.md"]:
            yield str(found)
        reference_gen.write_markdown(folder, TEXTS)
        yield from reference_gen.differing(folder, TEXTS)


def errors_are_those_of_the_program():
    """Every code that a catalogue text names stands in the command's table."""
    for command in MODEL.commands:
        shown = reference_model.error_codes(command, MODEL.errors)
        named = set(re.findall(r"\b[45]\d\d ([A-Z][A-Z_]+)", str(command)))
        yield from (f"{command['command_id']} {one}" for one in named - set(shown))


CHECKS = [every_command_has_a_page, pages_are_sound, links_lead_somewhere,
          nothing_is_loaded_from_elsewhere, markdown_links_lead_somewhere,
          every_field_is_in_the_tables, lines_are_python, examples_of_a_case_say_the_same,
          errors_are_those_of_the_program, drift_is_found, docs_reference_is_up_to_date]


def main():
    failed = 0
    for number, check in enumerate(CHECKS, 1):
        faults = list(check())
        failed += bool(faults)
        name = check.__name__.replace("_", " ")
        print(f"{'not ok' if faults else 'ok'} {number} - reference: {name}")
        for fault in faults[:20]:
            print(f"# {fault}")
    if failed:
        print("# docs/reference is written anew by: make reference")
    print(f"1..{len(CHECKS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
