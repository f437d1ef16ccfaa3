"""What the parts of a job cost at least: pages by libcurl alone, our scripts alone; and Gleaner beside them."""
import statistics
import sys
from dataclasses import dataclass

import report
from machinery import Machinery
from processes import cpu_seconds
from subjects import Gleaner

AT_ONCE = 64  # pages on their way, as with the defaults of Gleaner


@dataclass(frozen=True)
class Kind:
    name: str
    pages: int  # of each job
    contacts: int  # of each page
    jobs: int


KINDS = [Kind("1 page of 3 KB", 1, 5, 20000), Kind("3 pages of 49 KB", 3, 100, 4000)]


def fetch_alone(machinery, kind):
    pages = kind.jobs * kind.pages
    fetched = machinery.limits("pages", machinery.environment["HUNTER_API_URL"], kind.contacts, pages, AT_ONCE)
    return {"case": kind.name, "program": "libcurl alone", "pages": pages,
            "pages_per_second": pages / fetched["seconds"],
            "cpu_us_per_page": 1e6 * fetched["cpu_seconds"] / pages}


def call_alone(machinery, kind, domains):
    machinery.enqueue(domains)
    redis_cpu = cpu_seconds(machinery.redis_process.pid)
    ended = machinery.limits("scripts", machinery.redis_port, kind.pages, kind.contacts)
    redis_cpu = cpu_seconds(machinery.redis_process.pid) - redis_cpu
    if ended["jobs"] != kind.jobs:
        raise RuntimeError(f"the scripts ended {ended['jobs']} of {kind.jobs} jobs")
    return {"case": kind.name, "program": "scripts alone", "jobs": kind.jobs,
            "jobs_per_second": kind.jobs / ended["seconds"], "redis_cpu_us_per_job": 1e6 * redis_cpu / kind.jobs}


def work_off(machinery, kind, domains):
    """Gleaner's row of either table."""
    machinery.enqueue(domains)
    figures = machinery.work_off(Gleaner(), kind.jobs)
    pages = kind.jobs * kind.pages
    return ({"case": kind.name, "program": "gleaner", "pages": pages, "failed": figures.failed,
             "pages_per_second": pages / figures.seconds, "cpu_us_per_page": 1e6 * figures.worker_cpu / pages},
            {"case": kind.name, "program": "gleaner", "jobs": kind.jobs, "failed": figures.failed,
             "jobs_per_second": kind.jobs / figures.seconds,
             "redis_cpu_us_per_job": 1e6 * figures.redis_cpu / kind.jobs})


def measure_once(binaries, kind):
    """((libcurl alone, Gleaner), (scripts alone, Gleaner)), one after the other on the same servers."""
    domains = [f"c{kind.pages * kind.contacts}-x{i}.test" for i in range(kind.jobs)]
    with Machinery(binaries) as machinery:
        fetched, called = fetch_alone(machinery, kind), call_alone(machinery, kind, domains)
        machinery.redis.call("FLUSHALL")
        pages, jobs = work_off(machinery, kind, domains)
    return (fetched, pages), (called, jobs)


def compare(rounds, figure):
    """The medians of a part alone and of Gleaner, and how often as much Gleaner needs."""
    alone, ours = zip(*rounds)
    ratio = statistics.median(mine[figure] / least[figure] for least, mine in rounds if least[figure] > 0)
    return [report.middle(alone) | {"ratio": 1.0}, report.middle(ours) | {"ratio": ratio}]


def measure(binaries, quick):
    """{"pages": rows, "scripts": rows, "rounds": every run}."""
    found = {"pages": [], "scripts": [], "rounds": []}
    for kind in KINDS:
        jobs = kind.jobs // 10 if quick else kind.jobs
        print(f"{kind.name}: {jobs} jobs, and the parts alone ...", file=sys.stderr)
        kind = Kind(kind.name, kind.pages, kind.contacts, jobs)
        rounds = [measure_once(binaries, kind) for _ in range(1 if quick else 3)]
        by_pages, by_scripts = zip(*rounds)
        found["pages"] += compare(by_pages, "cpu_us_per_page")
        found["scripts"] += compare(by_scripts, "redis_cpu_us_per_job")
        found["rounds"] += rounds
    return found
