#include "actors/normalizer.hpp"
#include "app/actor_figures.hpp"
#include "tests/support/label_value.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>
#include <prometheus/registry.h>

using namespace gleaner;
using namespace gleaner::test;

namespace actor_figures {

/// Messages that seem to wait for normalizers.
struct Fixture {
  explicit Fixture(std::int64_t messages = 10000) { wait(messages); }
  ~Fixture() { wait(-waiting_); }

  void wait(std::int64_t more) {
    waiting_ += more;
    census_of<NormalizerState>.waiting += more;
  }
  prometheus::Registry registry;
  ActorMetrics metrics{registry};
  SilentLog log;

private:
  std::int64_t waiting_ = 0;
};

} // namespace actor_figures

BOOST_FIXTURE_TEST_SUITE(actor_figures, Fixture)

BOOST_AUTO_TEST_CASE(what_waits_for_actors_is_shown) {
  show_actors(metrics);
  BOOST_TEST(label_value(registry, "gleaner_actor_mailbox_messages", "Normalizer") == 10000);
  BOOST_TEST(label_value(registry, "gleaner_actor_mailbox_messages", "StoreWriter") == 0);
}

BOOST_AUTO_TEST_CASE(a_backlog_is_told_of) {
  warn_of_backlogs(log);
  BOOST_TEST(log.codes.empty());
  wait(1);
  warn_of_backlogs(log);
  BOOST_TEST(log.codes == std::vector<std::string>{"actor.backlog"});
}

BOOST_AUTO_TEST_SUITE_END()
