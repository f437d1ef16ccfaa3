#include "actors/job_coordinator.hpp"
#include "messages/registry.hpp"

#include <utility>

/// The part of JobCoordinator that reads what the accounts say, and reports what pages have cost.
namespace gleaner {

HunterFetcherActor JobCoordinatorState::account_reader() {
  if (!account_reader_) {
    account_reader_ = deps->spawn_fetcher();
    self->monitor(*account_reader_);
  }
  return *account_reader_;
}

void JobCoordinatorState::check_account(const CheckAccount& check) {
  self->send(account_reader(), CheckAccount{check});
}

/// Its answers will not come: what they were for is asked again.
void JobCoordinatorState::account_reader_down() {
  deps->actors->count_restart("HunterFetcher");
  deps->log->error("actor.down", "the reader of accounts died; the next look has another",
                   {{"name", "HunterFetcher"}});
  account_reader_.reset();
  for (const auto& [key_name, key] : keys_)
    for (const auto reason : {SuspensionReason::key, SuspensionReason::quota})
      if (roster_->is_suspended(key_name, reason))
        probe_in(pause_of(reason), {reason, key_name});
}

void JobCoordinatorState::key_replaced(const std::string& key) {
  keys_.at(key).limits.plan_cap.reset();
  for (const auto reason : {SuspensionReason::key, SuspensionReason::quota})
    probe({reason, key});
}

/// Those that are suspended are looked at by their probes.
void JobCoordinatorState::read_accounts() {
  self->delayed_send(self, deps->account_interval, AccountsDue{});
  if (drain_)
    return;
  for (const auto& [key_name, key] : keys_)
    if (roster_->usable(key_name))
      check_account({key_name, std::nullopt});
}

/// Of the key's fate only a clear refusal counts.
void JobCoordinatorState::account_checked(const AccountChecked& msg) {
  const bool refused = msg.error && suspension_reason(msg.error->code) == SuspensionReason::key;
  if (msg.account)
    account_seen(msg.key, *msg.account);
  else if (refused && !msg.reason)
    suspend({SuspensionReason::key, msg.key}, *msg.error);
  if (msg.reason == SuspensionReason::key)
    probed({SuspensionReason::key, msg.key}, refused ? msg.error : std::nullopt);
  else if (msg.reason)
    probed({SuspensionReason::quota, msg.key}, lack_of_credits(msg));
}

/// Credits must be seen not to be at their end any more; a cap is our own, and over when it said.
/// Where the account can be read but does not tell, the next page finds out.
std::optional<Error> JobCoordinatorState::lack_of_credits(const AccountChecked& msg) {
  auto& wait_was_told = probes_[{msg.key, SuspensionReason::quota}].wait_was_told;
  if (!msg.account)
    return wait_was_told ? std::nullopt : msg.error;
  if (!is_used_up(msg.key, *msg.account))
    return std::nullopt;
  wait_was_told = false;
  return used_up(msg.key, *msg.account);
}

bool JobCoordinatorState::is_used_up(const std::string& key, const ApiAccount& account) const {
  const auto& floor = keys_.at(key).floor;
  return has_no_credits(account) ||
         (floor && account.credits_remaining && *account.credits_remaining <= *floor);
}

Error JobCoordinatorState::used_up(const std::string& key, const ApiAccount& account) const {
  const auto& floor = keys_.at(key).floor;
  if (has_no_credits(account) || !floor)
    return {Errc::quota_exhausted, why_no_credits(account)};
  return {Errc::quota_exhausted,
          "the account is at its floor of " + std::to_string(*floor) + " credits"};
}

void JobCoordinatorState::account_seen(const std::string& key_name, const ApiAccount& account) {
  const auto& key = keys_.at(key_name);
  key.metrics->quota_refresh.Set(static_cast<double>(deps->wall_clock_ms()) / 1000);
  self->send(key.governor, AccountSeen{account.credits_remaining, account.asked_at,
                                       reset_time(account) ? account.reset_date : ""});
  if (is_used_up(key_name, account))
    suspend({SuspensionReason::quota, key_name}, used_up(key_name, account));
}

/// A page that was paid for says more than the account's page: the others may follow.
void JobCoordinatorState::charge(Held& held, std::uint32_t offset, std::uint32_t contacts) {
  const auto node = held.uncharged.extract(offset);
  if (!node)
    return;
  const auto& key = keys_.at(held.key);
  self->send(key.governor, PageCharged{node.mapped(), contacts});
  if (key.cost.credits_for(contacts) > 0 && roster_->trust(held.key))
    assign_pages();
}

} // namespace gleaner
