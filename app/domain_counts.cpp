#include "app/domain_counts.hpp"

#include "core/backoff.hpp"

#include <algorithm>
#include <utility>

namespace gleaner {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_under_way = 16;
constexpr std::uint32_t most_tries = 5;
constexpr std::uint32_t most_failures = 3; // of Redis
constexpr std::chrono::milliseconds look_interval{20};

} // namespace

DomainCounts::DomainCounts(HunterApi& api, Budget* budget, const std::vector<RateWindow>& windows,
                           Counted counted)
    : api_(api), budget_(budget), gate_(watch_own(windows)), pace_(windows),
      counted_(std::move(counted)) {}

void DomainCounts::ask(std::string domain, std::uint64_t line) {
  run_again();
  send_or_wait({std::move(domain), line, 0, {}});
}

void DomainCounts::finish() {
  while (under_way_ > 0 || !again_.empty()) {
    run_again();
    wait(steady_clock::now() + look_interval);
  }
}

/// Those whose pause is over.
void DomainCounts::run_again() {
  for (auto due = std::exchange(again_, {}); auto& question : due)
    if (steady_clock::now() >= question.not_before)
      send_or_wait(std::move(question));
    else
      again_.push_back(std::move(question));
}

void DomainCounts::send_or_wait(Question question) {
  if (closed_until_ - steady_clock::now() > longest_wait_in_slot) // nobody would wait for that
    return counted_(question.domain, question.line,
                    Error{Errc::api_throttled, "the API wants no counts for some time"});
  Permit permit;
  while (under_way_ >= most_under_way || !get_permit(permit))
    wait(steady_clock::now() + look_interval);
  send(std::move(question), permit);
}

bool DomainCounts::get_permit(Permit& permit) {
  const auto now = steady_clock::now();
  if (now < closed_until_ || gate_.wait(now) > RateWindows::Duration::zero())
    return false;
  if (budget_ && !alone_) {
    exchange();
    const auto taken = pace_.take(now);
    if (!taken)
      return false;
    permit = taken->permit;
  }
  gate_.acquire(now);
  return true;
}

void DomainCounts::exchange() {
  if (auto request = pace_.request(most_under_way, steady_clock::now()))
    budget_->exchange(std::move(*request), [inbox = inbox_](Result<BudgetAnswer> answer) {
      const std::lock_guard guard{inbox->mutex};
      inbox->exchanges.push_back(std::move(answer));
      inbox->arrived.notify_one();
    });
}

void DomainCounts::send(Question question, const Permit& permit) {
  ++under_way_;
  ++question.tries;
  auto domain = question.domain;
  api_.count(domain, [inbox = inbox_, question = std::move(question),
                      permit](Result<std::uint32_t> count, std::chrono::milliseconds wait) mutable {
    const std::lock_guard guard{inbox->mutex};
    inbox->answers.push_back({std::move(question), permit, std::move(count), wait});
    inbox->arrived.notify_one();
  });
}

void DomainCounts::wait(SharedPace::Time until) {
  {
    std::unique_lock lock{inbox_->mutex};
    inbox_->arrived.wait_until(
      lock, until, [this] { return !inbox_->answers.empty() || !inbox_->exchanges.empty(); });
  }
  handle_answers();
}

void DomainCounts::handle_answers() {
  std::deque<Answer> answers;
  std::deque<Result<BudgetAnswer>> exchanges;
  {
    const std::lock_guard guard{inbox_->mutex};
    answers.swap(inbox_->answers);
    exchanges.swap(inbox_->exchanges);
  }
  const auto now = steady_clock::now();
  for (auto& exchanged : exchanges)
    if (exchanged) {
      failures_ = 0;
      pace_.answered(*exchanged, now);
    } else {
      alone_ = ++failures_ >= most_failures;
      pace_.failed(now);
    }
  for (auto& [question, permit, count, wait] : answers) {
    --under_way_;
    closed_until_ = std::max<SharedPace::Time>(closed_until_, now + wait);
    if (!count && count.error().code == Errc::api_throttled)
      pace_.refused(permit, wait);
    else
      pace_.honoured(permit);
    if (!count && is_transient(count.error().code) && question.tries < most_tries) {
      question.not_before = now + page_backoff(question.tries);
      again_.push_back(std::move(question));
      continue;
    }
    counted_(question.domain, question.line, std::move(count));
  }
}

} // namespace gleaner
