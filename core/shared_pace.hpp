#pragma once

#include "core/permit.hpp"
#include "core/ports/budget.hpp"
#include "core/rate_windows.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace gleaner {

/// One process's part in a pace that many share: which permits it has in hand, what it has to
/// report, when it asks for more. Permits are for a stretch of the queue's time; here they become
/// usable once that has surely begun and are given back when it may be over. Pure: the owner sends
/// the requests and passes the answers in. Not thread-safe; time is an argument and never goes
/// back.
class SharedPace {
public:
  using Time = RateWindows::Time;
  using Duration = RateWindows::Duration;

  explicit SharedPace(const std::vector<RateWindow>& windows);

  /// Usable from when to when, by our clock.
  struct InHand {
    Permit permit;
    Time from;
    Time until;
    double reserved = 0; ///< Credits for its page.
  };

  /// No page that waits can cost more credits: so many are reserved with each permit from now on,
  /// and permits with less go back.
  void need(double credits);

  /// A permit that may be used at `now`.
  std::optional<InHand> take(Time now);

  /// What became of a permit that was taken. Nothing is reported of those from before the first
  /// answer, which came of another budget.
  void unused(const Permit& permit);
  void honoured(const Permit& permit);
  void refused(const Permit& permit, std::chrono::milliseconds wait);

  /// What its page has cost, once that is known.
  void charged(const Charge& charge);

  /// The account has said what it has left, or nothing of that, asked at that time; `reset_date` as
  /// in BudgetRequest.
  void account_read(std::optional<double> remaining, Time asked_at, std::string reset_date = {});

  /// What is to be sent now, when `waiting` requests have no permit: to be followed by one
  /// answered() or failed(). Nothing while an answer is awaited, or when there is nothing to say
  /// yet.
  std::optional<BudgetRequest> request(std::size_t waiting, Time now);
  void answered(const BudgetAnswer& answer, Time now);
  void failed(Time now);

  /// When take() or request() may have something again, without an event before; nothing: never.
  std::optional<Time> next_look(std::size_t waiting) const;

  /// No permit is wanted any more: what is in hand goes back at once, and so does what still comes.
  void close();
  /// The budget knows all that there is to say.
  bool settled() const;

  /// How long the budget has taken for its last answer, when permits come again and again too late
  /// to be used, or would; nothing: they come in time.
  std::optional<std::chrono::milliseconds> too_late() const;

  double share() const noexcept { return share_; }
  const CreditState& credits() const noexcept { return credits_; }

private:
  /// What our clock shows when the queue's shows 0: not before `low` and not after `high`.
  struct ClockOffset {
    Time low, high;
    Time read_at;
  };

  void drop_late(Time now);
  std::chrono::milliseconds spread(Time now) const;
  bool clock_is_vague() const;
  void add_account(BudgetRequest& request);
  void take_over(const std::vector<Permit>& permits, Time now);
  bool read_clock(std::int64_t queue_ms, Time now);
  bool used_lately(Time now) const;
  bool has_report() const;
  bool is_ours(const Permit& permit) const;

  Duration tolerance_;
  Duration longest_{0};
  std::deque<InHand> in_hand_; ///< By time.
  std::vector<Permit> unused_;
  std::vector<Permit> unused_sent_; ///< With the request in flight.
  std::uint32_t failures_ = 0;      ///< In a row.
  std::vector<RefusedPermit> refused_;
  std::vector<Charge> charges_;
  double need_ = 0;
  double need_sent_ = 0;                 ///< With the request in flight.
  bool account_read_ = false;            ///< By anyone: `remaining_` is what it said.
  std::optional<double> remaining_;      ///< Of the account; nothing: it does not say.
  std::optional<Time> account_asked_at_; ///< Nothing: it is what the budget knew.
  std::string reset_date_;
  bool tell_remaining_ = false;
  bool remaining_sent_ = false; ///< With the request in flight.
  CreditState credits_;
  std::int64_t honoured_ms_ = 0;
  bool probe_honoured_ = false;
  bool probe_sent_ = false;
  bool urgent_ = true; ///< Something to say that does not wait.
  bool closed_ = false;
  bool stepped_ = false;
  bool in_flight_ = false;
  std::size_t refused_sent_ = 0; ///< Of refused_, with the request in flight.
  std::size_t charges_sent_ = 0; ///< Of charges_, likewise.
  std::optional<BudgetMark> mark_;
  std::optional<std::int64_t>
    began_ms_; ///< The queue's clock at the first answer, or after a step back.
  std::optional<ClockOffset> offset_;
  std::optional<Time> last_used_;
  Time sent_at_;
  bool asked_ = false;                       ///< For permits, with the request in flight.
  std::chrono::milliseconds spread_sent_{0}; ///< Likewise.
  std::uint32_t late_ = 0;                   ///< So many answers in a row had nothing usable.
  Time not_before_;                          ///< After a failure.
  Time ask_at_;
  Time report_at_;
  Duration round_trip_{0}; ///< The last.
  Duration lead_{0};
  double share_ = 1;
};

} // namespace gleaner
