#include "tests/adapters/bullmq/admin_fixture.hpp"

#include <functional>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace ledger_removal {

struct Fixture : AdminFixture {
  /// Pages of job 1 that a try has left.
  void put_ledger() {
    redis({"HSET", key("1:ledger"), "job", "1700000000000 acme.test", "0", "x"});
  }
};

} // namespace ledger_removal

BOOST_FIXTURE_TEST_SUITE(ledger_removal, Fixture)

BOOST_AUTO_TEST_CASE(whatever_removes_a_job_removes_its_ledger) {
  const std::map<std::string, std::function<void()>> ways{
    {"remove", [&] { must(admin.remove({"1"})); }},
    {"drain", [&] { must(admin.drain(false)); }},
    {"clean", [&] { must(admin.clean("waiting", 0ms)); }},
    {"obliterate", [&] { must(admin.obliterate(true)); }},
    {"a failure that keeps nothing", [&] { must(fail(take_one())); }},
    {"a completion that keeps nothing", [&] { must(complete(take_one())); }},
    {"a later failure that keeps one",
     [&] {
       must(fail(take_one()));
       add_waiting("2", R"({"removeOnFail":1})");
       must(fail(take_one()));
     }},
    {"too many stalls",
     [&] {
       redis({"HSET", key("1"), "stc", "9"});
       take_one();
       redis({"DEL", key("1:lock")});
       check_stalled();
       check_stalled();
     }},
  };
  for (const auto& [name, remove] : ways)
    BOOST_TEST_CONTEXT(name) {
      redis({"FLUSHALL"});
      const bool stays_at_first = name.find("later") != std::string::npos;
      add_waiting("1", stays_at_first ? "{}" : R"({"removeOnFail":true,"removeOnComplete":true})");
      put_ledger();
      remove();
      BOOST_TEST(!exists("1"));
      BOOST_TEST(!exists("1:ledger"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
