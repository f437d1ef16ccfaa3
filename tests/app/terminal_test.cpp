#include "app/terminal.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

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

BOOST_AUTO_TEST_CASE(columns_line_up_around_bytes_that_are_no_text) {
  BOOST_TEST(table({{"id", "n"}, {"\x80\x80\x80\x80\x80", "2"}}) == "id     n\n?????  2\n");
}

BOOST_AUTO_TEST_CASE(the_progress_bar_never_reaches_the_last_column) {
  BOOST_TEST(progress_text(3, 0, 6, 80) ==
             "[" + std::string(15, '#') + std::string(15, '.') + "] 3 of 6 jobs");
  BOOST_TEST(progress_text(6, 0, 6, 24) == "[#########] 6 of 6 jobs");
  BOOST_TEST(progress_text(3, 1, 6, 25) == "3 of 6 jobs, 1 failed");
  BOOST_TEST(progress_text(0, 0, 0, 24) == "[#########] 0 of 0 jobs");
  for (std::size_t columns = 0; columns < 100; ++columns)
    for (const std::uint64_t done : {0u, 7u, 200u})
      BOOST_TEST(progress_text(done, 3, 200, columns).size() < std::max<std::size_t>(columns, 1));
}

BOOST_AUTO_TEST_CASE(the_color_flag_beats_what_the_environment_says) {
  BOOST_TEST(stderr_colour(ColourChoice::always));
  BOOST_TEST(!stderr_colour(ColourChoice::never));
}

BOOST_AUTO_TEST_SUITE_END()
