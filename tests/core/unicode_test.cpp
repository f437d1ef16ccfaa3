#include "core/unicode.hpp"

#include <boost/test/unit_test.hpp>
#include <uninorm.h>
#include <unistr.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace gleaner {

BOOST_AUTO_TEST_SUITE(unicode_suite)

BOOST_AUTO_TEST_CASE(lower_case_is_that_of_javascript) {
  BOOST_TEST(lower_case("ABC\u00C4\u1E9E\u0130") == "abc\u00E4\u00DFi\u0307");
  BOOST_TEST(lower_case("\u039F\u0394\u039F\u03A3 \u03A3\u0391") ==
             "\u03BF\u03B4\u03BF\u03C2 \u03C3\u03B1"); // a final sigma and another
  BOOST_TEST(lower_case("\xFF"
                        "A") == "\xFF"
                                "A");
  BOOST_TEST(lower_case("").empty());
}

BOOST_AUTO_TEST_CASE(form_c_is_that_of_the_library_for_each_character_and_mark) {
  for (const auto* mark : {"", "\u0301", "\u030A", "\u0327"})
    for (ucs4_t c = 1; c < 0x2200; ++c) {
      std::uint8_t bytes[8];
      const auto size = static_cast<std::size_t>(u8_uctomb(bytes, c, sizeof bytes));
      const auto text = std::string{bytes, bytes + size} + mark;
      std::size_t length = 0;
      auto* composed = u8_normalize(UNINORM_NFC, reinterpret_cast<const std::uint8_t*>(text.data()),
                                    text.size(), nullptr, &length);
      const std::string expected{composed, composed + length};
      std::free(composed);
      BOOST_REQUIRE(to_nfc(text) == expected);
    }
  BOOST_TEST(to_nfc("\xC3") == "\xC3");
}

BOOST_AUTO_TEST_CASE(quoted_text_is_short_and_visible) {
  BOOST_TEST(quote("a\nb\x1B\xFF\u202E") == "\"a\\x0ab\\x1b\\xff\\u{202e}\"");
  BOOST_TEST(quote("caf\u00E9", 4) == "\"caf\u00E9\"");
  BOOST_TEST(quote("caf\u00E9s", 4) == "\"caf\u00E9...\" (6 bytes)");
}

BOOST_AUTO_TEST_CASE(printable_ascii_is_told_at_every_place_of_a_text) {
  for (std::size_t length = 0; length < 20; ++length) {
    const std::string plain(length, '~');
    BOOST_TEST(is_printable_ascii(plain));
    BOOST_TEST(is_ascii(plain));
    for (std::size_t at = 0; at < length; ++at)
      for (int byte = 0; byte < 256; ++byte) {
        auto text = plain;
        text[at] = static_cast<char>(byte);
        BOOST_REQUIRE(is_ascii(text) == (byte < 0x80));
        BOOST_REQUIRE(is_printable_ascii(text) == (byte >= 0x20 && byte < 0x7F));
      }
  }
}

BOOST_AUTO_TEST_CASE(white_space_is_trimmed_at_both_ends_only) {
  BOOST_TEST(trim("  a b\t\n") == "a b");
  BOOST_TEST(trim("\u00A0\u3000a\uFEFF") == "a");
  BOOST_TEST(trim("\u00A0 \n").empty());
  BOOST_TEST(trim("").empty());
  BOOST_TEST(trim("\xFF ") == "\xFF");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner
