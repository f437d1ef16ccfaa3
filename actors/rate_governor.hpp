#pragma once

#include "actors/interfaces.hpp"
#include "core/rate_windows.hpp"
#include "messages/permit.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <deque>

namespace gleaner {

/// Grants permits in the order in which they were asked for, as fast as the windows allow.
struct RateGovernorState {
  using Self = RateGovernorActor::stateful_pointer<RateGovernorState>;
  static inline const char* name = "RateGovernor";

  explicit RateGovernorState(Self owner) : self(owner) {}

  void wanted(const PermitWanted& msg);
  void returned();
  void permits_due();

  Self self;
  RateWindows windows{{}};

private:
  struct Waiting {
    HunterFetcherActor fetcher;
    JobId job_id;
    std::uint32_t offset = 0;
  };
  void grant();

  std::deque<Waiting> waiting_; ///< At most one per fetcher.
  bool timer_running_ = false;
};

RateGovernorActor::behavior_type rate_governor(RateGovernorState::Self self, RateWindows windows);

} // namespace gleaner
