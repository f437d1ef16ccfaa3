"""A coordinator with fetchers beside a worker alone: what a page on another node costs, and what a second node gives."""
import socket
import statistics
import sys

import report
from machinery import Machinery
from subjects import Gleaner, Work

SLOW_MS = 200  # of each answer of the API, where it is the API that limits
ROOM = 32  # pages at once of a node, there


class Cluster(Gleaner):
    """Process 0 is the coordinator, all others are fetchers."""

    def __init__(self, tls, room):
        self.tls, self.room = tls, room

    def prepare(self, machinery):
        """A port, and certificates."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        if self.tls:
            folder = machinery.folder / "ca"
            for words in (["init-ca"], ["issue", "coordinator", "--host", "127.0.0.1"], ["issue", "fetcher"]):
                machinery.gleaner("cluster", *words, "--folder", folder)

    def environment(self, machinery, work, number):
        name = "coordinator" if number == 0 else "fetcher"
        settings = super().environment(machinery, work, number) | {
            "GLEANER_ROLE": name, "GLEANER_API__MAX_FETCHERS": str(self.room),
            "GLEANER_CLUSTER__LISTEN" if number == 0 else "GLEANER_CLUSTER__JOIN": self.address}
        if self.tls:
            folder = machinery.folder / "ca"
            return settings | {"GLEANER_CLUSTER__TLS_CA": f"{folder}/ca.pem",
                               "GLEANER_CLUSTER__TLS_CERT": f"{folder}/{name}.pem",
                               "GLEANER_CLUSTER__TLS_KEY": f"{folder}/{name}.key"}
        return settings | {"GLEANER_CLUSTER__PLAIN": "on"}


class Alone(Gleaner):
    def __init__(self, room):
        self.room = room

    def prepare(self, machinery):
        """Nothing."""

    def environment(self, machinery, work, number):
        return super().environment(machinery, work, number) | {"GLEANER_API__MAX_FETCHERS": str(self.room)}


def run(binaries, subject, processes, jobs, contacts, delay_ms):
    with Machinery(binaries, delay_ms) as machinery:
        subject.prepare(machinery)
        machinery.enqueue(f"c{contacts}-x{i}.test" for i in range(jobs))
        figures = machinery.work_off(subject, jobs, Work(), processes)
    pages = jobs * -(-contacts // 100)
    return {"pages": pages, "failed": figures.failed, "pages_per_second": pages / figures.seconds,
            "cpu_us_per_page": 1e6 * figures.worker_cpu / pages, "rss_mb": figures.worker_rss / 2**20}


def middle(case, rounds, first):
    """The medians of the rounds, and how often as much as the rounds of the first case."""
    row = {"case": case, "pages": rounds[0]["pages"], "failed": sum(each["failed"] for each in rounds)}
    for name in ("pages_per_second", "cpu_us_per_page", "rss_mb"):
        row[name] = statistics.median(each[name] for each in rounds)
        row[name + "_ratio"] = statistics.median(each[name] / other[name] for each, other in zip(rounds, first))
    return row


def measure_cases(binaries, rounds, cases, jobs, contacts, delay_ms):
    found = {name: [] for name, _, _ in cases}
    for _ in range(rounds):
        for name, subject, processes in cases:
            found[name].append(run(binaries, subject, processes, jobs, contacts, delay_ms))
    first = found[cases[0][0]]
    return [middle(name, all_rounds, first) for name, all_rounds in found.items()]


def unit_costs(binaries, rounds, jobs, contacts):
    """What a job costs a coordinator and Redis, and a page a fetcher, in microseconds."""
    pages = jobs * max(1, -(-contacts // 100))
    found = []
    for _ in range(rounds):
        with Machinery(binaries) as machinery:
            subject = Cluster(True, 64)
            subject.prepare(machinery)
            machinery.enqueue(f"c{contacts}-x{i}.test" for i in range(jobs))
            figures = machinery.work_off(subject, jobs, Work(), 2)
        found.append({"jobs": jobs, "failed": figures.failed, "coordinator_us_per_job": 1e6 * figures.worker_cpus[0] / jobs,
                      "fetcher_us_per_page": 1e6 * figures.worker_cpus[1] / pages,
                      "redis_us_per_job": 1e6 * figures.redis_cpu / jobs})
    return {"pages_per_job": pages // jobs} | report.middle(found)


def measure(binaries, quick):
    rounds = 1 if quick else 5
    print("pages on another node ...", file=sys.stderr)
    cost = measure_cases(binaries, rounds, [
        ("one worker", Alone(64), 1), ("coordinator and fetcher", Cluster(False, 64), 2),
        ("the same by TLS", Cluster(True, 64), 2)], 20 if quick else 1000, 250, 0)
    print(f"pages of an API that takes {SLOW_MS} ms ...", file=sys.stderr)
    scaling = measure_cases(binaries, rounds, [
        ("one fetcher", Cluster(True, ROOM), 2), ("two fetchers", Cluster(True, ROOM), 3)],
        2 if quick else 60, 5000, SLOW_MS)
    print("what each node does of a job ...", file=sys.stderr)
    sizes = [(20, 5), (5, 1000)] if quick else [(5000, 5), (1000, 300), (300, 1000), (60, 5000)]
    units = [unit_costs(binaries, 1 if quick else 3, jobs, contacts) for jobs, contacts in sizes]
    return {"cost": cost, "scaling": scaling, "units": units}
