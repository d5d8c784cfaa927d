#!/usr/bin/env python3
"""Shows the counters of tools/test what test programs say, and what must come of it (TAP)."""
import importlib.machinery
import importlib.util
import os
import sys

sys.dont_write_bytecode = True
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "test")
LOADER = importlib.machinery.SourceFileLoader("runner", PATH)
runner = importlib.util.module_from_spec(importlib.util.spec_from_loader("runner", LOADER))
LOADER.exec_module(runner)

# name, counter, text, (passed, failed, skipped)
CASES = [
    ("all passed", runner.count_flat_tap, "1..2\nok 1 - a\nok 2 - b\n# ok - group\n", (2, 0, 0)),
    ("one failed", runner.count_flat_tap, "1..2\nok 1 - a\nnot ok 2 - b\n# not ok\n", (1, 1, 0)),
    ("cmocka's skip", runner.count_flat_tap, "1..2\nok 1 - a\nnot ok 2 # SKIP b\n", (1, 0, 1)),
    ("died early", runner.count_flat_tap, "1..3\nok 1 - a\n", (1, 1, 0)),
    ("died after a failure", runner.count_flat_tap, "1..3\nnot ok 1 - a\n", (0, 2, 0)),
    ("two groups", runner.count_flat_tap, "1..1\nok 1 - a\n1..1\nok 1 - b\n", (2, 0, 0)),
    ("says nothing", runner.count_flat_tap, "hello\n", (0, 0, 0)),
    ("flat", runner.count_nested_tap, "ok 1 - a\nnot ok 2 - b\n1..2\n", (1, 1, 0)),
    ("a group counts by its cases", runner.count_nested_tap,
     "    ok 1 - a\n    ok 2 - b\n    1..2\nok 1 - group\n1..1\n", (2, 0, 0)),
    ("a group fails with its case", runner.count_nested_tap,
     "    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - group\n1..1\n", (1, 1, 0)),
    ("a group fails on its own", runner.count_nested_tap,
     "    ok 1 - a\n    1..1\nnot ok 1 - group\n1..1\n", (1, 1, 0)),
    ("groups in groups", runner.count_nested_tap,
     "        not ok 1 - a\n        1..1\n    not ok 1 - inner\n    ok 2 - b\n    1..2\n"
     "not ok 1 - outer\nok 2 - c\n1..2\n", (2, 1, 0)),
    ("details are no points", runner.count_nested_tap,
     "ok 1 - a\n  ---\n  stack: |-\n    not ok 7 - quoted\n  ...\n1..1\n", (1, 0, 0)),
    ("skipped and still to do", runner.count_nested_tap,
     "ok 1 - a # SKIP\nok 2 - b # TODO\nok 3 - c\n1..3\n", (1, 0, 2)),
    ("printed by a test", runner.count_nested_tap, "# not ok 1 - x\nok 1 - a\n", (1, 0, 0)),
    ("a file that died", runner.count_nested_tap, "not ok 1 - /e2e/a.test.mjs\n", (0, 1, 0)),
    ("a file without a test", runner.count_nested_tap, "ok 1 - /e2e/a.test.mjs\n", (0, 1, 0)),
    ("a file around its tests", runner.count_nested_tap,
     "    ok 1 - a\n    1..1\nok 1 - /e2e/a.test.mjs\n", (1, 0, 0)),
]


def main():
    failed = 0
    for number, (name, counter, text, want) in enumerate(CASES, 1):
        count = counter(text)
        got = (count.passed, count.failed, count.skipped)
        failed += got != want
        print(f"{'ok' if got == want else 'not ok'} {number} - count: {name}")
        if got != want:
            print(f"# passed, failed, skipped are {got}, not {want}")
    print(f"1..{len(CASES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
