#pragma once

#include "actors/queue_poller.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/label_value.hpp"
#include "tests/support/memory_queue.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace gleaner::test {

/// What the poller borrows.
struct PollerFakes {
  MemoryQueue queue;
  SilentLog log;
  prometheus::Registry registry;
  JobMetrics metrics{registry, "q"};
  ReconcileMetrics reconciled{registry};
};

/// A poller on a queue in memory, between a recorded coordinator and the tests.
struct PollerFixture : PollerFakes, DeterministicSystem {
  Recorder<JobCoordinatorActor> coordinator{*this};
  QueuePollerActor poller = spawn(queue_poller, deps());

  QueuePollerDeps deps() { return {&queue, &metrics, &reconciled, &log}; }
  void want(std::uint32_t count) { send_as(coordinator.handle, poller, JobsWanted{count}); }
  void add_waiting(int count) {
    for (int i = 0; i < count; ++i) {
      TakenJob job;
      job.lock = {std::to_string(next_id++), "t"};
      queue.waiting.push_back(std::move(job));
    }
  }
  double failures(const std::string& reason) const {
    return label_value(registry, "gleaner_job_failures_total", reason);
  }
  int next_id = 1;
};

} // namespace gleaner::test
