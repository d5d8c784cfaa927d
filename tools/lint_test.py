#!/usr/bin/env python3
"""Shows every rule of lint.py a snippet it must complain about and one it must let pass (TAP)."""
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True

import lint  # noqa: E402

FILL = "\tdo_it();\n"


def function(body, head="static void f(void)"):
    return f"{head}\n{{\n{body}}}\n"


NESTED_4 = """\tif (a) {
\t\tif (b) {
\t\t\tif (c) {
\t\t\t\tif (d)
\t\t\t\t\tdo_it();
\t\t\t}
\t\t}
\t}
"""
NESTED_3 = """\tif (a) {
\t\tif (b) {
\t\t\tif (c)
\t\t\t\tdo_it_with(first,
\t\t\t\t\t   second);
\t\t}
\t}
"""
TABLE = """\tstatic const struct row rows[] = {
\t\t{
\t\t\t{
\t\t\t\t{
\t\t\t\t\t1,
\t\t\t\t},
\t\t\t},
\t\t},
\t};
\tdo_it();
"""
SWITCH = """\tfor (int i = 0; i < n; i++) {
\t\tswitch (i) {
\t\tcase 1:
\t\t\tif (a)
\t\t\t\tdo_it();
\t\t\tbreak;
\t\tdefault:
\t\t\tbreak;
\t\t}
\t}
"""

# name, check, path, bad text, good text
RULES = [
    ("file length", lint.check_size, "src/base/a.c", "int;\n" * 601, "int;\n" * 600),
    ("line width", lint.check_size, "src/base/a.c", "\t" + "x" * 93 + "\n",
     "\t" + "x" * 92 + "\n"),
    ("line width in characters", lint.check_size, "src/base/a.c", "é" * 101, "é" * 100),
    ("function length", lint.check_functions, "src/base/a.c", function(FILL * 58),
     function(FILL * 57)),
    ("function length behind a wrapped head", lint.check_functions, "src/base/a.c",
     function(FILL * 57, "static void f(int a,\n              int b)"), function(FILL)),
    ("parameters", lint.check_functions, "src/base/a.c",
     function(FILL, "static int f(int a, int b, int c, int d, int e, int f, int g)"),
     function(FILL, "static int f(int a, int b, int c, int (*d)(int, int), int e, int f)")),
    ("nesting", lint.check_functions, "src/base/a.c", function(NESTED_4), function(NESTED_3)),
    ("nesting of tables", lint.check_functions, "src/base/a.c", function(TABLE + NESTED_4),
     function(TABLE)),
    ("nesting of switch", lint.check_functions, "src/base/a.c", function(SWITCH + NESTED_4),
     function(SWITCH)),
    ("floor above", lint.check_floors, "src/lead/a.c", '#include "store/store.h"\n',
     '#include "base/text.h"\n#include "lead/b.h"\n#include <curl/curl.h>\n'),
    ("floor http above lead", lint.check_floors, "src/http/a.c", '#include "lead/a.h"\n',
     '#include "base/text.h"\n'),
    ("floor command without http", lint.check_floors, "src/command/a.c",
     '#include "http/client.h"\n', '#include "engine/engine.h"\n#include "store/store.h"\n'),
    ("floor surface without store", lint.check_floors, "src/surface/a.c",
     '#include "store/store.h"\n', '#include "job/import.h"\n#include "http/server.h"\n'),
    ("http and store apart", lint.check_floors, "src/job/a.c",
     '#include "store/store.h"\n#include "http/client.h"\n', '#include "store/store.h"\n'),
    ("floor not named", lint.check_floors, "src/base/a.c", '#include "text.h"\n',
     '#include "base/text.h"\n#include "made_by_the_build.h"\n'),
    ("unknown floor", lint.check_floors, "src/attic/a.c", "\n", None),
    ("exported function", lint.check_exports, "src/lead/resolve.c",
     function(FILL, "enum err_code find(int a,\n                   int b)"),
     function(FILL, "static int find(int a)") + function(FILL, "int resolve_it(int a)")),
    ("exported name of a group", lint.check_exports, "src/lead/columns_table.c",
     function(FILL, "int column_find(void)"), function(FILL, "int columns_find(void)")),
    ("exported data", lint.check_exports, "src/lead/resolve.c", "const int words[] = {1};\n",
     "static const int words[] = {1};\nconst int resolve_words[] = {1};\nstruct resolve;\n"),
    ("exported behind an attribute", lint.check_exports, "src/lead/resolve.c",
     function(FILL, "__attribute__((noinline)) int find(void)"),
     function(FILL, "__attribute__((noinline)) int resolve_find(void)")),
    ("unfinished", lint.check_unfinished, "src/base/a.c", "/* TO" "DO: more */\n",
     "/* every method */\n"),
    ("machine path", lint.check_machine_paths, "docs/a.md", "in /home/" "someone/galena\n",
     "GET /api/home/page, https://example.com/work/it, ~/galena\n"),
    ("test that never runs", lambda path, text: lint.check_registered(path, "", text),
     "tests/unit/test_buf.c", "unit_tests = ['ring_buf', 'buf_more']\n", "unit_tests = ['buf']\n"),
]
if shutil.which("clang-format"):
    RULES.append(("layout of tables", lint.check_layout, "src/base/a.c",
                  "int a=1;\nstatic const int b[] = {\n\t1, 2,\n\t3,\n};\nint c;\n",
                  "int a = 1;\nstatic const int b[] = {\n\t1, 2,\n\t3,\n};\nint c;\n"))
    RULES.append(("layout", lint.check_layout, "src/base/a.c",
                  "int f(void) { return 1; }\n", function("\treturn 1;\n", "int f(void)")))
for name in lint.BANNED:
    RULES.append((f"banned {name}", lint.check_banned, "src/base/a.c", f"\ta = {name}(b);\n",
                  f'\t/* {name}(b) */\n\tputs("{name}(b)");\n\tmy_{name}(b);\n\tx->{name}(b);\n'))


def headers():
    """check_alone needs real files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, text in (("bad.h", "size_t f(void);\n"),
                           ("good.h", "#include <stddef.h>\nsize_t f(void);\n")):
            paths.append(os.path.join(folder, name))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write(text)
        return [lint.check_alone(path) for path in paths]


def main():
    number, failed = 0, 0
    results = [(name, check(path, bad), check(path, good) if good is not None else [])
               for name, check, path, bad, good in RULES]
    results.append(("stand-alone header", *headers()))
    for name, of_bad, of_good in results:
        number += 1
        fine = len(of_bad) >= 1 and not of_good
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - lint: {name}")
        if not fine:
            print(f"# bad snippet: {of_bad}\n# good snippet: {of_good}")
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
