#!/usr/bin/env python3
"""lint.py: what the house style asks for and a compiler does not check.

Prints "file:line: message" for every finding and exits 1 when there is one. With --format it
lays out the C files instead, and names those it changed. Every check is a
function (path, text) -> [(line, message)]; tools/lint_test.py shows each of them a bad snippet.
"""
import concurrent.futures
import itertools
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Which floor may include which; a floor may always include itself.
PURE = {"base", "json", "lead"}
FLOORS = {
    "base": set(),
    "json": {"base"},
    "http": {"base"},
    "lead": {"base", "json"},
    "file": PURE,
    "store": PURE,
    "engine": PURE | {"store"},
    "command": PURE | {"file", "store", "engine"},
    "job": PURE | {"file", "store", "engine", "command", "http"},
    "surface": PURE | {"file", "engine", "command", "http", "job"},
    "cli": PURE | {"file", "store", "engine", "command", "http", "job", "surface"},
    "main": PURE | {"file", "store", "engine", "command", "http", "job", "surface", "cli"},
}
# These two never meet in one file, below the program itself.
APART = ("http", "store")

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 100
NESTING_MAX = 3
PARAMETERS_MAX = 6
# Functions whose shape a library dictates, and which.
DICTATED = {"http_intake_step": "libmicrohttpd's access handler"}
TAB = 8

BANNED = (
    "strcpy strcat sprintf vsprintf gets strtok atoi atol atof alloca setjmp longjmp system "
    "popen tmpnam asctime ctime gmtime localtime rand srand strncpy").split()
BANNED_CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
MACHINE_PATH = re.compile(r"(?<![\w./<-])/(?:work|home|root|Users)/[\w.]")
CONTROL = re.compile(r"^(\} )?(else )?(if|for|while|switch)\b.*\)$|^(\} )?(else|do)$", re.S)
TYPE = re.compile(r"\t*(enum|struct|union)( \w+)? \{$")
LABEL = re.compile(r"^(case\b.*|default|\w+)\s*:$", re.S)


def blank(text):
    """The same text with comments and the insides of literals turned into blanks."""
    pattern = re.compile(
        r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)

    def hide(match):
        token = match[0]
        inside = re.sub(r"[^\n]", " ", token)
        return token[0] + inside[1:-1] + token[-1] if token[0] in "\"'" else inside

    return pattern.sub(hide, text)


def without_macros(text):
    """The same text with preprocessor lines, and those they go on in, emptied."""
    lines, inside = [], False
    for line in text.split("\n"):
        macro = inside or line.lstrip().startswith("#")
        inside = macro and line.endswith("\\")
        lines.append("" if macro else line)
    return "\n".join(lines)


def functions(text):
    """Every function defined in C text: dict of name, head, first, open, last (line numbers)."""
    lines = without_macros(blank(text)).split("\n")
    found, at = [], 0
    while at < len(lines):
        if not lines[at].startswith("{"):
            at += 1
            continue
        first = at
        while first > 0 and lines[first - 1].strip() and lines[first - 1][-1] not in ";}":
            first -= 1
        last = at
        while last < len(lines) - 1 and not lines[last].startswith("}"):
            last += 1
        head = " ".join(line.strip() for line in lines[first:at])
        plain = re.sub(r"__attribute__\s*\(\(.*?\)\)", "", head)
        name = re.search(r"(\w+)\s*\(", plain)
        if name:
            found.append({"name": name[1], "head": plain, "first": first + 1,
                          "open": at + 1, "last": last + 1, "body": lines[at + 1:last]})
        at = last + 1
    return found


def count_parameters(head):
    depth, count, inside = 0, 1, ""
    for char in head[head.index("("):]:
        depth += (char == "(") - (char == ")")
        if depth == 0:
            break
        count += char == "," and depth == 1
        inside += char
    return 0 if inside[1:].strip() in ("", "void") else count


def indent_of(line):
    return len(line) - len(line.lstrip("\t"))


def statement_starts(body):
    """Indices of the lines on which a statement begins; table rows and continuations are none."""
    starts, statement = [], ""
    for index, line in enumerate(body):
        part = line.strip()
        if not part:
            continue
        if not statement:
            starts.append(index)
        statement = (statement + " " + part).strip()
        # An open table or compound literal: its rows belong to this statement.
        inner = re.sub(r"\) \{$", ")", statement)
        if re.search(r"[=,({]\s*\{|\)\{", inner) and inner.count("{") > inner.count("}"):
            continue
        if statement.count("(") != statement.count(")"):
            continue
        if statement[-1] in ";{}" or CONTROL.match(statement) or LABEL.match(statement):
            statement = ""
    return starts


def check_functions(path, text):
    """Length, parameters and nesting. A function body is at one tab, so `NESTING_MAX` more."""
    findings = []
    for function in functions(text):
        length = function["last"] - function["first"] + 1
        if length > FUNCTION_LINES_MAX:
            findings.append((function["first"], f"{function['name']} has {length} lines, "
                             f"more than {FUNCTION_LINES_MAX}"))
        parameters = count_parameters(function["head"])
        if parameters > PARAMETERS_MAX and function["name"] not in DICTATED:
            findings.append((function["first"], f"{function['name']} takes {parameters} "
                             f"parameters, more than {PARAMETERS_MAX}"))
        for index in statement_starts(function["body"]):
            nesting = indent_of(function["body"][index]) - 1
            if nesting > NESTING_MAX:
                findings.append((function["open"] + 1 + index,
                                 f"nested {nesting} deep, more than {NESTING_MAX}"))
                break
    return findings


def check_size(path, text):
    lines = text.split("\n")
    findings = []
    if len(lines) - 1 > FILE_LINES_MAX:
        findings.append((FILE_LINES_MAX + 1, f"{len(lines) - 1} lines, more than {FILE_LINES_MAX}"))
    for number, line in enumerate(lines, 1):
        columns = len(line.expandtabs(TAB))
        if columns > COLUMNS_MAX:
            findings.append((number, f"{columns} columns, more than {COLUMNS_MAX}"))
    return findings


def floor_of(path):
    parts = path.split("/")
    if parts[0] != "src":
        return None
    return parts[1] if len(parts) > 2 else "main"


def check_floors(path, text):
    floor = floor_of(path)
    if floor is None:
        return []
    if floor not in FLOORS:
        return [(1, f"no floor is called {floor}; see the table in tools/lint.py")]
    findings, met = [], {floor}
    for number, line in enumerate(text.split("\n"), 1):
        include = re.match(r'#include "([^"]+)"', line)
        if not include:
            continue
        target = include[1].split("/")[0] if "/" in include[1] else None
        beside = os.path.join(ROOT, os.path.dirname(path), include[1])
        if target is None and os.path.exists(beside):
            findings.append((number, f'write the floor as well: "{floor}/{include[1]}"'))
        if target in FLOORS:
            met.add(target)
            if target != floor and target not in FLOORS[floor]:
                findings.append((number, f"{floor} may not include {target}"))
    if floor not in ("cli", "main") and met.issuperset(APART):
        findings.append((1, f"{APART[0]} and {APART[1]} never meet in one file"))
    return findings


def check_banned(path, text):
    findings = []
    for number, line in enumerate(blank(text).split("\n"), 1):
        for match in BANNED_CALL.finditer(line):
            findings.append((number, f"{match[1]} is banned"))
    return findings


def check_unfinished(path, text):
    return [(number, f"{match[0]}: finish it, or say it in an issue")
            for number, line in enumerate(text.split("\n"), 1)
            for match in [UNFINISHED.search(line)] if match]


def exported_data(text):
    """(line, name) of variables defined at file level and not static."""
    plain = without_macros(blank(text)).split("\n")
    for number, line in enumerate(plain, 1):
        match = re.match(r"(?!static|extern|typedef|struct \w+;)[a-z][\w \t*]*?(\w+)"
                         r"((\[[^\]]*\])*)\s*(=|;)", line)
        if match and " " in line[:match.end(1)]:
            yield number, match[1]


def check_exports(path, text):
    """A file a/b_c.c exports only b_c_…, b_… or a_…: its stem, the group's or the floor's name."""
    if not path.startswith("src/") or not path.endswith(".c") or path == "src/main.c":
        return []
    stem = os.path.basename(path)[:-2]
    parts = stem.split("_")
    prefixes = ["_".join(parts[:count]) for count in range(1, len(parts) + 1)]
    prefixes.append(floor_of(path))
    names = [(function["first"], function["name"]) for function in functions(text)
             if not re.search(r"\bstatic\b", function["head"])]
    names += exported_data(text)
    return [(line, f"{name} is exported from {stem}.c: call it {stem}_… or make it static")
            for line, name in names
            if not any(name == prefix or name.startswith(prefix + "_") for prefix in prefixes)]


def check_machine_paths(path, text):
    return [(number, "names a path of one machine")
            for number, line in enumerate(text.split("\n"), 1) if MACHINE_PATH.search(line)]


def check_registered(path, text, meson):
    """A test or fuzz program that its meson.build does not name would never run."""
    name = re.match(r"(?:test|fuzz)_(\w+)\.c$", os.path.basename(path))
    if not name or re.search(rf"(?<!\w)(test_|fuzz_)?{name[1]}(\.c)?'", meson):
        return []
    return [(1, f"{os.path.dirname(path)}/meson.build does not name {name[1]}: it never runs")]


def lines_by_hand(text):
    """Numbers of the lines of macros, tables and types: their rows are better laid out by hand."""
    raw, plain = text.split("\n"), without_macros(blank(text)).split("\n")
    numbers = {number for number, line in enumerate(raw, 1)
               if line.strip() and not plain[number - 1].strip() and
               (line.startswith("#") or line.endswith("\\") or raw[number - 2].endswith("\\"))}
    for number, line in enumerate(plain, 1):
        if not re.search(r"(=\s*|\))\{$", line) and not TYPE.match(line):
            continue
        edge = indent_of(line) * "\t"
        first = last = number
        if line.startswith(edge + "}"):  # the table's type is spelled out in front of it
            first -= 1
            while first > 1 and not plain[first - 1].startswith(edge + plain[first - 1].strip()):
                first -= 1
        while first > 1 and plain[first - 2].strip() and plain[first - 2][-1] not in ";{}":
            first -= 1
        while last < len(plain) and not plain[last].startswith(edge + "}"):
            last += 1
        numbers.update(range(first, last + 2))
    return numbers


def lines_to_lay_out(text):
    by_hand, ranges = lines_by_hand(text), []
    for number in range(1, text.count("\n") + 1):
        if number in by_hand:
            continue
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


def laid_out(path, text):
    """The text as clang-format writes it, but for lines_by_hand."""
    lines = [f"--lines={begin}:{end}" for begin, end in lines_to_lay_out(text)]
    return subprocess.run(
        ["clang-format", "--style=file", f"--assume-filename={path}", *lines], cwd=ROOT,
        input=text, capture_output=True, text=True, check=True).stdout


def check_layout(path, text):
    should = laid_out(path, text)
    if should == text:
        return []
    pairs = itertools.zip_longest(text.split("\n"), should.split("\n"))
    line = next(number for number, (one, other) in enumerate(pairs, 1) if one != other)
    return [(line, "not laid out as .clang-format says; `make format` puts it right")]


def check_alone(path):
    """The header compiles as the only file, beside those that `make build` generates."""
    done = subprocess.run(
        ["gcc", "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
         "-Isrc", "-Ibuild/src", "-x", "c", "-include", path, "/dev/null"], cwd=ROOT,
        capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    first = re.search(r":(\d+):\d+: (?:fatal )?error: (.*)", done.stderr)
    return [(int(first[1]) if first else 1,
             f"does not compile alone: {first[2] if first else done.stderr[:200]}")]


SOURCE_CHECKS = (check_size, check_functions, check_floors, check_banned, check_unfinished,
                 check_exports, check_layout)


def tracked_files():
    """What git keeps or would keep; in an unpacked tarball, everything not built or installed."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                            capture_output=True, check=False)
    paths = set(listed.stdout.decode().split("\0")) - {""}
    if listed.returncode != 0:
        for folder, inner, names in os.walk(ROOT):
            inner[:] = [name for name in inner
                        if not re.match(r"(build.*|var|node_modules|\.git)$", name)]
            paths.update(os.path.relpath(os.path.join(folder, name), ROOT) for name in names)
    return sorted(path for path in paths if os.path.isfile(os.path.join(ROOT, path)))


def read(path):
    try:
        with open(os.path.join(ROOT, path), encoding="utf-8", newline="") as file:
            return file.read()
    except (UnicodeDecodeError, FileNotFoundError):
        return None


def is_source(path):
    return path.startswith(("src/", "tests/")) and path.endswith((".c", ".h"))


def format_file(path):
    text = read(path)
    should = laid_out(path, text)
    if should != text:
        with open(os.path.join(ROOT, path), "w", encoding="utf-8", newline="") as file:
            file.write(should)
        print(path)


def check_file(path):
    text = read(path)
    if text is None:
        return []
    findings = check_machine_paths(path, text)
    if is_source(path):
        for check in SOURCE_CHECKS:
            findings += check(path, text)
        if path.startswith("tests/"):
            findings += check_registered(
                path, text, read(os.path.dirname(path) + "/meson.build") or "")
    elif path.startswith("tools/"):
        findings += check_size(path, text)
    if path.startswith("src/") and path.endswith(".h"):
        findings += check_alone(path)
    return findings


def main():
    count = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        paths = tracked_files()
        if sys.argv[1:] == ["--format"]:
            list(pool.map(format_file, filter(is_source, paths)))
            return 0
        for path, findings in zip(paths, pool.map(check_file, paths)):
            for line, message in findings:
                print(f"{path}:{line}: {message}")
            count += len(findings)
    print(f"lint: {count} findings" if count else "lint: nothing to say")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
