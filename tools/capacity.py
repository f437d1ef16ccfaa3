#!/usr/bin/env python3
"""Says how far so many fetchers, coordinators and Redis servers carry, by a simulation with measured costs.

Examples:
  python3 tools/capacity.py
  python3 tools/capacity.py --fetchers 1000 --coordinators 24 --shards 5 --api-ms 500
  python3 tools/capacity.py --fetchers 1,2,4,8 --coordinators 1 --shards 1 --requests-per-second 15

Every queue always has jobs. Without --coordinators or --shards there are as many of them as are kept under
70 % busy. The costs are those of ARCHITECTURE.md, "Past one rack"; a core of another machine has others.
"""
import argparse
import heapq
import itertools
import random
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True)
class Costs:
    """CPU microseconds by TLS, from the table `units` of `./run bench cluster`, 2026-11-27: jobs of 1 and 3 pages."""
    redis_job: float = 85
    redis_page: float = 85
    coordinator_job: float = 345
    coordinator_page: float = 170
    fetcher_page: float = 285


@dataclass(frozen=True)
class Plan:
    fetchers: int
    coordinators: int
    shards: int  # Redis servers with a queue each; a coordinator works on one of them
    room: int = 64  # pages at once of a fetcher, divided among its coordinators
    cores: int = 2  # of a coordinator and of a fetcher; Redis uses one
    pages_per_job: int = 3
    jobs_at_once: int = 256  # of a coordinator
    api_ms: float = 500
    link_ms: float = 1  # there and back
    requests_per_second: float = 0  # that the API allows to all; 0: any number


class Server:
    """Cores that take work in the order in which it comes."""

    def __init__(self, cores):
        self.free_at = [0.0] * cores
        self.busy = 0.0

    def finish(self, now, cost_us, counted):
        """When work that comes now is done."""
        begin = max(now, self.free_at[0])
        end = begin + cost_us / 1e6
        heapq.heapreplace(self.free_at, end)
        if counted:
            self.busy += cost_us / 1e6
        return end

    def share(self, seconds):
        return min(1.0, self.busy / (len(self.free_at) * seconds))


class Room:
    """What fetchers have free for one coordinator; a page goes where the smallest part is taken."""

    def __init__(self, fetchers, each):
        # Nodes are alike, so the smallest part is the smallest number.
        self.by_taken = [set() for _ in range(each + 1)]
        self.by_taken[0].update(fetchers)
        self.taken = dict.fromkeys(fetchers, 0)
        self.least = 0

    def take(self):
        """A fetcher, or None when all have as much as they can get."""
        while self.least < len(self.by_taken) - 1 and not self.by_taken[self.least]:
            self.least += 1
        if self.least == len(self.by_taken) - 1:
            return None
        fetcher = self.by_taken[self.least].pop()
        self.taken[fetcher] += 1
        self.by_taken[self.least + 1].add(fetcher)
        return fetcher

    def give_back(self, fetcher):
        taken = self.taken[fetcher]
        self.by_taken[taken].discard(fetcher)
        self.by_taken[taken - 1].add(fetcher)
        self.taken[fetcher] = taken - 1
        self.least = min(self.least, taken - 1)


class Coordinator:
    def __init__(self, plan, shard, fetchers):
        self.server, self.shard = Server(plan.cores), shard
        self.room = Room(fetchers, plan.room)
        self.waiting = []  # jobs whose next page has nobody to get it


@dataclass
class Job:
    begun: float
    pages_to_order: int
    pages_open: int


class Simulation:
    """Events are (time, number, function); each step of a page or job is one."""

    def __init__(self, plan, costs, seconds=3.0, warm_up=1.0, seed=1):
        self.plan, self.costs, self.end, self.warm_up = plan, costs, warm_up + seconds, warm_up
        self.chance, self.numbers, self.events = random.Random(seed), itertools.count(), []
        self.shards = [Server(1) for _ in range(plan.shards)]
        self.fetchers = [Server(plan.cores) for _ in range(plan.fetchers)]
        self.coordinators = [Coordinator(plan, self.shards[i % plan.shards],
                                         range(i, plan.fetchers, plan.coordinators))
                             for i in range(plan.coordinators)]
        self.next_permit = 0.0
        self.pages, self.job_seconds = 0, []

    def at(self, time, function, *arguments):
        heapq.heappush(self.events, (time, next(self.numbers), function, arguments))

    def run(self):
        for coordinator in self.coordinators:
            for _ in range(self.plan.jobs_at_once):
                self.at(self.chance.random() * 0.1, self.take_job, coordinator)
        while self.events and self.events[0][0] < self.end:
            self.now, _, function, arguments = heapq.heappop(self.events)
            function(*arguments)
        return self.result()

    def work(self, server, cost_us):
        return server.finish(self.now, cost_us, self.now >= self.warm_up)

    def take_job(self, coordinator):
        taken = self.work(coordinator.shard, self.costs.redis_job)
        self.at(taken, self.begin_job, coordinator, Job(self.now, self.plan.pages_per_job, self.plan.pages_per_job))

    def begin_job(self, coordinator, job):
        ready = self.work(coordinator.server, self.costs.coordinator_job)
        for _ in range(job.pages_to_order):
            self.at(ready, self.order_page, coordinator, job)

    def permit(self):
        """When the next request may go out, by the API's limit."""
        if not self.plan.requests_per_second:
            return self.now
        self.next_permit = max(self.now, self.next_permit) + 1 / self.plan.requests_per_second
        return self.next_permit

    def order_page(self, coordinator, job):
        fetcher = coordinator.room.take()
        if fetcher is None:
            coordinator.waiting.append(job)
            return
        sent = self.work(coordinator.server, self.costs.coordinator_page / 2)
        arrives = max(sent, self.permit()) + (self.plan.link_ms / 2 + self.plan.api_ms) / 1e3
        self.at(arrives, self.read_page, coordinator, job, fetcher)

    def read_page(self, coordinator, job, fetcher):
        packed = self.work(self.fetchers[fetcher], self.costs.fetcher_page)
        self.at(packed + self.plan.link_ms / 2e3, self.keep_page, coordinator, job, fetcher)

    def keep_page(self, coordinator, job, fetcher):
        coordinator.room.give_back(fetcher)
        if coordinator.waiting:
            self.at(self.now, self.order_page, coordinator, coordinator.waiting.pop(0))
        merged = self.work(coordinator.server, self.costs.coordinator_page / 2)
        self.at(merged, self.write_page, coordinator, job)

    def write_page(self, coordinator, job):
        kept = self.work(coordinator.shard, self.costs.redis_page)
        if self.now >= self.warm_up:
            self.pages += 1
        job.pages_open -= 1
        if job.pages_open == 0:
            self.at(kept, self.finish_job, coordinator, job)

    def finish_job(self, coordinator, job):
        if self.now >= self.warm_up:
            self.job_seconds.append(self.now - job.begun)
        self.take_job(coordinator)

    def result(self):
        seconds = self.end - self.warm_up
        times = sorted(self.job_seconds) or [0.0]
        busiest = lambda servers: max(server.share(seconds) for server in servers)
        return {"pages_per_second": self.pages / seconds, "jobs_per_second": len(self.job_seconds) / seconds,
                "job_p50_s": times[len(times) // 2], "redis": busiest(self.shards),
                "coordinator": busiest([each.server for each in self.coordinators]),
                "fetcher": busiest(self.fetchers)}


MOST_BUSY = 0.7  # beyond that, waits grow
MOST_NODES = 256  # of a coordinator, which takes no more


def needed(plan, costs, coordinators, shards):
    """The plan with as many coordinators and shards as keep below MOST_BUSY, where their number is not given."""
    # Of one fetcher, by its room and by its cores.
    pages = plan.fetchers * min(plan.room / max(1e-6, (plan.api_ms + plan.link_ms) / 1e3),
                                plan.cores / max(1e-6, costs.fetcher_page / 1e6))
    if plan.requests_per_second:
        pages = min(pages, plan.requests_per_second)
    jobs = pages / plan.pages_per_job

    def count(job_us, page_us, cores):
        return max(1, -int(-(jobs * job_us + pages * page_us) / 1e6 / cores / MOST_BUSY // 1))
    given = coordinators
    coordinators = coordinators or max(count(costs.coordinator_job, costs.coordinator_page, plan.cores),
                                       -(-plan.fetchers // MOST_NODES))
    shards = shards or count(costs.redis_job, costs.redis_page, 1)
    if not given:
        coordinators = -(-coordinators // shards) * shards  # as many for each shard
    at_once = -(-int(pages * plan.api_ms / 1e3) // plan.pages_per_job // coordinators) * 2
    return replace(plan, coordinators=coordinators, shards=shards, jobs_at_once=max(32, min(10000, at_once)))


def numbers(text):
    return [int(part) for part in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fetchers", type=numbers, default=[1, 2, 5, 10, 50, 100, 500, 1000], help="several with commas")
    parser.add_argument("--coordinators", type=int, default=0)
    parser.add_argument("--shards", type=int, default=0, help="Redis servers, each with a queue of its own")
    for name, default, what in (
            ("room", 64, "pages at once of a fetcher (api.max_fetchers)"), ("cores", 2, "of a node"),
            ("pages-per-job", 3, ""), ("api-ms", 500, "time of a page at the API"),
            ("link-ms", 1, "from coordinator to fetcher and back"), ("requests-per-second", 0, "the API's limit; 0: none")):
        parser.add_argument("--" + name, type=type(default), default=default, help=what)
    for name, default in asdict(Costs()).items():
        parser.add_argument("--" + name.replace("_", "-") + "-us", dest=name, type=float, default=default)
    given = vars(parser.parse_args())
    costs = Costs(**{name: given.pop(name) for name in asdict(Costs())})
    coordinators, shards, fetchers = given.pop("coordinators"), given.pop("shards"), given.pop("fetchers")
    if min(fetchers) < 1 or min(given["room"], given["cores"], given["pages_per_job"]) < 1 or coordinators < 0 or shards < 0:
        parser.error("there is at least one fetcher, with room for a page and a core, and a page in a job")
    print("fetchers coordinators shards  pages/s   jobs/s  job p50  busy: redis coordinator fetcher")
    for count in fetchers:
        plan = needed(Plan(count, 1, 1, **given), costs, coordinators, shards)
        found = Simulation(plan, costs).run()
        print("{:8} {:12} {:6} {:8.0f} {:8.0f} {:7.2f}s {:11.0%} {:11.0%} {:7.0%}".format(
            count, plan.coordinators, plan.shards, found["pages_per_second"], found["jobs_per_second"],
            found["job_p50_s"], found["redis"], found["coordinator"], found["fetcher"]), flush=True)


if __name__ == "__main__":
    main()
