#pragma once

#include "actors/job_coordinator.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/label_value.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

inline JobLock lock_of(const JobId& id) {
  return {id, "t" + id};
}

inline TakenJob job(const JobId& id, std::string domain = "acme.test") {
  TakenJob made;
  made.lock = lock_of(id);
  made.domain = std::move(domain);
  made.retry = {3, BackoffKind::exponential, std::chrono::milliseconds{2000}, 0.0, {}};
  return made;
}

inline NormalizedPage page(std::uint32_t total, std::uint32_t rows, const std::string& stem = "p") {
  NormalizedPage made;
  made.header.total = total;
  made.header.rows = rows;
  for (std::uint32_t i = 0; i < rows; ++i) {
    Contact contact;
    contact.email = stem + std::to_string(i) + "@acme.test";
    made.contacts.push_back(contact);
  }
  return made;
}

/// What the coordinator borrows.
struct CoordinatorFakes {
  SilentLog log;
  prometheus::Registry registry;
  JobMetrics jobs{registry, "q"};
  ApiMetrics api{registry};
  ApiMetrics other_api{registry, "other"};
  ContactMetrics contacts{registry};
  ActorMetrics actors{registry};
  int heartbeats = 0;
  std::string paused_for; ///< Why no jobs are taken.
};

/// A coordinator among recorders: tests play the other actors.
struct CoordinatorFixture : CoordinatorFakes, DeterministicSystem {
  Recorder<QueuePollerActor> poller{*this};
  Recorder<ProgressPublisherActor> publisher{*this};
  Recorder<LockKeeperActor> keeper{*this};
  Recorder<StoreWriterActor> writer{*this};
  Recorder<NormalizerActor> normalizer{*this};
  Recorder<SupervisorActor> supervisor{*this};
  Recorder<RateGovernorActor> governor{*this};
  std::vector<Recorder<HunterFetcherActor>> fetchers;
  JobCoordinatorActor coordinator;
  std::int64_t wall_clock_ms = 1767225600000;
  bool keeps_pages = true; ///< serve() answers for the page at once.

  /// `change` is applied to what the coordinator is given.
  explicit CoordinatorFixture(const std::function<void(JobCoordinatorDeps&)>& change = {}) {
    fetchers.reserve(16);
    JobCoordinatorDeps deps;
    deps.poller = poller.handle;
    deps.publisher = publisher.handle;
    deps.lock_keeper = keeper.handle;
    deps.store_writer = writer.handle;
    deps.normalizers = {normalizer.handle};
    deps.spawn_fetcher = [this] { return fetchers.emplace_back(*this).handle; };
    deps.wall_clock_ms = [this] { return wall_clock_ms; };
    deps.random = [] { return 0.0; };
    deps.heartbeat = [this] { ++heartbeats; };
    deps.taking_paused = [this](const char* why) { paused_for = why ? why : ""; };
    deps.log = &log;
    deps.jobs = &jobs;
    deps.contacts = &contacts;
    deps.actors = &actors;
    deps.keys.push_back(key("default", api));
    deps.concurrency = 2;
    deps.min_fetchers = 1;
    deps.max_fetchers = 3;
    if (change)
      change(deps);
    coordinator = spawn(job_coordinator, std::move(deps));
    send_as(supervisor.handle, coordinator, StartWork{});
  }

  CoordinatorKey key(std::string key_name, ApiMetrics& metrics) {
    CoordinatorKey made;
    made.name = std::move(key_name);
    made.limits = {10, 1000, 4, {}, {}};
    made.governor = governor.handle;
    made.metrics = &metrics;
    return made;
  }

  void take(TakenJob taken) {
    send_as(poller.handle, coordinator, JobTaken{std::move(taken), now()});
  }

  /// The fetcher that holds this page, or nothing.
  Recorder<HunterFetcherActor>* holder(const JobId& id, std::uint32_t offset) {
    for (auto& fetcher : fetchers)
      if (fetcher.count<FetchPage>() > 0 && fetcher.last<FetchPage>().job_id == id &&
          fetcher.last<FetchPage>().request.offset == offset)
        return &fetcher;
    return nullptr;
  }

  void serve(const JobId& id, std::uint32_t offset, NormalizedPage served) {
    auto* fetcher = holder(id, offset);
    BOOST_REQUIRE(fetcher);
    send_as(fetcher->handle, coordinator,
            PageFetched{id, offset, SharedBody{"body"}, Permit{offset + 1, 1, false}});
    BOOST_REQUIRE(normalizer.count<NormalizePage>() > 0);
    const auto kept = publisher.count<KeepPage>();
    send_as(normalizer.handle, coordinator,
            PageNormalized{lock_of(id), offset, std::move(served), "packed"});
    if (keeps_pages && publisher.count<KeepPage>() > kept)
      keep(id, offset);
  }

  /// The queue answers for a page.
  void keep(const JobId& id, std::uint32_t offset, std::optional<Error> error = {}) {
    send_as(publisher.handle, coordinator,
            PageKept{lock_of(id), offset, 1767225600000, std::move(error)});
  }

  void fail_page(const JobId& id, std::uint32_t offset, Error error, std::uint32_t plan_cap = 0,
                 std::chrono::milliseconds wait = {}) {
    auto* fetcher = holder(id, offset);
    BOOST_REQUIRE(fetcher);
    send_as(fetcher->handle, coordinator, PageFailed{id, offset, std::move(error), plan_cap, wait});
  }

  /// A page that was abandoned before it was asked for.
  void give_back(const JobId& id, std::uint32_t offset) {
    auto* fetcher = holder(id, offset);
    BOOST_REQUIRE(fetcher);
    send_as(fetcher->handle, coordinator, PageAbandoned{id, offset});
  }

  void answer_end(const JobId& id, TakeResult next = {}, std::optional<Error> error = {}) {
    send_as(publisher.handle, coordinator,
            JobEnded{lock_of(id), std::move(next), now(), std::move(error)});
  }

  /// The governor has given back all its permits.
  void hand_in() {
    BOOST_REQUIRE(governor.count<HandInPermits>() > 0);
    send_as(governor.handle, coordinator, PermitsHandedIn{});
  }

  std::size_t checks_of_accounts() {
    std::size_t all = 0;
    for (auto& fetcher : fetchers)
      all += fetcher.count<CheckAccount>();
    return all;
  }

  double failures(const std::string& reason) const {
    return label_value(registry, "gleaner_job_failures_total", reason);
  }

  std::vector<ProgressStatus> statuses() {
    std::vector<ProgressStatus> all;
    for (const auto& message : publisher.all<PublishProgress>())
      all.push_back(message.progress.status);
    return all;
  }
};

} // namespace gleaner::test
