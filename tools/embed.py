#!/usr/bin/env python3
"""Make C from a text file, so that the program carries it: a function that answers its bytes.

usage: embed.py HEADER FUNCTION VERSION IN_FILE OUT_FILE

@VERSION@ in the file becomes the version.
"""
import pathlib
import sys

BYTES_PER_LINE = 20


def main():
    header, function, version, source, target = sys.argv[1:]
    text = pathlib.Path(source).read_text(encoding="utf-8").replace("@VERSION@", version)
    data = text.encode()
    rows = [", ".join(map(str, data[at:at + BYTES_PER_LINE]))
            for at in range(0, len(data), BYTES_PER_LINE)]
    pathlib.Path(target).write_text(
        f"/* Made from {pathlib.Path(source).name} by tools/embed.py. */\n"
        f'#include "{header}"\n\n'
        "static const unsigned char bytes[] = {\n\t" + ",\n\t".join(rows) + ",\n};\n\n"
        f"struct text {function}(void)\n{{\n"
        "\treturn (struct text){(const char *)bytes, sizeof bytes};\n}\n")


if __name__ == "__main__":
    main()
