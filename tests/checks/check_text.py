#!/usr/bin/env python3
"""Sizes, and marks that have no place in a finished tree. Usage: check_text.py ROOT"""
import re

import source_tree

LINES = {".cpp": 250, ".hpp": 250, ".lua": 250, ".pml": 250, ".py": 250, ".sh": 250, ".mjs": 250, ".md": 500}
PLAIN = set(LINES) | {".txt", ".cmake", ".yml", ".toml", ""}
# Put together so that this file does not find itself.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")


def check(root):
    for path in source_tree.files(root):
        if path.suffix not in PLAIN:
            continue
        content = source_tree.text(root, path)
        lines = content.splitlines()
        limit = LINES.get(path.suffix)
        if limit and len(lines) > limit:
            yield path, limit + 1, f"{len(lines)} lines; at most {limit}: split it by subject"
        if content and not content.endswith("\n"):
            yield path, len(lines), "the last line has no end"
        for number, line in enumerate(lines, 1):
            if UNFINISHED.search(line):
                yield path, number, "unfinished: do it or drop it"
            if line != line.rstrip():
                yield path, number, "white space at the end of the line"
            if path.suffix in source_tree.CPP and "\t" in line:
                yield path, number, "a tab"


if __name__ == "__main__":
    source_tree.main(check)
