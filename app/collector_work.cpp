#include "app/actor_figures.hpp"
#include "app/cluster_identity.hpp"
#include "app/collector.hpp"
#include "app/exit_code.hpp"
#include "core/suspension.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

/// The part of Collector that works once all is there.
namespace gleaner {

namespace {

void report(EventLog& log, const Drained& msg) {
  log.tell_of_repeats(true);
  log.info("shutdown.end", "drained",
           {{"finished", static_cast<std::int64_t>(msg.finished)},
            {"returned", static_cast<std::int64_t>(msg.returned)}});
  if (msg.left > 0)
    log.warn("shutdown.incomplete", "jobs that could not be put back return by the stalled check",
             {{"left", static_cast<std::int64_t>(msg.left)}});
}

/// Where a process listens, for people: on all addresses means by the machine's name.
std::string shown_address(const std::string& listen, std::uint16_t port) {
  const auto host = listen.substr(0, listen.rfind(':'));
  const bool all = host == "0.0.0.0" || host == "::" || host == "[::]";
  return (all ? name_of_machine() : host) + ':' + std::to_string(port);
}

} // namespace

std::vector<http::ReadinessCheck> Collector::readiness() {
  const std::lock_guard guard{parts_mutex_};
  const bool redis = queue_ && queue_->connected();
  const auto* const paused_for = pipeline_ ? pipeline_->paused_for() : nullptr;
  const auto stands = [paused_for](SuspensionReason reason) {
    return !paused_for || paused_for != std::string_view{to_string(reason)};
  };
  const auto why = paused_for ? std::string{"no jobs are taken: "} + paused_for : std::string{};
  const bool ready = ready_;
  const bool store = stands(SuspensionReason::store);
  const bool key = stands(SuspensionReason::key);
  metrics_.process.redis_connected.Set(redis ? 1 : 0);
  metrics_.process.ready.Set(redis && store && key && ready ? 1 : 0);
  metrics_.process.show_log(log_.written(), log_.lost());
  show_actors(metrics_.actors);
  return {
    {"redis", redis, redis ? "" : "no connection"},
    {"store", store, store ? "" : why},
    {"key", key, key ? "" : why},
    // Credits that are used up and the like end by themselves: no reason to send anybody away.
    {"worker", ready,
     !ready         ? "starting or draining"
     : store && key ? why
                    : ""}};
}

Status Collector::start_listener() {
  http::AdminRoutes routes;
  routes.registry = registry_;
  routes.alive = [this] {
    const std::lock_guard guard{parts_mutex_};
    return !pipeline_ || pipeline_->alive();
  };
  routes.checks = [this] { return readiness(); };
  routes.version = version_;
  auto started = http::AdminServer::start(config_.http, std::move(routes));
  if (!started)
    return started.error();
  listener_ = std::move(*started);
  return Done{};
}

void Collector::on_signal(int number) {
  signal_ = number;
  const std::lock_guard guard{parts_mutex_};
  ready_ = false; // work() may just have become ready
  if (pipeline_)
    pipeline_->drain(config_.shutdown_grace);
}

/// Nodes may join from now on, if they may at all.
Status Collector::open_cluster() {
  const auto port =
    pipeline_->open_cluster(config_, version_, [this] { return keys_.fingerprint(); });
  if (!port)
    return port.error();
  if (!*port)
    return Done{};
  log_.info("cluster.listening", "fetchers may join",
            {{"port", std::int64_t{**port}}, {"tls", !config_.cluster.plain}});
  board_.emplace(*budget_client_, ClusterKeys{{config_.queue.prefix, config_.queue.name}},
                 CoordinatorFacts{node_->id(), version_,
                                  shown_address(config_.cluster.listen, **port),
                                  certificate_ends_ms_},
                 pipeline_->nodes(), log_);
  return Done{};
}

/// False when the process is to end.
Result<bool> Collector::make_pipeline() {
  {
    const std::lock_guard guard{parts_mutex_};
    if (signal_ != 0)
      return false;
    pipeline_ = std::make_unique<Pipeline>(config_, PipelinePorts{*queue_, keys_.ports(), profile_,
                                                                  store_, metrics_, log_,
                                                                  tracing_.get(), node_->id()});
    if (const auto opened = open_cluster(); !opened)
      return opened.error();
    ready_ = true;
  }
  keys_.watch(log_, metrics_.process, [this](const std::string& name) {
    const std::lock_guard guard{parts_mutex_};
    if (pipeline_)
      pipeline_->key_replaced(name);
  });
  log_.info("worker.ready", "ready: waiting for jobs",
            {{"queue", config_.queue.name},
             {"concurrency", std::int64_t{config_.queue.concurrency}},
             {"port", std::int64_t{listener_->port()}},
             {"store", config_.store.folder}});
  return true;
}

void Collector::drop_pipeline() {
  ready_ = false;
  keys_.unwatch();
  board_.reset();
  const std::lock_guard guard{parts_mutex_};
  pipeline_.reset();
}

/// After the death of an actor: all of them anew, as if the process had been killed and started.
/// False when that was so too often.
bool Collector::replace_pipeline() {
  drop_pipeline();
  if (!restarts_.allows(std::chrono::steady_clock::now()))
    return false;
  node_->start_again();
  open_queue();
  return true;
}

int Collector::work() {
  for (;;) {
    const auto made = make_pipeline();
    if (!made)
      return refuse("config.refused", made.error());
    if (!*made)
      break;
    if (const auto drained = pipeline_->run()) {
      listener_.reset(); // first: while it answers, somebody may think that this works
      drop_pipeline();
      if (tracing_)
        tracing_->close();
      report(log_, *drained); // last: no actor has anything to tell after this
      break;
    }
    if (!replace_pipeline())
      return refuse("actor.down",
                    {Errc::internal, "actors died more than " + std::to_string(RestartLimit::most) +
                                       " times within a minute; ending"});
  }
  return static_cast<int>(ExitCode::ok);
}
} // namespace gleaner
