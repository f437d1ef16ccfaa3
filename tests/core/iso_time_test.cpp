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

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner
