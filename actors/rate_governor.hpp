#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/circuit.hpp"
#include "core/credits.hpp"
#include "core/fair_queue.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/ports/budget.hpp"
#include "core/rate_windows.hpp"
#include "core/shared_pace.hpp"
#include "messages/permit.hpp"

#include <caf/actor_addr.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gleaner {

/// What the governor of one key borrows; pointers outlive it.
struct RateGovernorDeps {
  std::vector<RateWindow> windows; ///< None, and nothing capped: everything is granted at once.
  CreditCaps caps;
  SearchCost cost;
  Budget* budget = nullptr;
  ApiMetrics* metrics = nullptr; ///< None for the free count: it needs no circuit either.
  EventLog* log = nullptr;
  std::string key = {}; ///< Its name, for the log.
};

/// Hands the permits of the shared budget to the pages that wait, job by job in turn, and sees to
/// it that this process alone keeps to the windows whatever the budget says.
struct RateGovernorState {
  using Self = CountedPointer<RateGovernorState, RateGovernorActor>;
  static inline const char* name = "RateGovernor";

  explicit RateGovernorState(Self owner) : self(owner) {}

  void begin(RateGovernorDeps with);
  void wanted(const PermitWanted& msg);
  void returned(const Permit& permit);
  void unwanted(const JobId& job_id);
  void spent(const PermitSpent& msg);
  void charged(const PageCharged& msg);
  void account_seen(const AccountSeen& msg);
  void hand_in();
  void budget_answered(const BudgetAnswered& msg);
  void budget_moved();
  void fetcher_down(const caf::actor_addr& fetcher);
  void permits_due(std::uint64_t generation);

  Self self;

private:
  struct Waiting {
    HunterFetcherActor fetcher;
    std::uint32_t offset = 0;
    double cost = 0; ///< At most.
  };
  using Time = SharedPace::Time;

  void work();
  void tell_if_handed_in();
  Waiting next_in_turn();
  std::optional<SharedPace::InHand> next_permit(Time now);
  void grant(const SharedPace::InHand& permit);
  void deny_all(const CreditState& credits);
  void count_outcome(const PermitSpent& msg);
  void count_failure(const PermitSpent& msg);
  void tell_waiting();
  void ask(Time now);
  std::optional<Time> next_look(Time now) const;
  void look_again(Time now);
  void tell_if_late();
  void show_limits(Time now);
  std::chrono::milliseconds short_for(const BudgetAnswer& answer);
  void tell_if_closed(const BudgetAnswer& answer);
  void closed_for(std::chrono::milliseconds closed, const char* code, const char* text);
  void tell_wait(const HunterFetcherActor& fetcher, const JobId& job_id, std::uint32_t offset);

  RateGovernorDeps deps_;
  FairQueue<JobId, Waiting> waiting_; ///< At most one per fetcher.
  std::multiset<double> costs_;       ///< Of those.
  RateWindows gate_{{}};
  Circuit circuit_;
  caf::actor_addr finding_out_; ///< Who asks, or has asked, for the open circuit.
  std::optional<SharedPace> pace_;
  std::size_t on_loan_ = 0;                       ///< Permits that fetchers have.
  std::optional<JobCoordinatorActor> drained_by_; ///< Waits for all permits to be given back.
  std::uint64_t moves_ = 0;                       ///< Of the budget, to another key.
  Time closed_until_;                             ///< The pace, as far as we know.
  bool told_late_ = false;
  std::optional<Time> short_since_; ///< Since then credits are reserved, and nothing is granted.
  Time short_until_;                ///< At the latest.
  std::optional<Time> timer_;
  std::uint64_t timer_generation_ = 0;
};

RateGovernorActor::behavior_type rate_governor(RateGovernorState::Self self, RateGovernorDeps deps);

} // namespace gleaner
