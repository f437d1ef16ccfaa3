#include "core/answer_class.hpp"

#include <boost/test/unit_test.hpp>

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

struct Row {
  const char* what;
  ApiAnswer answer;
  Verdict verdict;
  Errc code;
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
    {"401", answered(401, "authentication_failed", "No user found for the API key supplied"),
     Verdict::give_up, Errc::key_rejected},
    {"402", answered(402, "payment", "purchase additional credits"), Verdict::give_up,
     Errc::quota_exhausted},
    {"402 bare", answered(402), Verdict::give_up, Errc::quota_exhausted},
    {"429 quota",
     answered(
       429, "too_many_requests",
       "You've reached the limit for the number of searches per billing period included in your "
       "plan."),
     Verdict::give_up, Errc::quota_exhausted},
    {"429 monthly",
     answered(429, "too_many_requests",
              "You've exceeded your monthly limit. Please upgrade your account."),
     Verdict::give_up, Errc::quota_exhausted},
    {"403 quota", answered(403, "x", "plan credits are used up: no credits"), Verdict::give_up,
     Errc::quota_exhausted},
    {"429 restricted",
     answered(429, "restricted_account", "Your account has no usable subscription."),
     Verdict::give_up, Errc::account_restricted},
    {"403 restricted", answered(403, "restricted_account", ""), Verdict::give_up,
     Errc::account_restricted},
    {"403 forbidden", answered(403, "forbidden", "API keys can't be managed with an OAuth token"),
     Verdict::give_up, Errc::api_rejected},
    {"403 no access", answered(403, "no_discover_access", ""), Verdict::give_up,
     Errc::api_rejected},
    {"403 plain", answered(403, "rate_limit", ""), Verdict::retry, Errc::api_throttled},
    {"403 html", html403, Verdict::give_up, Errc::api_blocked},
    {"429 per second", answered(429, "too_many_requests", "15 requests per second allowed"),
     Verdict::retry, Errc::api_throttled},
    {"429 retry-after", with_retry_after(answered(429), 7s), Verdict::retry, Errc::api_throttled},
    {"429 of hours", with_retry_after(answered(429), 7200s), Verdict::give_up,
     Errc::quota_exhausted},
    {"403 of hours", with_retry_after(answered(403), 86400s), Verdict::give_up,
     Errc::quota_exhausted},
    {"429 bare", answered(429, "too_many_requests", ""), Verdict::ask_account, Errc::api_throttled},
    {"451", answered(451, "claimed_email", ""), Verdict::give_up, Errc::legal_block},
    {"400", answered(400, "wrong_params", "You are missing the domain parameter"), Verdict::give_up,
     Errc::api_rejected},
    {"400 paging",
     answered(400, "pagination_error", "The parameter 'limit' should range between 1 and 100."),
     Verdict::give_up, Errc::api_rejected},
    {"404", answered(404, "not_found", ""), Verdict::give_up, Errc::api_rejected},
    {"422", answered(422, "validation_failed", ""), Verdict::give_up, Errc::api_rejected},
    {"408", answered(408), Verdict::retry, Errc::api_unavailable},
    {"500", answered(500), Verdict::retry, Errc::api_unavailable},
    {"503", answered(503), Verdict::retry, Errc::api_unavailable},
    {"520", answered(520), Verdict::retry, Errc::api_unavailable},
    {"302", answered(302), Verdict::give_up, Errc::api_rejected},
    {"202", answered(202), Verdict::give_up, Errc::api_rejected},
    {"timeout", transport(ApiAnswer::Transport::timed_out), Verdict::retry, Errc::api_unavailable},
    {"reset", transport(ApiAnswer::Transport::failed), Verdict::retry, Errc::api_unavailable},
    {"tls", transport(ApiAnswer::Transport::tls_failed), Verdict::retry, Errc::api_unavailable},
    {"oversize", transport(ApiAnswer::Transport::too_large), Verdict::give_up,
     Errc::body_too_large},
  };
  for (const auto& row : rows)
    BOOST_TEST_CONTEXT(row.what) {
      const auto got = classify(row.answer);
      BOOST_TEST((got.verdict == row.verdict));
      BOOST_TEST(to_string(got.code) == to_string(row.code));
    }
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

BOOST_AUTO_TEST_SUITE_END()
