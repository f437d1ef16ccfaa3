"""What grows with a job's pages, with the waiting jobs and with the jobs at once, and what does not."""
import re
import sys
import time

import plot
import report
from machinery import Machinery
from processes import cpu_seconds, resident_bytes
from subjects import SUBJECTS, Work

PAGE = 100  # contacts
API_DELAY_MS = 10000  # so that a job that is held waits for its page most of the time


def one_job_of(binaries, subject, pages, total):
    """The same number of pages in all, in jobs of so many; 16 jobs at once."""
    jobs = max(1, total // pages)
    with Machinery(binaries) as machinery:
        machinery.enqueue(f"c{PAGE * pages}-x{i}.test" for i in range(jobs))
        figures = machinery.work_off(subject, jobs, Work(at_once=16, most_contacts=PAGE * pages))
    pages_done = jobs * pages
    return {"pages_per_job": pages, "subject": subject.name, "jobs": jobs, "failed": figures.failed,
            "pages_per_second": pages_done / figures.seconds, "cpu_us_per_page": 1e6 * figures.worker_cpu / pages_done,
            "redis_cpu_us_per_page": 1e6 * figures.redis_cpu / pages_done, "rss_mb": figures.worker_rss / 2**20}


def beside_waiting(binaries, subject, waiting, jobs):
    """Jobs of one small page, while so many more wait."""
    with Machinery(binaries) as machinery:
        machinery.gleaner("enqueue", "--file", "-", input="".join(f"c5-x{i}.test\n" for i in range(waiting + jobs)))
        figures = machinery.work_off(subject, jobs)
    return {"waiting": waiting, "subject": subject.name, "jobs": jobs, "failed": figures.failed,
            "jobs_per_second": jobs / figures.seconds, "cpu_ms_per_job": 1000 * figures.worker_cpu / jobs,
            "redis_cpu_ms_per_job": 1000 * figures.redis_cpu / jobs, "rss_mb": figures.worker_rss / 2**20}


def holding(binaries, subject, at_once, seconds):
    """So many jobs held for a while. More wait, for those that end."""
    with Machinery(binaries) as machinery:
        machinery.enqueue(f"slow{API_DELAY_MS}-c5-x{i}.test" for i in range(at_once + 1000))
        (worker,), _ = machinery.start_workers(subject, Work(at_once=at_once), 1)
        filled = machinery.await_active(at_once, [worker])
        cpu, redis_cpu = cpu_seconds(worker.pid), cpu_seconds(machinery.redis_process.pid)
        time.sleep(seconds)
        cpu, redis_cpu = cpu_seconds(worker.pid) - cpu, cpu_seconds(machinery.redis_process.pid) - redis_cpu
        memory = resident_bytes(worker.pid)
        machinery.await_active(at_once, [worker])
        worker.kill()  # its pages take too long to be awaited
        lost = machinery.count_logged("worker-0", r"job\.lock_lost|job\.self_fenced|could not renew lock")
    return {"at_once": at_once, "subject": subject.name, "lost": lost, "filled_seconds": filled,
            "cpu_percent": 100 * cpu / seconds, "redis_cpu_percent": 100 * redis_cpu / seconds,
            "rss_mb": memory / 2**20}


def takes(binaries, sizes, count):
    """How long Redis works on a take of one job, by its own measure, in a queue that grows."""
    rows = []
    with Machinery(binaries) as machinery:
        waiting = 0
        for size in sizes:
            new = (f"c5-x{size}-{i}.test\n" for i in range(size - waiting + count))
            machinery.gleaner("enqueue", "--file", "-", input="".join(new))
            machinery.redis.call("CONFIG", "RESETSTAT")
            machinery.limits("takes", machinery.redis_port, count)
            half, most = re.search(r"usec_evalsha:p50=([\d.]+),p99=([\d.]+)",
                                   machinery.redis.call("INFO", "latencystats")).groups()
            rows.append({"waiting": size, "takes": count, "p50_us": float(half), "p99_us": float(most)})
            waiting = size
    return rows


def medians(rounds, measure, *arguments):
    return report.middle([measure(*arguments) for _ in range(rounds)])


def measure(binaries, quick):
    """{"pages", "waiting", "active", "takes": rows each}."""
    rounds = 1 if quick else 3
    pages, total = ([1, 20], 200) if quick else ([1, 2, 5, 10, 20, 50, 100, 200], 3200)
    waiting, jobs = ([0, 10000], 500) if quick else ([0, 10000, 100000, 1000000], 5000)
    active, seconds = ([10, 1000], 1) if quick else ([10, 100, 1000, 10000], 20)
    queues, count = ([1000, 10000], 200) if quick else ([1000, 10000, 100000, 1000000], 2000)
    print(f"jobs of {pages} pages, beside {waiting} waiting, {active} at once ...", file=sys.stderr)
    return {
        "pages": [medians(rounds, one_job_of, binaries, subject, number, total)
                  for number in pages for subject in SUBJECTS],
        "waiting": [medians(rounds, beside_waiting, binaries, subject, number, jobs)
                    for number in waiting for subject in SUBJECTS],
        "active": [medians(rounds, holding, binaries, subject, number, seconds)
                   for number in active for subject in SUBJECTS],
        "takes": takes(binaries, queues, count)}


def curves(rows, x, y):
    found = {}
    for row in rows:
        found.setdefault(row.get("subject", "gleaner"), []).append((row[x], row[y]))
    return found


def draw(found, folder):
    """The pictures growth-*.svg."""
    for name, title, rows, x, y in [
            ("pages", "CPU time of a page", "pages", ("pages_per_job", "pages of the job"),
             ("cpu_us_per_page", "µs of the worker's CPU")),
            ("waiting", "Memory of a worker beside a long queue", "waiting", ("waiting", "waiting jobs"),
             ("rss_mb", "MB resident")),
            ("active", "Memory of a worker by its jobs at once", "active", ("at_once", "jobs at once"),
             ("rss_mb", "MB resident")),
            ("takes", "Time of a take by the length of the queue", "takes", ("waiting", "waiting jobs"),
             ("p50_us", "µs in Redis (median)"))]:
        plot.draw(folder / f"growth-{name}.svg", title, plot.Axis(x[1], log=True), plot.Axis(y[1]),
                  curves(found[rows], x[0], y[0]))
