#include "app/pipeline.hpp"

#include "actors/hunter_fetcher.hpp"
#include "actors/job_coordinator.hpp"
#include "actors/lock_keeper.hpp"
#include "actors/normalizer.hpp"
#include "actors/progress_publisher.hpp"
#include "actors/queue_poller.hpp"
#include "actors/rate_governor.hpp"
#include "actors/store_writer.hpp"
#include "adapters/hunter/page_parser.hpp"
#include "adapters/ledger/page_codec.hpp"
#include "adapters/redis/redis_url.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/atom.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

namespace gleaner {

namespace {

std::int64_t wall_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           std::chrono::system_clock::now().time_since_epoch())
    .count();
}

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           std::chrono::steady_clock::now().time_since_epoch())
    .count();
}

std::size_t cores() {
  return std::max(1u, std::thread::hardware_concurrency());
}

std::unique_ptr<caf::actor_system_config> system_config(bool stepwise) {
  auto config = std::make_unique<caf::actor_system_config>();
  register_messages(*config);
  // `sharing` idles without polling; a bounded throughput keeps one busy actor from starving
  // others.
  config->set("scheduler.policy", stepwise ? caf::atom("testing") : caf::atom("sharing"));
  config->set("scheduler.max-threads", cores());
  config->set("scheduler.max-throughput", std::size_t{50});
  return config;
}

PageReader page_reader() {
  return [parser = std::make_shared<hunter::PageParser>()](
           const SharedBody& body, const auto& entry, const auto& unreadable) {
    return parser->parse(body, entry, unreadable);
  };
}

void report(EventLog& log, const Drained& msg) {
  log.info("shutdown.end", "drained",
           {{"finished", static_cast<std::int64_t>(msg.finished)},
            {"returned", static_cast<std::int64_t>(msg.returned)}});
  if (msg.left > 0)
    log.warn("shutdown.incomplete", "jobs that could not be put back return by the stalled check",
             {{"left", static_cast<std::int64_t>(msg.left)}});
}

} // namespace

Metrics::Metrics(prometheus::Registry& registry, const Config& config, const std::string& version)
    : jobs(registry, config.queue.name), contacts(registry), store(registry), reconciled(registry),
      redis(registry), process(registry, version) {
  for (const auto& key : api_keys(config.api))
    api.try_emplace(key.name, registry, key.name);
}

PipelineSetup::PipelineSetup()
    : normalizers(cores()), wall_clock_ms(gleaner::wall_clock_ms),
      random([engine = std::mt19937_64{std::random_device{}()}]() mutable {
        return std::uniform_real_distribution<double>{0.0, 1.0}(engine);
      }) {}

Pipeline::Pipeline(const Config& config, PipelinePorts ports, PipelineSetup setup)
    : ports_(std::move(ports)), setup_(std::move(setup)), last_heartbeat_ms_(steady_ms()),
      system_config_(system_config(setup_.stepwise)), system_(*system_config_) {
  spawn_actors(config);
}

void Pipeline::spawn_governors(const Config& config) {
  for (const auto& key : api_keys(config.api)) {
    RateGovernorDeps deps;
    deps.windows = key.limits;
    deps.caps = key.caps;
    deps.page_cost = search_cost;
    deps.budget = ports_.keys.at(key.name).budget;
    deps.metrics = &ports_.metrics.api.at(key.name);
    deps.log = &ports_.log;
    governors_[key.name] = system_.spawn(rate_governor, deps);
    if (!config.api.count_first)
      continue;
    deps.windows = {{15, std::chrono::seconds{1}}};
    deps.caps = {};
    deps.budget = ports_.keys.at(key.name).count_budget;
    deps.metrics = nullptr;
    count_governors_[key.name] = system_.spawn(rate_governor, std::move(deps));
  }
}

void Pipeline::spawn_actors(const Config& config) {
  auto& metrics = ports_.metrics;
  spawn_governors(config);
  poller_ = system_.spawn(queue_poller, poller_deps(config));
  lock_keeper_ =
    spawn_blocking(lock_keeper, LockKeeperDeps{&ports_.queue, &metrics.jobs, &ports_.log,
                                               config.queue.lock_duration});
  publisher_ = system_.spawn(progress_publisher,
                             ProgressPublisherDeps{&ports_.queue, &metrics.jobs, &ports_.log});
  store_writer_ = spawn_blocking(
    store_writer, StoreWriterDeps{&ports_.store, &metrics.store, &metrics.reconciled});
  for (std::size_t i = 0; i < setup_.normalizers; ++i)
    normalizers_.push_back(system_.spawn(
      normalizer,
      NormalizerDeps{page_reader(), ledger::page_codec(redis::is_rest_url(config.redis.url)),
                     &metrics.contacts}));

  coordinator_ = system_.spawn(job_coordinator, coordinator_deps(config));
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

JobCoordinatorDeps Pipeline::coordinator_deps(const Config& config) {
  auto& metrics = ports_.metrics;
  const auto channels = std::make_shared<std::map<std::string, KeyChannel>>();
  JobCoordinatorDeps deps;
  for (auto& key : api_keys(config.api)) {
    const auto& ports = ports_.keys.at(key.name);
    const auto& governor = governors_.at(key.name);
    auto& of_key = metrics.api.at(key.name);
    channels->emplace(key.name, KeyChannel{ports.api, governor,
                                           config.api.count_first ? count_governors_.at(key.name)
                                                                  : RateGovernorActor{},
                                           &of_key});
    CoordinatorKey made;
    made.name = std::move(key.name);
    made.tenants = std::move(key.tenants);
    made.limits = {config.api.page_size, config.api.max_collect, config.api.pages_per_job, {}, {}};
    if (key.caps.per_job)
      made.limits.credit_cap = rows_within(*key.caps.per_job, config.api.page_size, search_cost);
    made.page_cost = search_cost;
    made.governor = governor;
    made.metrics = &of_key;
    made.account = ports.account;
    made.floor = key.caps.floor;
    deps.keys.push_back(std::move(made));
  }
  const HunterFetcherDeps fetcher{channels, config.api.max_tries};
  deps.poller = poller_;
  deps.publisher = publisher_;
  deps.lock_keeper = lock_keeper_;
  deps.store_writer = store_writer_;
  deps.normalizers = normalizers_;
  deps.spawn_fetcher = [this, fetcher] { return system_.spawn(hunter_fetcher, fetcher); };
  deps.wall_clock_ms = setup_.wall_clock_ms;
  deps.random = setup_.random;
  deps.heartbeat = [this] { last_heartbeat_ms_ = steady_ms(); };
  deps.log = &ports_.log;
  deps.jobs = &metrics.jobs;
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

void Pipeline::begin(caf::scoped_actor& supervisor) {
  for (const auto& address : {poller_.address(), lock_keeper_.address(), publisher_.address(),
                              store_writer_.address(), coordinator_.address()})
    supervisor->monitor(caf::actor_cast<caf::actor>(address));
  for (const auto* governors : {&governors_, &count_governors_})
    for (const auto& [name, governor] : *governors)
      supervisor->monitor(governor);
  for (const auto& normalizer : normalizers_)
    supervisor->monitor(normalizer);
  supervisor->send(coordinator_, StartWork{});
}

bool Pipeline::run() {
  caf::scoped_actor self{system_};
  begin(self);
  bool drained = false;
  self->receive(
    [&](const Drained& msg) {
      drained = true;
      report(ports_.log, msg);
    },
    [&](const caf::down_msg& down) {
      ports_.log.error("actor.down", "an actor died that the others need; ending",
                       {{"err", system_.render(down.reason)}});
    });
  return drained;
}

void Pipeline::drain(std::chrono::milliseconds grace) {
  if (draining_.exchange(true))
    return;
  // What is left when the grace is nearly over needs a moment to be put back.
  const auto margin = std::min<std::chrono::milliseconds>(std::chrono::seconds{2}, grace / 2);
  caf::anon_send(coordinator_, Drain{grace - margin});
}

void Pipeline::key_replaced(const std::string& name) {
  for (const auto reason : {SuspensionReason::key, SuspensionReason::quota})
    caf::anon_send(coordinator_, ProbeDue{reason, name});
}

bool Pipeline::alive() const {
  constexpr std::int64_t longest_silence_ms = 60000;
  return steady_ms() - last_heartbeat_ms_ < longest_silence_ms;
}

void Pipeline::end() {
  for (const auto& normalizer : normalizers_)
    caf::anon_send_exit(normalizer, caf::exit_reason::kill);
  caf::anon_send_exit(coordinator_, caf::exit_reason::kill);
  caf::anon_send_exit(poller_, caf::exit_reason::kill);
  caf::anon_send_exit(publisher_, caf::exit_reason::kill);
  caf::anon_send_exit(lock_keeper_, caf::exit_reason::kill);
  caf::anon_send_exit(store_writer_, caf::exit_reason::kill);
  for (const auto* governors : {&governors_, &count_governors_})
    for (const auto& [name, governor] : *governors)
      caf::anon_send_exit(governor, caf::exit_reason::kill);
}

Pipeline::~Pipeline() {
  end();
  system_.await_all_actors_done();
}

} // namespace gleaner
