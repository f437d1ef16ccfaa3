#include "tests/adapters/profile/changed_profile.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;
using namespace gleaner::test;

namespace bad_profile {

/// One change of the built-in profile and what is said about it, place and all.
struct Row {
  const char* from;
  const char* to;
  const char* problem; ///< Begins with line and column where those are certain.
};

/// A text has one problem, or two where a mistyped key leaves another one out.
void check(const std::string& text, const std::string& expected) {
  const auto reading = profile::parse_profile(text, "my.toml");
  std::string all;
  for (const auto& problem : reading.problems) {
    BOOST_TEST(problem.starts_with("my.toml:"), problem);
    all += problem + '\n';
  }
  BOOST_TEST((reading.problems.size() == 1 || reading.problems.size() == 2), all);
  BOOST_TEST(all.find(expected) != std::string::npos, all << "does not say: " << expected);
}

constexpr auto page_rule = "name = \"page\"\nstatus = [200]\nverdict = \"page\"";
constexpr auto second_window = "{ requests = 500, seconds = 60 }";
constexpr auto cost = "per = \"contacts\"\ncontacts_per_credit = 10";

} // namespace bad_profile

BOOST_AUTO_TEST_SUITE(bad_profile)

BOOST_AUTO_TEST_CASE(wrong_limits_page_sizes_and_costs_are_named) {
  const Row rows[] = {
    {"name = \"hunter\"", "", "name is missing; it takes a text"},
    {"name = \"hunter\"", "name = \"\"", ":6:8: name takes a text of 1 to 200 characters"},
    {"name = \"hunter\"", "name = 7", "name takes a text"},
    {"name = \"hunter\"", "name = \"hunter\"\nnane = \"x\"",
     ":7:1: unknown key nane; did you mean name?"},
    {"[count]", "[cuont]", "count is missing; it takes a table"},
    {"page_size = 100", "page_size = 0",
     "search.page_size is 0; it takes a whole number from 1 to 10000"},
    {"page_size = 100", "page_size = 101",
     "search.page_size_most is 100, less than the page_size 101; raise it"},
    {"page_size = 100", "page_size = \"100\"", "search.page_size takes a whole number"},
    {"page_size = 100", "page_size = 10.5", "search.page_size takes a whole number"},
    {"page_size_most = 100", "page_size_most = 100000",
     "search.page_size_most is 100000; it takes"},
    {"page_size_most = 100", "page_sise_most = 100", "search.page_size_most is missing"},
    {second_window, "{ requests = 500, seconds = 1 }",
     "search.windows.seconds is 1 for a second time; keep one"},
    {second_window, "{ requests = 10, seconds = 60 }",
     "search.windows has { requests = 15, seconds = 1 }, never reached since "
     "{ requests = 10, seconds = 60 } allows less; drop"},
    {second_window, "{ requests = 901, seconds = 60 }",
     "search.windows has { requests = 901, seconds = 60 }, never reached since"},
    {second_window, "{ requests = 500, seconds = 0 }",
     "search.windows.seconds is 0; it takes a whole number from 1 to 86400"},
    {second_window, "{ requests = 0, seconds = 60 }",
     "search.windows.requests is 0; it takes a whole number from 1 to 1000000"},
    {second_window, "{ requests = -5, seconds = 60 }", "search.windows.requests is -5"},
    {second_window, "{ requests = 9000000000, seconds = 60 }",
     "search.windows.requests is 9000000000"},
    {second_window, "{ requests = 500, seconds = 90000 }", "search.windows.seconds is 90000"},
    {second_window, "{ requests = 500, minutes = 1, seconds = 60 }",
     "unknown key search.windows.minutes"},
    {second_window, "{ requests = 500 }", "search.windows.seconds is missing"},
    {second_window, "\"500/min\"",
     "search.windows has an entry that is no window; write { requests"},
    {"windows = [{ requests = 15, seconds = 1 }]", "windows = \"off\"",
     "count.windows takes a list such as"},
    {"windows = [{ requests = 15, seconds = 1 }]", "", "count.windows is missing"},
    {"per = \"contacts\"", "per = \"contact\"",
     "search.cost.per is \"contact\"; it takes contacts or request; did you mean contacts?"},
    {"contacts_per_credit = 10", "contacts_per_credit = 0",
     "search.cost.contacts_per_credit is 0; it takes"},
    {"contacts_per_credit = 10", "contacts_per_credit = -1",
     "search.cost.contacts_per_credit is -1"},
    {"contacts_per_credit = 10", "contacts_per_credit = 100000",
     "search.cost.contacts_per_credit is 100000"},
    {"contacts_per_credit = 10", "", "search.cost.contacts_per_credit is missing"},
    {"contacts_per_credit = 10", "contacts_per_credit = 10\ncredits_per_request = 1",
     "search.cost.credits_per_request goes with per = \"request\""},
    {cost, "per = \"request\"\ncredits_per_request = 0.0",
     "search.cost.credits_per_request is 0; it takes a number above 0, at most 1000"},
    {cost, "per = \"request\"\ncredits_per_request = -2", "search.cost.credits_per_request is -2"},
    {cost, "per = \"request\"\ncredits_per_request = 1e9",
     "search.cost.credits_per_request is 1e+09"},
    {cost, "per = \"request\"\ncredits_per_request = nan",
     "search.cost.credits_per_request is nan"},
    {cost, "per = \"request\"\ncredits_per_request = 1\ncontacts_per_credit = 1",
     "search.cost.contacts_per_credit goes with per = \"contacts\""},
  };
  for (const auto& row : rows)
    BOOST_TEST_CONTEXT(row.from << " -> " << row.to)
  check(changed_profile(row.from, row.to), row.problem);
}

BOOST_AUTO_TEST_CASE(wrong_conditions_are_named) {
  const Row rows[] = {
    {"status = [401]", "status = [99]",
     "answer \"key refused\".status has an entry that is none; it takes a list of statuses from "
     "100 to 999"},
    {"status = [401]", "status = [401, 1000]", "answer \"key refused\".status has an entry"},
    {"status = [401]", "status = [\"40x\"]", "answer \"key refused\".status has an entry"},
    {"status = [401]", "status = [\"0xx\"]", "answer \"key refused\".status has an entry"},
    {"status = [401]", "status = []", "answer \"key refused\".status is an empty list"},
    {"status = [401]", "status = 401", "answer \"key refused\".status takes a list of statuses"},
    {"status = [401]", "statsu = [401]",
     "unknown key answer \"key refused\".statsu; did you mean status?"},
    {"json = false", "json = \"no\"", "answer \"edge block\".json takes true or false"},
    {"json = false", "json = false\nerror_id = [\"x\"]",
     "reads an error of a body that is not JSON"},
    {"error_id = [\"forbidden\"", "error_id = [\"\"",
     "answer \"permission by its id\".error_id has an entry that is no text"},
    {"error_id = [\"forbidden\"", "error_id = [\"**\"",
     "error_id takes any id, also none, by \"*\"; leave it out"},
    {"error_id = [\"restricted_account\"]", "error_id = []",
     "answer \"restricted account\".error_id is an empty list"},
    {"error_id = [\"restricted_account\"]", "error_id = \"restricted_account\"",
     "error_id takes a list of texts"},
    {"details = [\"billing period\"", "details = [\"\"",
     "answer \"quota by its text\".details has an entry that is no text"},
    {"details = [\"billing period\"", "details = [\"  \"", "details has an entry that is no text"},
    {"details = [\"billing period\"", "details = [\"Billing\"",
     "details is compared in lower case; write \"billing\""},
    {"details = [\"billing period\"", "details = [7", "details has an entry that is no text"},
    {"retry_after_at_least_s = 3600", "retry_after_at_least_s = -1",
     "retry_after_at_least_s is -1; it takes"},
    {"retry_after_at_least_s = 3600", "retry_after_at_least_s = \"1h\"",
     "retry_after_at_least_s takes a whole number"},
    {"retry_after_at_most_s = 120", "retry_after_at_most_s = 120\nretry_after_at_least_s = 130",
     "asks for a Retry-After of at least 130 s and at most 120 s; swap them"},
    {"retry_after_absent = true", "retry_after_absent = false",
     "retry_after_absent is false, which asks nothing"},
    {"retry_after_absent = true", "retry_after_absent = true\nretry_after_at_most_s = 1",
     "asks for a Retry-After and for none"},
  };
  for (const auto& row : rows)
    BOOST_TEST_CONTEXT(row.from << " -> " << row.to)
  check(changed_profile(row.from, row.to), row.problem);
}

BOOST_AUTO_TEST_CASE(wrong_verdicts_are_named) {
  const Row rows[] = {
    {"verdict = \"ask_account\"", "verdict = \"ask_acount\"",
     "verdict is \"ask_acount\"; it takes page, retry, give_up, ask_account or plan_cap; did you "
     "mean ask_account?"},
    {"verdict = \"ask_account\"", "", "answer \"pace or quota\".verdict is missing"},
    {"verdict = \"ask_account\"", "verdict = \"ask_account\"\nas = \"quota\"",
     "as goes with the verdicts retry and give_up; drop it"},
    {"as = \"unavailable\"", "as = \"quota\"",
     "answer \"server error\".as is \"quota\"; it takes throttled or unavailable"},
    {"as = \"legal\"", "as = \"leagl\"", "did you mean legal?"},
    {"as = \"legal\"", "", "answer \"claimed\".as is missing; it takes quota, key, restricted"},
    {"as = \"legal\"", "as = \"legal\"\ncap = \"{number}\"",
     "cap goes with the verdict plan_cap; drop it"},
    {"cap = \"limited to {number} email\"", "", "answer \"plan cap\".cap is missing"},
    {"cap = \"limited to {number} email\"", "cap = \"limited to\"",
     "cap takes a text with {number} in it once"},
    {"cap = \"limited to {number} email\"", "cap = \"{number} email\"",
     "cap takes a text with {number} in it once and words before it"},
    {"cap = \"limited to {number} email\"", "cap = \"a {number} b {number}\"",
     "cap takes a text with {number} in it once"},
    {"cap = \"limited to {number} email\"", "cap = \"Limited to {number}\"",
     "cap is compared in lower case; write \"limited to {number}\""},
    {"{answer}: redirects", "{anwser}: redirects",
     "reason has braces that are neither {answer} nor {status}"},
    {"{answer}: redirects", "{answer}}: redirects", "reason has braces"},
    {"reason = \"{answer}: not", "reason = \"\" # ", "reason takes a text of 1 to 200 characters"},
    {page_rule, "name = \"page\"\nverdict = \"page\"",
     "answer \"page\".verdict is page, which only a success has"},
    {page_rule, "name = \"page\"\nstatus = [\"2xx\", 404]\nverdict = \"page\"",
     "is page, which only a success has"},
  };
  for (const auto& row : rows)
    BOOST_TEST_CONTEXT(row.from << " -> " << row.to)
  check(changed_profile(row.from, row.to), row.problem);
}

BOOST_AUTO_TEST_CASE(rules_that_do_not_go_together_are_named) {
  const Row rows[] = {
    {"name = \"claimed\"", "name = \"key refused\"", "answer.name \"key refused\" stands twice"},
    {"name = \"claimed\"", "", "answer 7.name is missing"},
    {"status = [451]", "status = [401]",
     "answer \"claimed\" can never decide, since all that it takes is taken before it by \"key "
     "refused\""},
    {"status = [451]", "status = [401, 500, 302]",
     "taken before it by \"redirect\", \"key refused\", \"server error\"; move it up"},
    {"status = [408]\n", "",
     "answer \"any other refusal\" can never decide, since all that it takes is taken before it by "
     "\"request timeout\"; move it up"},
    {"status = [\"5xx\", \"6xx\", \"7xx\",", "status = [\"5xx\", \"6xx\",",
     "no rule takes every 7xx; add one with status = [\"7xx\"] and no other condition at the end"},
    {page_rule, "name = \"page\"\nstatus = [200]\nverdict = \"ask_account\"",
     "no rule has the verdict page, so nothing would be collected"},
  };
  for (const auto& row : rows)
    BOOST_TEST_CONTEXT(row.from << " -> " << row.to)
  if (row.problem[0] != '\0')
    check(changed_profile(row.from, row.to), row.problem);
}

BOOST_AUTO_TEST_CASE(files_of_another_shape_are_named) {
  check(
    extended_profile("name = \"late\"\nstatus = [404]\nverdict = \"retry\"\nas = \"unavailable\""),
    "answer \"late\" can never decide, since all that it takes is taken before it by \"any other "
    "refusal\"");
  check("name = \"x", ":1:");
  check("name = \"\xFF\"", ":1:");
  check("name = \"x\"\n[search]\npage_size = 1\npage_size = 2\n", ":4:");
  check(changed_profile("[[answer]] # Reference: success.", "[[answr]]"),
        "unknown key answr; did you mean answer?");
}

BOOST_AUTO_TEST_SUITE_END()
