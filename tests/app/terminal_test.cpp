#include "app/terminal.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(terminal)

BOOST_AUTO_TEST_CASE(text_from_outside_can_not_steer_a_terminal) {
  BOOST_TEST(harmless("a\x1b[31mb\n\x7f") == "a?[31mb??");
  BOOST_TEST(harmless("c\xC2\x9B"
                      "31m") == "c?31m");                // CSI as one C1 character
  BOOST_TEST(harmless("moc\xE2\x80\xAE.x") == "moc?.x"); // right-to-left override
  BOOST_TEST(harmless("bad \xff byte") == "bad ? byte");
  BOOST_TEST(harmless("b\xC3\xBC"
                      "cher") == "b\xC3\xBC"
                                 "cher");
}

BOOST_AUTO_TEST_CASE(columns_line_up_by_characters_not_bytes) {
  BOOST_TEST(table({{"domain", "n"},
                    {"b\xC3\xBC"
                     "cher",
                     "2"}}) == "domain  n\nb\xC3\xBC"
                               "cher  2\n");
}

BOOST_AUTO_TEST_SUITE_END()
