#include "tests/simulation/world/node.hpp"

#include "adapters/bullmq/scripts.hpp"
#include "adapters/profile/profile_reader.hpp"
#include "messages/registry.hpp"
#include "tests/simulation/redis/simulated_redis.hpp"

#include <prometheus/registry.h>

#include <utility>

namespace gleaner::simulation {

namespace {

/// Nobody reads them, and making them takes long: one set for all nodes of all worlds.
Metrics& shared_metrics() {
  static prometheus::Registry registry;
  static Metrics metrics{registry, Config{}, "simulated"};
  return metrics;
}

const std::vector<std::string>& script_shas() {
  static const auto shas = [] {
    std::vector<std::string> made;
    for (const auto& script : bullmq::all_scripts())
      made.push_back(script_sha(script.text));
    return made;
  }();
  return shas;
}

} // namespace

void TraceLog::write(LogLevel, std::string_view code, std::string_view message,
                     std::span<const LogField> fields) {
  ++counts_[std::string{code}];
  if (!trace_.shown())
    return trace_.add(code);
  std::string line{message};
  for (const auto& field : fields)
    if (const auto* text = std::get_if<std::string_view>(&field.value))
      line.append(" ").append(field.key).append("=").append(*text);
  trace_.add(code, {}, 0, line);
}

Node::Node(Outside& outside, std::size_t number)
    : outside_(outside), number_(number), log_(outside.trace, outside.log),
      wall_clock_offset_ms_(static_cast<std::int64_t>(outside.chance.below(20000)) - 10000) {}

Config Node::config() const {
  const auto& swarm = outside_.swarm;
  Config config;
  config.queue.name = "q";
  config.queue.concurrency = static_cast<std::uint32_t>(swarm.concurrency);
  config.queue.ledger = swarm.ledger;
  config.queue.ledger_ttl = std::chrono::hours{24 * 366}; // clocks step by days
  config.queue.metrics_points = 0;
  config.api.page_size = static_cast<std::uint32_t>(swarm.page_size);
  config.api.pages_per_job = static_cast<std::uint32_t>(swarm.pages_at_once);
  config.api.limits = swarm.limits;
  return config;
}

std::shared_ptr<Connection> Node::connect(bool with_scripts) {
  return std::make_shared<Connection>(Connection::Surroundings{
    outside_.swarm, outside_.timeline, outside_.chance, outside_.trace, outside_.redis, run_->host,
    run_->sender, &outside_.troubled, with_scripts ? script_shas() : std::vector<std::string>{}});
}

PipelineSetup Node::setup() {
  PipelineSetup setup;
  setup.stepwise = true;
  setup.normalizers = 2;
  setup.wall_clock_ms = [this] {
    constexpr std::int64_t start_ms = 1'800'000'000'000;
    return start_ms + outside_.timeline.since_start().count() / 1000 + wall_clock_offset_ms_;
  };
  setup.random = [this] { return outside_.chance.fraction(); };
  return setup;
}

void Node::start() {
  auto& [swarm, timeline, chance, trace, redis, source, oracle, log, troubled] = outside_;
  auto& run = run_.emplace();
  run.sender = number_ * 1000 + ++starts_;
  trace.add("node starts", {}, run.sender);
  run.host = std::make_shared<Host>();
  run.commands = connect(true);
  run.waiting = connect(false);
  const auto settings = config();
  const auto token_seed = "gl1:n" + std::to_string(number_) + ":s" +
                          std::to_string(1000 + starts_) + ":" +
                          std::to_string(settings.queue.lock_duration.count());
  oracle.add_run(run.sender, {token_seed, &disk_, false});
  run.queue = std::make_unique<bullmq::BullmqQueue>(std::make_unique<ConnectionPort>(run.commands),
                                                    std::make_unique<ConnectionPort>(run.waiting),
                                                    settings.queue, token_seed, log_);
  run.budget_line = connect(false);
  run.budget_commands = std::make_unique<ConnectionPort>(run.budget_line);
  run.budget = std::make_unique<budget::RedisBudget>(
    *run.budget_commands, budget::state_key(Secret{"key"}), swarm.limits,
    CreditRules{settings.api.caps, SearchCost{}.most_credits(settings.api.page_size)}, token_seed);
  run.api = std::make_unique<ContactSourcePort>(source, run.sender, run.host);
  run.store = std::make_unique<DiskStore>(disk_, swarm, chance, trace, &troubled);
  run.pipeline = std::make_unique<Pipeline>(
    settings,
    PipelinePorts{*run.queue,
                  {{"default", {run.api.get(), run.budget.get(), nullptr, {}, {}}}},
                  profile::builtin_profile(),
                  *run.store,
                  shared_metrics(),
                  log_},
    setup());
  run.supervisor = std::make_unique<caf::scoped_actor>(run.pipeline->system(), true);
  advance();
  run.pipeline->begin(*run.supervisor);
}

void Node::end_run() {
  auto& run = *run_;
  outside_.oracle.lose_witness();
  run.host->die();
  run.pipeline->end();
  auto& jobs = scheduler();
  jobs.clock().cancel_all();
  while (jobs.try_run_once()) {
  }
  run.supervisor.reset();
  run.pipeline.reset();
  run_.reset();
}

void Node::crash() {
  if (!run_)
    return;
  outside_.trace.add("node dies", {}, run_->sender);
  outside_.oracle.disturb(run_->sender);
  end_run();
}

void Node::lose_power() {
  crash();
  disk_.lose_power();
}

void Node::pause() {
  outside_.oracle.lose_witness();
  outside_.trace.add("node stops", {}, run_->sender);
  outside_.oracle.disturb(run_->sender);
  run_->host->pause();
}

void Node::go_on() {
  outside_.trace.add("node goes on", {}, run_->sender);
  run_->host->go_on();
  advance();
}

void Node::drain() {
  outside_.trace.add("node is told to end", {}, run_->sender);
  outside_.oracle.disturb(run_->sender);
  run_->draining = true;
  run_->pipeline->drain(std::chrono::seconds{25});
}

void Node::step_clock(std::chrono::seconds step) {
  outside_.trace.add("the node's clock steps", std::to_string(step.count()) + " s", run_->sender);
  wall_clock_offset_ms_ += step.count() * 1000;
}

void Node::swallow_for(std::chrono::milliseconds span) {
  outside_.oracle.lose_witness();
  outside_.oracle.disturb(run_->sender);
  run_->commands->swallow_for(span);
  run_->waiting->swallow_for(span);
  run_->budget_line->swallow_for(span);
}

void Node::cut_connections() {
  outside_.oracle.disturb(run_->sender);
  run_->commands->cut("reset by peer", {});
  run_->waiting->cut("reset by peer", {});
  run_->budget_line->cut("reset by peer", {});
}

caf::scheduler::test_coordinator& Node::scheduler() const {
  return static_cast<caf::scheduler::test_coordinator&>(run_->pipeline->system().scheduler());
}

void Node::step(std::size_t which) {
  auto& jobs = scheduler().jobs;
  std::swap(jobs[0], jobs[which]);
  scheduler().run_once();
}

/// The mutant's clock is the same at the start and goes slower.
Timeline::Time Node::own_time() const {
  const auto slowness = outside_.swarm.mutant == Mutant::slow_lease_clock ? 3 : 1;
  return Timeline::start() + (outside_.timeline.now() - Timeline::start()) / slowness;
}

Timeline::Time Node::world_time(Timeline::Time own) const {
  const auto slowness = outside_.swarm.mutant == Mutant::slow_lease_clock ? 3 : 1;
  return Timeline::start() + (own - Timeline::start()) * slowness;
}

std::optional<Timeline::Time> Node::next_timer() const {
  if (!stepping() || scheduler().clock().schedule().empty())
    return std::nullopt;
  return world_time(scheduler().clock().schedule().begin()->first);
}

void Node::advance() {
  if (!stepping())
    return;
  // Also by nothing: what was to be at once waits for that.
  const auto missing = own_time() - scheduler().clock().current_time;
  if (missing.count() >= 0)
    scheduler().advance_time(missing);
}

void Node::hear() {
  bool drained = false;
  (*run_->supervisor)
    ->receive([&](const Drained&) { drained = true; },
              [&](const caf::down_msg&) { outside_.oracle.fail("an actor died"); },
              caf::after(std::chrono::seconds{0}) >> [] {});
  if (!drained)
    return;
  outside_.trace.add("node has ended", {}, run_->sender);
  end_run();
}

} // namespace gleaner::simulation
