#!/usr/bin/env python3
"""Measures `gleaner run` on three kinds of jobs; see README.md beside this file.

Usage: bench.py --bin FOLDER --json FILE [--quick]
"""
import argparse
import json
import os
import platform
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


def print_table(rows):
    cells = [[title for title, _ in COLUMNS]]
    cells += [[form.format(row[title]) for title, form in COLUMNS] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(COLUMNS))]
    for row in cells:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=Path)
    parser.add_argument("--json", required=True, type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    rows = []
    for name, contacts, jobs, few in WORKLOADS:
        jobs = few if options.quick else jobs
        print(f"{jobs} jobs of {contacts} contacts ...", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="gleaner-bench-") as folder:
            rows.append(measure(options.bin, Path(folder), name, contacts, jobs))
    print_table(rows)
    report = {"machine": {"cores": os.cpu_count(), "kernel": platform.release()},
              "quick": options.quick, "subjects": {"gleaner": rows}}
    options.json.write_text(json.dumps(report, indent=2) + "\n")
    print(f"as JSON: {options.json}", file=sys.stderr)
    return 1 if any(row["failed"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
