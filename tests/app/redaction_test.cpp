#include "app/event_logger.hpp"
#include "app/redaction.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <random>
#include <string>
#include <vector>

using namespace gleaner;

namespace redaction {

constexpr const char* ts = "2026-01-01T10:20:30.456Z";

/// Random texts that come again with the seed.
class Texts {
public:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::string of(std::string_view letters, std::size_t least, std::size_t most) {
    std::string text;
    for (auto left = least + below(most - least + 1); left > 0; --left)
      text += letters[below(letters.size())];
    return text;
  }
  std::string bytes(std::size_t most) {
    std::string text;
    for (auto left = below(most + 1); left > 0; --left)
      text += static_cast<char>(below(256));
    return text;
  }
  /// An address of a form that RFC 5321 allows.
  std::string address() {
    constexpr std::string_view letters = "abcxyzABC0189";
    auto local = of("abcxyzABC0189.!#$%&'*+-/=?^_`{|}~", 3, 20);
    std::erase(local, '\''); // quotes texts more often than it is in an address
    if (below(8) == 0)
      local = "\"" + of("abc xyz.", 3, 12) + "\"";
    auto domain = of(letters, 2, 12) + "." + of(letters, 2, 6);
    if (below(8) == 0)
      domain = "[192.0.2." + std::to_string(below(256)) + "]";
    return (local.empty() ? "ann" : local) + "@" + domain;
  }

private:
  std::mt19937 random_{20261126};
};

/// The line of every form in which the text is message and value of a field.
std::vector<std::string> lines_of(const Redaction& redaction, const std::string& text) {
  const std::vector<LogField> fields{{"err", text}, {"count", std::int64_t{7}}, {"domain", text}};
  std::vector<std::string> lines;
  for (const auto level : {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error})
    for (const auto make : {json_line, text_line})
      lines.push_back(make(redaction, ts, level, "job.failed", text, fields));
  return lines;
}

} // namespace redaction

BOOST_AUTO_TEST_SUITE(redaction)

BOOST_AUTO_TEST_CASE(no_address_reaches_a_line_whatever_is_around_it) {
  Texts texts;
  constexpr std::string_view around = " ,;:<>()\t\"";
  for (int round = 0; round < 3000; ++round) {
    const auto address = texts.address();
    const auto text = texts.of(around, 1, 3) + address + texts.of(around, 1, 3) + texts.address();
    for (const auto& line : lines_of(Redaction{{}}, text)) {
      BOOST_REQUIRE_MESSAGE(line.find(address) == std::string::npos, line);
      const auto domain = address.substr(address.rfind('@'));
      BOOST_REQUIRE_MESSAGE(line.find(domain) == std::string::npos, line);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_secret_that_somebody_quotes_is_taken_out) {
  const Redaction redaction{{Secret{R"(a/b"SEC\RET)"}}};
  BOOST_TEST(redaction.apply(R"({"x":"a/b\"SEC\\RET"})") == R"({"x":"[redacted]"})");
}

BOOST_AUTO_TEST_CASE(secrets_and_addresses_together_are_all_taken_out) {
  Texts texts;
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::string> words;
    for (int i = 0; i < 3; ++i)
      words.push_back(texts.of("abcdefXYZ0123456789-_+/=%", 8, 48));
    const Redaction redaction{{words[0], words[1], words[2]}};
    const auto text = "k=" + words[0] + "&" + words[1] + words[2] + " " + texts.address();
    for (const auto& line : lines_of(redaction, text))
      for (const auto& word : words)
        BOOST_REQUIRE_MESSAGE(line.find(word) == std::string::npos, line);
  }
}

BOOST_AUTO_TEST_CASE(any_bytes_make_one_line_and_one_json_object) {
  Texts texts;
  const Redaction redaction{{"top-secret-key"}};
  for (int round = 0; round < 2000; ++round) {
    const auto text = texts.bytes(80);
    for (const auto& line : lines_of(redaction, text))
      for (const char c : line)
        BOOST_REQUIRE((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
    const auto line = lines_of(redaction, text).front();
    const auto parsed = nlohmann::json::parse(line, nullptr, false);
    BOOST_REQUIRE_MESSAGE(parsed.is_object(), line);
    BOOST_TEST(parsed.size() == 7u);
    BOOST_TEST(parsed["code"] == "job.failed");
    BOOST_TEST(parsed["count"] == 7);
  }
}

BOOST_AUTO_TEST_CASE(quoted_and_literal_forms_of_an_address_are_masked) {
  const Redaction redaction{{}};
  BOOST_TEST(redaction.apply("to \"ann lind\"@acme.test now") == "to \"***@a*** now");
  BOOST_TEST(redaction.apply("to ann@[192.0.2.1], ok") == "to a***@[***, ok");
}

BOOST_AUTO_TEST_SUITE_END()
