#include "core/rule_reach.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

namespace rule_reach {

AnswerRule rule(std::vector<StatusRange> statuses, AnswerConditions others = {}) {
  AnswerRule made;
  made.conditions = std::move(others);
  made.conditions.statuses = std::move(statuses);
  return made;
}

AnswerConditions with(void (*fill)(AnswerConditions&)) {
  AnswerConditions conditions;
  fill(conditions);
  return conditions;
}

/// Whether nothing is left for `later`.
bool hides(const AnswerRule& earlier, const AnswerRule& later) {
  return why_never({earlier, later}, 1).has_value();
}

const std::vector<StatusRange> any;
const std::vector<StatusRange> refusals{{400, 499}};
const std::vector<StatusRange> throttle{{429, 429}};

} // namespace rule_reach

BOOST_AUTO_TEST_SUITE(rule_reach)

BOOST_AUTO_TEST_CASE(an_earlier_rule_without_further_conditions_hides_what_it_takes) {
  BOOST_TEST(hides(rule(any), rule(throttle)));
  BOOST_TEST(hides(rule(refusals), rule(throttle)));
  BOOST_TEST(hides(rule(throttle), rule(throttle)));
  BOOST_TEST(!hides(rule(throttle), rule(refusals)));
  BOOST_TEST(!hides(rule(throttle), rule(any)));
}

BOOST_AUTO_TEST_CASE(several_earlier_rules_hide_one_together) {
  const std::vector rules{rule({{401, 401}}), rule({{402, 402}}), rule({{401, 402}}),
                          rule({{401, 403}})};
  BOOST_TEST(why_never(rules, 2).has_value());
  BOOST_TEST(!why_never(rules, 3).has_value());
}

BOOST_AUTO_TEST_CASE(an_earlier_rule_that_asks_for_less_hides_one_that_asks_for_more) {
  const auto id = [](auto text) {
    auto conditions = AnswerConditions{};
    conditions.error_ids = {text};
    return rule(throttle, conditions);
  };
  const auto phrase = [](auto text) {
    auto conditions = AnswerConditions{};
    conditions.phrases = {text};
    return rule(throttle, conditions);
  };
  BOOST_TEST(hides(id("no_*"), id("no_access")));
  BOOST_TEST(hides(id("no_*"), id("no_*")));
  BOOST_TEST(!hides(id("no_access"), id("no_*")));
  BOOST_TEST(!hides(id("no_access"), rule(throttle)));
  BOOST_TEST(hides(phrase("plan"), phrase("your plan")));
  BOOST_TEST(!hides(phrase("your plan"), phrase("plan")));
  BOOST_TEST(!hides(phrase("plan"), id("plan")));
  BOOST_TEST(hides(rule(throttle, with([](auto& c) { c.retry_after_at_most = 120s; })),
                   rule(throttle, with([](auto& c) { c.retry_after_at_most = 60s; }))));
  BOOST_TEST(!hides(rule(throttle, with([](auto& c) { c.retry_after_at_most = 60s; })),
                    rule(throttle, with([](auto& c) { c.retry_after_at_most = 120s; }))));
  BOOST_TEST(!hides(rule(throttle, with([](auto& c) { c.retry_after_absent = true; })),
                    rule(throttle, with([](auto& c) { c.retry_after_at_least = 0s; }))));
  BOOST_TEST(!hides(rule(throttle, with([](auto& c) { c.is_json = false; })),
                    rule(throttle, with([](auto& c) { c.is_json = true; }))));
}

BOOST_AUTO_TEST_CASE(a_plan_cap_takes_only_answers_with_its_number) {
  auto cap = rule(throttle);
  cap.verdict = AnswerClass::Verdict::plan_cap;
  cap.cap = {"limited to ", ""};
  BOOST_TEST(!hides(cap, rule(throttle)));
  BOOST_TEST(hides(cap, cap));
}

BOOST_AUTO_TEST_CASE(conditions_that_exclude_each_other_take_nothing) {
  for (const auto fill : {+[](AnswerConditions& c) {
                            c.retry_after_absent = true;
                            c.retry_after_at_most = 1s;
                          },
                          +[](AnswerConditions& c) {
                            c.retry_after_at_least = 2s;
                            c.retry_after_at_most = 1s;
                          },
                          +[](AnswerConditions& c) {
                            c.is_json = false;
                            c.phrases = {"x"};
                          }})
    BOOST_TEST(why_never({rule(any, with(fill))}, 0).has_value());
  const auto page_error = rule({{200, 200}}, with([](auto& c) { c.error_ids = {"x"}; }));
  BOOST_TEST(why_never({page_error}, 0).has_value());
}

BOOST_AUTO_TEST_CASE(a_class_is_open_when_some_status_of_it_may_find_no_rule) {
  BOOST_TEST(open_classes({rule(any)}).empty());
  const auto open = open_classes(
    {rule({{100, 498}, {500, 999}}), rule({{499, 499}}, with([](auto& c) { c.is_json = true; }))});
  BOOST_REQUIRE(open.size() == 1u);
  BOOST_TEST(open[0] == "4xx");
  BOOST_TEST(open_classes({}).size() == 9u);
}

BOOST_AUTO_TEST_SUITE_END()
