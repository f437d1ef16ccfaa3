#pragma once

#include "core/ports/budget.hpp"

#include <deque>
#include <functional>
#include <utility>
#include <vector>

namespace gleaner::test {

/// Keeps every exchange open until the test answers it.
class MemoryBudget final : public Budget {
public:
  void exchange(BudgetRequest request, std::function<void(Result<BudgetAnswer>)> reply) override {
    requests.push_back(std::move(request));
    open.push_back(std::move(reply));
  }

  /// Answers the oldest open exchange: permits at `times`, the next one after `next`.
  void grant(std::int64_t now_ms, const std::vector<std::int64_t>& times,
             std::chrono::milliseconds next = std::chrono::milliseconds{100}) {
    count_ += static_cast<std::int64_t>(times.size());
    BudgetAnswer answer;
    answer.now_ms = now_ms;
    answer.mark = {"one", count_};
    answer.next = next;
    for (const auto time : times)
      answer.permits.push_back({time, ++number_, false});
    reply(std::move(answer));
  }

  /// Answers it: no permit for so long; to be asked again soon.
  void close(std::chrono::milliseconds closed) {
    BudgetAnswer answer;
    answer.mark = {"one", count_};
    answer.next = std::chrono::milliseconds{100};
    answer.closed = closed;
    reply(std::move(answer));
  }

  /// Answers it: nothing may be spent.
  void stop(SpendingStop why, std::chrono::milliseconds how_long) {
    BudgetAnswer answer;
    answer.mark = {"one", count_};
    answer.next = how_long;
    answer.credits.stop = why;
    answer.credits.stop_for = how_long;
    reply(std::move(answer));
  }

  /// Answers it: nothing may be spent before pages under way tell their cost, for so long at most.
  void reserve(std::int64_t now_ms, std::chrono::milliseconds settling) {
    BudgetAnswer answer;
    answer.now_ms = now_ms;
    answer.mark = {"one", count_};
    answer.next = std::chrono::milliseconds{100};
    answer.credits.settling = settling;
    reply(std::move(answer));
  }

  void fail() { reply(Error{Errc::redis_unavailable, "away"}); }

  std::vector<BudgetRequest> requests;
  std::deque<std::function<void(Result<BudgetAnswer>)>> open;

private:
  void reply(Result<BudgetAnswer> answer) {
    auto waiting = std::move(open.front());
    open.pop_front();
    waiting(std::move(answer));
  }
  std::int64_t count_ = 0;
  std::int64_t number_ = 0;
};

} // namespace gleaner::test
