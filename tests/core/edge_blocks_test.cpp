#include "core/edge_blocks.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(edge_blocks)

BOOST_AUTO_TEST_CASE(while_nothing_is_served_a_block_is_nobodys_own_affair) {
  EdgeBlocks blocks;
  for (int time = 0; time < 10; ++time)
    BOOST_TEST(!blocks.blocked("acme.test"));
}

BOOST_AUTO_TEST_CASE(who_is_blocked_three_times_while_others_are_served_is_meant) {
  EdgeBlocks blocks;
  BOOST_TEST(!blocks.blocked("acme.test"));
  blocks.served("other.test");
  BOOST_TEST(!blocks.blocked("acme.test"));
  BOOST_TEST(!blocks.blocked("acme.test"));
  blocks.served("other.test");
  BOOST_TEST(blocks.blocked("acme.test"));
}

BOOST_AUTO_TEST_CASE(who_was_served_is_not_meant_any_more) {
  EdgeBlocks blocks;
  for (int time = 0; time < 10; ++time) {
    BOOST_TEST(!blocks.blocked("acme.test"));
    blocks.served("acme.test");
  }
}

BOOST_AUTO_TEST_CASE(so_many_domains_take_up_no_memory_without_bound) {
  EdgeBlocks blocks;
  BOOST_TEST(!blocks.blocked("acme.test"));
  blocks.served("other.test");
  for (int domain = 0; domain < 10000; ++domain)
    blocks.blocked(std::to_string(domain) + ".test");
  BOOST_TEST(!blocks.blocked("acme.test"));
  blocks.served("other.test");
  BOOST_TEST(!blocks.blocked("acme.test"));
}

BOOST_AUTO_TEST_SUITE_END()
