#!/usr/bin/env python3
"""Make C from sql/: every named statement, and the migrations with their texts.

usage: sql_gen.py SQL_DIR OUT_DIR
"""
import pathlib
import re
import sys

from catalogue_gen import c_string


def read_queries(path):
    queries, name = {}, None
    for line in path.read_text().splitlines():
        head = re.match(r"-- name: (\w+)", line)
        if head:
            name = head.group(1)
            if name in queries:
                sys.exit(f"{path}: two statements are called {name}")
            queries[name] = []
        elif name and line.strip() and not line.startswith("--"):
            queries[name].append(line.strip())
    return {name: " ".join(lines) for name, lines in queries.items()}


def write_queries(queries, out_dir):
    ids = "\n".join(f"\tQUERY_{name.upper()}," for name in queries)
    (out_dir / "queries.h").write_text(
        "/* Made from sql/queries.sql by tools/sql_gen.py. */\n"
        "#ifndef STORE_QUERIES_H\n#define STORE_QUERIES_H\n\nenum query {\n" + ids +
        "\n\tQUERY_COUNT\n};\n\nextern const char *const query_texts[QUERY_COUNT];\n\n#endif\n")
    (out_dir / "queries.c").write_text(
        "/* Made from sql/queries.sql by tools/sql_gen.py. */\n"
        '#include "queries.h"\n\nconst char *const query_texts[QUERY_COUNT] = {\n' +
        "\n".join(c_string(text) + "," for text in queries.values()) + "\n};\n")


def write_migrations(sql_dir, out_dir):
    parts = []
    for family in ("sqlite", "search"):
        rows = []
        for number, path in enumerate(sorted((sql_dir / family).glob("*.sql")), 1):
            if int(path.name[:4]) != number:
                sys.exit(f"{path}: expected number {number:04}")
            rows.append(f'\t{{{number}, "{path.stem}",\n{c_string(path.read_text())}}},')
        parts.append(f"const struct migration migrations_{family}[] = {{\n" + "\n".join(rows) +
                     "\n};\n" f"const size_t migrations_{family}_count = {len(rows)};\n")
    (out_dir / "migrations.c").write_text(
        "/* Made from sql/ by tools/sql_gen.py. */\n"
        '#include "store/migrate.h"\n\n' + "\n".join(parts))


def main():
    sql_dir, out_dir = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out_dir.mkdir(parents=True, exist_ok=True)
    write_queries(read_queries(sql_dir / "queries.sql"), out_dir)
    write_migrations(sql_dir, out_dir)


if __name__ == "__main__":
    main()
