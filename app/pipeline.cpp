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
#include "app/actor_figures.hpp"
#include "app/actor_settings.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace gleaner {

namespace {

std::int64_t wall_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           std::chrono::system_clock::now().time_since_epoch())
    .count();
}

} // namespace

Metrics::Metrics(prometheus::Registry& registry, const Config& config, const std::string& version)
    : jobs(registry, config.queue.name, config.http.bullmq_metrics), contacts(registry),
      store(registry), reconciled(registry), redis(registry), actors(registry), cluster(registry),
      traces(registry), process(registry, version) {
  process.start_time.Set(static_cast<double>(wall_clock_ms()) / 1000);
  const bool paces = config.cluster.role != "fetcher"; // coordinators do for those
  for (const auto& key : api_keys(config.api))
    api.try_emplace(key.name, registry, key.name, paces ? key.limits : std::vector<RateWindow>{});
}

PipelineSetup::PipelineSetup()
    : normalizers(processors()), wall_clock_ms(gleaner::wall_clock_ms),
      random([engine = std::mt19937_64{std::random_device{}()}]() mutable {
        return std::uniform_real_distribution<double>{0.0, 1.0}(engine);
      }) {}

Pipeline::Pipeline(const Config& config, PipelinePorts ports, PipelineSetup setup)
    : ports_(std::move(ports)), setup_(std::move(setup)),
      system_config_(caf_config({setup_.stepwise, config.cluster.listen != "off"})),
      system_(*system_config_) {
  spawn_actors(config);
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
  store_writer_ = spawn_blocking(store_writer, StoreWriterDeps{&ports_.store, &metrics.store,
                                                               &metrics.reconciled, ports_.tracer});
  for (std::size_t i = 0; i < setup_.normalizers; ++i)
    normalizers_.push_back(system_.spawn(
      normalizer, NormalizerDeps{hunter::page_reader(),
                                 ledger::page_codec(redis::is_rest_url(config.redis.url)),
                                 &metrics.contacts, &ports_.log, ports_.tracer}));

  coordinator_ = system_.spawn(job_coordinator, coordinator_deps(config));
}

void Pipeline::begin(caf::scoped_actor& supervisor) {
  for (const auto& part : parts())
    supervisor->monitor(caf::actor_cast<caf::actor>(part.address));
  supervisor->send(coordinator_, StartWork{});
}

std::vector<Pipeline::Part> Pipeline::parts() const {
  std::vector<Part> all;
  for (const auto& normalizer : normalizers_)
    all.push_back({"Normalizer", normalizer.address()});
  all.push_back({"JobCoordinator", coordinator_.address()});
  all.push_back({"QueuePoller", poller_.address()});
  all.push_back({"ProgressPublisher", publisher_.address()});
  all.push_back({"LockKeeper", lock_keeper_.address()});
  all.push_back({"StoreWriter", store_writer_.address()});
  for (const auto* governors : {&governors_, &count_governors_})
    for (const auto& [name, governor] : *governors)
      all.push_back({"RateGovernor", governor.address()});
  if (gate_)
    all.push_back({"ClusterGate", gate_.address()});
  return all;
}

void Pipeline::tell_of_death(const caf::down_msg& down) {
  for (const auto& [kind, address] : parts())
    if (address == down.source) {
      ports_.metrics.actors.count_restart(kind);
      ports_.log.error("actor.down", "an actor died that the others need",
                       {{"name", kind}, {"err", system_.render(down.reason)}});
    }
}

std::optional<Drained> Pipeline::run() {
  caf::scoped_actor self{system_};
  begin(self);
  std::optional<Drained> drained;
  self->receive([&](const Drained& msg) { drained = msg; },
                [&](const caf::down_msg& down) { tell_of_death(down); });
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
  for (const auto* governors : {&governors_, &count_governors_})
    if (const auto governor = governors->find(name); governor != governors->end())
      caf::anon_send(governor->second, BudgetMoved{});
  caf::anon_send(coordinator_, KeyReplaced{name});
}

void Pipeline::beat() {
  heartbeat_.beat();
  warn_of_backlogs(ports_.log);
  ports_.log.tell_of_repeats(false);
}

void Pipeline::end() {
  for (const auto& part : parts())
    caf::anon_send_exit(caf::actor_cast<caf::actor>(part.address), caf::exit_reason::kill);
}

Pipeline::~Pipeline() {
  end();
  system_.await_all_actors_done();
  if (pool_)
    pool_->close();
}

} // namespace gleaner
