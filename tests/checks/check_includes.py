#!/usr/bin/env python3
"""The folder rule: who may include whom. Usage: check_includes.py ROOT"""
import re
from pathlib import Path

import source_tree

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
STANDARD = re.compile(r"^[a-z_0-9]+$")  # <vector>, <cstdint>; all others have a dot or a slash
CORE_LIBRARIES = re.compile(r"^(prometheus/|openssl/|date/|sys/mman\.h$|idn2\.h$|uni[a-z]*\.h$)")
# Folders of adapters/ -> those of their kind that may include them.
BORROWED = {"address": {"hunter", "redis", "certificates", "tunnel"}, "redis": {"budget", "bullmq", "embedded"},
            "process": {"embedded", "tunnel"}}
PARTS = ("core", "messages", "actors", "adapters", "app", "tests")


def may_use_ours(path, target):
    """May the source file `path` include our header `target`?"""
    part, goal = path.parts[0], target.split("/")
    if part == "core":
        return goal[0] == "core"
    if part == "messages":
        return goal[0] in ("core", "messages")
    if part == "actors":
        if goal[0] != "actors":
            return goal[0] in ("core", "messages")
        own_header = path.stem.startswith(Path(target).stem)
        return own_header or goal[1] in ("interfaces.hpp", "counted_actor.hpp")
    if part == "adapters":
        if goal[0] != "adapters":
            return goal[0] == "core"
        return goal[1] == path.parts[1] or path.parts[1] in BORROWED.get(goal[1], ())
    if part == "app":
        return goal[0] != "tests"
    return target != "app/main.cpp"


def may_use_library(path, header):
    """May the source file `path` include the foreign header `header`?"""
    part, caf = path.parts[0], header.startswith("caf/")
    if STANDARD.match(header):
        return True
    if header == "caf/all.hpp":
        return False  # costs seconds per file
    if part == "core":
        return bool(CORE_LIBRARIES.match(header))
    if part in ("messages", "actors"):
        return caf
    if part == "adapters":
        return not caf and not header.startswith("boost/")
    return part == "tests" or not header.startswith("boost/")


def check(root):
    for path in source_tree.files(root, source_tree.CPP):
        if path.parts[0] not in PARTS:
            continue
        content = source_tree.text(root, path)
        for match in INCLUDE.finditer(content):
            quoted, target = match[1] == '"', match[2]
            line = source_tree.line_of(content, match.start())
            if quoted and not target.startswith(tuple(part + "/" for part in PARTS)):
                yield path, line, f'"{target}" is not a full path from the root'
            elif quoted and not may_use_ours(path, target):
                yield path, line, f'{path.parts[0]}/ may not include "{target}"'
            elif not quoted and not may_use_library(path, target):
                yield path, line, f"{path.parts[0]}/ may not include <{target}>"


if __name__ == "__main__":
    source_tree.main(check)
