#include "core/answer_rule.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

namespace answer_rule {

ApiAnswer answered(int status) {
  ApiAnswer answer;
  answer.transport = ApiAnswer::Transport::answered;
  answer.status = status;
  answer.is_json = true;
  return answer;
}

bool taken(const AnswerConditions& conditions, const ApiAnswer& answer) {
  AnswerRule rule;
  rule.conditions = conditions;
  return takes(rule, answer, ascii_lower_case(answer.error_details));
}

} // namespace answer_rule

BOOST_AUTO_TEST_SUITE(answer_rule)

BOOST_AUTO_TEST_CASE(a_star_stands_for_any_characters_or_none) {
  BOOST_TEST(matches_wildcard("no_*_access", "no_discover_access"));
  BOOST_TEST(matches_wildcard("no_*_access", "no__access"));
  BOOST_TEST(!matches_wildcard("no_*_access", "no_access"));
  BOOST_TEST(!matches_wildcard("no_*_access", "no_discover_accesses"));
  BOOST_TEST(matches_wildcard("*a*b*", "xaxxbab"));
  BOOST_TEST(!matches_wildcard("*a*b", "xaxxba"));
  BOOST_TEST(matches_wildcard("forbidden", "forbidden"));
  BOOST_TEST(!matches_wildcard("forbidden", ""));
  BOOST_TEST(matches_wildcard("*", ""));
}

BOOST_AUTO_TEST_CASE(a_number_stands_between_two_texts) {
  const NumberPattern cap{"limited to ", " email"};
  BOOST_TEST(number_in(cap, "limited to 10 email addresses") == 10u);
  for (const auto* text : {"", "limited to", "limited to 10", "limited to -1 email",
                           "limited to 99999999999 email", "limited to x, limited to 5 email"})
    BOOST_TEST(number_in(cap, text) == 0u, text);
}

BOOST_AUTO_TEST_CASE(a_rule_without_conditions_takes_everything) {
  for (const auto status : {-1, 0, 100, 999, 1234})
    BOOST_TEST(taken({}, answered(status)));
}

BOOST_AUTO_TEST_CASE(statuses_that_no_protocol_has_count_as_the_nearest) {
  AnswerConditions conditions;
  conditions.statuses = {{100, 199}};
  BOOST_TEST(taken(conditions, answered(0)));
  BOOST_TEST(!taken(conditions, answered(1000)));
  conditions.statuses = {{418, 418}, {900, 999}};
  BOOST_TEST(taken(conditions, answered(418)));
  BOOST_TEST(taken(conditions, answered(1000)));
}

BOOST_AUTO_TEST_CASE(all_conditions_must_hold_and_any_of_a_list) {
  AnswerConditions conditions;
  conditions.is_json = true;
  conditions.error_ids = {"a", "b*"};
  conditions.phrases = {"slow", "fast"};
  auto answer = answered(429);
  answer.error_id = "bc";
  answer.error_details = "Too FAST";
  BOOST_TEST(taken(conditions, answer));
  answer.error_details = "too much";
  BOOST_TEST(!taken(conditions, answer));
  answer.error_details = "too fast";
  answer.error_id = "c";
  BOOST_TEST(!taken(conditions, answer));
  answer.error_id = "a";
  answer.is_json = false;
  BOOST_TEST(!taken(conditions, answer));
}

BOOST_AUTO_TEST_CASE(bounds_of_a_retry_after_include_themselves_and_need_one) {
  AnswerConditions conditions;
  conditions.retry_after_at_least = 10s;
  conditions.retry_after_at_most = 20s;
  auto answer = answered(429);
  BOOST_TEST(!taken(conditions, answer));
  for (const auto& [wait, expected] :
       {std::pair{9s, false}, {10s, true}, {20s, true}, {21s, false}}) {
    answer.retry_after = wait;
    BOOST_TEST(taken(conditions, answer) == expected, wait.count());
  }
  conditions = {};
  conditions.retry_after_absent = true;
  BOOST_TEST(!taken(conditions, answer));
  answer.retry_after.reset();
  BOOST_TEST(taken(conditions, answer));
}

BOOST_AUTO_TEST_SUITE_END()
