#include "app/event_logger.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <random>
#include <string>
#include <vector>

using namespace gleaner;

namespace event_logger {

constexpr const char* ts = "2026-01-01T10:20:30.456Z";

std::string as_json(const Redaction& redaction, std::string_view message,
                    const std::vector<LogField>& fields) {
  return json_line(redaction, ts, LogLevel::info, "job.completed", message, fields);
}

std::string as_text(const Redaction& redaction, std::string_view message,
                    const std::vector<LogField>& fields) {
  return text_line(redaction, ts, LogLevel::warn, "job.failed", message, fields);
}

} // namespace event_logger

BOOST_AUTO_TEST_SUITE(event_logger)

BOOST_AUTO_TEST_CASE(a_json_line_holds_time_level_code_message_and_fields) {
  const auto line = as_json(Redaction{{}}, "stored", {{"job_id", "7"}, {"pages", std::int64_t{3}}});
  const auto parsed = nlohmann::json::parse(line);
  BOOST_TEST(parsed["ts"] == ts);
  BOOST_TEST(parsed["level"] == "info");
  BOOST_TEST(parsed["code"] == "job.completed");
  BOOST_TEST(parsed["msg"] == "stored");
  BOOST_TEST(parsed["job_id"] == "7");
  BOOST_TEST(parsed["pages"] == 3);
}

BOOST_AUTO_TEST_CASE(a_text_line_is_for_people) {
  const auto line = as_text(Redaction{{}}, "failed for good", {{"domain", "acme.test"}});
  BOOST_TEST(line == "10:20:30.456 warn job.failed: failed for good domain=acme.test");
}

BOOST_AUTO_TEST_CASE(a_logfmt_line_quotes_what_is_no_word) {
  const std::vector<LogField> fields{{"domain", "acme.test"},
                                     {"err", "a \"quoted\" = text"},
                                     {"why", ""},
                                     {"pages", std::int64_t{3}},
                                     {"tls", true}};
  const auto line =
    logfmt_line(Redaction{{}}, ts, LogLevel::warn, "job.failed", "for good", fields);
  BOOST_TEST(line == "ts=2026-01-01T10:20:30.456Z level=warn code=job.failed msg=\"for good\" "
                     "domain=acme.test err=\"a \\\"quoted\\\" = text\" why=\"\" pages=3 tls=true");
}

BOOST_AUTO_TEST_CASE(hostile_text_stays_on_its_line) {
  const std::string hostile = "a\nb\r\x1b[31m\x7f\xC2\x9B\xE2\x80\xA8\xE2\x80\xA9\xff\0z";
  for (const auto& line : {as_json(Redaction{{}}, hostile, {{"domain", hostile}}),
                           as_text(Redaction{{}}, hostile, {{"domain", hostile}}),
                           logfmt_line(Redaction{{}}, ts, LogLevel::info, "a.b", hostile,
                                       std::vector<LogField>{{"domain", hostile}})})
    for (const auto* evil : {"\n", "\r", "\x1b", "\x7f", "\xC2\x9B", "\xE2\x80\xA8"})
      BOOST_TEST(line.find(evil) == std::string::npos);
  BOOST_TEST(!nlohmann::json::parse(as_json(Redaction{{}}, hostile, {})).is_discarded());
}

BOOST_AUTO_TEST_CASE(no_secret_reaches_a_line_whatever_it_looks_like) {
  std::mt19937 random{42};
  const std::string letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/+=%@!";
  for (int round = 0; round < 2000; ++round) {
    std::string secret;
    for (std::size_t i = 0; i < 4 + random() % 40; ++i)
      secret += letters[random() % letters.size()];
    const Redaction redaction{{secret}};
    const auto text = "before " + secret + " between " + secret + secret + " after";
    const std::vector<LogField> fields{{"err", text}};
    BOOST_REQUIRE(as_json(redaction, text, fields).find(secret) == std::string::npos);
    BOOST_REQUIRE(as_text(redaction, text, fields).find(secret) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_part_of_its_own_mask_does_not_hang) {
  for (const auto* secret : {"redacted", "acted", "[redacted]"})
    BOOST_TEST(Redaction{{secret}}.apply(std::string{"key "} + secret) == "key [redacted]");
}

BOOST_AUTO_TEST_CASE(a_password_is_hidden_both_as_written_and_decoded) {
  Config config;
  config.redis.url = "redis://:p%40ss%2Fword@h:1";
  const Redaction redaction{secrets_of(config)};
  BOOST_TEST(redaction.apply("p%40ss%2Fword") == "[redacted]");
  BOOST_TEST(redaction.apply("WRONGPASS p@ss/word") == "WRONGPASS [redacted]");
}

BOOST_AUTO_TEST_CASE(addresses_are_masked_by_their_shape) {
  const Redaction redaction{{}};
  BOOST_TEST(redaction.apply("sent to jane.doe@acme.test, ok") == "sent to j***@a***, ok");
  BOOST_TEST(redaction.apply("<a@b.c>;x@y.z") == "<a***@b***>;x***@y***");
  BOOST_TEST(redaction.apply("at @ noon") == "at @ noon");
}

BOOST_AUTO_TEST_CASE(the_password_of_a_redis_url_is_a_secret) {
  BOOST_TEST(password_in("redis://ann:hunter2@h:6379/0") == "hunter2");
  BOOST_TEST(password_in("redis://:p@ss@h") == "p@ss");
  BOOST_TEST(password_in("redis://h:6379") == "");
  BOOST_TEST(password_in("unix:///run/redis.sock") == "");
}

BOOST_AUTO_TEST_SUITE_END()
