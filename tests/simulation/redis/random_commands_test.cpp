#include "tests/simulation/redis/both_servers.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <random>

namespace gleaner::simulation {

namespace {

/// Commands over few keys and members, so that they meet: also keys of the wrong type, numbers that
/// are none, and places out of range.
class RandomCommands {
public:
  explicit RandomCommands(std::uint64_t seed) : random_(seed) {}

  std::vector<std::string> next() {
    static const std::vector<std::function<std::vector<std::string>(RandomCommands&)>> kinds{
      &RandomCommands::text_command,  &RandomCommands::list_command,
      &RandomCommands::list_command,  &RandomCommands::set_command,
      &RandomCommands::score_command, &RandomCommands::score_command,
      &RandomCommands::hash_command,  &RandomCommands::stream_command,
      &RandomCommands::key_command};
    return kinds[below(kinds.size())](*this);
  }

private:
  using Words = std::vector<std::string>;

  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string pick(const Words& words) { return words[below(words.size())]; }
  /// Mostly of the type that the name begins with.
  std::string key(const std::string& type) {
    const auto own = below(20) == 0 ? pick({"t", "l", "s", "z", "h", "x"}) : type;
    return own + std::to_string(below(3));
  }
  std::string member() { return std::to_string(below(12)); }
  std::string place() { return std::to_string(static_cast<int>(below(16)) - 8); }
  std::string score() {
    return pick({"0", "1", "2.5", "-3", "1e3", "4294967296", "inf", "-inf", "7",
                 "36864000000000001", below(10) == 0 ? "none" : "8"});
  }
  std::string bound() { return (below(4) == 0 ? "(" : "") + score(); }

  Words text_command() {
    switch (below(7)) {
    case 0:
      return {"SET", key("t"), member(), "PX", "500000"};
    case 1:
      return {"SET", key("t"), member(), pick({"NX", "XX", "KEEPTTL"})};
    case 2:
      return {"SET", key("t"), pick({"1", "x", "", "01", " 2"})};
    case 3:
      return {"INCR", key("t")};
    case 4:
      return {"SET", key("t"), member(), "GET"};
    default:
      return {"GET", key("t")};
    }
  }

  Words list_command() {
    switch (below(11)) {
    case 0:
    case 1:
      return {pick({"LPUSH", "RPUSH"}), key("l"), member(), member()};
    case 2:
      return {pick({"LPOP", "RPOP"}), key("l")};
    case 3:
      return {pick({"LPOP", "RPOP"}), key("l"), std::to_string(below(3))};
    case 4:
    case 5:
      return {"RPOPLPUSH", key("l"), key("l")};
    case 6:
      return {"LREM", key("l"), std::to_string(static_cast<int>(below(5)) - 2), member()};
    case 7:
      return {below(4) == 0 ? "LTRIM" : "LRANGE", key("l"), place(), place()};
    case 8:
      return {"LINDEX", key("l"), place()};
    case 9:
      return {"LPOS", key("l"), member()};
    default:
      return {"LLEN", key("l")};
    }
  }

  Words set_command() {
    switch (below(6)) {
    case 0:
    case 1:
      return {"SADD", key("s"), member(), member()};
    case 2:
      return {"SREM", key("s"), member()};
    case 3:
      return {"SPOP", key("s"), "100"};
    case 4:
      return {"SISMEMBER", key("s"), member()};
    default:
      return {pick({"SMEMBERS", "SCARD"}), key("s")};
    }
  }

  Words score_command() {
    switch (below(11)) {
    case 0:
    case 1:
      return {"ZADD", key("z"), score(), member(), score(), member()};
    case 2:
      return {"ZADD", key("z"), pick({"NX", "XX", "CH", "GT", "LT"}), score(), member()};
    case 3:
      return {"ZREM", key("z"), member(), member()};
    case 4:
      return {"ZPOPMIN", key("z")};
    case 5:
      return {pick({"ZRANGE", "ZREVRANGE"}), key("z"), place(), place()};
    case 6:
      return {"ZRANGEBYSCORE",          key("z"), bound(), bound(), "WITHSCORES", "LIMIT",
              std::to_string(below(3)), place()};
    case 7:
      return {"ZREVRANGEBYSCORE", key("z"), bound(), bound(), "WITHSCORES"};
    case 8:
      return {"ZCOUNT", key("z"), bound(), bound()};
    case 9:
      return {"ZRANGE", key("z"), "0", "-1", "WITHSCORES"};
    default:
      return below(2) == 0 ? Words{"ZSCORE", key("z"), member()} : Words{"ZCARD", key("z")};
    }
  }

  Words hash_command() {
    switch (below(9)) {
    case 0:
    case 1:
      return {"HSET", key("h"), member(), member(), member(), pick({"x", "12", ""})};
    case 2:
      return {"HDEL", key("h"), member(), member()};
    case 3:
      return {"HMGET", key("h"), member(), member()};
    case 4:
      return {"HINCRBY", key("h"), member(), place()};
    case 5:
      return {"HSETNX", key("h"), member(), member()};
    case 6:
      return {pick({"HGETALL", "HKEYS"}), key("h")};
    case 7:
      return {pick({"HGET", "HEXISTS", "HSTRLEN"}), key("h"), member()};
    default:
      return {"HLEN", key("h")};
    }
  }

  Words stream_command() {
    switch (below(6)) {
    case 0:
      return {"XADD", key("x"), "MAXLEN", "20", "*", "event", member()};
    case 1:
      return {"XADD", key("x"), "MAXLEN", "~", "10", "*", "event", member(), "b", "c"};
    case 2:
      return below(2) == 0 ? Words{"XTRIM", key("x"), "MAXLEN", "=", member()}
                           : Words{"XTRIM", key("x"), "MAXLEN", "~", "1000"};
    default:
      return {"XLEN", key("x")};
    }
  }

  Words key_command() {
    const auto any = key(pick({"t", "l", "s", "z", "h", "x"}));
    switch (below(9)) {
    case 0:
      return {pick({"DEL", "UNLINK"}), any, key("t")};
    case 1:
      return {"PEXPIRE", any, pick({"600000", "0", "-1", "x"})};
    case 2:
      return {"PERSIST", any};
    case 3:
      return {"PTTL", any};
    case 4:
      return {"RENAME", key("l"), key("l")};
    case 5:
      return {"TYPE", any};
    case 6:
      return {"EXISTS", any, any};
    default:
      return {"EVAL", script(), "1", any, member()};
    }
  }

  /// What scripts see and answer, by Redis's rules.
  std::string script() {
    return pick({"return redis.call('HGET', KEYS[1], ARGV[1])",
                 "return {1.9, -2.7, 'a', {}, false, 7}",
                 "return redis.pcall('LRANGE', KEYS[1], 0, -1)",
                 "return {1, nil, 2}",
                 "return true",
                 "return redis.call('TYPE', KEYS[1])",
                 "return redis.call('TYPE', KEYS[1]).ok",
                 "return cjson.encode({1, 2.5, 'x', {a = true}})",
                 "return 12345678901234567",
                 "return tostring(cjson.decode('[1, null, {}]')[2])",
                 "return redis.error_reply('OWN word')",
                 "return redis.status_reply('FINE')",
                 "redis.call('SADD', KEYS[1], 1) return missing",
                 "redis.call('LPUSH', KEYS[1], ARGV[1]) error('stop')",
                 "return cjson.decode('[')",
                 "return type(redis.pcall('HGET', KEYS[1], ARGV[1]))",
                 "return redis.call('ZADD', KEYS[1], 4294967296 * 4096 + 1, ARGV[1])",
                 "return (pcall(redis.call, 'INCR', KEYS[1]))",
                 "return string.format('%.0f', 2^53 + 2)",
                 "return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')",
                 "return #redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 3)",
                 "return redis.call('XRANGE', KEYS[1], '-', '+')[1][2]",
                 "return redis.call('ZSCAN', KEYS[1], 0)",
                 "return redis.call('LPOS', KEYS[1], ARGV[1])",
                 "new_global = 1"});
  }

  std::mt19937_64 random_;
};

} // namespace

BOOST_AUTO_TEST_CASE(answers_random_commands_as_redis_does) {
  const DifferentialOptions options;
  RandomCommands commands{options.seed};
  BothServers servers;
  for (std::size_t i = 0; i < options.commands; ++i) {
    refuse_at_times(servers, i);
    auto words = commands.next();
    if (words[0] == "XADD") // whose answer is the time
      words.insert(words.begin(), {"EVAL", "redis.call(unpack(ARGV)) return 1", "0"});
    servers.send(std::move(words));
  }
  servers.compare_keys();
  BOOST_TEST_MESSAGE(servers.compared() << " answers compared, seed " << options.seed);
}

} // namespace gleaner::simulation
