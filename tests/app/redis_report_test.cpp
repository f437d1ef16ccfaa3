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

BOOST_AUTO_TEST_SUITE_END()
