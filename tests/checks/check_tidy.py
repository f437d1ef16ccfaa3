#!/usr/bin/env python3
"""clang-tidy (.clang-tidy) on the product's sources. Usage: check_tidy.py ROOT BUILD_FOLDER [FILE...]

Uses the compile commands of the build folder, without precompiled headers. A file whose text, our
headers below it, flags and rules have not changed since it passed is not looked at again.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import sys
from pathlib import Path

import programs
import source_tree

LAYERS = ("core", "messages", "actors", "adapters", "app")
# What clang does not know, or what belongs to g++'s precompiled headers.
DROPPED = re.compile(r"^(-fpch-preprocess|-Winvalid-pch|-fstack-clash-protection|-Werror)$")
OURS = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
COMPLAINT = re.compile(r"^(/.+?):(\d+):\d+: (?:warning|error): (.*)$", re.MULTILINE)


def clean_command(command):
    """The arguments of one compile command without DROPPED and `-include <precompiled header>`."""
    kept, skip = [], False
    for argument in shlex.split(command):
        if skip:
            skip = False
        elif argument == "-include":
            skip = True
        elif not DROPPED.match(argument) and not argument.endswith("ccache"):
            kept.append(argument)
    return kept


def product_sources(root, build):
    """path -> arguments, for the sources of LAYERS."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = Path(entry["file"])
        if path.is_relative_to(root) and path.relative_to(root).parts[0] in LAYERS and path.exists():
            found[path.relative_to(root)] = clean_command(entry["command"])
    return found


def write_database(root, folder, sources):
    folder.mkdir(parents=True, exist_ok=True)
    entries = [{"directory": str(folder), "file": str(root / path), "arguments": arguments}
               for path, arguments in sources.items()]
    (folder / "compile_commands.json").write_text(json.dumps(entries, indent=1))


def with_headers(root, path, seen):
    """`path` and all of our headers that it includes."""
    if path in seen or not (root / path).exists():
        return seen
    seen.add(path)
    for target in OURS.findall(source_tree.text(root, path)):
        with_headers(root, Path(target), seen)
    return seen


def fingerprint(root, path, arguments, version):
    digest = hashlib.sha256((version + " ".join(arguments)).encode())
    digest.update((root / ".clang-tidy").read_bytes())
    for part in sorted(with_headers(root, path, set())):
        digest.update(str(part).encode() + (root / part).read_bytes())
    return digest.hexdigest()


def tidy(root, folder, path, stamp, tool):
    """Complaints about one file; remembers by the stamp that there were none."""
    if stamp.exists():
        return []
    code, text = programs.output([tool, "-quiet", "-p", folder, root / path], cwd=root)
    found = [(os.path.relpath(name, root), line, message)
             for name, line, message in COMPLAINT.findall(text)]
    if code != 0 and not found:
        found.append((path, 1, "clang-tidy failed: " + text.strip()[-400:]))
    if not found:
        stamp.touch()
    return found


def check(root, build, *only):
    build = Path(build).resolve()
    folder = build / "tidy"
    tool = programs.find("clang-tidy-14", "clang-tidy")
    version = programs.output([tool, "--version"])[1]
    sources = product_sources(root, build)
    if only:
        sources = {path: flags for path, flags in sources.items() if str(path) in only}
    if not sources:
        yield build / "compile_commands.json", 1, "names no source of the product"
        return
    write_database(root, folder, sources)
    stamps = folder / "passed"
    stamps.mkdir(exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(tidy, root, folder, path,
                            stamps / fingerprint(root, path, arguments, version), tool)
                for path, arguments in sources.items()]
        # A complaint about a header comes once for every file that includes it.
        yield from sorted({found for run in runs for found in run.result()}, key=str)
    print(f"{len(sources)} files", file=sys.stderr)


if __name__ == "__main__":
    source_tree.main(check)
