#pragma once

#include "core/ports/budget.hpp"
#include "core/ports/hunter_api.hpp"
#include "core/rate_windows.hpp"
#include "core/shared_pace.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gleaner {

/// Asks the free count for many domains, at the API's pace and a few at once. For one thread.
class DomainCounts {
public:
  /// A domain, where it came from, and its count or why there is none.
  using Counted =
    std::function<void(const std::string& domain, std::uint64_t line, Result<std::uint32_t>)>;

  /// `budget` is shared with others who count; without one the windows hold for this process alone.
  /// `counted` is called on the thread of ask() and finish(). All outlive the counts.
  DomainCounts(HunterApi& api, Budget* budget, const std::vector<RateWindow>& windows,
               Counted counted);

  /// Blocks until it has been sent; the answer comes during this or a later call.
  void ask(std::string domain, std::uint64_t line);

  /// Blocks until all answers have come.
  void finish();

  /// The budget has not answered, so that nobody else's counts were heeded.
  bool alone() const noexcept { return alone_; }

private:
  struct Question {
    std::string domain;
    std::uint64_t line = 0;
    std::uint32_t tries = 0;
    SharedPace::Time not_before{};
  };
  struct Answer {
    Question question;
    Permit permit;
    Result<std::uint32_t> count;
    std::chrono::milliseconds wait; ///< What the API asks to wait.
  };
  /// What other threads bring; an exchange may be answered when the counts are gone.
  struct Inbox {
    std::mutex mutex; ///< Guards the rest.
    std::condition_variable arrived;
    std::deque<Answer> answers;
    std::deque<Result<BudgetAnswer>> exchanges;
  };

  void send_or_wait(Question question);
  void send(Question question, const Permit& permit);
  bool get_permit(Permit& permit);
  void exchange();
  void handle_answers();
  void wait(SharedPace::Time until);
  void run_again();

  HunterApi& api_;
  Budget* budget_;
  RateWindows gate_;
  SharedPace pace_;
  Counted counted_;
  std::vector<Question> again_;
  SharedPace::Time closed_until_{}; ///< By the API's word.
  std::size_t under_way_ = 0;
  std::uint32_t failures_ = 0; ///< Of exchanges, in a row.
  bool alone_ = false;
  std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
};

} // namespace gleaner
