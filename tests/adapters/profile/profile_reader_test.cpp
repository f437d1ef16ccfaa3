#include "adapters/profile/profile_reader.hpp"
#include "core/answer_class.hpp"
#include "tests/adapters/profile/changed_profile.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

using namespace gleaner;
using namespace gleaner::test;
using profile::parse_profile;

namespace profile_reader {

bool same(const std::vector<RateWindow>& a, const std::vector<RateWindow>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.requests == y.requests && x.period == y.period;
  });
}

ApiAnswer answered(int status) {
  ApiAnswer answer;
  answer.transport = ApiAnswer::Transport::answered;
  answer.status = status;
  return answer;
}

/// The profile of a text that has to be good.
ProviderProfile good(const std::string& text) {
  auto reading = parse_profile(text, "my.toml");
  BOOST_REQUIRE_MESSAGE(reading.problems.empty(), reading.problems.front());
  return std::move(reading.profile);
}

} // namespace profile_reader

BOOST_AUTO_TEST_SUITE(profile_reader)

BOOST_AUTO_TEST_CASE(the_built_in_profile_says_what_the_settings_have_by_default) {
  const auto& hunter = profile::builtin_profile();
  const ApiConfig defaults;
  BOOST_TEST(hunter.name == "hunter");
  BOOST_TEST(same(hunter.search_windows, defaults.limits));
  BOOST_TEST(hunter.page_size == defaults.page_size);
  BOOST_TEST(hunter.page_size_most == 100u);
  BOOST_TEST(same(hunter.count_windows, {{15, std::chrono::seconds{1}}}));
  BOOST_TEST(hunter.cost.credits_for(52) == 6.);
  BOOST_TEST(hunter.cost.most_credits(hunter.page_size) == 10.);
}

BOOST_AUTO_TEST_CASE(a_rule_of_ones_own_decides_when_it_comes_first) {
  const auto teapot = good(changed_profile("[[answer]] # Reference: success.", R"(
[[answer]]
name = "teapot"
status = [418]
verdict = "retry"
as = "throttled"
reason = "HTTP {status}: short and stout"

[[answer]])"));
  const auto verdict = classify(teapot, answered(418));
  BOOST_TEST((verdict.verdict == AnswerClass::Verdict::retry));
  BOOST_TEST((verdict.code == Errc::api_throttled));
  BOOST_TEST(verdict.rule == "teapot");
  BOOST_TEST(verdict.reason == "HTTP 418: short and stout");
  BOOST_TEST((classify(profile::builtin_profile(), answered(418)).code == Errc::api_rejected));
}

BOOST_AUTO_TEST_CASE(what_a_reason_quotes_is_not_taken_for_a_place_holder) {
  auto answer = answered(404);
  answer.error_details = "{status} {answer}";
  BOOST_TEST(classify(profile::builtin_profile(), answer).reason == "HTTP 404: {status} {answer}");
}

BOOST_AUTO_TEST_CASE(no_windows_mean_no_limit_and_a_longer_one_may_allow_no_more) {
  BOOST_TEST(good(changed_profile("windows = [{ requests = 15, seconds = 1 }]", "windows = []"))
               .count_windows.empty());
  const auto slow =
    good(changed_profile("requests = 500, seconds = 60", "requests = 15, seconds = 60"));
  BOOST_TEST(slow.search_windows[1].requests == 15u);
}

BOOST_AUTO_TEST_CASE(a_request_may_cost_a_part_of_a_credit) {
  const auto profile = good(changed_profile("per = \"contacts\"\ncontacts_per_credit = 10",
                                            "per = \"request\"\ncredits_per_request = 0.5"));
  BOOST_TEST(profile.cost.credits_for(0) == 0.5);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_none_is_refused_with_the_reason) {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& name) {
    const auto text = profile::read_profile_file(folder / name);
    BOOST_REQUIRE(!bool(text));
    BOOST_TEST((text.error().code == Errc::usage));
    BOOST_TEST(text.error().detail.starts_with(folder / name));
    return text.error().detail;
  };
  BOOST_TEST(refusal("none.toml").find("No such file") != std::string::npos);
  BOOST_TEST(refusal("").find("not a file") != std::string::npos);
  BOOST_REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  BOOST_TEST(refusal("pipe").find("not a file") != std::string::npos);
  std::ofstream{folder / "large"} << std::string((256 << 10) + 1, '#');
  BOOST_TEST(refusal("large").find("256 KiB") != std::string::npos);
  std::ofstream{folder / "good"} << profile::builtin_text();
  BOOST_TEST(*profile::read_profile_file(folder / "good") == profile::builtin_text());
}

BOOST_AUTO_TEST_SUITE_END()
