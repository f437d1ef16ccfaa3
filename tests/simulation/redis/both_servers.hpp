#pragma once

#include "adapters/redis/redis_client.hpp"
#include "tests/simulation/redis/simulated_redis.hpp"
#include "tests/support/redis_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::simulation {

/// The real Redis and the simulated one, given the same commands.
class BothServers {
public:
  BothServers() {
    // A server that has just made its socket may not listen yet.
    BOOST_REQUIRE(test::wait_until([this] { return bool(client_.call({"FLUSHALL"})); }));
    BOOST_REQUIRE(bool(client_.call({"SCRIPT", "FLUSH"})));
  }
  ~BothServers() { settle(); }
  BothServers(const BothServers&) = delete;
  BothServers& operator=(const BothServers&) = delete;

  /// Sends a command to both; the answers are compared by settle() at the latest.
  void send(std::vector<std::string> words) {
    simulated_.set_time(now_us());
    auto here = simulated_.execute(words);
    auto answer = std::make_shared<std::promise<Result<redis::RedisValue>>>();
    pending_.push_back({words, std::move(here), answer->get_future()});
    client_.submit(std::move(words),
                   [answer](Result<redis::RedisValue> there) { answer->set_value(there); });
    if (pending_.size() >= 256)
      settle();
  }

  void settle() {
    for (auto& [words, here, there] : pending_)
      compare(words, here, there.get());
    pending_.clear();
  }

  /// Both, until the next call. @pre not `disk_fails`
  void refuse_writes(Refusal refusal) {
    const bool full = refusal == Refusal::out_of_memory, replica = refusal == Refusal::read_only;
    settle();
    BOOST_REQUIRE(bool(client_.call({"CONFIG", "SET", "maxmemory", full ? "1" : "0"})));
    BOOST_REQUIRE(bool(replica ? client_.call({"REPLICAOF", "127.0.0.1", "1"})
                               : client_.call({"REPLICAOF", "NO", "ONE"})));
    simulated_.refuse_writes(refusal);
  }

  /// The flags that Redis itself gives a command.
  std::vector<std::string> flags_of(const std::string& command) {
    const auto info = client_.call({"COMMAND", "INFO", command});
    std::vector<std::string> flags;
    for (const auto& flag : info->items.at(0).items.at(2).items)
      flags.push_back(flag.text);
    return flags;
  }

  std::size_t compared() const { return compared_; }

  /// Every key with its content.
  void compare_keys() {
    settle();
    const auto keys = simulated_.keys().keys();
    BOOST_TEST(keys.size() == static_cast<std::size_t>(client_.call({"DBSIZE"})->integer));
    for (const auto& key : keys) {
      send({"TYPE", key});
      const auto type = simulated_.execute(std::vector<std::string>{"TYPE", key}).text;
      if (type == "list")
        send({"LRANGE", key, "0", "-1"});
      else if (type == "zset")
        send({"ZRANGE", key, "0", "-1", "WITHSCORES"});
      else if (type == "hash")
        send({"HGETALL", key});
      else if (type == "set")
        send({"SMEMBERS", key});
      else
        send({type == "stream" ? "XLEN" : "GET", key});
      send({"PTTL", key});
    }
    settle();
  }

private:
  struct Pending {
    std::vector<std::string> words;
    redis::RedisValue here;
    std::future<Result<redis::RedisValue>> there;
  };

  static std::int64_t now_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
  }

  void compare(const std::vector<std::string>& words, const redis::RedisValue& here,
               const Result<redis::RedisValue>& there) {
    ++compared_;
    const bool same = there ? equal(here, *there) : equal_errors(here, there.error());
    std::string command;
    for (const auto& word : words)
      command += word.substr(0, 60) + ' ';
    if (!same)
      BOOST_ERROR(command << "\n  simulated: " << shown(here) << "\n  real:      "
                          << (there ? shown(*there) : describe(there.error())));
  }

  /// Errors are alike when they begin with the same word, which is all that is ever branched on.
  static bool equal_errors(const redis::RedisValue& here, const Error& there) {
    const auto code = [](const std::string& text) { return text.substr(0, text.find(' ')); };
    return here.kind == redis::RedisValue::Kind::error && code(here.text) == code(there.detail);
  }

  static bool equal(const redis::RedisValue& here, const redis::RedisValue& there) {
    if (here.kind != there.kind || here.items.size() != there.items.size())
      return false;
    for (std::size_t i = 0; i < here.items.size(); ++i)
      if (!equal(here.items[i], there.items[i]))
        return false;
    return (here.integer == there.integer ||
            almost(static_cast<double>(here.integer), static_cast<double>(there.integer))) &&
           (here.text == there.text || almost(std::strtod(here.text.c_str(), nullptr),
                                              std::strtod(there.text.c_str(), nullptr)));
  }

  /// What comes of the clock differs by the moment at which each of them looked.
  static bool almost(double here, double there) {
    constexpr double smallest_time = 50'000; // ms left of something that ends much later
    return here > smallest_time && std::abs(here - there) < std::max(30'000.0, here * 1e-7);
  }

  static std::string shown(const redis::RedisValue& value) {
    if (value.kind == redis::RedisValue::Kind::array) {
      std::string text = "[";
      for (const auto& item : value.items)
        text += shown(item) + ", ";
      return text + "]";
    }
    if (value.kind == redis::RedisValue::Kind::integer)
      return std::to_string(value.integer);
    return value.is_nil() ? "nil" : '"' + value.text + '"';
  }

  redis::RedisClient client_{test::shared_redis().config(), ""};
  SimulatedRedis simulated_{1};
  std::vector<Pending> pending_;
  std::size_t compared_ = 0;
};

/// How many commands a test sends, and their seed: arguments behind "--" of the program.
struct DifferentialOptions {
  DifferentialOptions() {
    const auto& suite = boost::unit_test::framework::master_test_suite();
    if (suite.argc > 1)
      commands = std::strtoull(suite.argv[1], nullptr, 10);
    if (suite.argc > 2)
      seed = std::strtoull(suite.argv[2], nullptr, 10);
  }
  std::size_t commands = 20'000;
  std::uint64_t seed = 1;
};

/// A few commands in some hundred meet servers that refuse.
inline void refuse_at_times(BothServers& servers, std::size_t number) {
  if (number % 300 == 250)
    servers.refuse_writes(number % 600 < 300 ? Refusal::out_of_memory : Refusal::read_only);
  if (number % 300 == 299)
    servers.refuse_writes(Refusal::none);
}

} // namespace gleaner::simulation
