#include "tests/simulation/world/swarm.hpp"

#include "tests/simulation/world/chance.hpp"

#include <sstream>

namespace gleaner::simulation {

namespace {

/// Half of the kinds of trouble are absent from a world, so that those that are there get through.
class Draw {
public:
  explicit Draw(std::uint64_t seed) : chance_(seed * 0x9e3779b97f4a7c15u + 1) {}

  void rate(double& field, double presence, double least, double most) {
    const auto at = least + (most - least) * chance_.fraction();
    if (chance_.happens(presence))
      field = at;
  }
  Chance& chance() { return chance_; }

private:
  Chance chance_;
};

void draw_work(Swarm& swarm, Chance& chance) {
  swarm.nodes = chance.between(1, 3);
  swarm.page_size = chance.between(1, 3);
  swarm.pages_at_once = chance.between(1, 4);
  swarm.concurrency = chance.between(1, 3);
  const auto jobs = chance.between(1, 4);
  for (std::size_t i = 0; i < jobs; ++i) {
    const auto pages = chance.between(1, 5);
    swarm.rows.push_back(swarm.page_size * (pages - 1) + chance.between(1, swarm.page_size));
  }
}

void draw_limits(Swarm& swarm, Chance& chance) {
  using std::chrono::seconds;
  const auto per_second = static_cast<std::uint32_t>(chance.between(1, 4));
  const auto per_ten = static_cast<std::uint32_t>(chance.between(2, 12));
  if (chance.happens(0.4))
    swarm.limits = {{per_second, seconds{1}}, {per_ten, seconds{10}}};
}

void draw_redis_trouble(Swarm& swarm, Draw& draw) {
  draw.rate(swarm.answer_lost, 0.4, 0.002, 0.1);
  draw.rate(swarm.never_applied, 0.3, 0.002, 0.1);
  draw.rate(swarm.slow_command, 0.3, 0.005, 0.1);
  draw.rate(swarm.partition, 0.25, 5, 60);
  draw.rate(swarm.redis_pause, 0.2, 5, 60);
  draw.rate(swarm.redis_restart, 0.2, 5, 60);
  swarm.restart_loses_a_second = draw.chance().happens(0.4);
  draw.rate(swarm.script_flush, 0.2, 2, 30);
  draw.rate(swarm.clock_step, 0.15, 10, 60);
  draw.rate(swarm.failover, 0.1, 5, 60);
  draw.rate(swarm.flush, 0.08, 10, 60);
  draw.rate(swarm.refusal, 0.12, 5, 60);
}

void draw_node_trouble(Swarm& swarm, Draw& draw) {
  draw.rate(swarm.crash, 0.5, 1, 60);
  draw.rate(swarm.crash_after_command, 0.3, 0.005, 0.1);
  draw.rate(swarm.pause, 0.3, 5, 60);
  draw.rate(swarm.node_clock_step, 0.15, 5, 60);
  draw.rate(swarm.drain, 0.25, 5, 60);
  draw.rate(swarm.disk_full, 0.15, 0.05, 0.6);
  draw.rate(swarm.sync_fails, 0.15, 0.05, 0.4);
  draw.rate(swarm.crash_while_saving, 0.3, 0.02, 0.3);
}

} // namespace

Swarm draw_swarm(std::uint64_t seed) {
  Draw draw{seed};
  Swarm swarm;
  swarm.seed = seed;
  draw_work(swarm, draw.chance());
  swarm.liveness = draw.chance().happens(0.6);
  swarm.stale_ledgers = draw.chance().happens(0.2);
  swarm.ledger = !draw.chance().happens(0.1);
  swarm.poison = draw.chance().happens(0.05);
  draw.rate(swarm.slow_actors, 0.5, 0.01, 0.2);
  draw_redis_trouble(swarm, draw);
  draw_node_trouble(swarm, draw);
  draw.rate(swarm.slow_api, 0.3, 0.02, 0.3);
  draw_limits(swarm, draw.chance());
  if (draw.chance().happens(0.3)) {
    draw.rate(swarm.throttle, 0.5, 0.02, 0.3);
    draw.rate(swarm.server_error, 0.5, 0.02, 0.3);
    draw.rate(swarm.timeout, 0.4, 0.01, 0.1);
    draw.rate(swarm.malformed, 0.3, 0.01, 0.1);
  }
  return swarm;
}

std::string describe(const Swarm& swarm) {
  std::ostringstream text;
  text << "seed=" << swarm.seed << " nodes=" << swarm.nodes << " page_size=" << swarm.page_size
       << " pages_at_once=" << swarm.pages_at_once << " concurrency=" << swarm.concurrency
       << (swarm.liveness ? " liveness" : " safety") << " rows=";
  for (const auto rows : swarm.rows)
    text << rows << ',';
  const std::pair<const char*, double> rates[] = {
    {"slow_actors", swarm.slow_actors},
    {"answer_lost", swarm.answer_lost},
    {"never_applied", swarm.never_applied},
    {"slow_command", swarm.slow_command},
    {"crash", swarm.crash},
    {"pause", swarm.pause},
    {"partition", swarm.partition},
    {"redis_pause", swarm.redis_pause},
    {"redis_restart", swarm.redis_restart},
    {"script_flush", swarm.script_flush},
    {"clock_step", swarm.clock_step},
    {"failover", swarm.failover},
    {"flush", swarm.flush},
    {"refusal", swarm.refusal},
    {"drain", swarm.drain},
    {"node_clock_step", swarm.node_clock_step},
    {"throttle", swarm.throttle},
    {"server_error", swarm.server_error},
    {"timeout", swarm.timeout},
    {"malformed", swarm.malformed},
    {"slow_api", swarm.slow_api},
    {"disk_full", swarm.disk_full},
    {"sync_fails", swarm.sync_fails},
    {"crash_while_saving", swarm.crash_while_saving},
    {"crash_after_command", swarm.crash_after_command}};
  for (const auto& [name, rate] : rates)
    if (rate > 0)
      text << ' ' << name << '=' << rate;
  if (swarm.stale_ledgers)
    text << " stale_ledgers";
  if (!swarm.ledger)
    text << " no_ledger";
  if (swarm.poison)
    text << " poison";
  if (swarm.restart_forgets())
    text << " restart_loses_a_second";
  return text.str();
}

} // namespace gleaner::simulation
