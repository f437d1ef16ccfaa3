#include "adapters/hunter/error_body.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(free_count)

BOOST_AUTO_TEST_CASE(a_count_is_a_whole_number) {
  BOOST_TEST(*hunter::read_count(R"({"data":{"total":81}})") == 81u);
  BOOST_TEST(*hunter::read_count(R"({"data":{"total":0}})") == 0u);
  for (const auto* body :
       {R"({"data":{"total":0.4}})", R"({"data":{"total":-1}})", R"({"data":{"total":5e9}})",
        R"({"data":{"total":"7"}})", R"({"data":{}})", "{}", "[]"})
    BOOST_TEST(!hunter::read_count(body), body);
}

BOOST_AUTO_TEST_SUITE_END()
