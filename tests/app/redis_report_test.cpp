#include "adapters/budget/redis_budget.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "app/redis_report.hpp"
#include "tests/support/label_value.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace reporting_on_redis {

using Codes = std::vector<std::string>;

struct Fixture {
  prometheus::Registry registry;
  RedisMetrics metrics{registry};
  SilentLog log;
  OnceAMinute::Time now{};
  RedisReport report{metrics, log, [this] { return now; }};

  double refused(const std::string& reason) const {
    return label_value(registry, "gleaner_redis_refused_total", reason);
  }
};

} // namespace reporting_on_redis

BOOST_FIXTURE_TEST_SUITE(reporting_on_redis, Fixture)

BOOST_AUTO_TEST_CASE(each_refusal_is_counted_and_each_reason_told_once_a_minute) {
  for (int i = 0; i < 3; ++i) {
    report.refused({Errc::redis_refused, "OOM command not allowed"});
    report.refused({Errc::redis_refused, "LOADING Redis is loading"});
    report.refused({Errc::redis_denied, "NOPERM no"});
  }
  BOOST_TEST(log.codes == (Codes{"redis.refuses", "redis.refuses", "redis.denied"}));
  for (const auto* reason : {"oom", "loading", "acl"})
    BOOST_TEST(refused(reason) == 3.0, reason);
  now += 60s;
  report.refused({Errc::redis_refused, "OOM command not allowed"});
  BOOST_TEST(log.codes.size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_key_of_another_type_is_damage_and_no_refusal) {
  report.refused({Errc::redis_refused, "WRONGTYPE Operation against a key"});
  BOOST_TEST(metrics.damaged.Value() == 1.0);
  BOOST_TEST(refused("other") == 0.0);
  BOOST_TEST(log.codes.empty()); // told of by whoever knows the key
}

BOOST_AUTO_TEST_CASE(stale_connections_and_new_ones_are_counted) {
  report.went_stale();
  report.went_stale();
  report.reconnected();
  BOOST_TEST(metrics.stale_sockets.Value() == 2.0);
  BOOST_TEST(metrics.reconnects.Value() == 1.0);
  BOOST_TEST(log.codes == Codes{"redis.stale_socket"});
}

BOOST_AUTO_TEST_CASE(commands_are_told_apart_by_what_they_do) {
  const auto answered = [&](std::vector<std::string> words) {
    report.answered(report.operation_of(words), 1ms, true);
  };
  answered({"EVALSHA", bullmq::script("take").sha, "1", "bull:q"});
  answered({"EVALSHA", bullmq::script("checkpoint").sha, "1", "bull:q"});
  answered({"EVALSHA", bullmq::script("finish").sha, "1", "bull:q"});
  answered({"EVALSHA", bullmq::script("renew").sha, "1", "bull:q"});
  answered({"EVAL", "return 1", "5", budget::state_key(Secret{"a-key"})});
  answered({"EVAL", "return 1", "1", "bull:q"});
  answered({"PING"});
  answered({"BZPOPMIN", "bull:q:marker", "10"});
  const auto found = [&](const char* command) {
    return label_value(registry, "gleaner_redis_commands_total", command, "ok");
  };
  for (const auto* command : {"take", "checkpoint", "finish", "budget"})
    BOOST_TEST(found(command) == 1, command);
  BOOST_TEST(found("other") == 3);
}

BOOST_AUTO_TEST_SUITE_END()
