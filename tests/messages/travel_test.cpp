#include "messages/registry.hpp"
#include "tests/support/contact_copy.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/deep_to_string.hpp>

#include <vector>

using namespace gleaner;
using namespace std::chrono_literals;

namespace travelling_messages {

struct Fixture {
  caf::actor_system_config config;
  caf::actor_system system{[this]() -> caf::actor_system_config& {
    register_messages(config);
    return config;
  }()};

  /// What arrives when `message` crosses the network.
  template <class Message>
  Message cross(Message message) {
    std::vector<char> bytes;
    caf::binary_serializer out{system, bytes};
    BOOST_REQUIRE(!out(message));
    Message arrived;
    caf::binary_deserializer in{system, bytes};
    BOOST_REQUIRE(!in(arrived));
    return arrived;
  }

  template <class Message>
  void check_unchanged(Message message) {
    BOOST_TEST(caf::deep_to_string(cross(message)) == caf::deep_to_string(message));
  }
};

TakenJob full_job() {
  TakenJob job;
  job.lock = {"7", "seed:1"};
  job.name = "collect-domain";
  job.domain = "acme.test";
  job.refusal = "why not";
  job.attempts_made = 2;
  job.retry = {5, BackoffKind::exponential, 2000ms, 0.5, "exponential"};
  job.keep_completed = KeepJobs{10, 3600, std::nullopt};
  job.stack_trace_limit = 3;
  job.timestamp_ms = 1767225600000;
  job.processed_on_ms = 1767225600123;
  job.trace = {1, 2, 3, true};
  return job;
}

} // namespace travelling_messages

BOOST_FIXTURE_TEST_SUITE(travelling_messages, Fixture)

BOOST_AUTO_TEST_CASE(a_taken_job_arrives_with_all_it_carries) {
  check_unchanged(JobTaken{full_job(), {}});
  const auto arrived = cross(JobTaken{full_job(), {}}).job;
  BOOST_TEST(arrived.refusal.value() == "why not");
  BOOST_TEST(arrived.keep_completed->count.value() == 10);
  BOOST_TEST(!arrived.keep_completed->limit);
  BOOST_TEST(!arrived.keep_failed);
  BOOST_TEST(arrived.retry.delay.count() == 2000);
}

BOOST_AUTO_TEST_CASE(a_body_is_copied_when_it_travels) {
  const auto arrived = cross(PageFetched{"7", 100, SharedBody{"{\"data\":{}}"}});
  BOOST_TEST(arrived.body.view() == "{\"data\":{}}");
  BOOST_TEST(arrived.offset == 100u);
}

BOOST_AUTO_TEST_CASE(a_collection_arrives_with_its_items_and_metadata) {
  Contact contact;
  contact.email = "ann@acme.test";
  contact.confidence = 0.94;
  contact.sources = {{"acme.test", "http://acme.test/team", "2025-01-01", "2026-01-01", true}};
  Collection collection;
  collection.domain = "acme.test";
  collection.items = test::list_of({contact});
  collection.metadata.truncated = "max_collect";
  const std::chrono::steady_clock::time_point valid_until{123456789ns};
  check_unchanged(StoreCollection{{"7", "t"}, collection, valid_until});
  const auto arrived = cross(StoreCollection{{"7", "t"}, collection, valid_until});
  BOOST_TEST(arrived.collection.items[0].sources.at(0).uri == "http://acme.test/team");
  BOOST_TEST((arrived.valid_until == valid_until));
  const auto never = std::chrono::steady_clock::time_point::max();
  BOOST_TEST((cross(StoreCollection{{"7", "t"}, collection, never}).valid_until == never));
}

BOOST_AUTO_TEST_CASE(an_end_arrives_with_its_progress) {
  JobEnd end;
  end.kind = JobEnd::Kind::retried_later;
  end.failed_reason = "HTTP 500";
  end.delay = 4000ms;
  end.progress = Progress{};
  end.progress->status = ProgressStatus::failed;
  check_unchanged(EndJob{full_job(), end, true});
  BOOST_TEST((cross(EndJob{full_job(), end, true}).end.progress->status == ProgressStatus::failed));
}

BOOST_AUTO_TEST_CASE(answers_of_the_api_arrive_whole) {
  ApiAnswer answer;
  answer.transport = ApiAnswer::Transport::answered;
  answer.status = 429;
  answer.retry_after = 7s;
  answer.error_id = "too_many_requests";
  check_unchanged(PageAnswered{"7", 0, answer});
  BOOST_TEST(cross(PageAnswered{"7", 0, answer}).answer.retry_after->count() == 7);
  ApiAccount account;
  account.credits_remaining = 9449.5;
  BOOST_TEST(*cross(AccountAnswered{"7", 0, account}).account->credits_remaining == 9449.5);
}

BOOST_AUTO_TEST_SUITE_END()
