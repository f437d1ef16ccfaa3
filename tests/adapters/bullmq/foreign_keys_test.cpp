#include "adapters/bullmq/queue_producer.hpp"
#include "adapters/bullmq/reconciler.hpp"
#include "tests/adapters/bullmq/whole_queue.hpp"

#include <algorithm>

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace foreign_keys {

struct Fixture : WholeQueue {
  ScriptRunner scripts{client, {"bull", "q"}};
  SchedulerAdmin schedulers{client, {"bull", "q"}};
  QueueProducer producer{client, {"bull", "q"}};
  Reconciler reconciler{client, {"bull", "q"}};

  bool got(const Result<TakeResult>& result) {
    if (result)
      for (const auto& job : result->jobs)
        handed_out.insert(job.lock.job_id);
    return bool(result);
  }
  template <class T, class Start>
  bool asked(Start start) {
    return bool(answer_of<T>(start));
  }
  bool end(const char* how, std::chrono::milliseconds delay = 0ms) {
    return got(answer_of<TakeResult>([&](auto reply) {
      if (how == std::string{"complete"})
        writer().complete(held, "{}", "{}", true, std::move(reply));
      else if (how == std::string{"fail"})
        writer().fail(held, "broken", "{}", true, std::move(reply));
      else
        writer().retry(held, "broken", delay, "{}", true, std::move(reply));
    }));
  }
  bool add(const AddOptions& options) {
    const Texts domains{"a.test", "b.test"};
    return bool(producer.add(domains, options));
  }
  bool schedule() {
    NewScheduler daily;
    daily.id = "s";
    daily.domain = "a.test";
    daily.every = 24h;
    return bool(schedulers.put(daily));
  }

  void put_lost_ones() {
    put("nowhere"), put("was-ended");
    send({"HSET", key("was-ended"), "finishedOn", "5", "failedReason", "x"});
    send({"HSET", key("gone:ledger"), "job", "x"});
    send({"SET", key("gone:lock"), "t"});
  }

  void prepare(const std::string& verb) {
    if (verb == "resume")
      send({"HSET", key("meta"), "paused", "1"}), send({"LPUSH", key("paused"), "w9"});
    else if (verb == "park")
      send({"SADD", key("held:dependencies"), key("w1")});
    else if (verb == "reconcile" || verb == "repair")
      put_lost_ones();
  }
};

using Operations = std::map<std::string, std::function<bool(Fixture&)>>;

// NOLINTNEXTLINE(readability-function-size): a table
const Operations& operations() {
  static const Operations all{
    {"take",
     [](Fixture& f) {
       return f.got(
         f.answer_of<TakeResult>([&](auto reply) { f.writer().take(20, std::move(reply)); }));
     }},
    {"complete", [](Fixture& f) { return f.end("complete"); }},
    {"fail", [](Fixture& f) { return f.end("fail"); }},
    {"retry", [](Fixture& f) { return f.end("retry"); }},
    {"back off", [](Fixture& f) { return f.end("retry", 1h); }},
    {"release", [](Fixture& f) { return bool(f.release(f.held)); }},
    {"park",
     [](Fixture& f) {
       return f.asked<bool>([&](auto reply) { f.writer().park(f.held.lock, std::move(reply)); });
     }},
    {"log",
     [](Fixture& f) {
       return f.asked<Done>(
         [&](auto reply) { f.holding().add_log(f.held.lock, "row", std::move(reply)); });
     }},
    {"progress",
     [](Fixture& f) {
       return f.asked<Done>(
         [&](auto reply) { f.holding().report_progress(f.held.lock, "{}", std::move(reply)); });
     }},
    {"renew",
     [](Fixture& f) {
       return f.asked<Renewal>(
         [&](auto reply) { f.holding().renew({f.held.lock}, std::move(reply)); });
     }},
    {"checkpoint",
     [](Fixture& f) {
       return bool(f.checkpoint(f.held, {0, 100, "page"}));
     }},
    {"ledger", [](Fixture& f) { return bool(f.read_ledger(f.held)); }},
    {"was ended",
     [](Fixture& f) {
       return f.asked<bool>([&](auto reply) {
         f.writer().was_ended(f.held.lock.job_id, "completed", "{}", std::move(reply));
       });
     }},
    {"stalled",
     [](Fixture& f) {
       return f.asked<StalledJobs>(
         [&](auto reply) { f.writer().recover_stalled(std::move(reply)); });
     }},
    {"reconcile",
     [](Fixture& f) {
       return f.asked<Reconciliation>([&](auto reply) { f.reconciler.pass(std::move(reply)); });
     }},
    {"repair",
     [](Fixture& f) {
       return bool(f.scripts.call("reconcile", {"repair", "job", "nowhere", "job", "was-ended",
                                                "ledger", "gone", "lock", "gone"}));
     }},
    {"counts",
     [](Fixture& f) {
       return f.asked<QueueCounts>([&](auto reply) { f.writer().count_jobs(std::move(reply)); });
     }},
    {"pause", [](Fixture& f) { return bool(f.admin.pause()); }},
    {"resume", [](Fixture& f) { return bool(f.admin.resume()); }},
    {"rerun", [](Fixture& f) { return bool(f.admin.rerun({"was-failed"}, true)); }},
    {"promote", [](Fixture& f) { return bool(f.admin.promote({"later"})); }},
    {"remove", [](Fixture& f) { return bool(f.admin.remove({"family"})); }},
    {"drain", [](Fixture& f) { return bool(f.admin.drain(true)); }},
    {"clean",
     [](Fixture& f) {
       return bool(f.scripts.call("clean", {"wait", "list", "0", "1000", "0", "0", "1"}));
     }},
    {"clean delayed", [](Fixture& f) { return bool(f.admin.clean("delayed", 0ms)); }},
    {"clean failed", [](Fixture& f) { return bool(f.admin.clean("failed", 0ms)); }},
    {"obliterate", [](Fixture& f) { return bool(f.admin.obliterate(true)); }},
    {"add", [](Fixture& f) { return f.add({}); }},
    {"add deduplicated", [](Fixture& f) { return f.add({.deduplicate = true}); }},
    {"add prioritized", [](Fixture& f) { return f.add({.priority = 3}); }},
    {"add delayed", [](Fixture& f) { return f.add({.delay = 1h}); }},
    {"schedule", [](Fixture& f) { return f.schedule(); }},
    {"unschedule", [](Fixture& f) { return bool(f.schedulers.remove("s")); }},
    {"iterate",
     [](Fixture& f) {
       return bool(f.scripts.call("iterate", {"s", "repeat:s:9000000000000", "9000000000000",
                                              "9000000001000", "x", "{}", "{}", "0"}));
     }},
  };
  return all;
}

const Texts& keys_of_a_queue() {
  static const Texts all{"q:meta",
                         "q:id",
                         "q:wait",
                         "q:paused",
                         "q:active",
                         "q:prioritized",
                         "q:pc",
                         "q:delayed",
                         "q:completed",
                         "q:failed",
                         "q:marker",
                         "q:stalled",
                         "q:stalled-check",
                         "q:events",
                         "q:waiting-children",
                         "q:repeat",
                         "q:repeat:s",
                         "q:limiter",
                         "q:metrics:completed",
                         "q:metrics:completed:data",
                         "q:metrics:failed",
                         "q:metrics:failed:data",
                         "q:de:d",
                         "q:dn:d",
                         "q:de:a.test",
                         "q:1",
                         "q:2",
                         "q:held",
                         "q:held:lock",
                         "q:held:logs",
                         "q:held:dependencies",
                         "q:held:unsuccessful",
                         "q:due",
                         "q:first",
                         "q:lost",
                         "q:doomed",
                         "q:kid",
                         "q:was-failed",
                         "q:nowhere",
                         "q:was-ended",
                         "q:gone:ledger",
                         "q:gone:lock",
                         "q:family:dependencies",
                         "q:repeat:s:9000000000000",
                         "q:repeat:s:9000000001000",
                         "r:meta",
                         "r:wait",
                         "r:active",
                         "r:paused",
                         "r:prioritized",
                         "r:delayed",
                         "r:waiting-children",
                         "r:failed",
                         "r:marker",
                         "r:events",
                         "r:par",
                         "r:par:dependencies",
                         "r:par:processed",
                         "r:par:unsuccessful",
                         "r:par2",
                         "r:par2:unsuccessful"};
  return all;
}

} // namespace foreign_keys

BOOST_FIXTURE_TEST_SUITE(foreign_keys, Fixture)

/// Redis rolls nothing back: a script that meets a key of the wrong type has done all or nothing.
BOOST_AUTO_TEST_CASE(no_script_stops_halfway_whatever_key_is_somebody_elses) {
  for (const auto& name : keys_of_a_queue())
    for (const auto& [verb, operation] : operations())
      BOOST_TEST_CONTEXT(verb << " while " << name << " is something else") {
        begin();
        prepare(verb);
        replace("bull:" + name);
        const auto jobs = listed();
        const auto before = everything();
        if (operation(*this)) {
          check_that_nothing_is_lost(jobs, before);
          check_that_it_stays(verb, "bull:" + name, before);
        } else {
          check_that_nothing_changed(before);
        }
      }
}

BOOST_AUTO_TEST_SUITE_END()
