#pragma once

#include "tests/simulation/redis/command.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace gleaner::simulation {

/// A Redis server in memory: keys, scripts, a clock that others set, clients that wait. What our
/// adapters and scripts use of Redis 7, and nothing else.
class SimulatedRedis {
public:
  explicit SimulatedRedis(std::uint64_t seed);

  /// By its own clock, in microseconds since the epoch.
  void set_time(std::int64_t now_us);

  redis::RedisValue execute(Args args);

  /// Waits at a sorted set as BZPOPMIN does, until something is in it; `reply` may come at once.
  /// The number is for stop_waiting(), 0 when nobody waits.
  std::uint64_t wait_at(const std::string& key, std::function<void(redis::RedisValue)> reply);
  bool stop_waiting(std::uint64_t number); ///< False when that has ended already.

  /// Runs scripts as `patch` has them, under their own names. `kind` tells patches apart.
  void patch_scripts(std::string kind, std::function<std::string(const std::string&)> patch);

  /// As SCRIPT LOAD of all scripts that the worker knows, but for the time that takes.
  void load_scripts(const std::vector<std::string>& shas);
  void flush_scripts() { known_.clear(); }

  /// From now on; those who wait at a server that becomes a replica are sent away.
  void refuse_writes(Refusal refusal);
  Refusal refusal() const { return database_.refusal; }

  /// What a restart finds: of the scripts nothing, of the keys what is in the snapshot.
  Keyspace snapshot() const { return database_.keys; }
  void restart_with(Keyspace keys);

  Keyspace& keys() { return database_.keys; }

private:
  struct Waiter {
    std::uint64_t number;
    std::string key;
    std::function<void(redis::RedisValue)> reply;
  };

  Answer run(Args args);
  Answer run_script(const std::string& sha, Args args);
  const std::string& text_to_run(const std::string& sha);
  Answer change_scripts(Args args);
  Answer time() const;
  void serve_waiting();

  Database database_;
  std::int64_t now_us_ = 0;
  std::set<std::string, std::less<>> known_; ///< SHAs of scripts.
  std::string patch_kind_;
  std::function<std::string(const std::string&)> patch_;
  std::list<Waiter> waiting_; ///< Who came first is served first.
  std::uint64_t next_waiter_ = 1;
};

/// The SHA-1 that names a script; remembers the text, for all servers.
const std::string& script_sha(const std::string& text);

} // namespace gleaner::simulation
