"""The processes of one measurement: redis-server, the simulated API and workers."""
import json
import os
import re
import resource
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from processes import Peak, cpu_seconds, thread_count, tree_cpu_seconds
from redis_client import RedisClient
from run_folder import empty_files, make_folder
from subjects import FOLDER, Gleaner, Work, newest_node

PATIENCE = 600  # seconds for any one step
QUEUE = "bull:domain-collection:"


@dataclass
class Figures:
    seconds: float  # from the moment at which the queue was opened
    start_seconds: float  # of the slowest worker, until it was ready
    failed: int
    worker_cpus: list  # seconds, user and system, of each worker, without its start
    redis_cpu: float
    redis_commands: int
    redis_reads: int  # about one for each pipeline that arrived
    worker_rss: int  # bytes, the most that was seen, of all workers
    threads: int  # of one worker

    @property
    def worker_cpu(self):
        return sum(self.worker_cpus)


@dataclass
class EnqueueFigures:
    seconds: float
    client_cpu: float  # seconds, user and system
    redis_cpu: float


def children_cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Machinery:
    """Starts the servers when entered, in a folder of its own, and ends all of them when left."""

    def __init__(self, binaries, delay_ms=0, appendonly=False):
        self.binaries, self.folder, self.processes = binaries.resolve(), make_folder(), []
        self.delay_ms, self.appendonly = delay_ms, appendonly

    def __enter__(self):
        try:
            self.start_servers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            self.end(process)
        empty_files(self.folder)

    def end(self, process):
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def start(self, name, *command, environment=None):
        """Starts a program and returns (process, function that waits for a line in its log)."""
        log = self.folder / f"{name}.log"
        with open(log, "wb") as out:
            process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=out,
                                       stdin=subprocess.DEVNULL, cwd=self.folder, env=environment)
        self.processes.append(process)

        def wait_for(pattern):
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                if found := re.search(pattern, log.read_text(errors="replace"), re.MULTILINE):
                    return found
                if process.poll() is not None:
                    break
                time.sleep(0.002)
            raise RuntimeError(f"{name} is not up: " + log.read_text(errors="replace")[-800:])
        return process, wait_for

    def start_servers(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.redis_port = probe.getsockname()[1]
        self.redis_process, ready = self.start(
            "redis", "redis-server", "--port", self.redis_port, "--bind", "127.0.0.1", "--save", "",
            "--appendonly", "yes" if self.appendonly else "no", "--appendfsync", "everysec", "--dir", self.folder)
        ready("Ready to accept connections")
        self.redis = RedisClient(self.redis_port)
        _, ready = self.start("simulator", self.binaries / "gleaner-simulator", "--limits", "off",
                              "--delay-ms", self.delay_ms, "--call-log", 1000)
        api = ready(r"http://127\.0\.0\.1:\d+")[0]
        collections = self.folder / "collections"
        collections.mkdir(mode=0o700)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "HUNTER_API_KEY": "bench-key",
            "HUNTER_API_URL": f"{api}/v2", "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}",
            "GLEANER_LIMITS": "off", "GLEANER_LISTEN": "127.0.0.1:0", "NH_COLLECTIONS_DIR": str(collections)}

    def enqueue(self, domains):
        """By the stock client: one job for each line, be it the same domain."""
        self.run(newest_node(), FOLDER / "add_bulk.mjs", input="".join(domain + "\n" for domain in domains))

    def gleaner(self, *arguments, **options):
        self.run(self.binaries / "gleaner", *arguments, **options)

    def limits(self, *arguments):
        """The answer of bench_limits (limits.cpp)."""
        return json.loads(self.run(self.binaries / "bench_limits", *arguments))

    def run(self, *command, **options):
        """What the program wrote to standard output."""
        return subprocess.run([str(part) for part in command], text=True, check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=self.environment, timeout=PATIENCE, **options).stdout

    def time_enqueue(self, command, domains):
        """Runs a program that queues the domains of its standard input, on an empty Redis."""
        self.redis.call("FLUSHALL")
        redis_cpu = cpu_seconds(self.redis_process.pid)
        own_cpu = children_cpu_seconds()
        begun = time.monotonic()
        self.run(*command, input="".join(domain + "\n" for domain in domains))
        seconds = time.monotonic() - begun
        waiting = self.redis.call("LLEN", QUEUE + "wait")
        if waiting != len(domains):
            raise RuntimeError(f"{command[0]} queued {waiting} of {len(domains)} domains")
        return EnqueueFigures(seconds, children_cpu_seconds() - own_cpu,
                              cpu_seconds(self.redis_process.pid) - redis_cpu)

    def start_workers(self, subject, work, processes):
        """Starts them one by one; (the processes, seconds of the slowest start)."""
        workers, slowest = [], 0
        for number in range(processes):
            begun = time.monotonic()
            worker, ready = self.start(f"worker-{number}", *subject.command(self, work),
                                       environment=subject.environment(self, work, number))
            ready(subject.ready)
            slowest = max(slowest, time.monotonic() - begun)
            workers.append(worker)
        return workers, slowest

    def stat(self, name):
        return int(re.search(rf"{name}:(\d+)", self.redis.call("INFO", "stats"))[1])

    def await_end(self, jobs, workers):
        """Until so many jobs have ended; (how many failed, how many looks that took)."""
        begun, looks = time.monotonic(), 0
        while True:
            completed, failed = (self.redis.call("ZCARD", QUEUE + state) for state in ("completed", "failed"))
            looks += 2
            if completed + failed >= jobs:
                return failed, looks
            if any(worker.poll() is not None for worker in workers) or time.monotonic() - begun > PATIENCE:
                raise RuntimeError(f"a worker stopped at {completed} of {jobs} jobs: "
                                   + (self.folder / "worker-0.log").read_text()[-800:])
            time.sleep(0.01)

    def await_active(self, jobs, workers):
        """Until so many jobs are at work at once; how many seconds that took."""
        begun = time.monotonic()
        while True:
            active = self.redis.call("LLEN", QUEUE + "active")
            if any(worker.poll() is not None for worker in workers) or time.monotonic() - begun > PATIENCE:
                raise RuntimeError(f"a worker stopped, {active} of {jobs} jobs are at work: "
                                   + (self.folder / "worker-0.log").read_text()[-800:])
            if active >= jobs:
                return time.monotonic() - begun
            time.sleep(0.01)

    def count_logged(self, name, pattern):
        """Lines in the log of a program."""
        return len(re.findall(pattern, (self.folder / f"{name}.log").read_text(errors="replace")))

    def work_off(self, subject, jobs, work=Work(), processes=1):
        """Starts workers on a queue that is paused, opens it, and measures until `jobs` have ended."""
        self.gleaner("queue", "pause")
        workers, start_seconds = self.start_workers(subject, work, processes)
        time.sleep(0.5)  # what a start leaves to do is no part of the work
        peak = Peak([worker.pid for worker in workers])
        cpu_before = [tree_cpu_seconds(worker.pid) for worker in workers]
        redis_cpu = cpu_seconds(self.redis_process.pid)
        self.gleaner("queue", "resume")
        begun = time.monotonic()
        commands, reads = self.stat("total_commands_processed"), self.stat("total_reads_processed")
        failed, looks = self.await_end(jobs, workers)
        seconds = time.monotonic() - begun
        return Figures(seconds, start_seconds, failed,
                       [tree_cpu_seconds(worker.pid) - before for worker, before in zip(workers, cpu_before)],
                       cpu_seconds(self.redis_process.pid) - redis_cpu,
                       self.stat("total_commands_processed") - commands - looks,
                       self.stat("total_reads_processed") - reads - looks,
                       peak.stop(), thread_count(workers[0].pid))

    def collect_one(self, domain):
        """Makes a collection that later jobs find; how many jobs have ended by that."""
        self.enqueue([domain])
        workers, _ = self.start_workers(Gleaner(), Work(), 1)
        self.await_end(1, workers)
        self.end(workers[0])
        return 1

    def latencies(self, subject, rate, count, contacts):
        """ms from the addition of a job to the event of its end, of jobs that come at a steady rate."""
        workers, _ = self.start_workers(subject, Work(), 1)
        options = {"port": self.redis_port, "rate": rate, "count": count, "contacts": contacts}
        done = subprocess.run([newest_node(), FOLDER / "latency.mjs", json.dumps(options)], check=True, text=True,
                              stdout=subprocess.PIPE, timeout=PATIENCE)
        for worker in workers:
            self.end(worker)
        return sorted(json.loads(done.stdout)["ms"])
