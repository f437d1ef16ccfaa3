#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/answer_class.hpp"
#include "core/metrics.hpp"
#include "core/ports/hunter_api.hpp"
#include "core/provider_profile.hpp"
#include "messages/fetch.hpp"
#include "messages/permit.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace gleaner {

/// What goes with one API key. Pointers outlive the actor.
struct KeyChannel {
  HunterApi* api = nullptr;
  RateGovernorActor governor;
  RateGovernorActor count_governor; ///< Of the free count, which has limits of its own.
  ApiMetrics* metrics = nullptr;
};

/// What a fetcher borrows: app/ builds it, tests fake it.
struct HunterFetcherDeps {
  std::shared_ptr<const std::map<std::string, KeyChannel>> channels; ///< By name of the key.
  const ProviderProfile* profile = nullptr; ///< Says what answers mean; outlives the actor.
  std::uint32_t max_tries = 6;              ///< Requests for one page before it is given up.
};

/// So long the count of a domain is waited for; after that its first page is asked for without.
inline constexpr std::chrono::seconds longest_count_wait{5};

/// One page: permit, request, verdict, perhaps backoff and again.
struct HunterFetcherState {
  using Self = CountedPointer<HunterFetcherState, HunterFetcherActor>;
  enum class Phase : std::uint8_t {
    idle,
    awaiting_count_permit,
    counting,
    awaiting_permit,
    on_the_wire,
    asking_account,
    backing_off,
    checking_account
  };
  static inline const char* name = "HunterFetcher";

  explicit HunterFetcherState(Self owner) : self(owner) {}

  void start(FetchPage& msg);
  void extend(const LeaseExtended& msg);
  void abandon(const AbandonPage& msg);
  void check_account(const CheckAccount& msg);
  void account_read(AccountRead& msg);
  void granted(const PermitGranted& msg);
  void denied(const PermitDenied& msg);
  void permit_delayed(const PermitDelayed& msg);
  void answered(PageAnswered& msg);
  void count_answered(const CountAnswered& msg);
  void account_answered(const AccountAnswered& msg);
  void retry_due(const RetryDue& msg);

  Self self;
  HunterFetcherDeps deps;

private:
  bool is_mine(const JobId& job_id, std::uint32_t offset) const;
  bool awaits_permit(const JobId& job_id, std::uint32_t offset) const;
  const KeyChannel& channel(const std::string& key) const { return deps.channels->at(key); }
  void ask_permit();
  void ask_count_permit();
  void count(const Permit& permit);
  void search_uncounted();
  void report_permit(const AnswerClass& verdict, bool answered);
  void act_on(const AnswerClass& verdict);
  void unsent();
  void node_lost();
  void ask_account(const AnswerClass& ambiguous);
  void back_off(const AnswerClass& verdict);
  void fail(Error error, std::uint32_t plan_cap = 0, std::chrono::milliseconds wait = {});
  void give_back();

  FetchPage page_;
  KeyChannel channel_; ///< Of its key.
  JobCoordinatorActor coordinator_;
  Phase phase_ = Phase::idle;
  bool abandoned_ = false;
  std::uint32_t tries_ = 0;
  std::uint64_t timer_generation_ = 0;
  Permit permit_;
  AnswerClass ambiguous_;
  std::chrono::steady_clock::time_point asked_permit_at_;
};

HunterFetcherActor::behavior_type hunter_fetcher(HunterFetcherState::Self self,
                                                 HunterFetcherDeps deps);

} // namespace gleaner
