"""What is measured side by side: Gleaner, and the best Node worker for the same duties."""
import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


def newest_node():
    """The Node of package.json, not the machine's own."""
    found = sorted(FOLDER.glob("node_modules/node-linux-*/bin/node"))
    if not found:
        raise RuntimeError("no Node in tests/bench/node_modules: run node tests/install_packages.mjs tests/bench")
    return found[0]


@dataclass(frozen=True)
class Work:
    """What workers are set to; `at_once` jobs each, None: the subject's best. Without `pages` a job needs none."""
    at_once: int | None = None
    pages: bool = True
    most_contacts: int = 5000  # of a job


class Gleaner:
    name = "gleaner"

    def command(self, machinery, work):
        return [machinery.binaries / "gleaner", "run"]

    def environment(self, machinery, work, number):
        settings = dict(machinery.environment, GLEANER_STATE_FOLDER=str(machinery.folder / f"state-{number}"),
                        HUNTER_MAX_COLLECT=str(work.most_contacts))
        if work.at_once is not None:
            settings |= {"GLEANER_CONCURRENCY": str(work.at_once)}
        if not work.pages:
            settings |= {"GLEANER_API__FRESH_FOR": "24h"}
        return settings

    ready = "worker.ready"


class NodeCollector:
    name = "bullmq 6.7.0"
    ready = "^ready$"

    def command(self, machinery, work):
        options = {"port": machinery.redis_port, "api": machinery.environment["HUNTER_API_URL"], "key": "bench-key",
                   "folder": machinery.environment["NH_COLLECTIONS_DIR"], "concurrency": work.at_once or 64,
                   "connections": 64, "pages": work.pages, "most": work.most_contacts}
        return [newest_node(), "--max-semi-space-size=64", FOLDER / "node_collector.mjs", json.dumps(options)]

    def environment(self, machinery, work, number):
        return machinery.environment


SUBJECTS = [Gleaner(), NodeCollector()]
