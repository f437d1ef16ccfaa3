#include "actors/hunter_fetcher.hpp"
#include "actors/job_coordinator.hpp"
#include "actors/queue_poller.hpp"
#include "actors/rate_governor.hpp"
#include "adapters/redis/redis_url.hpp"
#include "app/pipeline.hpp"
#include "messages/registry.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

/// The part of Pipeline that says what actors work with.
namespace gleaner {

void Pipeline::spawn_governors(const Config& config) {
  for (const auto& key : api_keys(config.api)) {
    RateGovernorDeps deps;
    deps.windows = key.limits;
    deps.caps = key.caps;
    deps.cost = ports_.profile.cost;
    deps.budget = ports_.keys.at(key.name).budget;
    deps.metrics = &ports_.metrics.api.at(key.name);
    deps.log = &ports_.log;
    deps.key = key.name;
    governors_[key.name] = system_.spawn(rate_governor, deps);
    if (!config.api.count_first)
      continue;
    deps.windows = ports_.profile.count_windows;
    deps.caps = {};
    deps.budget = ports_.keys.at(key.name).count_budget;
    deps.metrics = nullptr;
    count_governors_[key.name] = system_.spawn(rate_governor, std::move(deps));
  }
}

QueuePollerDeps Pipeline::poller_deps(const Config& config) {
  auto& metrics = ports_.metrics;
  QueuePollerDeps deps{&ports_.queue, &metrics.jobs, &metrics.reconciled, &ports_.log};
  deps.drain_delay = config.queue.drain_delay;
  deps.stalled_interval = config.queue.stalled_interval;
  deps.reconcile_interval = config.queue.reconcile_interval;
  if (redis::is_rest_url(config.redis.url)) { // every command is billed there
    deps.pace.emplace(config.redis.rest_poll);
    deps.counts_interval = std::chrono::minutes{1};
    deps.reconcile_interval =
      std::max<std::chrono::milliseconds>(deps.reconcile_interval, std::chrono::hours{1});
  }
  return deps;
}

CoordinatorKey Pipeline::coordinator_key(const ApiKey& key, const Config& config) {
  const auto& ports = ports_.keys.at(key.name);
  CoordinatorKey made;
  made.name = key.name;
  made.tenants = key.tenants;
  made.limits = {config.api.page_size, config.api.max_collect, config.api.pages_per_job, {}, {}};
  if (key.caps.per_job)
    made.limits.credit_cap =
      rows_within(*key.caps.per_job, config.api.page_size, ports_.profile.cost);
  made.cost = ports_.profile.cost;
  made.governor = governors_.at(key.name);
  if (config.api.count_first)
    made.count_governor = count_governors_.at(key.name);
  made.metrics = &ports_.metrics.api.at(key.name);
  made.account = ports.account;
  made.refusal = ports.refusal;
  made.floor = key.caps.floor;
  return made;
}

HunterFetcherDeps Pipeline::fetcher_deps(const Config& config) {
  const auto channels = std::make_shared<std::map<std::string, KeyChannel>>();
  for (const auto& [name, ports] : ports_.keys)
    channels->emplace(
      name, KeyChannel{api_of(name, config), governors_.at(name),
                       config.api.count_first ? count_governors_.at(name) : RateGovernorActor{},
                       &ports_.metrics.api.at(name)});
  return {channels, &ports_.profile, config.api.max_tries};
}

JobCoordinatorDeps Pipeline::coordinator_deps(const Config& config) {
  auto& metrics = ports_.metrics;
  JobCoordinatorDeps deps;
  for (const auto& key : api_keys(config.api))
    deps.keys.push_back(coordinator_key(key, config));
  const auto fetcher = fetcher_deps(config);
  deps.poller = poller_;
  deps.publisher = publisher_;
  deps.lock_keeper = lock_keeper_;
  deps.store_writer = store_writer_;
  deps.normalizers = normalizers_;
  deps.spawn_fetcher = [this, fetcher] { return system_.spawn(hunter_fetcher, fetcher); };
  deps.wall_clock_ms = setup_.wall_clock_ms;
  deps.random = setup_.random;
  deps.heartbeat = [this] { beat(); };
  deps.taking_paused = [this](const char* why) { paused_for_ = why; };
  deps.tracing = {ports_.tracer, config.queue.name, ports_.client_id};
  deps.log = &ports_.log;
  deps.jobs = &metrics.jobs;
  deps.actors = &metrics.actors;
  deps.contacts = &metrics.contacts;
  deps.concurrency = config.queue.concurrency;
  deps.min_fetchers = config.api.min_fetchers;
  deps.max_fetchers = config.api.max_fetchers;
  deps.lock_duration = config.queue.lock_duration;
  deps.has_ledger = config.queue.ledger;
  deps.pool_keys = config.api.pool_keys;
  deps.fresh_for = config.api.fresh_for;
  deps.count_first = config.api.count_first;
  deps.quota_probe = config.api.quota_probe;
  deps.account_interval = config.api.account_interval;
  return deps;
}

} // namespace gleaner
