#!/usr/bin/env python3
"""Counts instructions and allocations of fixed_work under callgrind and compares them with the figures that are kept.
Exit code 1 when a piece has grown; `--keep` keeps what was counted instead."""
import argparse
import concurrent.futures
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import callgrind
import figures

KEPT = Path(__file__).parent / "figures.json"
SHOWN = Path(__file__).parent / "README.md"
# Nothing of the caller's environment; and what libraries would choose by the CPU is chosen here, so that machines
# count alike: libc's functions without AVX (and not `rep movsb`, which counts each byte), simdjson's for SSE 4.2.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "LC_ALL": "C", "SIMDJSON_FORCE_IMPLEMENTATION": "westmere",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX_Fast_Unaligned_Load,-SSSE3,-ERMS,-FSRM"}


def run(command):
    """Standard output of a command; ends with its words if it fails."""
    try:
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is not installed (see tools/debian-packages.txt)")
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def count(program, piece):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        run(["valgrind", "--tool=callgrind", *callgrind.OPTIONS, f"--callgrind-out-file={out}",
             program, piece])
        return callgrind.read(out.with_suffix(".2"), program.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path, help="fixed_work")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--keep", action="store_true", help="write the figures instead of comparing")
    choice.add_argument("--allocations", action="store_true",
                        help="compare these only: they are the same however the program was optimised")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    told = [line.split(" ", 1) for line in run([program]).splitlines()]
    compiler = next(value for key, value in told if key == "compiler")
    pieces = [value for key, value in told if key == "piece"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        costs = dict(zip(pieces, pool.map(lambda piece: count(program, piece), pieces)))
    kept = figures.load(KEPT)
    same_compiler = compiler == kept["compiler"]
    instructions = arguments.keep or (same_compiler and not arguments.allocations)
    print(*figures.table(kept, costs, instructions), sep="\n")
    if arguments.keep:
        figures.save(KEPT, compiler, costs)
        figures.write_into_table(SHOWN, costs)
        print(f"kept in {KEPT} and {SHOWN.name}")
        return 0
    if not same_compiler:
        print(f"compiler {compiler}, but the figures are of {kept['compiler'] or 'none'}: only allocations are compared")
    wrong, better = figures.compare(kept, costs, instructions)
    if better:
        print("", *better, f"{figures.REMEDY} keeps the new figures", sep="\n")
    if wrong:
        print("", *wrong, f"if that has to be: {figures.REMEDY}", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
