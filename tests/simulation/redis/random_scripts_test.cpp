#include "adapters/bullmq/scripts.hpp"
#include "tests/simulation/redis/both_servers.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>

namespace gleaner::simulation {

namespace {

/// Calls of our scripts by some workers and an operator, over few jobs. Whoever calls knows
/// nothing: half of the calls name a job that is elsewhere or a token that is another's, and are
/// refused.
class RandomCalls {
public:
  using Words = std::vector<std::string>;

  explicit RandomCalls(std::uint64_t seed) : random_(seed) {}

  /// The script's name, then its arguments. `now_ms` is the time that the script will be told.
  Words next(std::string now_ms) {
    now_ms_ = std::move(now_ms);
    const auto kind = below(100);
    if (kind < 18)
      return add();
    if (kind < 36)
      return with_taking({"take"}, below(3));
    if (kind < 52)
      return finish();
    if (kind < 60)
      return with_taking({"retry", id(), token(), pick({"0", "0", "700000"}), "broke", "", "3"},
                         below(2));
    if (kind < 68)
      return {"renew", "600000", id(), token(), id(), token()};
    if (kind < 78)
      return below(2) == 0 ? Words{"park", id(), token()}
                           : Words{"release", id(), token(), pick({"0", "800000"})};
    if (kind < 84)
      return {pick({"progress", "log"}), id(), token(), R"({"page":1})"};
    if (kind < 86)
      return {"checkpoint",
              id(),
              token(),
              R"({"page":1})",
              "600000",
              pick({"1 a", "1 b"}),
              "900000",
              pick({"0", "2"}),
              pick({"packed", "packed", ""})};
    if (kind < 87)
      return {"ledger", id(), token(), pick({"1 a", "1 b"})};
    if (kind < 88)
      return {"reclaim", "600000", token_seed, "1", "2", "5", "9"};
    if (kind < 89)
      return {"was_ended", id(), pick({"completed", "failed", "retried"}), R"({"n":1})"};
    if (kind < 90)
      return {"orphan", "se", "seed:600000:1"};
    if (kind < 91)
      return {"reconcile", pick({"look", "repair"}), "job", id(), "ledger", id(), "lock", id()};
    if (kind < 92)
      return {"ghosts", std::to_string(below(5)), "0"};
    if (kind < 96)
      return {"stalled", "600000", "1", "10", "", pick({"0", "-1", "0"}), "30000"};
    return operators();
  }

private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string pick(const Words& words) { return words[below(words.size())]; }
  std::string id() { return std::to_string(1 + below(20)); }
  std::string token() { return pick(tokens_); }

  Words add() {
    const auto opts = pick({R"({"attempts":3})", R"({"lifo":true})", R"({"kl":2})", "{}",
                            R"({"removeOnFail":true,"attempts":2})", "damaged"});
    return {"add",
            "collect-domain",
            pick({"0", "0", "0", "900000"}),
            pick({"0", "0", "5"}),
            "0",
            R"({"domain":"a.test"})",
            opts,
            pick({"", "", "same"}),
            "{}",
            opts,
            ""};
  }

  Words with_taking(Words words, std::size_t count) {
    words.insert(words.end(), {std::to_string(count), token_seed, std::to_string(next_token_),
                               "600000", pick({"", "w"}), "5", "600000"});
    for (; count > 0; --count, next_token_ = next_token_ % 12 + 1)
      tokens_[next_token_ - 1] = token_seed + (':' + std::to_string(next_token_)) + ':' + now_ms_;
    return words;
  }

  Words finish() {
    return with_taking({"finish", id(), token(), pick({"completed", "failed"}), R"({"n":1})",
                        pick({"", R"({"s":2})"}), pick({"", "2", "0"}), "", "", "3", "2", "5"},
                       below(2));
  }

  Words operators() {
    switch (below(12)) {
    case 0:
      return {"pause"};
    case 1:
    case 2:
      return {"resume"};
    case 3:
      return {"rerun", id(), pick({"", "1"}), pick({"", "failed"})};
    case 4:
      return {"promote", id()};
    case 5:
      return {"remove", id(), ""};
    case 6:
      return {"drain", pick({"", "1"}), "2"};
    case 7:
      return {"clean", "completed", "zset", "0", "2", "0", "0", "1"};
    case 8:
      return {"counts"};
    case 9:
      return {"inspect"};
    default:
      return below(3) == 0 ? Words{"obliterate", "1", "100"} : Words{"counts"};
    }
  }

  std::mt19937_64 random_;
  static constexpr const char* token_seed = "seed:600000";
  std::string now_ms_;
  std::size_t next_token_ = 1;
  Words tokens_ = Words(12, "nobody's"); ///< The last ones that calls may have given out.
};

/// What lets things happen that would take their time: locks and limits end, somebody's damage.
std::vector<std::string> disturbance(std::uint64_t number) {
  const std::string base = "bull:q:";
  switch (number % 8) {
  case 0:
  case 1:
    return {"DEL", base + std::to_string(1 + number / 8 % 20) + ":lock"};
  case 2:
  case 3:
    return {"DEL", base + "stalled-check", base + "stalled-look", base + "limiter"};
  case 4:
    return {"HSET", base + std::to_string(1 + number / 8 % 20), "atm", "x"};
  case 5:
    return {"LPUSH", base + "wait", "ghost", "0:marker"};
  case 6:
    return {"DEL", base + "limiter", base + std::to_string(1 + number / 8 % 20)};
  default:
    return {"SCRIPT", "FLUSH"};
  }
}

/// The script, told the time instead of asking for it: two servers that asked would at times see
/// another millisecond, and order by it what ended in the same one.
const std::string& with_given_time(const std::string& name) {
  static std::map<std::string, std::string> made;
  auto& text = made[name];
  if (text.empty()) {
    text = bullmq::script(name).text;
    const std::string asking = "local now = clock()";
    text.replace(text.find(asking), asking.size(), "local now = tonumber(KEYS[2])");
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(runs_our_scripts_as_redis_does) {
  const DifferentialOptions options;
  RandomCalls calls{options.seed};
  std::mt19937_64 random{options.seed};
  BothServers servers;
  for (std::size_t i = 0; i < options.commands / 5; ++i) {
    refuse_at_times(servers, i);
    if (random() % 10 == 0)
      servers.send(disturbance(random()));
    const auto now_ms = std::to_string(1'800'000'000'000 + i);
    auto words = calls.next(now_ms);
    const auto& text = with_given_time(words[0]);
    std::vector<std::string> command{"EVALSHA", script_sha(text), "2", "bull:q:", now_ms};
    if (random() % 4 == 0)
      command[0] = "EVAL", command[1] = text;
    command.insert(command.end(), words.begin() + 1, words.end());
    servers.send(std::move(command));
    if (i % 100 == 99)
      servers.compare_keys();
    if (i % 500 == 499)
      servers.send({"FLUSHALL"}); // large sets have no order
  }
  BOOST_TEST_MESSAGE(servers.compared() << " answers compared, seed " << options.seed);
}

} // namespace gleaner::simulation
