#include "app/recent_hashes.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(recent_hashes)

BOOST_AUTO_TEST_CASE(what_was_seen_is_known) {
  RecentHashes seen{100000};
  for (std::uint64_t i = 0; i < 100000; ++i)
    BOOST_REQUIRE(seen.insert(i * 0x9E3779B97F4A7C15u));
  for (std::uint64_t i = 0; i < 100000; ++i)
    BOOST_REQUIRE(!seen.insert(i * 0x9E3779B97F4A7C15u));
}

BOOST_AUTO_TEST_CASE(hashes_that_share_their_low_bits_are_told_apart) {
  RecentHashes seen{1000};
  for (std::uint64_t i = 0; i < 1000; ++i)
    BOOST_REQUIRE(seen.insert(i << 40 | 7));
  for (std::uint64_t i = 0; i < 1000; ++i)
    BOOST_REQUIRE(!seen.insert(i << 40 | 7));
}

BOOST_AUTO_TEST_CASE(the_last_ones_are_remembered_and_old_ones_forgotten) {
  RecentHashes seen{10};
  for (std::uint64_t i = 1; i <= 35; ++i)
    BOOST_TEST(seen.insert(i));
  for (std::uint64_t i = 26; i <= 35; ++i)
    BOOST_TEST(!seen.insert(i));
  BOOST_TEST(seen.insert(1));
}

BOOST_AUTO_TEST_SUITE_END()
