#include "app/cluster/node_pool.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <vector>

using namespace gleaner;

namespace node_pool_suite {

/// Nodes that keep their orders.
struct Fixture {
  using Standing = NodePool::Standing;
  NodePool pool;
  std::vector<std::uint32_t> rooms;
  std::map<NodePool::NodeId, std::vector<PageOrder>> orders;
  std::vector<ApiAnswer> answers;

  Fixture() {
    pool.watch_room([this](std::uint32_t slots) { rooms.push_back(slots); });
  }
  NodePool::NodeId add(std::uint32_t slots, const std::string& name = "node") {
    const auto id = pool.next_id();
    pool.add(
      id, name, "0.1.0", [this, id](PageOrder order) { orders[id].push_back(std::move(order)); },
      slots);
    return id;
  }
  void order(int times = 1) {
    for (int i = 0; i < times; ++i)
      pool.order("default", {"acme.test", 0, 10}, {},
                 [this](ApiAnswer answer) { answers.push_back(std::move(answer)); });
  }
  void serve(NodePool::NodeId node, std::size_t which) {
    ApiAnswer answer;
    answer.status = 200;
    pool.served(node, orders[node][which].number, answer);
  }
};

} // namespace node_pool_suite

BOOST_FIXTURE_TEST_SUITE(node_pool_suite, Fixture)

BOOST_AUTO_TEST_CASE(pages_go_where_the_smallest_part_of_the_room_is_taken) {
  const auto large = add(6), small = add(2);
  order(8);
  BOOST_TEST(orders[large].size() == 6u);
  BOOST_TEST(orders[small].size() == 2u);
  serve(small, 0); // which is the quicker one
  order();
  BOOST_TEST(orders[small].size() == 3u);
}

BOOST_AUTO_TEST_CASE(nobody_gets_more_than_it_has_room_for) {
  const auto node = add(1);
  order(2);
  BOOST_TEST(orders[node].size() == 1u);
  BOOST_REQUIRE(answers.size() == 1u);
  BOOST_TEST((answers[0].transport == ApiAnswer::Transport::unsent));
  serve(node, 0);
  BOOST_REQUIRE(answers.size() == 2u);
  BOOST_TEST(answers[1].status == 200);
}

BOOST_AUTO_TEST_CASE(room_is_told_whenever_it_changes) {
  const auto first = add(4);
  const auto second = add(2);
  pool.resize(first, 0);
  pool.remove(second, Standing::left);
  BOOST_TEST(rooms == (std::vector<std::uint32_t>{0, 4, 6, 2, 0}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(those_that_went_are_remembered_by_name_until_they_are_back) {
  const auto node = add(2, "a");
  order();
  serve(node, 0);
  pool.remove(node, Standing::lost);
  BOOST_TEST(pool.joined() == 0u);
  BOOST_REQUIRE(pool.nodes().size() == 1u);
  BOOST_TEST(pool.nodes()[0].served == 1u);
  BOOST_TEST(pool.nodes()[0].slots == 0u);
  BOOST_TEST((pool.nodes()[0].standing == Standing::lost));
  add(2, "a");
  BOOST_REQUIRE(pool.nodes().size() == 1u);
  BOOST_TEST((pool.nodes()[0].standing == Standing::joined));
  for (int i = 0; i < 100; ++i)
    pool.remove(add(1, "n" + std::to_string(i)), Standing::left);
  BOOST_TEST(pool.nodes().size() == 65u);
}

BOOST_AUTO_TEST_CASE(a_drained_node_finishes_what_it_has_and_gets_nothing_more) {
  const auto node = add(4, "a"), other = add(1, "b");
  order(2);
  pool.drain({"a", "later"});
  BOOST_TEST(rooms.back() == 1u);
  serve(node, 0);
  order(2);
  BOOST_TEST(orders[node].size() == 1u);
  BOOST_TEST(orders[other].size() == 1u);
  BOOST_TEST(pool.nodes()[0].drained);
  BOOST_TEST(!pool.nodes()[1].drained);
  const auto late = add(8, "later"); // joins while it is drained
  BOOST_TEST(rooms.back() == 1u);
  pool.drain({});
  BOOST_TEST(rooms.back() == 13u);
  order(3);
  BOOST_TEST(orders[late].size() > 0u);
}

BOOST_AUTO_TEST_CASE(what_a_lost_node_had_is_told_once_and_its_late_answers_are_nothing) {
  const auto node = add(4);
  order(2);
  serve(node, 0);
  pool.remove(node, Standing::lost);
  BOOST_REQUIRE(answers.size() == 2u);
  BOOST_TEST((answers[1].transport == ApiAnswer::Transport::node_lost));
  serve(node, 1);
  pool.remove(node, Standing::lost);
  BOOST_TEST(answers.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_twice_or_from_another_node_counts_for_nothing) {
  const auto node = add(2), other = add(0);
  order();
  serve(node, 0);
  serve(node, 0);
  ApiAnswer answer;
  pool.served(other, orders[node][0].number, answer);
  BOOST_TEST(answers.size() == 1u);
  BOOST_TEST(pool.nodes()[0].busy == 0u);
  BOOST_TEST(pool.nodes()[0].served == 1u);
}

BOOST_AUTO_TEST_CASE(a_node_that_takes_less_finishes_what_it_has) {
  const auto node = add(3);
  order(3);
  pool.resize(node, 1);
  serve(node, 0);
  order();
  BOOST_TEST((answers.back().transport == ApiAnswer::Transport::unsent));
  serve(node, 1);
  serve(node, 2);
  order();
  BOOST_TEST(orders[node].size() == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
