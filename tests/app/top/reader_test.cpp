#include "adapters/budget/redis_budget.hpp"
#include "adapters/bullmq/worker_connection.hpp"
#include "app/top/reader.hpp"
#include "tests/support/redis_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::top;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace top_readers {

bullmq::JobView active(const std::string& progress) {
  bullmq::JobView job;
  job.id = "7";
  job.domain = "acme.test";
  job.progress = progress;
  job.processed_by = "ann";
  job.processed_on_ms = 1000;
  job.attempts = 3;
  job.attempts_made = 1;
  return job;
}

struct Fixture {
  redis::RedisClient client{shared_redis().config(), ""};
  Config config;

  Fixture() {
    redis({"FLUSHALL"});
    config.redis = shared_redis().config();
    config.queue.name = "q";
    config.api.key = "a-key";
  }

  redis::RedisValue redis(std::vector<std::string> args) {
    auto answer = client.call(args);
    if (!answer)
      BOOST_FAIL(args.front() + ": " + answer.error().detail);
    return std::move(*answer);
  }
  Figures look(Reader& reader) {
    auto figures = reader.look();
    if (!figures)
      BOOST_FAIL(figures.error().detail);
    return std::move(*figures);
  }
  Figures look() {
    Reader reader{client, config, 10};
    return look(reader);
  }
  void add_active(const std::string& id, const std::string& worker) {
    redis({"HSET", "bull:q:" + id, "name", "x", "data", R"({"domain":"acme.test"})", "pb", worker});
    redis({"LPUSH", "bull:q:active", id});
  }
  /// How often the server has carried out the command since its counts were reset.
  int calls_of(const std::string& command) {
    const auto counts = redis({"INFO", "commandstats"}).text;
    const auto key = "cmdstat_" + command + ":calls=";
    const auto at = counts.find(key);
    return at == std::string::npos ? 0 : std::atoi(counts.c_str() + at + key.size());
  }
};

} // namespace top_readers

BOOST_AUTO_TEST_SUITE(top_figures)

using namespace top_readers;

BOOST_AUTO_TEST_CASE(a_job_tells_how_far_it_is) {
  const auto job = job_figures(
    active(R"({"status":"fetching","page":2,"collected":200,"total":512,"progress":39})"), 4500);
  BOOST_TEST(job.id == "7");
  BOOST_TEST(job.status == "fetching");
  BOOST_TEST(job.page == 2u);
  BOOST_TEST(job.collected == 200u);
  BOOST_TEST(job.total == 512u);
  BOOST_TEST(job.attempt == 2u);
  BOOST_TEST(job.attempts == 3u);
  BOOST_TEST(job.age_ms == 3500);
  BOOST_TEST(job.worker == "ann");
}

BOOST_AUTO_TEST_CASE(progress_of_other_forms_is_taken_for_none) {
  for (const auto* progress : {"", "50", "null", "[1]", "{",
                               R"({"status":7,"page":"x","collected":-3,"total":1.5e300})"}) {
    const auto job = job_figures(active(progress), 4500);
    BOOST_TEST(job.status.empty(), progress);
    BOOST_TEST(job.page == 0u);
    BOOST_TEST(job.collected == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_job_that_is_taken_by_another_clock_has_no_negative_age) {
  BOOST_TEST(job_figures(active(""), 500).age_ms == 0);
}

BOOST_AUTO_TEST_CASE(a_key_is_in_the_state_that_keeps_it_from_being_used) {
  budget::BudgetView budget;
  CreditCaps caps;
  BOOST_TEST(state_of_key(budget, caps, 10) == "open");
  budget.closed = 5s;
  BOOST_TEST(state_of_key(budget, caps, 10) == "closed");
  budget.credits.remaining = 12;
  caps.floor = 5;
  BOOST_TEST(state_of_key(budget, caps, 10) == "floor");
  caps.per_month = 100;
  budget.credits.spent_this_month = 95;
  BOOST_TEST(state_of_key(budget, caps, 10) == "month_cap");
  caps.per_day = 20;
  budget.credits.spent_today = 20;
  BOOST_TEST(state_of_key(budget, caps, 10) == "day_cap");
  budget.credits.reserved = 10; // may turn out to be free
  caps.floor.reset();
  BOOST_TEST(state_of_key(budget, caps, 10) == "closed");
  budget.drained = true;
  BOOST_TEST(state_of_key(budget, caps, 10) == "drained");
}

BOOST_AUTO_TEST_CASE(workers_have_the_jobs_that_name_them) {
  JobFigures of_ann, of_nobody;
  of_ann.worker = "ann";
  const auto workers = worker_figures(
    {{"", "10.0.0.1:1", 5}, {"ann", "10.0.0.2:1", 6}, {"bob", "", 7}}, {of_ann, of_nobody, of_ann});
  BOOST_REQUIRE(workers.size() == 3u);
  BOOST_TEST(!workers[0].jobs);
  BOOST_TEST(*workers[1].jobs == 2u);
  BOOST_TEST(*workers[2].jobs == 0u);
  BOOST_TEST(*workers[2].age_s == 7);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(top_reader, top_readers::Fixture)

BOOST_AUTO_TEST_CASE(an_empty_redis_is_a_frame_too_and_stays_empty) {
  const auto figures = look();
  BOOST_TEST(figures.queue == "bull:q");
  BOOST_TEST(figures.counts.active == 0u);
  BOOST_TEST(figures.keys.size() == 1u);
  BOOST_TEST(figures.keys[0].state == "open");
  BOOST_TEST(figures.nodes.empty());
  BOOST_TEST(figures.workers.empty());
  BOOST_TEST(!figures.completed_per_s);
  BOOST_TEST(redis({"DBSIZE"}).integer == 0);
}

BOOST_AUTO_TEST_CASE(a_look_takes_five_commands_and_one_for_each_key) {
  config.api.named_keys["b"] = {Secret{"b-key"}, "", {{5, 1s}}, {}, {}};
  Reader reader{client, config, 10};
  look(reader); // sends the scripts
  redis({"CONFIG", "RESETSTAT"});
  look(reader);
  BOOST_TEST(calls_of("evalsha") == 2);
  BOOST_TEST(calls_of("eval") == 2);
  BOOST_TEST(calls_of("smembers") == 2);
  BOOST_TEST(calls_of("client|list") == 1);
}

BOOST_AUTO_TEST_CASE(the_second_look_knows_how_many_jobs_end) {
  Reader reader{client, config, 10};
  look(reader);
  redis({"ZADD", "bull:q:completed", "1", "1", "2", "2"});
  std::optional<double> rate;
  while (!rate) // a ms has to pass
    rate = look(reader).completed_per_s;
  BOOST_TEST(*rate > 0);
}

BOOST_AUTO_TEST_CASE(workers_and_what_they_do_are_there) {
  config.queue.worker_name = "ann";
  redis::RedisClient worker{config.redis, bullmq::worker_connection_name(config.queue)};
  BOOST_REQUIRE(bool(worker.call({"PING"})));
  add_active("1", "ann");
  const auto figures = look();
  BOOST_REQUIRE(figures.workers.size() == 1u);
  BOOST_TEST(figures.workers[0].name == "ann");
  BOOST_TEST(*figures.workers[0].jobs == 1u);
  BOOST_TEST(figures.all_workers);
}

BOOST_AUTO_TEST_CASE(without_the_right_to_list_clients_workers_are_those_with_jobs) {
  redis({"ACL", "SETUSER", "viewer", "on", "nopass", "~*", "+@all", "-client|list"});
  redis::RedisClient viewer{config.redis, ""};
  BOOST_REQUIRE(bool(viewer.call({"AUTH", "viewer", "x"})));
  add_active("1", "ann");
  add_active("2", "ann");
  add_active("3", "");
  Reader reader{viewer, config, 10};
  redis({"ACL", "LOG", "RESET"});
  for (int i = 0; i < 3; ++i) {
    const auto figures = look(reader);
    BOOST_TEST(!figures.all_workers);
    BOOST_REQUIRE(figures.workers.size() == 1u);
    BOOST_TEST(*figures.workers[0].jobs == 2u);
  }
  const auto log = redis({"ACL", "LOG"});
  BOOST_REQUIRE(log.items.size() == 1u);
  BOOST_TEST(log.items[0].items.at(1).integer == 1, "it is asked for once only");
  redis({"ACL", "DELUSER", "viewer"});
}

BOOST_AUTO_TEST_CASE(a_budget_that_redis_does_not_tell_hides_nothing_else) {
  redis({"SET", budget::state_key(config.api.key), "x"});
  const auto figures = look();
  BOOST_REQUIRE(figures.keys.size() == 1u);
  BOOST_TEST(figures.keys[0].state == "unknown");
}

BOOST_AUTO_TEST_CASE(nodes_of_a_cluster_are_there_and_dead_coordinators_stay_listed) {
  const ClusterKeys keys{{"bull", "q"}};
  redis({"SADD", keys.coordinators(), "alive", "dead"});
  redis(
    {"SET", keys.coordinator("alive"),
     R"({"id":"alive","address":"a:1","nodes":[{"name":"n","slots":4,"busy":1,"standing":"joined"}]})"});
  const auto figures = look();
  BOOST_REQUIRE(figures.nodes.size() == 1u);
  BOOST_TEST(figures.nodes[0].sum.name == "n");
  BOOST_TEST(redis({"SCARD", keys.coordinators()}).integer == 2, "a look changes nothing");
}

BOOST_AUTO_TEST_CASE(without_a_key_there_is_no_budget) {
  config.api.key.clear();
  BOOST_TEST(look().keys.empty());
}

BOOST_AUTO_TEST_CASE(a_redis_that_is_away_is_an_error) {
  config.redis.url = "unix:///nonexistent/redis.sock";
  redis::RedisClient away{config.redis, ""};
  Reader reader{away, config, 10};
  const auto figures = reader.look();
  BOOST_REQUIRE(!figures);
  BOOST_TEST((figures.error().code == Errc::redis_unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
