#include "core/trace_context.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

namespace trace_context {

const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

} // namespace trace_context

BOOST_AUTO_TEST_SUITE(trace_context)

BOOST_AUTO_TEST_CASE(the_example_of_the_standard_is_read_and_written) {
  const auto context = parse_traceparent(good);
  BOOST_REQUIRE(context);
  BOOST_TEST(trace_id_text(*context) == "4bf92f3577b34da6a3ce929d0e0e4736");
  BOOST_TEST(span_id_text(context->span_id) == "00f067aa0ba902b7");
  BOOST_TEST(context->sampled);
  BOOST_TEST(format_traceparent(*context) == good);
}

BOOST_AUTO_TEST_CASE(only_the_last_bit_of_the_flags_says_that_it_is_sampled) {
  const auto with_flags = [](const std::string& flags) {
    return parse_traceparent(good.substr(0, 53) + flags)->sampled;
  };
  BOOST_TEST(!with_flags("00"));
  BOOST_TEST(!with_flags("fe"));
  BOOST_TEST(with_flags("03"));
  BOOST_TEST(format_traceparent(*parse_traceparent(good.substr(0, 53) + "00")).ends_with("-00"));
}

BOOST_AUTO_TEST_CASE(a_later_version_may_say_more_behind_a_hyphen) {
  const auto later = "cc" + good.substr(2);
  BOOST_TEST(parse_traceparent(later).has_value());
  BOOST_TEST(parse_traceparent(later + "-what-the-future-brings").has_value());
  BOOST_TEST(!parse_traceparent(later + ".what-the-future-brings"));
}

BOOST_AUTO_TEST_CASE(what_breaks_the_rules_names_no_span) {
  const std::string zeros(32, '0');
  std::string capitals = good;
  capitals[5] = 'F';
  for (const auto& bad :
       {std::string{}, std::string{"00"}, good.substr(1), good.substr(0, 54), good + "-",
        good + "0", "ff" + good.substr(2), "0x" + good.substr(2), capitals,
        "00-" + zeros + good.substr(35), good.substr(0, 36) + zeros.substr(16) + "-01",
        "00_" + good.substr(3), good.substr(0, 53) + "zz", std::string(1000000, '0')})
    BOOST_TEST(!parse_traceparent(bad), bad.substr(0, 80));
}

BOOST_AUTO_TEST_CASE(no_byte_of_the_text_may_be_another) {
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto changed = good;
    changed[i] = 'g';
    BOOST_TEST(!parse_traceparent(changed), changed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
