#include "tests/simulation/world/redis_host.hpp"

#include <utility>

namespace gleaner::simulation {

namespace {

constexpr std::chrono::seconds sync_interval{1}; // appendfsync everysec

} // namespace

using redis::RedisValue;

RedisHost::RedisHost(const Swarm& swarm, Timeline& timeline, Trace& trace, Chance& chance)
    : timeline_(timeline), trace_(trace), server_(chance.next()),
      keeps_snapshots_(swarm.restart_forgets()) {}

std::int64_t RedisHost::wall_clock_us() const {
  constexpr std::int64_t start = 1'800'000'000'000'000;
  return start + (timeline_.since_start() + clock_offset_).count();
}

RedisValue RedisHost::look(const Words& words) {
  server_.set_time(wall_clock_us());
  return server_.execute(words);
}

void RedisHost::arrive(std::uint64_t sender, Words words, Reply reply) {
  if (!up())
    return;
  if (timeline_.now() < paused_until_ || !waiting_.empty())
    return waiting_.push_back({sender, std::move(words), std::move(reply)});
  carry_out(sender, words, reply);
}

void RedisHost::carry_out(std::uint64_t sender, const Words& words, const Reply& reply) {
  keep_snapshot();
  server_.set_time(wall_clock_us());
  if (words.front() == "BZPOPMIN") {
    const auto number = server_.wait_at(words[1], reply);
    const auto seconds = std::strtod(words[2].c_str(), nullptr);
    if (number != 0)
      timeline_.after(std::chrono::microseconds{static_cast<std::int64_t>(seconds * 1e6)},
                      [this, number, reply, start = starts_] {
                        if (start == starts_ && server_.stop_waiting(number))
                          reply(RedisValue{});
                      });
    return;
  }
  before_command(words);
  const auto answer = server_.execute(words);
  after_command(sender, words, answer);
  reply(answer);
}

void RedisHost::keep_snapshot() {
  last_command_at_ = timeline_.now();
  if (!keeps_snapshots_ || timeline_.now() < snapshot_at_ + sync_interval)
    return;
  snapshot_ = server_.snapshot();
  snapshot_at_ = timeline_.now();
}

void RedisHost::pause(std::chrono::milliseconds span) {
  trace_.add("redis stops", {}, static_cast<std::uint64_t>(span.count()));
  paused_until_ = timeline_.now() + span;
  timeline_.at(paused_until_, [this] { go_on(); });
}

void RedisHost::go_on() {
  while (timeline_.now() >= paused_until_ && !waiting_.empty()) {
    const auto first = std::move(waiting_.front());
    waiting_.pop_front();
    carry_out(first.sender, first.words, first.reply);
  }
}

void RedisHost::restart(std::chrono::milliseconds downtime, bool forget) {
  trace_.add(forget ? "redis restarts and forgets" : "redis restarts", {},
             static_cast<std::uint64_t>(downtime.count()));
  const bool forgets = forget && snapshot_ && timeline_.now() < last_command_at_ + sync_interval;
  come_up(forgets ? *snapshot_ : server_.snapshot(), downtime);
}

void RedisHost::fail_over(const Keyspace& keys, std::chrono::milliseconds downtime,
                          std::chrono::milliseconds clock_difference) {
  trace_.add("a replica takes over", std::to_string(clock_difference.count()) + " ms",
             static_cast<std::uint64_t>(downtime.count()));
  clock_offset_ += clock_difference;
  snapshot_.reset();
  snapshot_at_ = {};
  come_up(keys, downtime);
}

void RedisHost::come_up(Keyspace keys, std::chrono::milliseconds downtime) {
  ++starts_;
  waiting_.clear();
  server_.restart_with(std::move(keys));
  paused_until_ = {};
  down_until_ = timeline_.now() + downtime;
  on_restart();
}

void RedisHost::refuse_writes(Refusal refusal, std::chrono::milliseconds span) {
  trace_.add("redis refuses writes", std::to_string(static_cast<int>(refusal)),
             static_cast<std::uint64_t>(span.count()));
  server_.refuse_writes(refusal);
  timeline_.after(span, [this] {
    trace_.add("redis takes writes");
    server_.refuse_writes(Refusal::none);
  });
}

void RedisHost::step_clock(std::chrono::milliseconds step) {
  trace_.add("redis's clock steps", std::to_string(step.count()) + " ms");
  clock_offset_ += step;
}

} // namespace gleaner::simulation
