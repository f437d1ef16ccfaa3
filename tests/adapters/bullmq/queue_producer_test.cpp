#include "adapters/bullmq/queue_producer.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace queue_producer {

struct Producing : QueueFixture {
  QueueProducer producer{client, {"bull", "q"}};

  std::vector<JobId> add(const Texts& domains, const AddOptions& options = {}) {
    auto ids = producer.add(domains, options);
    if (!ids)
      BOOST_FAIL(ids.error().detail);
    std::vector<JobId> all;
    for (auto& job : *ids)
      all.push_back(std::move(job.id));
    return all;
  }
};

} // namespace queue_producer

BOOST_FIXTURE_TEST_SUITE(queue_producer, Producing)

BOOST_AUTO_TEST_CASE(a_job_is_stored_as_stock_clients_store_it) {
  BOOST_TEST(add({"acme.test"}) == Texts{"1"});
  BOOST_TEST(field("1", "name") == "collect-domain");
  BOOST_TEST(field("1", "data") == R"({"domain":"acme.test"})");
  BOOST_TEST(field("1", "opts") ==
             R"({"attempts":3,"backoff":{"type":"exponential","delay":2000}})");
  BOOST_TEST(field("1", "delay") == "0");
  BOOST_TEST(field("1", "priority") == "0");
  BOOST_TEST(std::stoll(field("1", "timestamp")) > 1700000000000);
  BOOST_TEST(members("wait") == Texts{"1"});
  BOOST_TEST(members("marker") == Texts{"0"});
  BOOST_TEST(event_names() == (Texts{"added", "waiting"}));
  BOOST_TEST(events("added")[0].at("name") == "collect-domain");
  BOOST_TEST(redis({"HEXISTS", key("meta"), "version"}).integer == 0);
}

BOOST_AUTO_TEST_CASE(ids_come_in_the_order_of_the_domains_also_from_a_server_without_scripts) {
  redis({"SCRIPT", "FLUSH"});
  Texts domains;
  for (int i = 0; i < 3000; ++i)
    domains.push_back("d" + std::to_string(i) + ".test");
  const auto ids = add(domains);
  BOOST_REQUIRE(ids.size() == domains.size());
  for (std::size_t i = 0; i < ids.size(); ++i)
    BOOST_REQUIRE(ids[i] == std::to_string(i + 1));
  BOOST_TEST(field("2999", "data") == R"({"domain":"d2998.test"})");
}

BOOST_AUTO_TEST_CASE(a_delayed_job_wakes_a_worker_when_it_is_due) {
  AddOptions options;
  options.delay = 60s;
  options.priority = 5;
  add({"acme.test"}, options);
  BOOST_TEST(members("delayed") == Texts{"1"});
  BOOST_TEST(field("1", "delay") == "60000");
  const auto due = std::stoll(field("1", "timestamp")) + 60000;
  BOOST_TEST(redis({"ZSCORE", key("marker"), "1"}).text == std::to_string(due));
  BOOST_TEST(events("delayed")[0].at("delay") == std::to_string(due));
  BOOST_TEST(!exists("prioritized"));
}

BOOST_AUTO_TEST_CASE(a_priority_orders_jobs_with_those_of_stock_clients) {
  AddOptions options;
  options.priority = 5;
  options.attempts = 1;
  add({"a.test", "b.test"}, options);
  BOOST_TEST(redis({"ZSCORE", key("prioritized"), "1"}).text == "21474836481");
  BOOST_TEST(redis({"ZSCORE", key("prioritized"), "2"}).text == "21474836482");
  BOOST_TEST(event_names() == (Texts{"added", "waiting", "added", "waiting"}));
  BOOST_TEST(members("marker") == Texts{"0"});
  BOOST_TEST(field("1", "opts") == R"({"attempts":1,"priority":5})");
}

BOOST_AUTO_TEST_CASE(a_paused_queue_is_not_woken_and_keeps_the_job_where_resume_finds_it) {
  redis({"HSET", key("meta"), "paused", "1"});
  add({"acme.test"});
  BOOST_TEST(members("paused") == Texts{"1"});
  BOOST_TEST(!exists("marker"));
}

BOOST_AUTO_TEST_CASE(domains_that_are_no_utf8_do_not_break_the_others) {
  add({"\xff.test", "b.test"});
  BOOST_TEST(field("1", "data") == "{\"domain\":\"\xEF\xBF\xBD.test\"}");
  BOOST_TEST(members("wait") == (Texts{"2", "1"}));
}

BOOST_AUTO_TEST_CASE(a_domain_that_has_a_job_gets_no_other_when_told_so) {
  AddOptions options;
  options.deduplicate = true;
  const auto first = producer.add(Texts{"acme.test"}, options);
  const auto second = producer.add(Texts{"acme.test", "b.test"}, options);
  BOOST_REQUIRE((first && second));
  BOOST_TEST(first->at(0).is_new);
  BOOST_TEST(!second->at(0).is_new);
  BOOST_TEST(second->at(0).id == first->at(0).id);
  BOOST_TEST(second->at(1).is_new);
  BOOST_TEST(field("1", "deid") == "acme.test");
  BOOST_TEST(redis({"GET", key("de:acme.test")}).text == "1");
  BOOST_TEST(redis({"PTTL", key("de:acme.test")}).integer == -1);
  const auto seen = events("deduplicated");
  BOOST_REQUIRE(seen.size() == 1u);
  BOOST_TEST(seen[0].at("jobId") == "1");
  BOOST_TEST(seen[0].at("deduplicationId") == "acme.test");
  BOOST_TEST(seen[0].at("deduplicatedJobId") == "2");
  BOOST_TEST(redis({"EXISTS", key("2")}).integer == 0);
}

BOOST_AUTO_TEST_CASE(a_deduplication_may_expire_or_lose_its_owner) {
  AddOptions options;
  options.deduplicate = true;
  options.deduplicate_for = 5s;
  add({"acme.test"}, options);
  const auto left = redis({"PTTL", key("de:acme.test")}).integer;
  BOOST_TEST((left > 0 && left <= 5000));
  redis({"SET", key("de:b.test"), "gone"});
  options.deduplicate_for = 0s;
  BOOST_TEST(producer.add(Texts{"b.test"}, options)->at(0).is_new);
}

BOOST_AUTO_TEST_CASE(no_domains_are_no_error) {
  BOOST_TEST(add({}).empty());
}

BOOST_AUTO_TEST_CASE(a_server_that_is_gone_is_an_error) {
  RedisConfig nowhere;
  nowhere.url = "unix:///tmp/there-is-no-such-socket";
  redis::RedisClient lonely{nowhere, ""};
  const auto ids = QueueProducer{lonely, {"bull", "q"}}.add(Texts{"a.test", "b.test"}, {});
  BOOST_REQUIRE(!bool(ids));
  BOOST_TEST((ids.error().code == Errc::redis_unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
