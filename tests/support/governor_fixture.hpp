#pragma once

#include "actors/rate_governor.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/memory_budget.hpp"
#include "tests/support/print_error.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>
#include <prometheus/registry.h>

namespace gleaner::test {

using namespace std::chrono_literals;

/// A governor of two requests a second, whose budget the test answers.
struct GovernorFixture : DeterministicSystem {
  prometheus::Registry registry;
  ApiMetrics metrics{registry, "default", {{2, 1s}}};
  MemoryBudget budget;
  SilentLog log;
  Recorder<HunterFetcherActor> fetcher{*this};
  RateGovernorActor governor = spawn_governor({{{2, 1s}}}); // watched for 1,050 ms

  GovernorFixture() { run(); }

  RateGovernorActor spawn_governor(std::vector<RateWindow> windows) {
    return spawn(rate_governor,
                 RateGovernorDeps{std::move(windows), {}, SearchCost{}, &budget, &metrics, &log});
  }
  void want(const JobId& job_id, std::uint32_t offset) {
    send_as(fetcher.handle, governor, PermitWanted{job_id, offset, 1, 100});
  }
  void grant(const std::vector<std::int64_t>& times) {
    budget.grant(clock_ms(), times, times.empty() ? 0ms : 100ms);
    run();
  }
  std::int64_t clock_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now().time_since_epoch()).count();
  }
  /// Ten permits of three domains end so, without a budget.
  void end_ten(PermitSpent::Outcome outcome) {
    governor = spawn_governor({});
    for (std::uint32_t page = 0; page < 10; ++page) {
      want("7", page);
      const auto domain = "d" + std::to_string(page % 3) + ".test";
      send_as(fetcher.handle, governor, PermitSpent{{}, outcome, {}, false, domain});
    }
  }
  void open_circuit() { end_ten(PermitSpent::Outcome::failed); }
  std::size_t granted() { return fetcher.count<PermitGranted>(); }
};

} // namespace gleaner::test
