#pragma once

#include "adapters/bullmq/reconciler.hpp"
#include "tests/adapters/bullmq/admin_fixture.hpp"

#include <algorithm>

namespace gleaner::test {

/// A queue, and who looks for what belongs to nothing in it.
struct ReconcileFixture : AdminFixture {
  bullmq::Reconciler reconciler{client, {"bull", "q"}};

  Reconciliation pass() {
    return must(answer_of<Reconciliation>([&](auto reply) { reconciler.pass(std::move(reply)); }));
  }
  /// What the second of two passes does: the first only suspects.
  Reconciliation two_passes() {
    BOOST_TEST(pass().jobs == 0u);
    return pass();
  }
  void set(const std::string& id, std::vector<std::string> fields) {
    fields.insert(fields.begin(), {"HSET", key(id)});
    redis(std::move(fields));
  }
  std::string now_ms() { return redis({"TIME"}).items.at(0).text + "000"; }

  /// So many jobs "0", "1", ... that wait; the oldest is next, and each is a second younger.
  void add_many(int count) {
    for (int first = 0; first < count; first += 10000)
      add_slice(first, std::min(first + 10000, count) - 1);
  }
  void add_slice(int first, int last) {
    redis({"EVAL",
           "for i = ARGV[1], ARGV[2] do local k = KEYS[1] .. i "
           "redis.call('HSET', k, 'name', 'n', 'data', '{}', 'opts', '{}', 'delay', '0', "
           "'priority', '0', 'timestamp', string.format('%.0f', 1700000000000 + i * 1000)) "
           "redis.call('LPUSH', KEYS[1] .. 'wait', i) end",
           "1", key(""), std::to_string(first), std::to_string(last)});
  }
  /// Calls of a command since the last CONFIG RESETSTAT, by clients and scripts.
  std::uint64_t calls(const std::string& command) {
    const auto text = redis({"INFO", "commandstats"}).text;
    const auto mark = "cmdstat_" + command + ":calls=";
    const auto at = text.find(mark);
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + mark.size()));
  }
};

} // namespace gleaner::test
