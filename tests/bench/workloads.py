"""The cases in which workers empty a queue, and their latency while jobs come at a steady rate."""
import sys
from dataclasses import dataclass

import report
from machinery import Machinery
from subjects import SUBJECTS, Work


@dataclass(frozen=True)
class Case:
    name: str
    contacts: int  # of each job
    jobs: int
    delay_ms: int = 0  # of each answer of the API
    processes: int = 1
    appendonly: bool = False
    work: Work = Work()
    waiting: int = 0  # jobs beyond those that are measured

    def domains(self):
        """Without pages all jobs are for one domain, whose collection there is already."""
        if not self.work.pages:
            return (f"c{self.contacts}.test" for _ in range(self.jobs))
        return (f"c{self.contacts}-x{i}.test" for i in range(self.jobs + self.waiting))


KINDS = [("3 pages", 250, 2000), ("1 page", 5, 20000), ("50 pages", 5000, 50)]


def all_cases():
    cases = []
    for name, contacts, jobs in KINDS:
        cases += [Case(name, contacts, jobs), Case(f"{name}, two workers", contacts, jobs, processes=2),
                  Case(f"{name}, AOF", contacts, jobs, appendonly=True),
                  Case(f"{name}, API of 100 ms", contacts, min(jobs, 5000), delay_ms=100)]
    cases += [Case(f"{at_once} at once, API of 100 ms", 5, 200 * min(at_once, 100), delay_ms=100,
                   work=Work(at_once=at_once)) for at_once in (10, 100, 1000, 10000)]
    return cases + [Case("queue alone", 5, 20000, work=Work(pages=False)),
                    Case("a million waiting", 5, 20000, waiting=1000000)]


def few_cases():
    """Each way to measure once, on a fortieth of the jobs or less."""
    return [Case(kind, of, jobs // 40) for kind, of, jobs in KINDS] + [
        Case("two workers, AOF, API of 100 ms, 100 at once", 5, 500, 100, 2, True, Work(at_once=100)),
        Case("queue alone", 5, 500, work=Work(pages=False)), Case("2,000 waiting", 5, 500, waiting=2000)]


def measure_once(binaries, case, subject):
    """One run on servers of its own, from a full queue until the case's jobs have ended."""
    with Machinery(binaries, case.delay_ms, case.appendonly) as machinery:
        before = 0
        if not case.work.pages:
            before = machinery.collect_one(f"c{case.contacts}.test")
        machinery.enqueue(case.domains())
        figures = machinery.work_off(subject, before + case.jobs, case.work, case.processes)
    jobs = case.jobs
    return {
        "case": case.name, "subject": subject.name, "jobs": jobs, "failed": figures.failed,
        "jobs_per_second": jobs / figures.seconds, "cpu_ms_per_job": 1000 * figures.worker_cpu / jobs,
        "redis_cpu_ms_per_job": 1000 * figures.redis_cpu / jobs,
        "commands_per_job": figures.redis_commands / jobs, "reads_per_job": figures.redis_reads / jobs,
        "rss_mb": figures.worker_rss / 2**20, "threads": figures.threads, "start_ms": 1000 * figures.start_seconds,
    }


def measure_work(binaries, quick):
    """{"rows": medians of each case and subject, "ratios": ours to theirs, "rounds": every run}."""
    found = {"rows": [], "ratios": [], "rounds": []}
    for case in few_cases() if quick else all_cases():
        print(f"{case.name}: {case.jobs} jobs of {case.contacts} contacts ...", file=sys.stderr)
        rounds = [[measure_once(binaries, case, subject) for subject in SUBJECTS] for _ in range(1 if quick else 3)]
        by_subject = list(zip(*rounds))
        found["rows"] += [report.middle(runs) for runs in by_subject]
        found["ratios"].append(report.ratios(case.name, *by_subject))
        found["rounds"] += [run for runs in rounds for run in runs]
    return found


def measure_latency(binaries, quick):
    rate, rows = 20, []
    count = rate * (2 if quick else 60)
    for contacts in (5, 250):
        print(f"{count} jobs of {contacts} contacts, {rate} a second ...", file=sys.stderr)
        for subject in SUBJECTS:
            with Machinery(binaries) as machinery:
                ms = machinery.latencies(subject, rate, count, contacts)
            rows.append({"case": f"{contacts} contacts", "subject": subject.name, "jobs": count,
                         "p50_ms": ms[len(ms) // 2], "p99_ms": ms[len(ms) * 99 // 100], "most_ms": ms[-1]})
    return rows
