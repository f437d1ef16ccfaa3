#!/usr/bin/env python3
"""Measures Gleaner beside a Node worker: see README.md beside this file.

Usage: bench.py --bin FOLDER --json FILE [--quick] [--svg FOLDER]
                [work | latency | enqueue | limits | growth | budget | cluster]
"""
import argparse
import json
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import cluster
import growth
import limits
import report
import workloads
from machinery import Machinery


def measure_budget(binaries, quick):
    """The cases of budget.mjs, by Gleaner and by its peer."""
    command = ["node", str(Path(__file__).with_name("budget.mjs"))] + (["--quick"] if quick else [])
    environment = dict(os.environ, GLEANER_BIN_DIR=str(binaries.resolve()))
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [dict(row, percent=100 * row["share"]) for row in rows]


def measure_enqueue(binaries, quick):
    """Our command and the stock client's addBulk on the same domains and the same Redis."""
    jobs = 20000 if quick else 1000000
    print(f"queueing {jobs} domains ...", file=sys.stderr)
    domains = [f"d{i}.example.com" for i in range(jobs)]
    commands = [("gleaner enqueue", [binaries / "gleaner", "enqueue", "--file", "-"]),
                ("addBulk of bullmq 6.7.0", ["node", Path(__file__).with_name("add_bulk.mjs")])]
    rows = []
    with Machinery(binaries) as machinery:
        for name, command in commands:
            figures = machinery.time_enqueue(command, domains)
            rows.append({"enqueue": name, "jobs": jobs, "seconds": round(figures.seconds, 3),
                         "jobs_per_second": jobs / figures.seconds,
                         "client_cpu_us_per_job": 1e6 * figures.client_cpu / jobs,
                         "redis_cpu_us_per_job": 1e6 * figures.redis_cpu / jobs,
                         "redis_busy": figures.redis_cpu / figures.seconds})
    return rows


# What measures each part. What it finds are rows, or rows by the name of their table.
PARTS = {"work": workloads.measure_work, "latency": workloads.measure_latency, "enqueue": measure_enqueue,
         "limits": limits.measure, "growth": growth.measure, "budget": measure_budget, "cluster": cluster.measure}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=Path)
    parser.add_argument("--json", required=True, type=Path)
    parser.add_argument("--svg", type=Path, help="folder of the pictures; without it that of the JSON")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("only", nargs="?", choices=PARTS)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends what it has started

    found = {"machine": {"cores": os.cpu_count(), "kernel": platform.release()}, "quick": options.quick}
    wrong = 0
    for part, measure in PARTS.items():
        if options.only not in (None, part):
            continue
        found[part] = measure(options.bin, options.quick)
        wrong += report.print_part(part, found[part])
        if part == "growth":
            growth.draw(found[part], options.svg or options.json.parent)
    options.json.write_text(json.dumps(found, indent=2) + "\n")
    print(f"as JSON: {options.json}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
