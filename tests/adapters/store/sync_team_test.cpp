#include "adapters/store/sync_team.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace gleaner::test {

namespace sync_team_suite {

/// Who called, and how often with each number.
struct Calls {
  explicit Calls(std::size_t count) : times(count) {}

  void add(std::size_t number) {
    ++times[number];
    const std::lock_guard guard{mutex};
    threads.insert(std::this_thread::get_id());
  }
  bool once_each() const {
    return std::all_of(times.begin(), times.end(), [](const auto& count) { return count == 1; });
  }

  std::vector<std::atomic<int>> times;
  std::mutex mutex;
  std::set<std::thread::id> threads;
};

} // namespace sync_team_suite

BOOST_AUTO_TEST_SUITE(sync_team_suite)

BOOST_AUTO_TEST_CASE(each_is_called_once_whatever_the_size_of_the_group) {
  store::SyncTeam team;
  for (std::size_t count = 0; count < 200; ++count) {
    sync_team_suite::Calls calls{count};
    team.run(count, [&](std::size_t number) { calls.add(number); });
    BOOST_TEST(calls.once_each(), count);
  }
}

BOOST_AUTO_TEST_CASE(few_are_called_by_the_caller_in_their_order) {
  store::SyncTeam team;
  std::vector<std::size_t> order;
  team.run(3, [&](std::size_t number) { order.push_back(number); });
  BOOST_TEST(order == (std::vector<std::size_t>{0, 1, 2}), boost::test_tools::per_element());
}

// Each waits until all are under way.
BOOST_AUTO_TEST_CASE(eight_are_under_way_at_a_time) {
  store::SyncTeam team;
  sync_team_suite::Calls calls{8};
  std::atomic<int> under_way{0};
  team.run(8, [&](std::size_t number) {
    calls.add(number);
    for (++under_way; under_way < 8;)
      std::this_thread::yield();
  });
  BOOST_TEST(calls.once_each());
  BOOST_TEST(calls.threads.size() == 8u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
