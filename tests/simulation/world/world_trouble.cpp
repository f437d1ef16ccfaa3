#include "tests/simulation/world/world.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

/// The part of a world that goes wrong.
namespace gleaner::simulation {

using std::chrono::milliseconds;
using std::chrono::seconds;

void World::repeat(double mean_seconds, std::function<void()> event) {
  if (mean_seconds <= 0)
    return;
  const auto wait = -std::log(1 - chance_.fraction()) * mean_seconds;
  timeline_.after(milliseconds{static_cast<std::int64_t>(wait * 1000)},
                  [this, mean_seconds, event = std::move(event)]() mutable {
                    if (!outside_.troubled)
                      return;
                    event();
                    repeat(mean_seconds, std::move(event));
                  });
}

Node* World::any_running() {
  std::vector<Node*> running;
  for (auto& node : nodes_)
    if (node->stepping())
      running.push_back(node.get());
  return running.empty() ? nullptr : running[chance_.below(running.size())];
}

void World::trouble_node(double mean_seconds, const std::function<void(Node&)>& event) {
  repeat(mean_seconds, [this, event] {
    if (auto* node = any_running())
      event(*node);
  });
}

void World::start_later(Node& node, milliseconds delay) {
  timeline_.after(delay, [&node] {
    if (!node.running())
      node.start();
  });
}

void World::kill(Node& node) {
  chance_.happens(0.5) ? node.lose_power() : node.crash();
  start_later(node, chance_.milliseconds(100, chance_.happens(0.5) ? 2000 : 60000));
}

void World::pause(Node& node) {
  node.pause();
  timeline_.after(chance_.milliseconds(100, 60000), [&node, sender = node.sender()] {
    if (node.sender() == sender && !node.stepping())
      node.go_on();
  });
}

void World::drain(Node& node) {
  if (!node.draining())
    node.drain();
}

seconds World::draw_step() {
  // What is delayed waits by Redis's clock: a day back would have to be lived through.
  constexpr std::int64_t steps[] = {-600, -40, -3, -1, 1, 3, 40, 3600, 86400};
  return seconds{steps[chance_.below(std::size(steps))]};
}

void World::step_clock() {
  const auto step = draw_step();
  if (step.count() < 0)
    stepped_back_ -= step;
  redis_.step_clock(step);
  oracle_.clock_stepped();
  oracle_.excuse_leases(seconds{35});
  oracle_.disturb_all();
}

void World::restart_redis() {
  if (!redis_.up())
    return;
  const auto downtime = chance_.milliseconds(50, 10000);
  if (!swarm_.restart_forgets())
    return redis_.restart(downtime, false);
  forget([&] { redis_.restart(downtime, true); });
}

void World::forget(const std::function<void()>& lose) {
  oracle_.unsettle_pace();
  lose();
  oracle_.disturb_all();
  oracle_.forget_what_redis_forgot();
  oracle_.excuse_leases(seconds{35});
}

/// To a replica that has not heard of the last seconds.
void World::fail_over() {
  if (!redis_.up())
    return;
  const auto lag = chance_.milliseconds(0, 5000);
  timeline_.after(lag, [this, keys = redis_.server().snapshot()] {
    if (!redis_.up() || !outside_.troubled)
      return;
    const auto most = static_cast<std::int64_t>(chance_.happens(0.5) ? 50 : 1500);
    const milliseconds difference{
      static_cast<std::int64_t>(chance_.below(static_cast<std::size_t>(2 * most))) - most};
    stepped_back_ += std::max(-difference, milliseconds{0});
    forget([&] { redis_.fail_over(keys, chance_.milliseconds(50, 10000), difference); });
  });
}

void World::flush() {
  constexpr std::size_t most_added = 4;
  if (!redis_.answers() || redis_.server().refusal() != Refusal::none ||
      domains_ + announced_ > swarm_.rows.size() + most_added)
    return;
  trace_.add("redis is flushed");
  forget([this] { redis_.look({"FLUSHALL"}); });
  const auto jobs = chance_.between(1, 2);
  announced_ += jobs;
  for (std::size_t i = 0; i < jobs; ++i)
    add_job_later(chance_.milliseconds(0, 8000));
}

void World::refuse_writes() {
  if (!redis_.up() || redis_.server().refusal() != Refusal::none)
    return;
  constexpr Refusal kinds[] = {Refusal::out_of_memory, Refusal::read_only, Refusal::disk_fails};
  redis_.refuse_writes(kinds[chance_.below(std::size(kinds))], chance_.milliseconds(500, 20000));
}

void World::pause_redis() {
  oracle_.disturb_all();
  redis_.pause(chance_.milliseconds(100, 40000));
}

void World::start_trouble() {
  trouble_node(swarm_.crash, [this](Node& node) { kill(node); });
  trouble_node(swarm_.pause, [this](Node& node) { pause(node); });
  trouble_node(swarm_.drain, [this](Node& node) { drain(node); });
  trouble_node(swarm_.node_clock_step, [this](Node& node) { node.step_clock(draw_step()); });
  trouble_node(swarm_.partition,
               [this](Node& node) { node.swallow_for(chance_.milliseconds(500, 60000)); });
  repeat(swarm_.redis_pause, [this] { pause_redis(); });
  repeat(swarm_.redis_restart, [this] { restart_redis(); });
  repeat(swarm_.clock_step, [this] { step_clock(); });
  repeat(swarm_.failover, [this] { fail_over(); });
  repeat(swarm_.flush, [this] { flush(); });
  repeat(swarm_.refusal, [this] { refuse_writes(); });
  repeat(swarm_.script_flush, [this] {
    trace_.add("scripts are flushed");
    redis_.server().flush_scripts();
  });
  if (swarm_.liveness)
    timeline_.after(chance_.milliseconds(1000, 1000 * most_trouble.count()),
                    [this] { end_trouble(); });
}

void World::end_trouble() {
  trace_.add("trouble ends");
  outside_.troubled = source_.troubled = false;
  for (auto& node : nodes_)
    if (!node->running())
      start_later(*node, milliseconds{100});
}

} // namespace gleaner::simulation
