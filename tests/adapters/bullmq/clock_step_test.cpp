#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;

namespace clock_step {

/// Redis's clock was set back by an hour while a job was held.
struct Fixture : QueueFixture {
  static constexpr std::int64_t step_ms = 3600000;

  void hold(const std::string& id, const std::string& token, std::int64_t left_ms) {
    put_job(id);
    redis({"LPUSH", key("active"), id});
    redis({"SET", key(id + ":lock"), token, "PX", std::to_string(left_ms)});
  }
  std::int64_t left(const std::string& id) { return redis({"PTTL", key(id + ":lock")}).integer; }
  std::int64_t now_ms() { return std::stoll(redis({"TIME"}).items.at(0).text) * 1000; }
  void hold_without_lock() {
    put_job("1");
    redis({"LPUSH", key("active"), "1"});
  }
  /// As if an hour had passed since the last look.
  void jump() {
    const auto kept = redis({"GET", key("stalled-look")}).text;
    redis({"SET", key("stalled-look"),
           std::to_string(now_ms() - step_ms) + kept.substr(kept.find(' '))});
  }
  StalledJobs look_again() {
    redis({"DEL", key("stalled-check")});
    return look();
  }
  StalledJobs look() {
    auto found =
      answer_of<StalledJobs>([&](auto reply) { writer().recover_stalled(std::move(reply)); });
    BOOST_REQUIRE(bool(found));
    return std::move(*found);
  }
};

} // namespace clock_step

BOOST_FIXTURE_TEST_SUITE(clock_step, Fixture)

BOOST_AUTO_TEST_CASE(a_lock_lives_no_longer_than_its_own_token_says) {
  hold("1", "gl1:0a1b:2c3d:30000:7:99", 30000 + step_ms);
  hold("2", "gl1:0a1b:2c3d:5000:8:99", 5000 + step_ms);
  hold("3", "gl1:0a1b:2c3d:30000:9:99", 20000);
  check_stalled();
  BOOST_TEST(left("1") <= 30000);
  BOOST_TEST(left("1") > 25000);
  BOOST_TEST(left("2") <= 5000);
  BOOST_TEST(left("2") > 0);
  BOOST_TEST(left("3") <= 20000);
  BOOST_TEST(left("3") > 15000);
}

BOOST_AUTO_TEST_CASE(locks_of_other_workers_stay_as_they_are) {
  const Texts foreign{"0d9a6c1e-7f64-4a0e-9c5b-1a2b3c4d5e6f:12",
                      "gl1:0a1b:2c3d:30000",
                      "gl1:0a1b:2c3d:0:7:99",
                      "gl1:0a1b:2c3d:-5:7:99",
                      "gl1:0a1b:2c3d:30000:7:8:99",
                      "gl2:0a1b:2c3d:30000:7:99",
                      "xgl1:0a1b:2c3d:30000:7:99"};
  for (const auto& token : foreign) {
    redis({"FLUSHALL"});
    hold("1", token, step_ms);
    check_stalled();
    BOOST_TEST(left("1") > step_ms - 60000, token);
  }
}

BOOST_AUTO_TEST_CASE(owners_of_locks_that_a_jump_has_ended_get_time_to_renew_them) {
  hold_without_lock();
  look_again();
  jump();
  BOOST_TEST(look_again().requeued.empty());
  BOOST_TEST(look_again().requeued.empty());
  BOOST_TEST(redis({"SCARD", key("stalled")}).integer == 1);
  const auto now = std::to_string(now_ms());
  redis({"SET", key("stalled-look"), now + " " + now + " 1"}); // the lock's life is over
  BOOST_TEST(look_again().requeued == Texts{"1"});
}

BOOST_AUTO_TEST_CASE(jumps_in_a_row_keep_no_job_for_ever) {
  hold_without_lock();
  look_again();
  for (int jumps = 0; jumps < 3; ++jumps) {
    jump();
    BOOST_TEST(look_again().requeued.empty());
  }
  const auto now = std::to_string(now_ms() - step_ms);
  redis({"SET", key("stalled-look"), now + " " + now + " 3"});
  BOOST_TEST(look_again().requeued == Texts{"1"});
}

BOOST_AUTO_TEST_CASE(a_dead_workers_job_comes_back_in_spite_of_the_step) {
  hold("1", "gl1:0a1b:2c3d:200:7:99", step_ms);
  check_stalled();
  BOOST_REQUIRE(wait_until([this] { return !exists("1:lock"); }));
  BOOST_TEST(check_stalled().requeued == Texts{"1"});
}

BOOST_AUTO_TEST_CASE(the_look_itself_does_not_wait_for_the_step_to_be_made_up) {
  hold("1", "stock", 60000);
  redis({"SET", key("stalled-check"), std::to_string(now_ms() + step_ms), "PX",
         std::to_string(30000 + step_ms)});
  look();
  BOOST_TEST(redis({"SISMEMBER", key("stalled"), "1"}).integer == 1);
  BOOST_TEST(redis({"PTTL", key("stalled-check")}).integer <= 30000);
}

BOOST_AUTO_TEST_CASE(a_stock_workers_clock_may_be_a_little_ahead) {
  hold("1", "stock", 60000);
  redis({"SET", key("stalled-check"), std::to_string(now_ms() + 5000), "PX", "45000"});
  look();
  BOOST_TEST(!exists("stalled"));
  BOOST_TEST(redis({"PTTL", key("stalled-check")}).integer > 40000);
}

BOOST_AUTO_TEST_CASE(a_full_window_of_the_limiter_is_no_longer_than_windows_are) {
  queue.limiter = {{1, std::chrono::milliseconds{1000}}};
  add_waiting("1");
  add_waiting("2");
  take_one();
  redis({"PEXPIRE", key("limiter"), std::to_string(step_ms)});
  const auto limited = take_all(1);
  BOOST_TEST(limited.jobs.empty());
  BOOST_TEST(limited.rate_limited_for.value().count() <= 1000);
  BOOST_TEST(redis({"PTTL", key("limiter")}).integer <= 1000);
}

BOOST_AUTO_TEST_SUITE_END()
