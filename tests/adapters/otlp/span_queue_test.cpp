#include "adapters/otlp/span_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <thread>

using namespace gleaner;
using namespace gleaner::otlp;
using namespace std::chrono_literals;

namespace span_queue {

Span named(const std::string& name) {
  Span span;
  span.name = name;
  return span;
}

} // namespace span_queue

BOOST_AUTO_TEST_SUITE(span_queue)

BOOST_AUTO_TEST_CASE(a_full_queue_takes_no_more_and_does_not_wait) {
  SpanQueue queue{2, 10};
  BOOST_TEST(queue.push(named("a")));
  BOOST_TEST(queue.push(named("b")));
  BOOST_TEST(!queue.push(named("c")));
  const auto batch = queue.take(0ms);
  BOOST_REQUIRE(batch.size() == 2u);
  BOOST_TEST(batch[0].name == "a");
  BOOST_TEST(queue.push(named("d")));
}

BOOST_AUTO_TEST_CASE(a_batch_is_no_larger_than_asked_for) {
  SpanQueue queue{10, 2};
  for (const auto* name : {"a", "b", "c"})
    BOOST_TEST(queue.push(named(name)));
  BOOST_TEST(queue.take(1h).size() == 2u);
  BOOST_TEST(queue.take(0ms).size() == 1u);
  BOOST_TEST(queue.take(0ms).empty());
}

BOOST_AUTO_TEST_CASE(a_full_batch_ends_the_wait) {
  SpanQueue queue{10, 2};
  std::thread other{[&] {
    for (const auto* name : {"a", "b"})
      static_cast<void>(queue.push(named(name)));
  }};
  BOOST_TEST(queue.take(1h).size() == 2u);
  other.join();
}

BOOST_AUTO_TEST_CASE(what_is_in_a_closed_queue_can_be_taken_at_once) {
  SpanQueue queue{10, 2};
  BOOST_TEST(queue.push(named("a")));
  std::thread other{[&] { queue.close(); }};
  BOOST_TEST(queue.take(1h).size() == 1u);
  other.join();
  BOOST_TEST(queue.closed());
  BOOST_TEST(!queue.push(named("b")));
  queue.wait(1h);
  BOOST_TEST(queue.take(1h).empty());
}

BOOST_AUTO_TEST_SUITE_END()
