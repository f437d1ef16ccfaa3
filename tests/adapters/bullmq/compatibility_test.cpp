#include "adapters/bullmq/compatibility.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"
#include "tests/support/holds.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace compatibility {

struct Looking : QueueFixture {
  std::string refusal(const std::string& accepted = "") {
    const auto checked = check_compatibility(client, {"bull", "q"}, accepted);
    return checked ? "" : checked.error().detail;
  }
};

} // namespace compatibility

BOOST_FIXTURE_TEST_SUITE(compatibility, Looking)

BOOST_AUTO_TEST_CASE(versions_5_and_6_and_ports_to_other_languages_fit) {
  for (const auto* version : {"", "bullmq:5.0.0", "bullmq:5.64.1", "bullmq:6.7.0",
                              "bullmq-official:0.1.0", "bullmq:", "something"})
    BOOST_TEST(is_compatible(version), version);
  for (const auto* version : {"bullmq:4.18.2", "bullmq:1.91.1", "bullmq:7.0.0", "bullmq:60.0.0"})
    BOOST_TEST(!is_compatible(version), version);
}

BOOST_AUTO_TEST_CASE(a_new_queue_and_one_at_work_pass) {
  BOOST_TEST(refusal().empty());
  add_waiting("1");
  redis({"HSET", key("meta"), "version", "bullmq:5.28.2"});
  redis({"ZADD", key("delayed"), "1", "2"});
  BOOST_TEST(refusal().empty());
  BOOST_TEST(redis({"KEYS", "*"}).items.size() == 4u); // looking changes nothing
}

BOOST_AUTO_TEST_CASE(another_major_version_is_refused_by_name_unless_it_is_accepted) {
  redis({"HSET", key("meta"), "version", "bullmq:4.18.2"});
  BOOST_TEST(holds(refusal(), "bullmq:4.18.2"));
  BOOST_TEST(holds(refusal("bullmq:4.18.1"), "queue.accept_version"));
  BOOST_TEST(refusal("bullmq:4.18.2").empty());
}

BOOST_AUTO_TEST_CASE(keys_of_another_type_and_of_bull_are_refused) {
  redis({"SET", key("meta-paused"), "1"});
  BOOST_TEST(holds(refusal(), "Bull"));
  redis({"SET", key("wait"), "text"});
  BOOST_TEST(holds(refusal(), "bull:q:wait is a string"));
  redis({"DEL", key("wait")});
  redis({"SET", key("meta"), "text"});
  BOOST_TEST(holds(refusal(), "bull:q:meta is a string"));
}

BOOST_AUTO_TEST_SUITE_END()
