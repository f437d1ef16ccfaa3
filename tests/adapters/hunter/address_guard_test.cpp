#include "adapters/hunter/address_guard.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner::hunter;

BOOST_AUTO_TEST_SUITE(address_guard)

BOOST_AUTO_TEST_CASE(only_an_address_in_the_url_is_meant) {
  for (const auto* url : {"http://127.0.0.1/v2", "http://127.0.0.1:8080", "http://localhost:1/v2",
                          "https://[::1]:8443/v2", "https://10.0.0.7/v2"})
    BOOST_TEST(names_an_address(url), url);
  for (const auto* url :
       {"https://api.hunter.io/v2", "https://localhost.example.com/",
        "https://127.0.0.1.example.com/", "https://2130706433/", "https://0x7f.1/",
        "https://api.localhost/v2", "https://example.com/127.0.0.1"})
    BOOST_TEST(!names_an_address(url), url);
}

BOOST_AUTO_TEST_SUITE_END()
