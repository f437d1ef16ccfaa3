#!/usr/bin/env python3
"""shellcheck on every shell script. Usage: check_shell.py ROOT"""
import re

import programs
import source_tree

SHEBANG = re.compile(rb"^#!\s*/(usr/)?bin/(env )?(ba|da)?sh\b")
COMPLAINT = re.compile(r"^(.+?):(\d+):\d+: (.*)$", re.MULTILINE)


def is_script(root, path):
    if path.suffix:
        return path.suffix == ".sh"
    with open(root / path, "rb") as file:
        return bool(SHEBANG.match(file.read(64)))


def check(root):
    scripts = [path for path in source_tree.files(root) if is_script(root, path)]
    if not scripts:
        return
    command = [programs.find("shellcheck"), "-x", "-f", "gcc", *scripts]
    code, text = programs.output(command, cwd=root)
    yield from COMPLAINT.findall(text)
    if code != 0 and not COMPLAINT.search(text):
        yield scripts[0], 1, text.strip()


if __name__ == "__main__":
    source_tree.main(check)
