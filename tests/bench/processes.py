"""What /proc tells of a process."""
import os
import threading
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def stat_fields(pid):
    """Those after the name, as proc(5) numbers them from 3 on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def cpu_seconds(pid):
    fields = stat_fields(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS


def tree_cpu_seconds(pid):
    """Of a process and of those that it has started."""
    children = (task / "children" for task in Path(f"/proc/{pid}/task").iterdir())
    return cpu_seconds(pid) + sum(tree_cpu_seconds(int(child)) for file in children for child in file.read_text().split())


def thread_count(pid):
    return int(stat_fields(pid)[17])


def resident_bytes(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


class Peak:
    """Watches the resident memory of processes."""

    def __init__(self, pids):
        self.pids, self.most, self.over = pids, 0, threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def look(self):
        self.most = max(self.most, sum(resident_bytes(pid) for pid in self.pids))

    def watch(self):
        while not self.over.wait(0.05):
            self.look()

    def stop(self):
        self.over.set()
        self.thread.join()
        self.look()
        return self.most
