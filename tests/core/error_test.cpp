#include "core/error.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(every_code_has_a_name_of_its_own) {
  std::set<std::string> names;
  for (int code = static_cast<int>(Errc::redis_unavailable);
       code <= static_cast<int>(Errc::internal); ++code)
    BOOST_TEST(names.insert(to_string(static_cast<Errc>(code))).second, code);
  BOOST_TEST(names.contains("lease_expired"));
}

BOOST_AUTO_TEST_CASE(an_error_without_a_detail_is_described_by_its_name) {
  BOOST_TEST(describe({Errc::lease_expired, ""}) == "lease_expired");
  BOOST_TEST(describe({Errc::lease_expired, "too late"}) == "too late");
}

BOOST_AUTO_TEST_SUITE_END()
