#include "actors/page_server.hpp"
#include "adapters/profile/profile_reader.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/scripted_api.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace page_server_suite {

struct Fakes {
  prometheus::Registry registry;
  ClusterMetrics metrics{registry};
  ScriptedApi api;
  SilentLog log;
  std::uint32_t slots = 2;
};

/// A server between a coordinator's link and the API.
struct Fixture : Fakes, DeterministicSystem {
  Recorder<NodeLinkActor> link{*this};
  Recorder<NormalizerActor> normalizer{*this};
  PageServerActor server = spawn(page_server, deps());

  PageServerDeps deps() {
    PageServerDeps made;
    made.apis = {{"default", &api}};
    made.normalizers = {normalizer.handle};
    made.profile = &profile::builtin_profile();
    made.slots = [this] { return slots; };
    made.keys = [] { return std::string{"ours"}; };
    made.log = &log;
    made.metrics = &metrics;
    return made;
  }
  void order(std::uint64_t number, PageRequest request = {"acme.test", 100, 50},
             const std::string& key = "default") {
    send_as(link.handle, server, ServePage{number, key, std::move(request), now() + 1s});
  }
  void ping(std::uint64_t number) { send_as(link.handle, server, Ping{number}); }
  bool ended() {
    ping(99);
    return link.count<Pong>() == 0 || link.last<Pong>().number != 99;
  }
};

} // namespace page_server_suite

BOOST_FIXTURE_TEST_SUITE(page_server_actor, page_server_suite::Fixture)

BOOST_AUTO_TEST_CASE(contacts_go_back_and_not_the_body) {
  order(7);
  BOOST_REQUIRE(api.requests.size() == 1u);
  BOOST_TEST(api.requests[0].offset == 100u);
  BOOST_TEST((api.send_before == now() + 1s));
  api.answer(ScriptedApi::page("body"));
  run();
  BOOST_REQUIRE(normalizer.count<PackPage>() == 1u);
  const auto asked = normalizer.last<PackPage>();
  BOOST_TEST(asked.body.view() == "body");
  send_as(normalizer.handle, server, PagePacked{asked.number, "packed"});
  BOOST_REQUIRE(link.count<PageServed>() == 1u);
  BOOST_TEST(link.last<PageServed>().number == 7u);
  BOOST_TEST(link.last<PageServed>().answer.status == 200);
  BOOST_TEST(link.last<PageServed>().answer.normalized);
  BOOST_TEST(link.last<PageServed>().answer.body.view() == "packed");
}

BOOST_AUTO_TEST_CASE(what_is_no_page_goes_back_for_the_coordinator_to_judge) {
  order(7);
  auto refusal = ScriptedApi::status(429, "too_many", "slow down");
  refusal.body = SharedBody{"a long text"};
  api.answer(refusal);
  run();
  BOOST_REQUIRE(link.count<PageServed>() == 1u);
  const auto& answer = link.last<PageServed>().answer;
  BOOST_TEST(answer.status == 429);
  BOOST_TEST(answer.error_details == "slow down");
  BOOST_TEST(answer.body.view().empty());
  BOOST_TEST(!answer.normalized);
}

BOOST_AUTO_TEST_CASE(an_unreadable_page_goes_back_whole) {
  order(7);
  api.answer(ScriptedApi::page("<html>"));
  run();
  send_as(normalizer.handle, server, PagePacked{normalizer.last<PackPage>().number, std::nullopt});
  BOOST_REQUIRE(link.count<PageServed>() == 1u);
  BOOST_TEST(link.last<PageServed>().answer.body.view() == "<html>");
  BOOST_TEST(!link.last<PageServed>().answer.normalized);
}

BOOST_AUTO_TEST_CASE(no_more_pages_are_taken_than_there_are_slots) {
  order(1);
  order(2);
  order(3);
  BOOST_TEST(api.requests.size() == 2u);
  BOOST_REQUIRE(link.count<PageServed>() == 1u);
  BOOST_TEST(link.last<PageServed>().number == 3u);
  BOOST_TEST((link.last<PageServed>().answer.transport == ApiAnswer::Transport::unsent));
  api.answer(ScriptedApi::status(500));
  run();
  order(4);
  BOOST_TEST(api.requests.size() == 3u);
}

BOOST_AUTO_TEST_CASE(orders_that_no_coordinator_gives_are_not_carried_out) {
  slots = 100;
  order(1, {"", 0, 10});
  order(2, {"acme.test/../x", 0, 10});
  order(3, {std::string(70000, 'a') + ".test", 0, 10});
  order(4, {"acme.test", 0, 0});
  order(5, {"acme.test", 0, 101});
  order(6, {"acme.test", 0, 10}, "unknown");
  BOOST_TEST(api.requests.empty());
  BOOST_TEST(link.count<PageServed>() == 6u);
  order(7);
  order(7);
  BOOST_TEST(api.requests.size() == 1u);
  for (const auto& served : link.all<PageServed>())
    BOOST_TEST((served.answer.transport == ApiAnswer::Transport::unsent));
}

BOOST_AUTO_TEST_CASE(a_ping_tells_room_time_and_keys) {
  ping(5);
  BOOST_REQUIRE(link.count<Pong>() == 1u);
  BOOST_TEST(link.last<Pong>().number == 5u);
  BOOST_TEST((link.last<Pong>().now == now()));
  BOOST_TEST(link.last<Pong>().slots == 2u);
  BOOST_TEST(link.last<Pong>().keys == "ours");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_asked_for_eight_seconds_ends) {
  advance(7s);
  ping(1);
  advance(7s);
  BOOST_TEST(log.codes.empty());
  advance(1s);
  BOOST_TEST(ended());
  BOOST_TEST(log.codes == std::vector<std::string>{"cluster.coordinator_lost"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_server_ends_with_the_link_that_asks_it) {
  ping(1);
  caf::anon_send_exit(link.handle, caf::exit_reason::kill);
  run();
  BOOST_TEST(ended());
  BOOST_TEST(log.codes == std::vector<std::string>{"cluster.coordinator_lost"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stop_lets_pages_at_hand_finish) {
  order(1);
  caf::anon_send(server, StopServing{});
  run();
  ping(1);
  BOOST_TEST(link.last<Pong>().slots == 0u);
  order(2);
  BOOST_TEST(api.requests.size() == 1u);
  BOOST_TEST(!ended());
  api.answer(ScriptedApi::status(500));
  run();
  BOOST_TEST(link.count<PageServed>() == 2u);
  ping(3);
  BOOST_TEST(link.last<Pong>().number != 3u);
}

BOOST_AUTO_TEST_SUITE_END()
