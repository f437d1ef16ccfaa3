#include "adapters/bullmq/scripts.hpp"
#include "tests/adapters/bullmq/admin_fixture.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace large_queue {

struct Fixture : AdminFixture {
  static constexpr int many = 20000;
  static constexpr int depth = 3000;

  void send(std::vector<std::string> command) {
    client.submit(std::move(command), [](const auto&) {});
  }
  /// So many, all active and without a lock.
  void lose_jobs() {
    for (int i = 0; i < many; ++i) {
      const auto id = std::to_string(i);
      send({"HSET", key(id), "name", "x", "data", "{}"});
      send({"LPUSH", key("active"), id});
    }
  }
  /// Each job waits for the next one; the last of them could run.
  void put_line() {
    put_job("0");
    for (int i = 1; i <= depth; ++i) {
      const auto id = std::to_string(i), parent = std::to_string(i - 1);
      send({"HSET", key(id), "name", "x", "opts", R"({"fpof":true})", "parentKey", key(parent)});
      send({"SADD", key(parent + ":dependencies"), key(id)});
      send({"ZADD", key("waiting-children"), "1", parent});
    }
    redis({"LPUSH", key("wait"), std::to_string(depth)});
  }
  std::int64_t suspects() { return redis({"SCARD", key("stalled")}).integer; }
};

} // namespace large_queue

/// No call blocks Redis for long, whatever the size of what it works on.
BOOST_FIXTURE_TEST_SUITE(large_queue, Fixture)

BOOST_AUTO_TEST_CASE(a_family_of_any_size_is_removed_in_slices) {
  put_job("p");
  redis({"ZADD", key("waiting-children"), "1", "p"});
  for (int i = 0; i < many; ++i) {
    const auto id = "c" + std::to_string(i);
    send({"HSET", key(id), "name", "x", "parentKey", key("p")});
    send({"LPUSH", key("wait"), id});
    send({"SADD", key("p:dependencies"), key(id)});
  }
  redis({"SET", key("c7:lock"), "held"});
  BOOST_TEST((must(admin.remove({"p"})) == std::vector{JobChange::done}));
  BOOST_TEST(!exists("p"));
  BOOST_TEST(members("wait") == Texts{"c7"});
}

BOOST_AUTO_TEST_CASE(a_family_of_any_depth_is_removed) {
  put_line();
  BOOST_TEST((must(admin.remove({"0"})) == std::vector{JobChange::done}));
  BOOST_TEST(!exists(std::to_string(depth)));
  BOOST_TEST(members("waiting-children").empty());
}

BOOST_AUTO_TEST_CASE(a_family_of_any_depth_fails) {
  put_line();
  BOOST_TEST(bool(fail(take_one())));
  BOOST_TEST(redis({"ZCARD", key("failed")}).integer == depth + 1);
  BOOST_TEST(members("waiting-children").empty());
}

BOOST_AUTO_TEST_CASE(a_family_of_any_depth_is_drained) {
  put_line();
  BOOST_TEST(must(admin.drain(false)) == std::uint64_t{depth + 1});
  BOOST_TEST(members("waiting-children").empty());
  BOOST_TEST(!exists("0"));
}

BOOST_AUTO_TEST_CASE(a_family_that_goes_in_circles_is_removed) {
  for (const auto* id : {"a", "b", "c"})
    for (const auto* child : {"a", "b", "c"}) {
      put_job(id);
      send({"SADD", key(std::string{id} + ":dependencies"), key(child), "no key", key("nobody")});
    }
  BOOST_TEST((must(admin.remove({"a"})) == std::vector{JobChange::done}));
  for (const auto* id : {"a", "b", "c"})
    BOOST_TEST(!exists(id));
}

BOOST_AUTO_TEST_CASE(any_number_of_lost_jobs_comes_back) {
  lose_jobs();
  BOOST_TEST(check_stalled().requeued.empty());
  BOOST_TEST(suspects() == many);
  redis({"SET", key("7:lock"), "of a living worker"});
  BOOST_TEST(check_stalled().requeued.size() == std::size_t{many - 1});
  BOOST_TEST(redis({"LLEN", key("wait")}).integer == many - 1);
  BOOST_TEST(members("active") == Texts{"7"});
  BOOST_TEST(suspects() == 1);
}

BOOST_AUTO_TEST_CASE(one_call_looks_at_a_slice_of_the_suspects_and_of_the_active_jobs) {
  lose_jobs();
  ScriptRunner scripts{client, {"bull", "q"}};
  const auto look = [&](const std::string& place) {
    return must(scripts.call("stalled", {"30000", "1", "0", "", place, "30000"}));
  };
  BOOST_TEST(look("-1").items[2].integer == 5000);
  BOOST_TEST(suspects() == 5000);
  redis({"DEL", key("stalled-check")});
  const auto second = look("-1");
  BOOST_TEST(second.items[0].items.size() == 500u);
  BOOST_TEST(second.items[2].integer == 0);
  BOOST_TEST(suspects() == 4500);
  BOOST_TEST(look("-1").items[2].integer == -1); // too soon for another look
  BOOST_TEST(suspects() == 4500);
}

BOOST_AUTO_TEST_CASE(what_is_too_long_to_be_read_is_passed_over) {
  const std::string padding(2 << 20, 'x');
  add_waiting("1", R"({"lifo":true,"x":")" + padding + "\"}");
  redis({"HSET", key("1"), "name", padding, "defa", padding, "stacktrace", "[\"" + padding + "\"]",
         "parentKey", key("p"), "parent", "{\"x\":\"" + padding + "\"}"});
  add_waiting("2");
  const auto job = take_one();
  BOOST_TEST(job.name.size() == 65536u);
  BOOST_TEST(job.refusal.value_or("").size() == 65536u);
  BOOST_TEST(bool(retry(job, std::chrono::milliseconds{0})));
  BOOST_TEST(members("wait") == (Texts{"1", "2"})); // not in front
  BOOST_TEST(field("1", "failedReason") == "broken");
  BOOST_TEST(field("1", "stacktrace").size() == padding.size() + 4);
}

BOOST_AUTO_TEST_CASE(a_throttle_without_an_end_is_not_for_ever) {
  redis({"SET", key("stalled-check"), "somebody"});
  BOOST_TEST(
    bool(answer_of<StalledJobs>([&](auto reply) { writer().recover_stalled(std::move(reply)); })));
  BOOST_TEST(redis({"PTTL", key("stalled-check")}).integer > 0);
}

BOOST_AUTO_TEST_SUITE_END()
