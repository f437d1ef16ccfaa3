#include "adapters/bullmq/scheduler_admin.hpp"
#include "tests/adapters/bullmq/admin_fixture.hpp"
#include "tests/adapters/bullmq/damages.hpp"

#include <algorithm>
#include <functional>

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace damaged_queue {

struct Fixture : AdminFixture {
  Fixture() { queue.limiter = {{1000, 1000ms}}; }

  void begin(const Damage& damage) {
    redis({"FLUSHALL"});
    add_waiting("bad", R"({"attempts":2,"removeOnFail":{"age":1},"removeOnComplete":{"count":5}})");
    for (auto command : damage.commands) {
      for (auto& word : command)
        if (word.starts_with('@'))
          word = key(word.substr(1));
      redis(command);
    }
    add_waiting("good");
    add_waiting("better");
  }

  /// Types of the keys that hold an "x", which is nothing of ours.
  std::map<std::string, std::string> foreign(const Damage& damage) {
    std::map<std::string, std::string> types;
    for (const auto& command : damage.commands)
      if (const auto& at = command.at(1); command.back() == "x" && at != "@bad:lock")
        types[at] = redis({"TYPE", at.starts_with('@') ? key(at.substr(1)) : at}).text;
    return types;
  }

  /// Takes what there is and ends each job by `end`.
  Texts work(const std::function<Status(const TakenJob&)>& end) {
    Texts ended;
    for (const auto& job : take(10)) {
      const auto done = end(job);
      BOOST_TEST(bool(done), job.lock.job_id << ": " << (done ? "" : done.error().detail));
      ended.push_back(job.lock.job_id);
    }
    return ended;
  }

  Status done(Result<TakeResult> result) {
    return result ? Status{Done{}} : Status{result.error()};
  }

  /// All keys but events and the mark of the last look, each with its content.
  std::map<std::string, std::string> everything() {
    std::map<std::string, std::string> content;
    for (const auto& each : redis({"KEYS", "*"}).items)
      if (!each.text.ends_with(":events") && !each.text.ends_with(":stalled-check"))
        content[each.text] = redis({"DUMP", each.text}).text;
    return content;
  }
};

using Ends = std::vector<std::pair<const char*, std::function<Status(Fixture&, const TakenJob&)>>>;

const Ends& ends() {
  static const Ends all{
    {"complete", [](Fixture& f, const TakenJob& job) { return f.done(f.complete(job, true)); }},
    {"fail", [](Fixture& f, const TakenJob& job) { return f.done(f.fail(job)); }},
    {"retry", [](Fixture& f, const TakenJob& job) { return f.done(f.retry(job, 0ms)); }},
    {"back off", [](Fixture& f, const TakenJob& job) { return f.done(f.retry(job, 1h)); }},
    {"release", [](Fixture& f, const TakenJob& job) { return f.release(job); }},
  };
  return all;
}

std::vector<Damage> all_damages() {
  auto all = damages_of_a_job();
  all.insert(all.end(), damages_of_the_queue().begin(), damages_of_the_queue().end());
  return all;
}

Damage damage(const std::string& name) {
  const auto all = all_damages();
  return *std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
}

} // namespace damaged_queue

BOOST_FIXTURE_TEST_SUITE(damaged_queue, Fixture)

BOOST_AUTO_TEST_CASE(other_jobs_are_taken_and_ended_and_nothing_is_made_worse) {
  for (const auto& damage : all_damages())
    for (const auto& way : ends()) {
      BOOST_TEST_CONTEXT(damage.name << ", " << way.first) {
        begin(damage);
        const auto before = foreign(damage);
        const auto ended = work([&](const TakenJob& job) { return way.second(*this, job); });
        for (const auto* id : {"good", "better"}) {
          BOOST_TEST(std::count(ended.begin(), ended.end(), id) == 1, id);
          BOOST_TEST(!exists(std::string{id} + ":lock"));
          BOOST_TEST(exists(id));
        }
        BOOST_TEST((foreign(damage) == before));
        check_stalled();
        check_stalled();
      }
    }
}

BOOST_AUTO_TEST_CASE(operators_get_rid_of_it_and_of_nothing_else) {
  using Verb = std::function<void()>;
  const std::vector<std::pair<const char*, Verb>> verbs{
    {"drain", [&] { must(admin.drain(true)); }},
    {"clean", [&] { must(admin.clean("waiting", 0ms)); }},
    {"remove",
     [&] {
       must(admin.remove({"bad", "good", "better"}));
     }},
    {"pause and resume", [&] { must(admin.pause()), must(admin.resume()); }},
  };
  for (const auto& damage : damages_of_a_job())
    for (const auto& [name, verb] : verbs) {
      BOOST_TEST_CONTEXT(damage.name << ", " << name) {
        begin(damage);
        redis({"SET", "bystander", "x"});
        verb();
        BOOST_TEST(redis({"EXISTS", "bystander"}).integer == 1);
        if (std::string{name} != "pause and resume")
          BOOST_TEST((!exists("good") && !exists("better")));
      }
    }
}

BOOST_AUTO_TEST_CASE(a_script_that_cannot_do_its_work_does_nothing) {
  for (const auto* structure :
       {"wait", "active", "prioritized", "delayed", "waiting-children", "completed", "failed"})
    for (const auto& [name, end] : ends()) {
      BOOST_TEST_CONTEXT(structure << ", " << name) {
        redis({"FLUSHALL"});
        add_waiting("held");
        const auto job = take_one();
        redis({"DEL", key(structure)});
        redis({"SET", key(structure), "x"});
        const auto before = everything();
        if (const auto result = end(*this, job); !result)
          BOOST_TEST((everything() == before));
        else // it had no need of that structure
          BOOST_TEST(!exists("held:lock"));
      }
    }
}

BOOST_AUTO_TEST_CASE(a_verb_that_cannot_do_its_work_does_nothing) {
  using Verb = std::function<bool()>;
  SchedulerAdmin schedulers{client, {"bull", "q"}};
  NewScheduler daily;
  daily.id = daily.domain = "a.test";
  daily.every = 24h;
  const std::vector<std::pair<const char*, Verb>> verbs{
    {"rerun", [&] { return bool(admin.rerun({"failed-one"}, true)); }},
    {"promote", [&] { return bool(admin.promote({"later"})); }},
    {"schedule", [&] { return bool(schedulers.put(daily)); }},
    {"look for stalled ones",
     [&] {
       return bool(
         answer_of<StalledJobs>([&](auto reply) { writer().recover_stalled(std::move(reply)); }));
     }},
  };
  for (const auto* structure : {"wait", "active", "prioritized", "delayed", "failed", "repeat"})
    for (const auto& [name, verb] : verbs) {
      BOOST_TEST_CONTEXT(structure << ", " << name) {
        redis({"FLUSHALL"});
        add_ended("failed", "failed-one", "5");
        add_delayed("later");
        add_waiting("lost");
        take_one();
        redis({"DEL", key("lost:lock")});
        redis({"SADD", key("stalled"), "lost"});
        redis({"DEL", key(structure)});
        redis({"SET", key(structure), "x"});
        const auto before = everything();
        if (!verb())
          BOOST_TEST((everything() == before));
      }
    }
}

BOOST_AUTO_TEST_CASE(a_job_with_an_absurd_count_of_tries_is_not_tried_for_ever) {
  const std::vector<std::pair<const char*, const char*>> counts{
    {"atm", "-1e300"},       {"atm", "1e300"},
    {"atm", "nan"},          {"atm", "99999999999999999999999999"},
    {"attemptsMade", "0"},   {"attemptsMade", "-5"},
    {"attemptsMade", "none"}};
  for (const auto& [name, value] : counts)
    BOOST_TEST_CONTEXT(name << " " << value) {
      redis({"FLUSHALL"});
      add_waiting("1");
      redis({"HSET", key("1"), name, value});
      for (int i = 0; i < 3; ++i)
        BOOST_TEST(bool(retry(take_one(), 0ms)));
      BOOST_TEST(take_one().attempts_made >= 3u);
    }
}

BOOST_AUTO_TEST_CASE(a_job_with_an_absurd_count_of_stalls_fails_in_the_end) {
  for (const auto* value : {"-1e300", "1e300", "nan", "x"})
    BOOST_TEST_CONTEXT(value) {
      redis({"FLUSHALL"});
      put_job("1");
      redis({"HSET", key("1"), "stc", value, "stalledCounter", value});
      for (int i = 0; i < 6; ++i) {
        redis({"DEL", key("wait"), key("active")});
        redis({"LPUSH", key("active"), "1"});
        check_stalled();
        if (!members("failed").empty())
          break;
      }
      BOOST_TEST(members("failed") == Texts{"1"});
    }
}

BOOST_AUTO_TEST_CASE(a_delayed_job_of_an_absurd_time_makes_nobody_spin) {
  begin(damage("a delayed job is due before time began"));
  take(10);
  BOOST_TEST(members("delayed").empty()); // it was due
  begin(damage("a delayed job is due never"));
  const auto found = take_all(10);
  BOOST_REQUIRE(found.next_delayed_in.has_value());
  BOOST_TEST(found.next_delayed_in->count() > 0);
}

BOOST_AUTO_TEST_SUITE_END()
