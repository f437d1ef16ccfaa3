#!/usr/bin/env python3
"""The table of log codes is complete. Usage: check_log_codes.py ROOT

Every code that the program logs stands in the table of OBSERVING.md, and every code of the table in the program.
"""
import re
from pathlib import Path

import source_tree

DOCUMENT = Path("OBSERVING.md")
ROW = re.compile(r"^\| (`[a-z]+\.[a-z_]+`(?:, `[a-z]+\.[a-z_]+`)*) \| ", re.MULTILINE)
CODE = re.compile(r'"([a-z]+\.[a-z_]+)"')
CALL = re.compile(
    r'\b(?:info|warn|error|debug|tell|refuse|closed_for)\s*\(\s*"([a-z]+\.[a-z_]+)"'
    r'|\b(?:report|write|log_event)\s*\(\s*LogLevel::\w+,\s*"([a-z]+\.[a-z_]+)"')
PARTS = ("core", "actors", "adapters", "app")


def check(root):
    document = source_tree.text(root, DOCUMENT)
    table = {code: source_tree.line_of(document, row.start())
             for row in ROW.finditer(document) for code in re.findall(r"`([^`]+)`", row[1])}
    if not table:
        yield DOCUMENT, 1, "has no table of log codes"
    written = set()
    for path in source_tree.files(root, source_tree.CPP):
        if path.parts[0] not in PARTS:
            continue
        content = source_tree.text(root, path)
        written.update(CODE.findall(content))
        for call in CALL.finditer(content):
            code = call[1] or call[2]
            if code not in table:
                yield path, source_tree.line_of(content, call.start()), f"logs {code}, which {DOCUMENT} does not list"
    for code, line in table.items():
        if code not in written:
            yield DOCUMENT, line, f"lists {code}, which nothing logs"


if __name__ == "__main__":
    source_tree.main(check)
