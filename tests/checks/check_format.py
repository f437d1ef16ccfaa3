#!/usr/bin/env python3
"""All C++ is as clang-format 14 writes it. Usage: check_format.py ROOT"""
import re

import programs
import source_tree

COMPLAINT = re.compile(r"^(.+?):(\d+):\d+: error: (.*)$", re.MULTILINE)


def check(root):
    formatter = programs.find("clang-format-14", "clang-format")
    paths = list(source_tree.files(root, source_tree.CPP))
    if not paths:
        return
    code, text = programs.output([formatter, "--dry-run", "-Werror", *paths], cwd=root)
    seen = set()
    for path, line, message in COMPLAINT.findall(text):
        if path not in seen:  # one line a file: the remedy is the same for all of them
            yield path, line, f"{message}; run clang-format-14 -i {path}"
        seen.add(path)
    if code != 0 and not seen:
        yield ".clang-format", 1, text.strip()


if __name__ == "__main__":
    source_tree.main(check)
