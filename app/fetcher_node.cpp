#include "app/fetcher_node.hpp"

#include "actors/normalizer.hpp"
#include "actors/page_server.hpp"
#include "adapters/hunter/page_parser.hpp"
#include "adapters/ledger/page_codec.hpp"
#include "app/actor_figures.hpp"
#include "app/actor_settings.hpp"
#include "app/cluster/coordinator_dialer.hpp"
#include "app/cluster_identity.hpp"
#include "app/cluster_tunnel.hpp"
#include "app/exit_code.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace gleaner {

FetcherNode::FetcherNode(const Config& config, const ProviderProfile& profile, EventLogger& log,
                         const std::string& version)
    : config_(config), profile_(profile), log_(log), version_(version),
      registry_(std::make_shared<prometheus::Registry>()), metrics_(*registry_, config, version),
      keys_(config.api, profile, "gleaner/" + version), signals_([this](int) { on_signal(); }) {
  metrics_.process.redis_connected.Set(std::numeric_limits<double>::quiet_NaN());
}

int FetcherNode::refuse(const char* code, const Error& error) {
  log_.error(code, describe(error));
  return static_cast<int>(exit_code_of(error.code));
}

Status FetcherNode::start_listener() {
  http::AdminRoutes routes;
  routes.registry = registry_;
  routes.alive = [this] { return heartbeat_.alive(); };
  routes.checks = [this] {
    const bool joined = joined_ > 0;
    metrics_.process.ready.Set(joined ? 1 : 0);
    metrics_.process.show_log(log_.written(), log_.lost());
    show_actors(metrics_.actors);
    return std::vector<http::ReadinessCheck>{
      {"cluster", joined, joined ? "" : "has joined no coordinator"}};
  };
  routes.version = version_;
  auto started = http::AdminServer::start(config_.http, std::move(routes));
  if (!started)
    return started.error();
  listener_ = std::move(*started);
  return Done{};
}

/// Shared by the coordinators that it serves.
std::uint32_t FetcherNode::slots() const {
  return std::max(1u, config_.api.max_fetchers / std::max(1u, joined_.load()));
}

std::string FetcherNode::node_name() const {
  return config_.cluster.node.empty() ? name_of_machine() : config_.cluster.node;
}

/// Of an actor that joins the coordinator with that place in the settings.
CoordinatorDialerDeps FetcherNode::dialer_deps(caf::actor_system& system, std::size_t place) {
  const auto& address = config_.cluster.join[place];
  PageServerDeps server;
  for (const auto& [name, ports] : keys_.ports())
    server.apis[name] = ports.api;
  server.normalizers = normalizers_;
  server.profile = &profile_;
  server.slots = [this] { return slots(); };
  server.keys = [this] { return keys_.fingerprint(); };
  server.coordinator = address;
  server.log = &log_;
  server.metrics = &metrics_.cluster;
  CoordinatorDialerDeps dialer;
  dialer.coordinator = address;
  dialer.port = config_.cluster.plain ? port_of(address) : tunnels_[place]->port();
  dialer.node = node_name();
  dialer.version = version_;
  dialer.spawn_server = [this, &system, server] {
    auto spawned = system.spawn(page_server, server);
    const std::lock_guard guard{mutex_};
    std::erase_if(servers_, [](const auto& each) { return !caf::actor_cast<caf::actor>(each); });
    servers_.push_back(spawned.address());
    return spawned;
  };
  dialer.joined = &joined_;
  dialer.log = &log_;
  return dialer;
}

void FetcherNode::spawn_actors(caf::actor_system& system) {
  pulse_ = system.spawn(pulse, [this] { heartbeat_.beat(); });
  for (std::size_t i = 0; i < processors(); ++i)
    normalizers_.push_back(
      system.spawn(normalizer, NormalizerDeps{hunter::page_reader(), ledger::page_codec(false),
                                              &metrics_.contacts, &log_, tracing_.get()}));
  for (std::size_t place = 0; place < config_.cluster.join.size(); ++place)
    dialers_.push_back(system.spawn(coordinator_dialer, dialer_deps(system, place)));
}

/// One to each coordinator, but without TLS.
Status FetcherNode::open_tunnels() {
  const auto trusted = check_cluster_identity(config_.cluster, metrics_.cluster, log_);
  if (!trusted)
    return trusted.error();
  if (config_.cluster.plain)
    return Done{};
  for (const auto& coordinator : config_.cluster.join) {
    auto tunnel = open_tunnel(config_.cluster, tunnel::TunnelConfig::End::client, loopback_port(0),
                              coordinator, log_);
    if (!tunnel)
      return Error{tunnel.error().code, "cluster.join: " + tunnel.error().detail};
    tunnels_.push_back(std::move(*tunnel));
  }
  return Done{};
}

void FetcherNode::on_signal() {
  const std::lock_guard guard{mutex_};
  log_.info("shutdown.begin", "finishing the pages at hand", {});
  give_up_at_ = std::chrono::steady_clock::now() + config_.shutdown_grace;
  for (const auto& dialer : dialers_)
    caf::anon_send_exit(dialer, caf::exit_reason::user_shutdown);
}

bool FetcherNode::is_out_of_time() {
  const std::lock_guard guard{mutex_};
  return give_up_at_ && std::chrono::steady_clock::now() >= *give_up_at_;
}

void FetcherNode::end_actors() {
  const std::lock_guard guard{mutex_};
  for (const auto& dialer : dialers_)
    caf::anon_send_exit(dialer, caf::exit_reason::kill);
  for (const auto& server : servers_)
    if (const auto left = caf::actor_cast<caf::actor>(server))
      caf::anon_send_exit(left, caf::exit_reason::kill);
  for (const auto& normalizer : normalizers_)
    caf::anon_send_exit(normalizer, caf::exit_reason::kill);
  caf::anon_send_exit(pulse_, caf::exit_reason::kill);
  pulse_ = nullptr;
  dialers_.clear();
  servers_.clear();
  normalizers_.clear();
  joined_ = 0;
}

/// Until all pages are served after a signal, or the time for that is over: then true. False when
/// an actor died that the others can't do without.
bool FetcherNode::serve(caf::actor_system& system) {
  caf::scoped_actor self{system};
  std::size_t left = 0;
  {
    const std::lock_guard guard{mutex_};
    if (give_up_at_)
      return true;
    spawn_actors(system);
    left = dialers_.size();
    for (const auto& dialer : dialers_)
      self->monitor(dialer);
    for (const auto& normalizer : normalizers_)
      self->monitor(normalizer);
  }
  log_.info(
    "worker.ready", "ready: joining coordinators",
    {{"port", std::int64_t{listener_->port()}}, {"slots", std::int64_t{config_.api.max_fetchers}}});
  bool died = false;
  const auto heed = [&](const caf::down_msg& down) {
    died = bool{down.reason};
    if (died)
      log_.error("actor.down", "an actor died that the others need",
                 {{"err", system.render(down.reason)}});
    else
      --left; // a dialer that was told to end
  };
  while (left > 0 && !died && !is_out_of_time()) {
    log_.tell_of_repeats(false);
    self->receive(
      heed, caf::after(std::chrono::seconds{1}) >> [] {});
  }
  if (left > 0 && !died)
    log_.warn("shutdown.incomplete", "pages under way are given up, and may be asked for again");
  return !died;
}

bool FetcherNode::work() {
  const auto config = caf_config({false, true});
  caf::actor_system system{*config};
  const bool drained = serve(system);
  end_actors();
  system.await_all_actors_done();
  return drained;
}

int FetcherNode::run() {
  if (api_keys(config_.api).front().secret.empty())
    return refuse(
      "auth.key_rejected",
      {Errc::key_rejected,
       "HUNTER_API_KEY missing: set it, or HUNTER_API_KEY_FILE to a file that holds it"});
  if (const auto listening = start_listener(); !listening)
    return refuse("config.refused", listening.error());
  if (const auto opened = open_tunnels(); !opened)
    return refuse("config.refused", opened.error());
  tracing_ = open_tracing(config_, version_, node_name(), metrics_.traces, log_);
  if (tracing_)
    keys_.trace(*tracing_);
  keys_.watch(log_, metrics_.process, [](const std::string&) {});
  while (!work())
    if (!restarts_.allows(std::chrono::steady_clock::now()))
      return refuse("actor.down",
                    {Errc::internal, "actors died more than " + std::to_string(RestartLimit::most) +
                                       " times within a minute; ending"});
  keys_.unwatch();
  if (tracing_)
    tracing_->close();
  log_.tell_of_repeats(true);
  log_.info("shutdown.end", "drained", {});
  return static_cast<int>(ExitCode::ok);
}

} // namespace gleaner
