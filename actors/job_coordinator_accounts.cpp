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
  deps->log->error("actor.down", "the reader of accounts died; the next look has another");
  account_reader_.reset();
  for (const auto& [key_name, key] : keys_)
    for (const auto reason : {SuspensionReason::key, SuspensionReason::quota})
      if (roster_->is_suspended(key_name, reason))
        probe_in(pause_of(reason), {reason, key_name});
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

/// Of the key's fate only a clear refusal counts; credits must be seen not to be at their end any
/// more. Where the account can't tell, the next job finds out.
void JobCoordinatorState::account_checked(const AccountChecked& msg) {
  const bool refused = msg.error && msg.error->code == Errc::key_rejected;
  if (msg.account)
    account_seen(msg.key, *msg.account);
  else if (refused && !msg.reason)
    suspend({SuspensionReason::key, msg.key}, *msg.error, pause_of(SuspensionReason::key));
  if (msg.reason) {
    const bool lasts = *msg.reason == SuspensionReason::key
                         ? refused
                         : !msg.account || is_used_up(msg.key, *msg.account);
    probed({*msg.reason, msg.key}, lasts ? std::optional{msg.error.value_or(
                                             used_up(msg.key, msg.account.value_or(ApiAccount{})))}
                                         : std::nullopt);
  }
}

bool JobCoordinatorState::is_used_up(const std::string& key, const ApiAccount& account) const {
  const auto& floor = keys_.at(key).floor;
  return has_no_credits(account) ||
         (floor && account.credits_remaining && !account.remaining_is_estimate &&
          *account.credits_remaining <= *floor);
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
  if (account.credits_remaining && !account.remaining_is_estimate)
    self->send(key.governor, AccountSeen{*account.credits_remaining});
  if (is_used_up(key_name, account))
    suspend({SuspensionReason::quota, key_name}, used_up(key_name, account),
            pause_of(SuspensionReason::quota));
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
