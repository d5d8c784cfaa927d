#!/usr/bin/env python3
"""Make the reference from the catalogue.

usage: reference_gen.py ROOT VERSION OUT_DIR      reference_data.c, galena-commands.7
       reference_gen.py --markdown ROOT FOLDER    write the pages of docs/reference anew
       reference_gen.py --check ROOT FOLDER       say which of them are not as they would be

The C table holds the pages of /docs and the OpenAPI descriptions, each compressed by itself, so
that they are sent as they stand in the program.
"""
import gzip
import hashlib
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import openapi_gen  # noqa: E402  (its folder is only now on the path)
import reference_html  # noqa: E402
import reference_model  # noqa: E402
import reference_text  # noqa: E402

BYTES_PER_LINE = 24


def c_table(pages):
    arrays, table = [], []
    for number, (path, (kind, text)) in enumerate(sorted(pages.items())):
        raw = text.encode()
        data = gzip.compress(raw, 9, mtime=0)
        lines = [",".join(map(str, data[at:at + BYTES_PER_LINE]))
                 for at in range(0, len(data), BYTES_PER_LINE)]
        arrays.append(f"static const unsigned char page_{number}[] = {{\n\t"
                      + ",\n\t".join(lines) + "};\n")
        table.append(f'\t{{"{path}", "{kind}", "{hashlib.sha256(raw).hexdigest()[:16]}", '
                     f"page_{number}, sizeof page_{number}, {len(raw)}}},\n")
    return ("/* Made from the catalogue by tools/reference_gen.py. */\n"
            '#include "surface/reference.h"\n\n' + "".join(arrays)
            + "\nconst struct reference_page reference_pages[] = {\n" + "".join(table) + "};\n\n"
            + f"const size_t reference_page_count = {len(table)};\n")


def differing(folder, wanted):
    """Names of the files that are missing, too many or not as they should be."""
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in there.keys() | wanted.keys()
                  if there.get(name) != wanted.get(name))


def write_markdown(folder, wanted):
    folder.mkdir(parents=True, exist_ok=True)
    for name in differing(folder, wanted):
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    if sys.argv[1] in ("--markdown", "--check"):
        folder = pathlib.Path(sys.argv[3])
        wanted = reference_text.Markdown(reference_model.Model(pathlib.Path(sys.argv[2]))).all()
        if sys.argv[1] == "--markdown":
            write_markdown(folder, wanted)
            return
        names = differing(folder, wanted)
        if names:
            sys.exit(f"{folder} is not what the catalogue says; make reference: "
                     + ", ".join(names))
        return
    root, version, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    model = reference_model.Model(root)
    out.mkdir(parents=True, exist_ok=True)
    pages = reference_html.Pages(model, version, root / "web").all()
    for name, text in openapi_gen.texts(root / "catalogue", version).items():
        pages[f"/{name}"] = ("application/json", text)
    (out / "reference_data.c").write_text(c_table(pages), encoding="utf-8")
    (out / "galena-commands.7").write_text(reference_text.man_commands(model, version),
                                           encoding="utf-8")


if __name__ == "__main__":
    main()
