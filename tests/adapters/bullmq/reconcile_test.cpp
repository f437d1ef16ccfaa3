#include "tests/adapters/bullmq/reconcile_fixture.hpp"

#include <array>

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace reconcile {

constexpr std::array sorted_sets{"prioritized", "delayed", "waiting-children", "completed",
                                 "failed"};

/// A Redis that is gone after so many commands.
struct BreakingPort final : redis::CommandPort {
  explicit BreakingPort(redis::CommandPort& redis) : inner(redis) {}
  void submit(std::vector<std::string> args, redis::RedisReply reply,
              std::optional<std::chrono::milliseconds> deadline) override {
    if (commands_left-- > 0)
      return inner.submit(std::move(args), std::move(reply), deadline);
    reply(Error{Errc::redis_unavailable, "gone"});
  }
  void interrupt() override { inner.interrupt(); }
  bool connected() const noexcept override { return inner.connected(); }
  bool can_block() const noexcept override { return inner.can_block(); }

  redis::CommandPort& inner;
  int commands_left = 0;
};

} // namespace reconcile

BOOST_FIXTURE_TEST_SUITE(reconcile, ReconcileFixture)

BOOST_AUTO_TEST_CASE(a_job_in_no_structure_waits_again_after_two_passes) {
  put_job("lost");
  add_waiting("1");
  BOOST_TEST(pass().jobs == 0u);
  BOOST_TEST(members("wait") == Texts{"1"});
  BOOST_TEST(pass().jobs == 1u);
  BOOST_TEST(members("wait") == (Texts{"lost", "1"}));
  BOOST_TEST(events("waiting").at(0).at("jobId") == "lost");
  BOOST_TEST(members("marker") == Texts{"0"});
  BOOST_TEST(pass().jobs == 0u);
  BOOST_TEST(pass().jobs == 0u);
  BOOST_TEST(take(3).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_job_that_is_listed_between_two_passes_was_only_being_added) {
  put_job("slow");
  pass();
  redis({"LPUSH", key("wait"), "slow"});
  BOOST_TEST(pass().jobs == 0u);
  BOOST_TEST(members("wait") == Texts{"slow"});
}

BOOST_AUTO_TEST_CASE(a_job_in_any_structure_stays_there) {
  for (const std::string list : {"wait", "paused", "active"}) {
    put_job("in " + list);
    redis({"RPUSH", key(list), "in " + list});
  }
  for (const auto* set : sorted_sets) {
    put_job(std::string{"in "} + set);
    redis({"ZADD", key(set), "9999999999999999", std::string{"in "} + set});
  }
  put_job("held");
  redis({"SET", key("held:lock"), "t", "PX", "60000"});
  for (int i = 0; i < 3; ++i) {
    const auto found = pass();
    BOOST_TEST(found.jobs + found.finished_jobs + found.ghosts + found.locks == 0u);
  }
  BOOST_TEST(events().empty());
}

BOOST_AUTO_TEST_CASE(an_ended_job_is_put_back_among_its_like) {
  put_job("good");
  set("good",
      {"finishedOn", "1700000001000", "returnvalue", "{}", "failedReason", "of a first try"});
  put_job("bad");
  set("bad", {"finishedOn", "1700000002000", "failedReason", "broken"});
  put_job("neither");
  set("neither", {"finishedOn", "1700000003000"});
  const auto found = two_passes();
  BOOST_TEST(found.finished_jobs == 2u);
  BOOST_TEST(found.jobs == 1u);
  BOOST_TEST(redis({"ZSCORE", key("completed"), "good"}).text == "1700000001000");
  BOOST_TEST(redis({"ZSCORE", key("failed"), "bad"}).text == "1700000002000");
  BOOST_TEST(members("wait") == Texts{"neither"});
  BOOST_TEST(redis({"HEXISTS", key("neither"), "finishedOn"}).integer == 0);
}

BOOST_AUTO_TEST_CASE(a_lost_job_waits_where_its_priority_delay_and_children_say) {
  put_job("urgent");
  set("urgent", {"priority", "3"});
  put_job("later");
  set("later", {"timestamp", now_ms(), "delay", "3600000"});
  put_job("was later");
  set("was later", {"delay", "5000"});
  put_job("parent");
  redis({"SADD", key("parent:dependencies"), key("elsewhere")});
  add_waiting("1");
  put_job("first", R"({"lifo":true})");
  BOOST_TEST(two_passes().jobs == 5u);
  BOOST_TEST(members("prioritized") == Texts{"urgent"});
  BOOST_TEST(members("delayed") == Texts{"later"});
  BOOST_TEST(members("waiting-children") == Texts{"parent"});
  BOOST_TEST(members("wait") == (Texts{"was later", "1", "first"}));
  BOOST_TEST(field("was later", "delay") == "0");
  BOOST_TEST(events("delayed").size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_paused_queue_gets_its_job_without_waking_anybody) {
  redis({"HSET", key("meta"), "paused", "1", "version", "bullmq:5.0.0"});
  put_job("lost");
  BOOST_TEST(two_passes().jobs == 1u);
  BOOST_TEST(members("paused") == Texts{"lost"});
  BOOST_TEST(!exists("marker"));
}

BOOST_AUTO_TEST_CASE(a_lost_job_that_is_to_fail_fails_when_it_is_taken) {
  put_job("doomed");
  set("doomed", {"defa", "child failed"});
  BOOST_TEST(two_passes().jobs == 1u);
  BOOST_TEST(take_one().refusal.value_or("") == "child failed");
}

BOOST_AUTO_TEST_CASE(ledgers_and_locks_go_when_their_job_is_gone) {
  add_waiting("1");
  for (const auto* id : {"1", "gone", "repeat:s:7"}) {
    redis({"HSET", key(std::string{id} + ":ledger"), "job", "x", "0", "page"});
    redis({"SET", key(std::string{id} + ":lock"), "t"});
  }
  const auto found = pass();
  BOOST_TEST(found.ledgers == 2u);
  BOOST_TEST(found.locks == 2u);
  BOOST_TEST((exists("1:ledger") && exists("1:lock")));
  BOOST_TEST((!exists("gone:ledger") && !exists("gone:lock")));
  BOOST_TEST((!exists("repeat:s:7:ledger") && !exists("repeat:s:7:lock")));
}

BOOST_AUTO_TEST_CASE(ids_without_a_job_leave_the_sorted_sets) {
  put_job("1");
  for (const auto* set : sorted_sets)
    redis({"ZADD", key(set), "9999999999999999", "1", "9999999999999999", "ghost"});
  BOOST_TEST(pass().ghosts == 5u);
  for (const auto* set : sorted_sets)
    BOOST_TEST(members(set) == Texts{"1"});
}

/// The others have someone who drops them already.
BOOST_AUTO_TEST_CASE(ids_without_a_job_leave_the_lists_when_their_turn_comes) {
  redis({"RPUSH", key("wait"), "ghost"});
  redis({"ZADD", key("prioritized"), "1", "ghost"});
  redis({"ZADD", key("delayed"), "1", "ghost"});
  BOOST_TEST(take(5).empty());
  redis({"RPUSH", key("active"), "ghost"});
  check_stalled();
  check_stalled();
  for (const auto* place : {"wait", "prioritized", "delayed", "active"})
    BOOST_TEST(!exists(place), place);
}

/// What else has a name in Redis: each of these would be harmed by a careless look.
BOOST_AUTO_TEST_CASE(what_is_no_job_of_this_queue_stays_as_it_is) {
  const std::vector<std::vector<std::string>> others{
    {"HSET", key("repeat:s"), "name", "n", "data", "{}", "opts", "{}", "ic", "1"},
    {"HSET", key("repeat:ledger"), "name", "n", "every", "1000"},
    {"HSET", key("repeat:lock"), "name", "n", "every", "1000"},
    {"HSET", key("repeat:a:ledger"), "name", "n", "every", "1000"},
    {"HSET", key("repeat:a:lock"), "name", "n", "every", "1000"},
    {"HSET", key("dn:d"), "name", "n", "data", "{}", "opts", "{}"},
    {"HSET", key("dn:ledger"), "name", "n", "job", "x"},
    {"SET", key("de:lock"), "5"},
    {"SET", key("de:x:lock"), "5"},
    {"HSET", key("7:processed"), "name", "x", "timestamp", "1"},
    {"HSET", key("half"), "name", "n"},
    {"HSET", key("grouped"), "name", "n", "timestamp", "1", "gid", "g"},
    {"HSET", key("r:9"), "name", "a job of prefix bull:q, queue r", "timestamp", "1"},
    {"HSET", key("repeat:9"), "name", "a job of prefix bull:q, queue repeat", "timestamp", "1"},
    {"HSET", "bull:q2:9", "name", "n", "timestamp", "1"},
    {"HSET", "bull:q", "name", "n", "timestamp", "1"},
    {"SET", key("text"), "x"},
    {"SET", key("metrics:lock"), "x"},
    {"SET", key(""), "x"},
  };
  for (const auto& command : others)
    redis(command);
  for (int i = 0; i < 3; ++i) {
    const auto found = pass();
    BOOST_TEST(found.jobs + found.finished_jobs + found.ledgers + found.locks == 0u);
  }
  for (const auto& command : others)
    BOOST_TEST(redis({"EXISTS", command[1]}).integer == 1, command[1]);
  BOOST_TEST(!exists("wait"));
}

BOOST_AUTO_TEST_CASE(a_prefix_may_look_like_a_pattern) {
  Reconciler odd{client, {"b?ll*[x]\\", "q"}};
  const std::string lost = "b?ll*[x]\\:q:1";
  redis({"HSET", lost, "name", "n", "timestamp", "1"});
  redis({"HSET", "ball:q:2", "name", "n", "timestamp", "1"});
  for (int i = 0; i < 2; ++i)
    must(answer_of<Reconciliation>([&](auto reply) { odd.pass(std::move(reply)); }));
  BOOST_TEST(redis({"LRANGE", "b?ll*[x]\\:q:wait", "0", "-1"}).items.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_pass_that_can_not_do_its_work_does_nothing) {
  redis({"SET", key("gone:lock"), "t"});
  redis({"SET", key("waiting-children"), "not a sorted set"});
  const auto broken =
    answer_of<Reconciliation>([&](auto reply) { reconciler.pass(std::move(reply)); });
  BOOST_TEST((broken.error().code == Errc::redis_refused));
  BOOST_TEST(exists("gone:lock"));
  redis({"DEL", key("waiting-children")});
  BOOST_TEST(pass().locks == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_broken_pass_has_found_is_told_by_the_next) {
  BreakingPort port{client};
  Reconciler breaking{port, {"bull", "q"}};
  const auto next = [&] {
    return answer_of<Reconciliation>([&](auto reply) { breaking.pass(std::move(reply)); });
  };
  put_job("lost");
  redis({"SET", key("gone:lock"), "t"});
  for (const auto& each : all_scripts())
    redis({"SCRIPT", "LOAD", each.text});
  port.commands_left = 2; // SCAN and the look at what it met, but not the look for ghosts
  BOOST_TEST((next().error().code == Errc::redis_unavailable));
  BOOST_TEST(!exists("gone:lock"));
  port.commands_left = 0;
  BOOST_TEST(!next());
  BOOST_TEST(members("wait").empty());
  port.commands_left = 100;
  const auto found = next();
  BOOST_REQUIRE(bool(found));
  BOOST_TEST(found->locks == 1u);
  BOOST_TEST(found->jobs == 1u);
  BOOST_TEST(next()->locks == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
