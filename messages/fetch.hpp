#pragma once

#include "core/suspension.hpp"
#include "messages/inspect_core.hpp"

#include <chrono>
#include <cstdint>

namespace gleaner {

/// JobCoordinator -> HunterFetcher: get one page of one job. Answered by exactly one PageFetched,
/// PageFailed or PageAbandoned, after any number of PageDelayed; the fetcher is busy until then. No
/// request is sent at or after `valid_until`.
struct FetchPage {
  JobId job_id;
  std::string key; ///< Name of the API key.
  PageRequest request;
  SteadyTime valid_until;
  std::uint32_t stride = 1; ///< Of the job, where jobs take turns.
  /// Ask the free count first; when it is 0, an empty page without a permit is the answer.
  bool count_first = false;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FetchPage& x) {
  return f(caf::meta::type_name("FetchPage"), x.job_id, x.key, x.request.domain, x.request.offset,
           x.request.limit, x.request.trace, x.request.resends, steady_field(x.valid_until),
           x.stride, x.count_first);
}

/// JobCoordinator -> HunterFetcher: the page is no longer wanted; answer soon, without new
/// requests.
struct AbandonPage {
  JobId job_id;
  std::uint32_t offset = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AbandonPage& x) {
  return f(caf::meta::type_name("AbandonPage"), x.job_id, x.offset);
}

/// JobCoordinator -> HunterFetcher: the job's lease was renewed.
struct LeaseExtended {
  JobId job_id;
  SteadyTime valid_until;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LeaseExtended& x) {
  return f(caf::meta::type_name("LeaseExtended"), x.job_id, steady_field(x.valid_until));
}

/// HunterFetcher -> JobCoordinator: the page was not asked for (again): nobody wants it, or the
/// job's lease is over.
struct PageAbandoned {
  JobId job_id;
  std::uint32_t offset = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageAbandoned& x) {
  return f(caf::meta::type_name("PageAbandoned"), x.job_id, x.offset);
}

/// HunterFetcher -> JobCoordinator: an answer that should hold a page.
struct PageFetched {
  JobId job_id;
  std::uint32_t offset = 0;
  SharedBody body;
  Permit permit{};         ///< That it was asked for with.
  bool normalized = false; ///< As in ApiAnswer.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageFetched& x) {
  return f(caf::meta::type_name("PageFetched"), x.job_id, x.offset, x.body, x.permit, x.normalized);
}

/// HunterFetcher -> JobCoordinator: the page can't be had.
struct PageFailed {
  JobId job_id;
  std::uint32_t offset = 0;
  Error error;
  std::uint32_t plan_cap = 0;        ///< The API plan serves only so many rows; 0: does not say.
  std::chrono::milliseconds wait{0}; ///< The key can be used again after this; 0: nobody knows.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageFailed& x) {
  return f(caf::meta::type_name("PageFailed"), x.job_id, x.offset, x.error, x.plan_cap, x.wait);
}

/// HunterFetcher -> JobCoordinator: the page is asked for again after `wait`.
struct PageDelayed {
  JobId job_id;
  std::uint32_t offset = 0;
  std::chrono::milliseconds wait{0};
  Error error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageDelayed& x) {
  return f(caf::meta::type_name("PageDelayed"), x.job_id, x.offset, x.wait, x.error);
}

/// HunterFetcher -> JobCoordinator: the page has no permit, and for `wait` no page of its key has.
struct PageWaits {
  JobId job_id;
  std::uint32_t offset = 0;
  std::chrono::milliseconds wait{0};
  bool in_trouble = false; ///< Because the API fails, whichever key asks.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageWaits& x) {
  return f(caf::meta::type_name("PageWaits"), x.job_id, x.offset, x.wait, x.in_trouble);
}

/// HunterFetcher -> HunterFetcher: the API's answer, from the client's I/O thread.
struct PageAnswered {
  JobId job_id;
  std::uint32_t offset = 0;
  ApiAnswer answer;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageAnswered& x) {
  return f(caf::meta::type_name("PageAnswered"), x.job_id, x.offset, x.answer);
}

/// HunterFetcher -> HunterFetcher: the count of the page's domain, unset when it could not be had.
struct CountAnswered {
  JobId job_id;
  std::uint32_t offset = 0;
  std::optional<std::uint32_t> contacts;
  bool throttled = false;            ///< Because the API says to slow down.
  std::chrono::milliseconds wait{0}; ///< What it asks to wait, 0 when it does not say.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CountAnswered& x) {
  return f(caf::meta::type_name("CountAnswered"), x.job_id, x.offset, optional_field(x.contacts),
           x.throttled, x.wait);
}

/// HunterFetcher -> HunterFetcher: the account's state, asked for to settle an ambiguous answer.
struct AccountAnswered {
  JobId job_id;
  std::uint32_t offset = 0;
  std::optional<ApiAccount> account; ///< Unset when it could not be read.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AccountAnswered& x) {
  return f(caf::meta::type_name("AccountAnswered"), x.job_id, x.offset, optional_field(x.account));
}

/// JobCoordinator -> HunterFetcher: read the account: does the API take the key, are there credits?
/// Answered by one AccountChecked; the fetcher is busy until then.
struct CheckAccount {
  std::string key;                        ///< Its name.
  std::optional<SuspensionReason> reason; ///< What is to be found out, if something is.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CheckAccount& x) {
  return f(caf::meta::type_name("CheckAccount"), x.key, optional_field(x.reason));
}

/// HunterFetcher -> JobCoordinator: the account, or why it can't be read.
struct AccountChecked {
  std::string key;
  std::optional<SuspensionReason> reason;
  std::optional<ApiAccount> account;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AccountChecked& x) {
  return f(caf::meta::type_name("AccountChecked"), x.key, optional_field(x.reason),
           optional_field(x.account), optional_field(x.error));
}

/// HunterFetcher -> HunterFetcher: the API's answer to that.
struct AccountRead {
  AccountChecked answer;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AccountRead& x) {
  return f(caf::meta::type_name("AccountRead"), x.answer);
}

/// HunterFetcher -> HunterFetcher: the backoff is over, or a count has been waited for long enough;
/// `generation` tells what was abandoned.
struct RetryDue {
  std::uint64_t generation = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RetryDue& x) {
  return f(caf::meta::type_name("RetryDue"), x.generation);
}

/// JobCoordinator -> JobCoordinator: time to let idle fetchers go.
struct FetchersReviewDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FetchersReviewDue&) {
  return f(caf::meta::type_name("FetchersReviewDue"));
}

} // namespace gleaner
