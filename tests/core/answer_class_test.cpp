#include "adapters/profile/profile_reader.hpp"
#include "core/answer_class.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace gleaner;
using namespace std::chrono_literals;
using Verdict = AnswerClass::Verdict;

namespace answer_class {

ApiAnswer answered(int status, std::string id = "", std::string details = "") {
  ApiAnswer answer;
  answer.transport = ApiAnswer::Transport::answered;
  answer.status = status;
  answer.is_json = true;
  answer.error_id = std::move(id);
  answer.error_details = std::move(details);
  return answer;
}

ApiAnswer with_retry_after(ApiAnswer answer, std::chrono::seconds wait) {
  answer.retry_after = wait;
  return answer;
}

AnswerClass classify(const ApiAnswer& answer) {
  return gleaner::classify(profile::builtin_profile(), answer);
}

struct Row {
  const char* what;
  ApiAnswer answer;
  Verdict verdict;
  Errc code;
  const char* rule; ///< Of the built-in profile; "" where no answer came.
};

} // namespace answer_class

BOOST_AUTO_TEST_SUITE(answer_class)

BOOST_AUTO_TEST_CASE(every_documented_and_observed_answer_has_its_class) {
  const auto html403 = [] {
    auto answer = answered(403);
    answer.is_json = false;
    return answer;
  }();
  const auto transport = [](ApiAnswer::Transport kind) {
    ApiAnswer answer;
    answer.transport = kind;
    return answer;
  };
  const Row rows[] = {
    {"200", answered(200), Verdict::page, Errc::internal, "page"},
    {"400 cap", answered(400, "pagination_error", "Search results are limited to 10 emails."),
     Verdict::plan_cap, Errc::api_rejected, "plan cap"},
    {"403 plan", answered(403, "x", "Not part of your plan."), Verdict::give_up, Errc::api_rejected,
     "permission by its text"},
    {"401", answered(401, "authentication_failed", "No user found for the API key supplied"),
     Verdict::give_up, Errc::key_rejected, "key refused"},
    {"402", answered(402, "payment", "purchase additional credits"), Verdict::give_up,
     Errc::quota_exhausted, "payment required"},
    {"402 bare", answered(402), Verdict::give_up, Errc::quota_exhausted, "payment required"},
    {"429 quota",
     answered(
       429, "too_many_requests",
       "You've reached the limit for the number of searches per billing period included in your "
       "plan."),
     Verdict::give_up, Errc::quota_exhausted, "quota by its text"},
    {"429 monthly",
     answered(429, "too_many_requests",
              "You've exceeded your monthly limit. Please upgrade your account."),
     Verdict::give_up, Errc::quota_exhausted, "quota by its text"},
    {"403 quota", answered(403, "x", "plan credits are used up: no credits"), Verdict::give_up,
     Errc::quota_exhausted, "quota by its text"},
    {"429 restricted",
     answered(429, "restricted_account", "Your account has no usable subscription."),
     Verdict::give_up, Errc::account_restricted, "restricted account"},
    {"403 restricted", answered(403, "restricted_account", ""), Verdict::give_up,
     Errc::account_restricted, "restricted account"},
    {"403 forbidden", answered(403, "forbidden", "API keys can't be managed with an OAuth token"),
     Verdict::give_up, Errc::api_rejected, "permission by its id"},
    {"403 no access", answered(403, "no_discover_access", ""), Verdict::give_up, Errc::api_rejected,
     "permission by its id"},
    {"403 plain", answered(403, "rate_limit", ""), Verdict::retry, Errc::api_throttled, "bare 403"},
    {"403 html", html403, Verdict::give_up, Errc::api_blocked, "edge block"},
    {"429 per second", answered(429, "too_many_requests", "15 requests per second allowed"),
     Verdict::retry, Errc::api_throttled, "pace by its text"},
    {"429 retry-after", with_retry_after(answered(429), 7s), Verdict::retry, Errc::api_throttled,
     "moments to wait"},
    {"429 of hours", with_retry_after(answered(429), 7200s), Verdict::give_up,
     Errc::quota_exhausted, "hours to wait"},
    {"403 of hours", with_retry_after(answered(403), 86400s), Verdict::give_up,
     Errc::quota_exhausted, "hours to wait"},
    {"429 bare", answered(429, "too_many_requests", ""), Verdict::ask_account, Errc::api_throttled,
     "pace or quota"},
    {"451", answered(451, "claimed_email", ""), Verdict::give_up, Errc::legal_block, "claimed"},
    {"400", answered(400, "wrong_params", "You are missing the domain parameter"), Verdict::give_up,
     Errc::api_rejected, "any other refusal"},
    {"400 paging",
     answered(400, "pagination_error", "The parameter 'limit' should range between 1 and 100."),
     Verdict::give_up, Errc::api_rejected, "any other refusal"},
    {"404", answered(404, "not_found", ""), Verdict::give_up, Errc::api_rejected,
     "any other refusal"},
    {"422", answered(422, "validation_failed", ""), Verdict::give_up, Errc::api_rejected,
     "any other refusal"},
    {"408", answered(408), Verdict::retry, Errc::api_unavailable, "request timeout"},
    {"500", answered(500), Verdict::retry, Errc::api_unavailable, "server error"},
    {"503", answered(503), Verdict::retry, Errc::api_unavailable, "server error"},
    {"520", answered(520), Verdict::retry, Errc::api_unavailable, "server error"},
    {"302", answered(302), Verdict::give_up, Errc::redirect_refused, "redirect"},
    {"202", answered(202), Verdict::give_up, Errc::api_rejected, "other success"},
    {"timeout", transport(ApiAnswer::Transport::timed_out), Verdict::retry, Errc::api_unavailable,
     ""},
    {"reset", transport(ApiAnswer::Transport::failed), Verdict::retry, Errc::api_unavailable, ""},
    {"tls", transport(ApiAnswer::Transport::tls_failed), Verdict::retry, Errc::tls_failed, ""},
    {"address", transport(ApiAnswer::Transport::address_refused), Verdict::retry,
     Errc::address_refused, ""},
    {"slow", transport(ApiAnswer::Transport::too_slow), Verdict::retry, Errc::body_too_slow, ""},
    {"oversize", transport(ApiAnswer::Transport::too_large), Verdict::give_up, Errc::body_too_large,
     ""},
  };
  std::set<std::string> decided;
  for (const auto& row : rows)
    BOOST_TEST_CONTEXT(row.what) {
      const auto got = classify(row.answer);
      BOOST_TEST((got.verdict == row.verdict));
      BOOST_TEST(to_string(got.code) == to_string(row.code));
      BOOST_TEST(got.rule == row.rule);
      decided.insert(got.rule);
    }
  for (const auto& rule : profile::builtin_profile().rules)
    BOOST_TEST(decided.contains(rule.name), rule.name << " has no answer that it decides");
}

BOOST_AUTO_TEST_CASE(a_200_is_a_page) {
  BOOST_TEST((classify(answered(200)).verdict == Verdict::page));
}

BOOST_AUTO_TEST_CASE(the_plan_cap_is_read_from_the_text) {
  const auto got = classify(
    answered(400, "pagination_error",
             "The search results are limited to 10 email addresses on your current plan."));
  BOOST_TEST((got.verdict == Verdict::plan_cap));
  BOOST_TEST(got.plan_cap == 10u);
}

BOOST_AUTO_TEST_CASE(retry_after_is_honoured_up_to_two_minutes) {
  BOOST_TEST(classify(with_retry_after(answered(429), 90s)).wait.count() == 90000);
  BOOST_TEST(classify(with_retry_after(answered(503), 4000s)).wait.count() == 120000);
}

BOOST_AUTO_TEST_CASE(the_reason_names_status_id_and_details) {
  BOOST_TEST(classify(answered(401, "authentication_failed", "No user")).reason ==
             "HTTP 401 authentication_failed: No user");
}

BOOST_AUTO_TEST_CASE(the_account_settles_an_ambiguous_429) {
  const auto ambiguous = classify(answered(429, "too_many_requests", ""));
  ApiAccount account;
  account.credits_remaining = 12.5;
  BOOST_TEST((classify_by_account(ambiguous, &account).verdict == Verdict::retry));
  account.credits_remaining = 0;
  account.reset_date = "2026-12-01";
  const auto quota = classify_by_account(ambiguous, &account);
  BOOST_TEST((quota.verdict == Verdict::give_up));
  BOOST_TEST((quota.code == Errc::quota_exhausted));
  BOOST_TEST(quota.reason.find("2026-12-01") != std::string::npos);
  BOOST_TEST((classify_by_account(ambiguous, nullptr).verdict == Verdict::retry));
}

BOOST_AUTO_TEST_CASE(what_the_account_makes_a_throttle_keeps_its_wait) {
  ApiAccount account;
  account.credits_remaining = 5;
  for (const auto status : {403, 429}) {
    const auto ambiguous = classify(with_retry_after(answered(status), 300s));
    BOOST_TEST((ambiguous.verdict == Verdict::ask_account));
    BOOST_TEST((classify_by_account(ambiguous, &account).wait == 300s));
    BOOST_TEST((classify_by_account(ambiguous, nullptr).wait == 300s));
    account.credits_remaining = 0;
    BOOST_TEST((classify_by_account(ambiguous, &account).wait == 0s));
    account.credits_remaining = 5;
  }
}

BOOST_AUTO_TEST_SUITE_END()
