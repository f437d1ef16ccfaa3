#!/usr/bin/env python3
"""The programs carry the hardening that the build asks for.
Usage: check_hardening.py ROOT BUILD_FOLDER

Looked at in the program itself (readelf, objdump), and for what leaves no sure mark there in the
compile commands of every source.
"""
import json
import re
from pathlib import Path

import programs
import source_tree


def read(tool, *arguments):
    return programs.output([programs.find(tool), *arguments], env={"LC_ALL": "C", "PATH": PATHS})[1]


PATHS = "/usr/local/bin:/usr/bin:/bin"
FLAGS = ("-D_FORTIFY_SOURCE=2", "-fstack-protector-strong", "-fstack-clash-protection", "-fcf-protection")


def missing_marks(program):
    """What the program lacks."""
    header = read("readelf", "-h", program)
    dynamic = read("readelf", "-dW", program)
    segments = read("readelf", "-lW", program)
    symbols = read("readelf", "-sW", "--dyn-syms", program)
    if not re.search(r"Type:\s+DYN", header) or "PIE" not in dynamic:
        yield "is not position independent (PIE)"
    if "GNU_RELRO" not in segments:
        yield "has no RELRO segment"
    if "BIND_NOW" not in dynamic and not re.search(r"FLAGS_1.*\bNOW\b", dynamic):
        yield "binds lazily (no BIND_NOW)"
    if re.search(r"GNU_STACK.*\bRWE\b", segments):
        yield "has an executable stack"
    if "__stack_chk_fail" not in symbols:
        yield "has no stack protector"
    if not re.search(r"__\w+_chk\b", symbols.replace("__stack_chk", "")):
        yield "calls no fortified function (_FORTIFY_SOURCE)"
    if re.search(r"\((RPATH|RUNPATH)\)", dynamic):
        yield "looks for libraries in a folder of its own (RPATH)"
    if "TEXTREL" in dynamic:
        yield "changes its own code at the start (TEXTREL)"
    if "X86-64" in header and not starts_with_endbr(program):
        yield "is not built for control-flow protection (main has no endbr64)"


def starts_with_endbr(program):
    text = read("objdump", "-d", "--no-show-raw-insn", "--disassemble=main", program)
    first = re.search(r"<main>:\n\s*[0-9a-f]+:\s+(\S+)", text)
    return first is None or first[1] == "endbr64"


def check(root, build):
    build = Path(build)
    for name in ("gleaner", "gleaner-simulator"):
        program = build / "bin" / name
        if not program.exists():
            yield program, 1, "is not built"
            continue
        for lack in missing_marks(program):
            yield program, 1, lack
    commands = json.loads((build / "compile_commands.json").read_text())
    for entry in commands:
        for flag in FLAGS:
            if flag not in entry["command"]:
                yield Path(entry["file"]).relative_to(root), 1, f"is compiled without {flag}"


if __name__ == "__main__":
    source_tree.main(check)
