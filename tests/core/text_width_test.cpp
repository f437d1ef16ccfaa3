#include "core/text_width.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(text_width)

BOOST_AUTO_TEST_CASE(characters_take_up_what_a_terminal_gives_them) {
  BOOST_TEST(columns_of("") == 0u);
  BOOST_TEST(columns_of("acme.test") == 9u);
  BOOST_TEST(columns_of("b\u00FCcher") == 6u);
  BOOST_TEST(columns_of("e\u0301t\u00E9") == 3u); // a mark on the letter before it
  BOOST_TEST(columns_of("\u4F8B\u3048.test") == 9u);
  BOOST_TEST(columns_of("\U0001F600") == 2u);
  BOOST_TEST(columns_of("\xFF\xFE") == 2u);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_cut_and_says_so) {
  BOOST_TEST(cut_to("acme.test", 9) == "acme.test");
  BOOST_TEST(cut_to("acme.test", 8) == "acme.te~");
  BOOST_TEST(cut_to("acme.test", 1) == "~");
  BOOST_TEST(cut_to("acme.test", 0) == "");
}

BOOST_AUTO_TEST_CASE(a_wide_character_is_never_halved) {
  BOOST_TEST(cut_to("\u4F8B\u3048\u4F8B", 5) == "\u4F8B\u3048~");
  BOOST_TEST(cut_to("\u4F8B\u3048\u4F8B", 4) == "\u4F8B~");
  BOOST_TEST(padded("\u4F8B\u3048\u4F8B", 4) == "\u4F8B~ ");
}

BOOST_AUTO_TEST_CASE(padding_comes_to_the_same_columns_whatever_the_text) {
  for (const std::string text :
       {"", "a", "\u4F8B", "b\u00FCcher", "\u4F8B\u3048\u4F8B\u3048", "\xFF"})
    for (std::size_t columns = 0; columns < 12; ++columns)
      for (const bool right : {false, true})
        BOOST_TEST(columns_of(padded(text, columns, right)) == columns);
  BOOST_TEST(padded("7", 3, true) == "  7");
  BOOST_TEST(padded("7", 3) == "7  ");
}

BOOST_AUTO_TEST_SUITE_END()
