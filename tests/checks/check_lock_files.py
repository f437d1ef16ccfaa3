#!/usr/bin/env python3
"""npm lock files pin every package by hash and name no registry. Usage: check_lock_files.py ROOT"""
import json
import re

import source_tree

REGISTRY = re.compile(r'"resolved"|registry\s*=|://registry\.', re.IGNORECASE)


def check(root):
    for path in source_tree.files(root):
        if path.name not in ("package-lock.json", "package.json", ".npmrc"):
            continue
        content = source_tree.text(root, path)
        for match in REGISTRY.finditer(content):
            yield path, source_tree.line_of(content, match.start()), "names where packages come from"
        if path.name == "package-lock.json":
            yield from check_hashes(path, content)
        elif path.name == "package.json" and not (root / path).with_name("package-lock.json").exists():
            yield path, 1, "has no package-lock.json beside it"


def check_hashes(path, content):
    for name, package in json.loads(content).get("packages", {}).items():
        if name and "integrity" not in package and not package.get("link"):
            position = content.index(json.dumps(name))
            yield path, source_tree.line_of(content, position), f"{name} has no integrity hash"


if __name__ == "__main__":
    source_tree.main(check)
