#!/usr/bin/env python3
"""clang-tidy (.clang-tidy) on the product's sources. Usage: check_tidy.py ROOT BUILD_FOLDER [FILE...]

Uses the compile commands of the build folder: with unity builds, whole bundles of sources at once, which
is several times as fast. What has not changed since it passed (text, our headers below it, flags, rules)
is not looked at again.
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
# What clang does not know, and errors, since a warning is one already.
DROPPED = re.compile(r"^(-fstack-clash-protection|-Wno-maybe-uninitialized|-Wno-restrict|"
                     r"-Wno-subobject-linkage|-Werror)$")
INCLUDED = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
COMPLAINT = re.compile(r"^(/.+?):(\d+):\d+: (?:warning|error): (.*)$", re.MULTILINE)


def clean_command(command):
    """The arguments of one compile command without DROPPED."""
    return [argument for argument in shlex.split(command)
            if not DROPPED.match(argument) and not argument.endswith("ccache")]


def is_product(root, path):
    return path.is_relative_to(root) and path.relative_to(root).parts[0] in LAYERS and path.exists()


def product_units(root, build):
    """path -> (arguments, the sources in it), for what compiles sources of LAYERS."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        unit = Path(entry["file"])
        sources = [unit]
        if unit.is_relative_to(build) and unit.exists(): # a unity bundle, unless it was generated otherwise
            sources = [Path(name) for name in INCLUDED.findall(unit.read_text())]
        ours = [path.relative_to(root) for path in sources if is_product(root, path)]
        if ours:
            found[unit] = clean_command(entry["command"]), ours
    return found


def write_database(folder, units):
    folder.mkdir(parents=True, exist_ok=True)
    entries = [{"directory": str(folder), "file": str(unit), "arguments": arguments}
               for unit, (arguments, _) in units.items()]
    (folder / "compile_commands.json").write_text(json.dumps(entries, indent=1))


def with_headers(root, path, seen):
    """`path` and all of our headers that it includes."""
    if path in seen or not (root / path).exists():
        return seen
    seen.add(path)
    for target in INCLUDED.findall(source_tree.text(root, path)):
        with_headers(root, Path(target), seen)
    return seen


def fingerprint(root, sources, arguments, version):
    digest = hashlib.sha256((version + " ".join(arguments)).encode())
    digest.update((root / ".clang-tidy").read_bytes())
    parts = set()
    for path in sources:
        with_headers(root, path, parts)
    for part in sorted(parts):
        digest.update(str(part).encode() + (root / part).read_bytes())
    return digest.hexdigest()


def tidy(root, folder, unit, stamp, tool):
    """Complaints about one unit; remembers by the stamp that there were none."""
    if stamp.exists():
        return []
    code, text = programs.output([tool, "-quiet", "-p", folder, unit], cwd=root)
    found = [(os.path.relpath(name, root), line, message)
             for name, line, message in COMPLAINT.findall(text)]
    if code != 0 and not found:
        found.append((unit, 1, "clang-tidy failed: " + text.strip()[-400:]))
    if not found:
        stamp.touch()
    return found


def check(root, build, *only):
    build = Path(build).resolve()
    folder = build / "tidy"
    tool = programs.find("clang-tidy-14", "clang-tidy")
    version = programs.output([tool, "--version"])[1]
    units = product_units(root, build)
    if only:
        units = {unit: (arguments, sources) for unit, (arguments, sources) in units.items()
                 if {str(path) for path in sources} & set(only)}
    if not units:
        yield build / "compile_commands.json", 1, "names no source of the product"
        return
    write_database(folder, units)
    stamps = folder / "passed"
    stamps.mkdir(exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(tidy, root, folder, unit,
                            stamps / fingerprint(root, sources, arguments, version), tool)
                for unit, (arguments, sources) in units.items()]
        # A complaint about a header comes once for every unit that includes it.
        yield from sorted({found for run in runs for found in run.result()}, key=str)
    print(f"{sum(len(sources) for _, sources in units.values())} files", file=sys.stderr)


if __name__ == "__main__":
    source_tree.main(check)
