"""The processes of one measurement: redis-server, the simulated API and a worker."""
import os
import re
import resource
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
PATIENCE = 600  # seconds for any one step


@dataclass
class Figures:
    seconds: float
    failed: int
    worker_cpu: float  # seconds, user and system
    redis_cpu: float
    redis_commands: int
    worker_rss: int  # bytes, the most that was seen


@dataclass
class EnqueueFigures:
    seconds: float
    client_cpu: float  # seconds, user and system
    redis_cpu: float


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def children_cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def resident_bytes(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


class RedisClient:
    """As much of a client as is needed here."""

    def __init__(self, port):
        self.stream = socket.create_connection(("127.0.0.1", port)).makefile("rwb")

    def call(self, *arguments):
        parts = [str(argument).encode() for argument in arguments]
        request = b"*%d\r\n" % len(parts)
        self.stream.write(request + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts))
        self.stream.flush()
        line = self.stream.readline().rstrip()
        if line[:1] == b"$":
            return self.stream.read(int(line[1:]) + 2)[:-2].decode()
        if line[:1] == b":":
            return int(line[1:])
        if line[:1] == b"-":
            raise RuntimeError(line.decode())
        return line[1:].decode()


class Machinery:
    """Starts the servers when entered and ends all of them when left."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder, self.processes = binaries, folder, []

    def __enter__(self):
        try:
            self.start_servers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
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
                if found := re.search(pattern, log.read_text(errors="replace")):
                    return found
                if process.poll() is not None:
                    break
                time.sleep(0.02)
            raise RuntimeError(f"{name} is not up: " + log.read_text(errors="replace")[-800:])
        return process, wait_for

    def start_servers(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.redis_process, ready = self.start(
            "redis", "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "",
            "--appendonly", "no", "--dir", self.folder)
        ready("Ready to accept connections")
        self.redis = RedisClient(port)
        _, ready = self.start("simulator", self.binaries / "gleaner-simulator", "--limits", "off")
        api = ready(r"http://127\.0\.0\.1:\d+")[0]
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "HUNTER_API_KEY": "bench-key",
            "HUNTER_API_URL": f"{api}/v2", "REDIS_URL": f"redis://127.0.0.1:{port}",
            "GLEANER_LIMITS": "off", "GLEANER_LISTEN": "127.0.0.1:0",
            "GLEANER_STATE_FOLDER": str(self.folder / "state"),
            "NH_COLLECTIONS_DIR": str(self.folder / "collections")}

    def enqueue(self, domains):
        subprocess.run([str(self.binaries / "gleaner"), "enqueue", "--file", "-"],
                       input="".join(domain + "\n" for domain in domains), text=True, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=self.environment,
                       timeout=PATIENCE)

    def time_enqueue(self, command, domains):
        """Runs a program that queues the domains of its standard input, on an empty Redis."""
        self.redis.call("FLUSHALL")
        redis_cpu = cpu_seconds(self.redis_process.pid)
        own_cpu = children_cpu_seconds()
        begun = time.monotonic()
        subprocess.run([str(part) for part in command], text=True, check=True,
                       input="".join(domain + "\n" for domain in domains),
                       stdout=subprocess.DEVNULL, env=self.environment, timeout=PATIENCE)
        seconds = time.monotonic() - begun
        waiting = self.redis.call("LLEN", "bull:domain-collection:wait")
        if waiting != len(domains):
            raise RuntimeError(f"{command[0]} queued {waiting} of {len(domains)} domains")
        return EnqueueFigures(seconds, children_cpu_seconds() - own_cpu,
                              cpu_seconds(self.redis_process.pid) - redis_cpu)

    def commands(self):
        return int(re.search(r"total_commands_processed:(\d+)", self.redis.call("INFO", "stats"))[1])

    def ended(self):
        key = "bull:domain-collection:"
        return self.redis.call("ZCARD", key + "completed"), self.redis.call("ZCARD", key + "failed")

    def work_off(self, jobs):
        """Starts the worker on the waiting jobs and measures until the last has ended."""
        redis_cpu, commands = cpu_seconds(self.redis_process.pid), self.commands()
        begun = time.monotonic()
        worker, _ = self.start("worker", self.binaries / "gleaner", "run",
                               environment=self.environment)
        peak = Peak(worker.pid)
        polls = 0
        while True:
            completed, failed = self.ended()
            polls += 2
            if completed + failed >= jobs:
                break
            if worker.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise RuntimeError(f"the worker stopped at {completed} of {jobs} jobs: "
                                   + (self.folder / "worker.log").read_text()[-800:])
            time.sleep(0.01)
        seconds = time.monotonic() - begun
        return Figures(seconds, failed, cpu_seconds(worker.pid),
                       cpu_seconds(self.redis_process.pid) - redis_cpu,
                       self.commands() - commands - polls, peak.stop())


class Peak:
    """Watches the resident memory of a process."""

    def __init__(self, pid):
        self.pid, self.most, self.over = pid, 0, threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while not self.over.wait(0.05):
            self.most = max(self.most, resident_bytes(self.pid))

    def stop(self):
        self.over.set()
        self.thread.join()
        return max(self.most, resident_bytes(self.pid))
