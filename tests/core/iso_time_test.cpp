#include "core/iso_time.hpp"

#include <boost/test/unit_test.hpp>

namespace gleaner {

BOOST_AUTO_TEST_SUITE(iso_time_suite)

// Expected values: new Date(ms).toISOString().
BOOST_AUTO_TEST_CASE(times_read_as_javascript_writes_them) {
  BOOST_TEST(iso_time(0) == "1970-01-01T00:00:00.000Z");
  BOOST_TEST(iso_time(1) == "1970-01-01T00:00:00.001Z");
  BOOST_TEST(iso_time(951782400000) == "2000-02-29T00:00:00.000Z");
  BOOST_TEST(iso_time(1795457600123) == "2026-11-23T18:13:20.123Z");
  BOOST_TEST(iso_time(4107542399999) == "2100-02-28T23:59:59.999Z");
  BOOST_TEST(iso_time(253402300799999) == "9999-12-31T23:59:59.999Z");
}

// Expected values: Date.parse(text).
BOOST_AUTO_TEST_CASE(what_javascript_writes_can_be_read) {
  for (const auto* text : {"1970-01-01T00:00:00.000Z", "2000-02-29T23:59:59.999Z",
                           "2026-11-23T18:13:20.123Z", "9999-12-31T23:59:59.999Z"}) {
    const auto ms = parse_iso_time(text);
    BOOST_REQUIRE(ms);
    BOOST_TEST(iso_time(*ms) == text);
  }
  BOOST_TEST(parse_iso_time("2026-11-23T18:13:20Z").value() == 1795457600000);
}

BOOST_AUTO_TEST_CASE(what_is_no_such_time_is_refused) {
  for (const auto* text : {"", "2026", "2026-11-23", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
                           "2026-11-23T24:00:00Z", "2026-11-23T00:60:00Z", "2026-11-23T00:00:00",
                           "2026-11-23T00:00:00.1Z", "2026-11-23T00:00:00.123Zz",
                           "2026-11-23 00:00:00.123Z", "x026-11-23T00:00:00.123Z"})
    BOOST_TEST(!parse_iso_time(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner
