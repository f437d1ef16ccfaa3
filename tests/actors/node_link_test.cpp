#include "actors/node_link.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace node_link_suite {

/// A link to a node that only says what a test says.
struct Fixture : DeterministicSystem {
  Recorder<PageServerActor> server{*this};
  SilentLog log;
  std::vector<std::pair<std::uint64_t, ApiAnswer>> served;
  std::vector<std::uint32_t> slots;
  int lost = 0, left = 0;
  std::string keys = "ours";
  NodeLinkActor link = spawn(node_link, deps());

  Fixture() { run(); }

  NodeLinkDeps deps() {
    return {server.handle,
            "far",
            [](const NodeLinkActor&) {},
            [this](std::uint64_t number, ApiAnswer answer) {
              served.emplace_back(number, std::move(answer));
            },
            [this](std::uint32_t now) { slots.push_back(now); },
            [this](bool leave_taken) { ++(leave_taken ? left : lost); },
            [this] { return keys; },
            &log};
  }
  /// The node's clock is an hour ahead.
  void answer_ping(std::uint32_t free = 4, std::string theirs = "ours") {
    send_as(server.handle, link,
            Pong{server.last<Ping>().number, now() + 1h, free, std::move(theirs)});
  }
  void order(std::uint64_t number, SteadyTime before) {
    caf::anon_send(link, PageOrdered{number, "default", {"acme.test", 100, 50}, before});
    run();
  }
};

} // namespace node_link_suite

BOOST_FIXTURE_TEST_SUITE(node_link_actor, node_link_suite::Fixture)

BOOST_AUTO_TEST_CASE(a_node_that_answers_gets_orders_in_its_own_time) {
  order(1, now() + 5s);
  BOOST_REQUIRE(served.size() == 1u); // its clock is not known yet
  BOOST_TEST((served[0].second.transport == ApiAnswer::Transport::unsent));
  answer_ping();
  BOOST_TEST(slots == std::vector<std::uint32_t>{4}, boost::test_tools::per_element());
  order(2, now() + 5s);
  BOOST_REQUIRE(server.count<ServePage>() == 1u);
  const auto& asked = server.last<ServePage>();
  BOOST_TEST(asked.number == 2u);
  BOOST_TEST(asked.key == "default");
  BOOST_TEST(asked.request.domain == "acme.test");
  BOOST_TEST((asked.send_before == now() + 1h + 5s));
  ApiAnswer answer;
  answer.status = 200;
  send_as(server.handle, link, PageServed{2, answer});
  BOOST_REQUIRE(served.size() == 2u);
  BOOST_TEST(served[1].first == 2u);
  BOOST_TEST(served[1].second.status == 200);
}

BOOST_AUTO_TEST_CASE(a_node_that_is_silent_for_eight_seconds_is_given_up_for_good) {
  answer_ping();
  advance(1s);
  answer_ping();
  for (int second = 0; second < 7; ++second)
    advance(1s);
  BOOST_TEST(lost == 0);
  advance(1s);
  BOOST_TEST(lost == 1);
  answer_ping(); // too late
  order(3, now() + 5s);
  BOOST_TEST(server.count<ServePage>() == 0u);
  BOOST_TEST(lost == 1);
}

BOOST_AUTO_TEST_CASE(a_node_whose_pongs_wait_behind_pages_lives) {
  answer_ping();
  for (std::uint64_t second = 0; second < 20; ++second) {
    advance(1s);
    send_as(server.handle, link, PageServed{second, {}});
  }
  BOOST_TEST(lost == 0);
}

BOOST_AUTO_TEST_CASE(a_node_whose_process_ends_is_given_up_at_once) {
  answer_ping();
  caf::anon_send_exit(server.handle, caf::exit_reason::kill);
  run();
  BOOST_TEST(lost == 1);
}

BOOST_AUTO_TEST_CASE(a_node_that_has_finished_is_not_lost) {
  answer_ping();
  caf::anon_send(caf::actor_cast<caf::actor>(link), // as of one that quits
                 caf::down_msg{server.handle.address(), caf::none});
  run();
  BOOST_TEST(left == 1);
  BOOST_TEST(lost == 0);
}

BOOST_AUTO_TEST_CASE(a_node_with_other_keys_has_no_room) {
  answer_ping(4, "theirs");
  BOOST_TEST(slots.empty());
  advance(1s);
  keys = "theirs"; // ours was replaced, too
  answer_ping(4, "theirs");
  BOOST_TEST(slots == std::vector<std::uint32_t>{4}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_more_room_is_believed_than_a_node_can_have) {
  answer_ping(4'000'000'000);
  BOOST_TEST(slots == std::vector<std::uint32_t>{1024}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_pong_that_answers_no_ping_counts_for_nothing) {
  send_as(server.handle, link, Pong{77, now(), 9, "ours"});
  BOOST_TEST(slots.empty());
}

BOOST_AUTO_TEST_SUITE_END()
