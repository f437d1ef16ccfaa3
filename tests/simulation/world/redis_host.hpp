#pragma once

#include "tests/simulation/redis/simulated_redis.hpp"
#include "tests/simulation/world/chance.hpp"
#include "tests/simulation/world/swarm.hpp"
#include "tests/simulation/world/timeline.hpp"
#include "tests/simulation/world/trace.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gleaner::simulation {

/// The machine on which Redis runs: its clock, its stops and restarts, what it has on disk.
class RedisHost {
public:
  using Words = std::vector<std::string>;
  using Reply = std::function<void(redis::RedisValue)>;

  RedisHost(const Swarm& swarm, Timeline& timeline, Trace& trace, Chance& chance);

  /// What a connection has brought: carried out at once or when Redis goes on, unless it restarts
  /// before. `reply` comes in any case but the last.
  void arrive(std::uint64_t sender, Words words, Reply reply);

  /// Right after each command that has been carried out.
  std::function<void(std::uint64_t sender, const Words& words, const redis::RedisValue& answer)>
    after_command;
  /// Right before one.
  std::function<void(const Words& words)> before_command;
  /// All connections break.
  std::function<void()> on_restart;

  bool up() const { return timeline_.now() >= down_until_; }
  /// A client with nothing between would get an answer at once.
  bool answers() const { return up() && timeline_.now() >= paused_until_; }
  void pause(std::chrono::milliseconds span);
  void restart(std::chrono::milliseconds downtime, bool forget);
  /// A replica that has `keys` takes its place; its clock differs by so much.
  void fail_over(const Keyspace& keys, std::chrono::milliseconds downtime,
                 std::chrono::milliseconds clock_difference);
  /// For so long.
  void refuse_writes(Refusal refusal, std::chrono::milliseconds span);
  void step_clock(std::chrono::milliseconds step);
  std::int64_t wall_clock_us() const;

  /// A command of ours, not of a node.
  redis::RedisValue look(const Words& words);
  SimulatedRedis& server() { return server_; }

private:
  struct Waiting {
    std::uint64_t sender;
    Words words;
    Reply reply;
  };
  void carry_out(std::uint64_t sender, const Words& words, const Reply& reply);
  void keep_snapshot();
  void go_on();
  void come_up(Keyspace keys, std::chrono::milliseconds downtime);

  Timeline& timeline_;
  Trace& trace_;
  SimulatedRedis server_;
  bool keeps_snapshots_;
  Timeline::Time down_until_{}, paused_until_{}, snapshot_at_{}, last_command_at_{};
  std::optional<Keyspace> snapshot_;
  std::deque<Waiting> waiting_;
  std::uint64_t starts_ = 0;
  std::chrono::microseconds clock_offset_{0};
};

} // namespace gleaner::simulation
