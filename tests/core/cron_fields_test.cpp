#include "core/cron_fields.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;

namespace cron_fields {

std::string refusal_of(std::string_view pattern) {
  const auto fields = parse_cron_fields(pattern);
  return fields ? "" : fields.error().detail;
}

} // namespace cron_fields

BOOST_AUTO_TEST_SUITE(cron_fields)

BOOST_AUTO_TEST_CASE(a_refusal_names_the_field_what_was_found_and_what_is_allowed) {
  BOOST_TEST(refusal_of("61 * * * *") ==
             "cron pattern, minute \"61\": not a value of this field; allowed: 0-59, * and ?, "
             "ranges like 1-5, steps like */2, lists like 1,3");
  BOOST_TEST(
    refusal_of("0 0 * foo *") ==
    "cron pattern, month \"foo\": not a value of this field; allowed: 1-12, JAN-DEC, * and "
    "?, ranges like 1-5, steps like */2, lists like 1,3");
  BOOST_TEST(refusal_of("0 0 * * 1#6") ==
             "cron pattern, day of week \"1#6\": after # stands which such day of the month, 1 to "
             "5; allowed: 0-7, SUN-SAT, 5L (the last Friday), 1#2 (the second Monday), * and ?, "
             "ranges like 1-5, steps like */2, lists like 1,3");
  BOOST_TEST(refusal_of("@noon").find("@daily") != std::string::npos);
  BOOST_TEST(refusal_of("* * * * * * *") ==
             "cron pattern \"* * * * * * *\" has 7 fields; give 5 (minute, hour, day of month, "
             "month, day of week) or 6, with the second first");
}

BOOST_AUTO_TEST_CASE(every_field_refuses_what_it_cannot_hold) {
  const std::pair<const char*, const char*> refused[] = {
    {"60 * * * * *", "second"},
    {"60 * * * *", "minute"},
    {"* 24 * * *", "hour"},
    {"* * 0 * *", "day of month"},
    {"* * 32 * *", "day of month"},
    {"* * * 0 *", "month"},
    {"* * * 13 *", "month"},
    {"* * * * 8", "day of week"},
    {"* * * * L", "day of week"},
    {"L * * * *", "minute"},
    {"* * * L *", "month"},
    {"* * L-3 * *", "day of month"},
    {"* * 15L * *", "day of month"},
    {"* * L/2 * *", "day of month"},
    {"* * * * fril", "day of week"},
    {"* * * * 8L", "day of week"},
    {"* * * * 1-3L", "day of week"},
    {"* * * * 5L#2", "day of week"},
    {"* * * * 1#0", "day of week"},
    {"* * * * 1#", "day of week"},
    {"* * * * #2", "day of week"},
    {"* * * * 1#2#3", "day of week"},
    {"* * * * 1,2#3", "day of week"},
    {"* * * * 1-2#3", "day of week"},
    {"* * * * 1#2,3", "day of week"},
    {"1#2 * * * *", "minute"},
    {"* * * * monday", "day of week"},
    {"* * * jan1 *", "month"},
    {"mon * * * *", "minute"},
    {"* * * * sat-sun", "day of week"},
    {"5-1 * * * *", "minute"},
    {"1-2-3 * * * *", "minute"},
    {"-5 * * * *", "minute"},
    {"5- * * * *", "minute"},
    {"*-5 * * * *", "minute"},
    {"1-60 * * * *", "minute"},
    {"*/0 * * * *", "minute"},
    {"*/ * * * *", "minute"},
    {"/5 * * * *", "minute"},
    {"*/1.5 * * * *", "minute"},
    {"*/-1 * * * *", "minute"},
    {"*/2/3 * * * *", "minute"},
    {", * * * *", "minute"},
    {"1,,2 * * * *", "minute"},
    {"1, * * * *", "minute"},
    {"+5 * * * *", "minute"},
    {"1e1 * * * *", "minute"},
    {"0x5 * * * *", "minute"},
    {"** * * * *", "minute"},
    {"99999999999999999999 * * * *", "minute"},
    {"*/99999999999999999999 * * * *", "minute"}};
  for (const auto& [pattern, field] : refused)
    BOOST_TEST(refusal_of(pattern).starts_with(std::string{"cron pattern, "} + field + " \""),
               pattern << " -> " << refusal_of(pattern));
}

BOOST_AUTO_TEST_CASE(letters_of_other_crons_are_refused_by_what_they_mean) {
  for (const auto* pattern : {"H * * * *", "H/15 * * * *", "H(0-29)/10 * * * *", "* * * * 1,H"})
    BOOST_TEST(refusal_of(pattern).find("H stands for another value") != std::string::npos);
  for (const auto* pattern : {"* * 15W * *", "* * LW * *", "* * W * *"})
    BOOST_TEST(refusal_of(pattern).find("nearest working day") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_day_that_no_month_of_the_pattern_has_is_refused) {
  for (const auto* pattern : {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31 2 ?", "0 0 30-31 2 *"})
    BOOST_TEST(refusal_of(pattern).find("no month of the pattern has that day") !=
               std::string::npos);
  for (const auto* pattern :
       {"0 0 29 2 *", "0 0 30 2 1", "0 0 30,L 2 *", "0 0 31 2,3 *", "0 0 30 2,4 *"})
    BOOST_TEST(refusal_of(pattern) == "");
}

BOOST_AUTO_TEST_CASE(whatever_a_job_holds_is_refused_in_a_short_and_printable_text) {
  BOOST_TEST(refusal_of("").find("has 0 fields") != std::string::npos);
  BOOST_TEST(refusal_of(" \t\n").find("has 0 fields") != std::string::npos);
  BOOST_TEST(refusal_of("@DAILY").find("no known alias") != std::string::npos);
  BOOST_TEST(refusal_of("\x1b[31m\xc3\xa9 * * * *").find("minute \"?[31m??\"") !=
             std::string::npos);
  BOOST_TEST(refusal_of(std::string(1000, '7') + " * * * *").size() < 300u);
  const std::string too_long = "1" + std::string(1020, ' ') + "* * * *";
  BOOST_TEST(refusal_of(too_long).find("longer than 1024 characters") != std::string::npos);
  BOOST_TEST(refusal_of(too_long.substr(0, 1) + std::string(1016, ' ') + "* * * *") == "");
}

BOOST_AUTO_TEST_SUITE_END()
