#!/usr/bin/env python3
"""tools/capacity.py, where the answer is known without it."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import capacity  # noqa: E402

FREE = capacity.Costs(0, 0, 0, 0, 0)


def simulate(costs=FREE, seconds=20.0, **plan):
    given = {"fetchers": 1, "coordinators": 1, "shards": 1} | plan
    return capacity.Simulation(capacity.Plan(**given), costs, seconds).run()


class Capacity(unittest.TestCase):
    def test_slow_api_fills_the_room(self):
        found = simulate(room=8, api_ms=500, link_ms=0)
        self.assertAlmostEqual(found["pages_per_second"], 16, delta=1)
        self.assertAlmostEqual(simulate(fetchers=3, room=8, api_ms=500, link_ms=0)["pages_per_second"], 48, delta=3)

    def test_limit_of_the_api_is_kept(self):
        found = simulate(fetchers=4, room=64, api_ms=100, requests_per_second=15)
        self.assertAlmostEqual(found["pages_per_second"], 15, delta=1)

    def test_cores_of_a_fetcher_are_a_limit(self):
        found = simulate(capacity.Costs(0, 0, 0, 0, 10000), cores=2, api_ms=0, room=64)
        self.assertAlmostEqual(found["pages_per_second"], 200, delta=10)
        self.assertGreater(found["fetcher"], 0.98)

    def test_redis_is_one_core_a_shard(self):
        costs = capacity.Costs(1000, 1000, 0, 0, 0)  # 2,000 us for a job of one page
        one = simulate(costs, api_ms=0, pages_per_job=1)
        self.assertAlmostEqual(one["jobs_per_second"], 500, delta=25)
        two = simulate(costs, api_ms=0, pages_per_job=1, coordinators=2, shards=2, fetchers=2)
        self.assertAlmostEqual(two["jobs_per_second"], 1000, delta=50)

    def test_nobody_is_too_busy_where_it_chooses_the_numbers(self):
        costs = capacity.Costs()
        for fetchers in (1, 20, 60):
            plan = capacity.needed(capacity.Plan(fetchers, 1, 1), costs, 0, 0)
            found = capacity.Simulation(plan, costs, 1.0).run()
            for part in ("redis", "coordinator"):
                self.assertLess(found[part], 0.85, (plan, found))

    def test_no_coordinator_has_more_nodes_than_it_takes(self):
        plan = capacity.needed(capacity.Plan(1000, 1, 1, api_ms=60000), FREE, 0, 0)
        self.assertGreaterEqual(plan.coordinators, 4)


if __name__ == "__main__":
    unittest.main()
