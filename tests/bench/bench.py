#!/usr/bin/env python3
"""Measures `gleaner run` on three kinds of jobs, `gleaner enqueue`, and how much of an API's limits is used; see
README.md beside this file.

Usage: bench.py --bin FOLDER --json FILE [--quick] [budget]
"""
import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from machinery import Machinery

# name, contacts per job, jobs, jobs with --quick
WORKLOADS = [
    ("3 pages", 250, 2000, 200),
    ("1 page", 5, 20000, 1000),
    ("50 pages", 5000, 50, 5),
]
COLUMNS = [("workload", "{}"), ("jobs", "{}"), ("failed", "{}"), ("jobs_per_second", "{:.0f}"),
           ("worker_cpu_ms_per_job", "{:.3f}"), ("redis_cpu_ms_per_job", "{:.3f}"),
           ("redis_commands_per_job", "{:.1f}"), ("worker_rss_mb_peak", "{:.1f}")]

ENQUEUE_COLUMNS = [("enqueue", "{}"), ("jobs", "{}"), ("jobs_per_second", "{:.0f}"),
                   ("client_cpu_us_per_job", "{:.1f}"), ("redis_cpu_us_per_job", "{:.1f}"),
                   ("redis_busy", "{:.2f}")]

BUDGET_COLUMNS = [("case", "{}"), ("subject", "{}"), ("allowed", "{}"), ("used", "{}"), ("percent", "{:.1f}"),
                  ("refused", "{}")]


def measure(binaries, folder, name, contacts, jobs):
    """One run from a full queue to an empty one, on servers of its own."""
    with Machinery(binaries, folder) as machinery:
        machinery.enqueue(f"c{contacts}-x{i}.test" for i in range(jobs))
        figures = machinery.work_off(jobs)
    return {
        "workload": name,
        "contacts_per_job": contacts,
        "jobs": jobs,
        "failed": figures.failed,
        "seconds": round(figures.seconds, 3),
        "jobs_per_second": jobs / figures.seconds,
        "worker_cpu_ms_per_job": 1000 * figures.worker_cpu / jobs,
        "redis_cpu_ms_per_job": 1000 * figures.redis_cpu / jobs,
        "redis_commands_per_job": figures.redis_commands / jobs,
        "worker_rss_mb_peak": figures.worker_rss / 2**20,
    }


def measure_enqueue(binaries, folder, jobs):
    """Our command and the stock client's addBulk on the same domains and the same Redis."""
    domains = [f"d{i}.example.com" for i in range(jobs)]
    commands = [("gleaner enqueue", [binaries / "gleaner", "enqueue", "--file", "-"]),
                ("addBulk of bullmq 6.7.0", ["node", Path(__file__).with_name("add_bulk.mjs")])]
    rows = []
    with Machinery(binaries, folder) as machinery:
        for name, command in commands:
            figures = machinery.time_enqueue(command, domains)
            rows.append({"enqueue": name, "jobs": jobs, "seconds": round(figures.seconds, 3),
                         "jobs_per_second": jobs / figures.seconds,
                         "client_cpu_us_per_job": 1e6 * figures.client_cpu / jobs,
                         "redis_cpu_us_per_job": 1e6 * figures.redis_cpu / jobs,
                         "redis_busy": figures.redis_cpu / figures.seconds})
    return rows


def print_table(rows, columns):
    cells = [[title for title, _ in columns]]
    cells += [[form.format(row[title]) for title, form in columns] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    for row in cells:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))


def measure_budget(binaries, quick):
    """The cases of budget.mjs, by Gleaner and by its peer."""
    command = ["node", str(Path(__file__).with_name("budget.mjs"))] + (["--quick"] if quick else [])
    environment = dict(os.environ, GLEANER_BIN_DIR=str(binaries.resolve()))
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [dict(row, percent=100 * row["share"]) for row in rows]


def measure_workloads(binaries, quick):
    rows = []
    for name, contacts, jobs, few in WORKLOADS:
        jobs = few if quick else jobs
        print(f"{jobs} jobs of {contacts} contacts ...", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="gleaner-bench-") as folder:
            rows.append(measure(binaries, Path(folder), name, contacts, jobs))
    return rows


def measure_queueing(binaries, quick):
    jobs = 20000 if quick else 1000000
    print(f"queueing {jobs} domains ...", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="gleaner-bench-") as folder:
        return measure_enqueue(binaries, Path(folder), jobs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=Path)
    parser.add_argument("--json", required=True, type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("only", nargs="?", choices=["budget"])
    options = parser.parse_args()
    report = {"machine": {"cores": os.cpu_count(), "kernel": platform.release()}, "quick": options.quick}
    rows = []
    if options.only is None:
        rows = measure_workloads(options.bin, options.quick)
        print_table(rows, COLUMNS)
        report["subjects"] = {"gleaner": rows}
        report["enqueue"] = measure_queueing(options.bin, options.quick)
        print()
        print_table(report["enqueue"], ENQUEUE_COLUMNS)
        print(flush=True)
    report["budget"] = measure_budget(options.bin, options.quick)
    print_table(report["budget"], BUDGET_COLUMNS)
    options.json.write_text(json.dumps(report, indent=2) + "\n")
    print(f"as JSON: {options.json}", file=sys.stderr)
    return 1 if any(row["failed"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
