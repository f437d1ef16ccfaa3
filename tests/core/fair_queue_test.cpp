#include "core/fair_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

using gleaner::FairQueue;

namespace fair_queue {

using Queue = FairQueue<std::string, int>;

/// The lanes of the next `count` items, in order.
std::string turns(Queue& queue, int count) {
  std::string lanes;
  for (int i = 0; i < count && !queue.empty(); ++i) {
    lanes += queue.front_lane();
    queue.pop();
  }
  return lanes;
}

void fill(Queue& queue, const std::string& lane, int count, std::uint32_t stride = 1) {
  for (int i = 0; i < count; ++i)
    queue.push(lane, stride, i);
}

} // namespace fair_queue

BOOST_AUTO_TEST_SUITE(fair_queue)

BOOST_AUTO_TEST_CASE(lanes_take_turns_however_long_they_are) {
  Queue queue;
  fill(queue, "A", 200);
  fill(queue, "b", 3);
  fill(queue, "c", 1);
  BOOST_TEST(turns(queue, 10) == "AbcAbAbAAA");
  BOOST_TEST(queue.size() == 194u);
}

BOOST_AUTO_TEST_CASE(within_a_lane_the_order_of_coming_counts) {
  Queue queue;
  fill(queue, "a", 3);
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(queue.pop() == i);
  BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_CASE(all_that_waits_can_be_looked_at) {
  Queue queue;
  fill(queue, "a", 2);
  fill(queue, "b", 1);
  queue.pop();
  std::string seen;
  queue.for_each([&](const std::string& lane, int item) { seen += lane + std::to_string(item); });
  BOOST_TEST(seen == "a1b0");
}

BOOST_AUTO_TEST_CASE(a_lane_gets_turns_by_its_stride) {
  Queue queue;
  fill(queue, "a", 100, 1);
  fill(queue, "b", 100, 2);
  fill(queue, "c", 100, 4);
  std::map<char, int> counts;
  for (const char lane : turns(queue, 70))
    ++counts[lane];
  BOOST_TEST(counts['a'] == 40);
  BOOST_TEST(counts['b'] == 20);
  BOOST_TEST(counts['c'] == 10);
}

BOOST_AUTO_TEST_CASE(who_comes_late_starts_with_the_others) {
  Queue queue;
  fill(queue, "a", 50);
  turns(queue, 40);
  fill(queue, "z", 50);
  BOOST_TEST(turns(queue, 6) == "zazaza");
}

BOOST_AUTO_TEST_CASE(a_lane_that_asks_for_one_at_a_time_gets_no_more_than_the_others) {
  Queue queue;
  fill(queue, "b", 20);
  std::string lanes;
  for (int i = 0; i < 20; ++i) {
    if (!lanes.ends_with('a'))
      queue.push("a", 1, 0);
    else
      queue.push("a", 1, 1); // at once again
    lanes += turns(queue, 1);
  }
  BOOST_TEST(std::count(lanes.begin(), lanes.end(), 'a') == 10);
}

BOOST_AUTO_TEST_CASE(a_cleared_lane_hands_its_items_out_and_is_not_served) {
  Queue queue;
  fill(queue, "a", 3);
  fill(queue, "b", 1);
  std::vector<int> gone;
  queue.clear("a", [&](int item) { gone.push_back(item); });
  queue.clear("nobody", [&](int item) { gone.push_back(item); });
  BOOST_TEST(gone == (std::vector<int>{0, 1, 2}), boost::test_tools::per_element());
  BOOST_TEST(queue.size() == 1u);
  BOOST_TEST(turns(queue, 9) == "b");
}

BOOST_AUTO_TEST_CASE(lanes_that_come_once_are_forgotten_although_some_always_wait) {
  Queue queue;
  fill(queue, "first", 1);
  for (int i = 0; i < 10000; ++i) {
    queue.push("once " + std::to_string(i), 1, i);
    queue.pop();
  }
  BOOST_TEST(queue.size() == 1u);
  BOOST_TEST(queue.lanes() <= 1025u);
}

BOOST_AUTO_TEST_SUITE_END()
