#include "app/fetcher_node.hpp"

#include "actors/normalizer.hpp"
#include "actors/page_server.hpp"
#include "adapters/hunter/page_parser.hpp"
#include "adapters/ledger/page_codec.hpp"
#include "app/actor_settings.hpp"
#include "app/cluster/coordinator_dialer.hpp"
#include "app/exit_code.hpp"
#include "messages/registry.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace gleaner {

namespace {

/// What a coordinator takes as a name.
std::string name_of_machine() {
  std::array<char, 65> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0')
    return "fetcher";
  return name.data();
}

} // namespace

FetcherNode::FetcherNode(const Config& config, const ProviderProfile& profile, EventLogger& log,
                         const std::string& version)
    : config_(config), profile_(profile), log_(log), version_(version),
      registry_(std::make_shared<prometheus::Registry>()), metrics_(*registry_, config, version),
      keys_(config.api, profile, "gleaner/" + version), signals_([this](int) { on_signal(); }) {}

int FetcherNode::refuse(const char* code, const Error& error) {
  log_.error(code, describe(error));
  return static_cast<int>(exit_code_of(error.code));
}

Status FetcherNode::start_listener() {
  http::AdminRoutes routes;
  routes.registry = registry_;
  routes.alive = [] { return true; };
  routes.checks = [this] {
    const bool joined = joined_ > 0;
    metrics_.process.ready.Set(joined ? 1 : 0);
    return std::vector<http::ReadinessCheck>{
      {"cluster", joined, joined ? "" : "has joined no coordinator"}};
  };
  routes.version_json = nlohmann::json{{"version", version_}}.dump();
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

void FetcherNode::spawn_actors(caf::actor_system& system) {
  for (std::size_t i = 0; i < processors(); ++i)
    normalizers_.push_back(
      system.spawn(normalizer, NormalizerDeps{hunter::page_reader(), ledger::page_codec(false),
                                              &metrics_.contacts, &log_}));
  PageServerDeps server;
  for (const auto& [name, ports] : keys_.ports())
    server.apis[name] = ports.api;
  server.normalizers = normalizers_;
  server.profile = &profile_;
  server.slots = [this] { return slots(); };
  server.keys = [this] { return keys_.fingerprint(); };
  server.log = &log_;
  for (const auto& address : config_.cluster.join) {
    const auto colon = address.rfind(':');
    server.coordinator = address;
    CoordinatorDialerDeps dialer;
    dialer.host = address.substr(0, colon);
    dialer.port = static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1)));
    dialer.node = config_.cluster.node.empty() ? name_of_machine() : config_.cluster.node;
    dialer.version = version_;
    dialer.spawn_server = [&system, server] { return system.spawn(page_server, server); };
    dialer.joined = &joined_;
    dialer.log = &log_;
    dialers_.push_back(system.spawn(coordinator_dialer, std::move(dialer)));
  }
}

void FetcherNode::on_signal() {
  const std::lock_guard guard{mutex_};
  stopping_ = true;
  for (const auto& dialer : dialers_)
    caf::anon_send_exit(dialer, caf::exit_reason::user_shutdown);
}

void FetcherNode::end_normalizers() {
  for (const auto& actor : normalizers_)
    caf::anon_send_exit(actor, caf::exit_reason::kill);
  normalizers_.clear();
}

void FetcherNode::work() {
  const auto config = caf_config({false, true});
  caf::actor_system system{*config};
  {
    caf::scoped_actor self{system};
    std::size_t left = 0;
    {
      const std::lock_guard guard{mutex_};
      if (stopping_)
        return;
      spawn_actors(system);
      left = dialers_.size();
      for (const auto& dialer : dialers_)
        self->monitor(dialer);
    }
    log_.info("worker.ready", "ready: joining coordinators",
              {{"port", std::int64_t{listener_->port()}},
               {"slots", std::int64_t{config_.api.max_fetchers}}});
    self->receive_while([&left] { return left > 0; })([&left](const caf::down_msg&) { --left; });
  }
  {
    const std::lock_guard guard{mutex_};
    dialers_.clear();
  }
  end_normalizers();
  system.await_all_actors_done();
}

int FetcherNode::run() {
  if (api_keys(config_.api).front().secret.empty())
    return refuse(
      "auth.key_rejected",
      {Errc::key_rejected,
       "HUNTER_API_KEY missing: set it, or HUNTER_API_KEY_FILE to a file that holds it"});
  if (const auto listening = start_listener(); !listening)
    return refuse("config.refused", listening.error());
  keys_.watch(log_, [](const std::string&) {});
  work();
  keys_.unwatch();
  log_.info("shutdown.end", "drained", {});
  return static_cast<int>(ExitCode::ok);
}

} // namespace gleaner
