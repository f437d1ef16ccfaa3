#include "actors/job_coordinator.hpp"
#include "core/api_problem.hpp"
#include "core/backoff.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

/// The part of JobCoordinator that hands pages to fetchers.
namespace gleaner {

/// All end by a message, thus on a thread of CAF's, also those that are idle: a thread of an
/// adapter may have the last handle of one, and CAF 0.17 lets the system go before an actor that
/// ends there is through with it.
JobCoordinatorState::~JobCoordinatorState() {
  const auto end = [](const HunterFetcherActor& fetcher) {
    caf::anon_send_exit(fetcher, caf::exit_reason::kill);
  };
  for (const auto& [id, errand] : errands_)
    end(errand.fetcher);
  fetchers->for_each_idle(end);
  if (account_reader_)
    end(*account_reader_);
}

/// Nodes of the cluster came or went.
void JobCoordinatorState::fetchers_allowed(std::uint32_t most) {
  fetchers->set_max(most);
  assign_pages();
}

void JobCoordinatorState::assign_pages() {
  for (auto& [key, queued] : queued_pages_)
    while (!queued.empty() && assign_page(key, queued)) {
    }
}

/// False when there is no fetcher for it.
bool JobCoordinatorState::assign_page(const std::string& key, FairQueue<JobId, PageSlice>& queued) {
  const auto job_id = queued.front_lane();
  if (auto& held = held_.at(job_id); !has_lease(held)) {
    want_pages_again(job_id, held);
    return true;
  }
  if (fetchers_of(key) >= most_fetchers_of(key))
    return false;
  auto fetcher = fetchers->acquire([this] {
    auto spawned = deps->spawn_fetcher();
    self->monitor(spawned);
    return spawned;
  });
  if (!fetcher)
    return false;
  send_page(std::move(*fetcher), held_.at(job_id), queued.pop());
  return true;
}

std::size_t JobCoordinatorState::fetchers_of(const std::string& key) const {
  return static_cast<std::size_t>(
    std::count_if(errands_.begin(), errands_.end(),
                  [&](const auto& errand) { return errand.second.key == key; }));
}

/// One key's pages, which may wait long for their permits, do not take up all.
std::size_t JobCoordinatorState::most_fetchers_of(const std::string& key) const {
  return roster_->on_trial(key) ? 1 : std::max<std::size_t>(1, fetchers->max() / keys_.size());
}

void JobCoordinatorState::send_page(HunterFetcherActor fetcher, const Held& held,
                                    const PageSlice& slice) {
  const auto& lock = held.run.job().lock;
  self->send(
    fetcher,
    FetchPage{lock.job_id, held.key,
              PageRequest{held.run.query_domain(), slice.offset, slice.limit, held.context()},
              held.valid_until, held.run.stride(), deps->count_first && slice.offset == 0});
  const auto id = fetcher.id();
  errands_.insert_or_assign(
    id, Errand{std::move(fetcher), lock, slice.offset, held.key, self->clock().now()});
}

/// Of the sender; the job that it was busy for, unless that is held no more, or again.
JobCoordinatorState::Held* JobCoordinatorState::free_fetcher() {
  auto errand = errands_.extract(self->current_sender()->id());
  if (errand.empty())
    return nullptr;
  fetchers->release(errand.mapped().fetcher, self->clock().now());
  return find(errand.mapped().lock);
}

void JobCoordinatorState::page_fetched(PageFetched& msg) {
  if (const auto errand = errands_.find(self->current_sender()->id()); errand != errands_.end()) {
    const std::chrono::duration<double> took = self->clock().now() - errand->second.since;
    deps->contacts->page_duration.Observe(took.count());
  }
  if (auto* held = free_fetcher(); held && held->run.awaits(msg.offset)) {
    edge_blocks_.served(held->run.job().domain);
    held->backing_off.erase(msg.offset);
    held->uncharged.insert_or_assign(msg.offset, msg.permit);
    self->send(next_normalizer(),
               NormalizePage{held->run.job().lock, msg.offset, std::move(msg.body), msg.normalized,
                             held->context(),
                             static_cast<std::uint32_t>(page_number(*held, msg.offset))});
  }
  assign_pages();
}

NormalizerActor JobCoordinatorState::next_normalizer() {
  return deps->normalizers[next_normalizer_++ % deps->normalizers.size()];
}

/// It was not asked for: because the lease was over, or because the job is.
void JobCoordinatorState::page_abandoned(const PageAbandoned& msg) {
  if (auto* held = free_fetcher(); held && held->run.awaits(msg.offset)) {
    held->backing_off.erase(msg.offset);
    held->run.want_again(msg.offset);
    go_on(msg.job_id, *held);
  }
  assign_pages();
}

void JobCoordinatorState::page_failed(PageFailed& msg) {
  auto* held = free_fetcher();
  if (!held || !held->run.awaits(msg.offset))
    return assign_pages();
  if (msg.error.code == Errc::api_blocked && edge_blocks_.blocked(held->run.job().domain))
    msg.error.code = Errc::api_rejected;
  if (const auto* problem = find_api_problem(msg.error.code))
    tell(problem->log_code, *held, msg.offset, msg.error);
  if (msg.plan_cap == 0) {
    if (suspension_reason(msg.error.code)) // the job comes back for it
      held->run.want_again(msg.offset);
    fail(msg.job_id, msg.error, {}, msg.wait);
    return assign_pages();
  }
  keys_.at(held->key).limits.plan_cap = msg.plan_cap;
  note(*held, "the API plan serves " + std::to_string(msg.plan_cap) + " addresses per search");
  const auto capped = held->run.plan_capped(msg.offset, msg.plan_cap);
  if (!capped)
    fail(msg.job_id, capped.error());
  else
    go_on(msg.job_id, *held);
  assign_pages();
}

void JobCoordinatorState::page_delayed(const PageDelayed& msg) {
  const auto errand = errands_.find(self->current_sender()->id());
  auto* held = errand == errands_.end() ? nullptr : find(errand->second.lock);
  if (!held || !held->run.awaits(msg.offset))
    return;
  if (drain_) // a shutdown does not wait for backoffs
    return wind_up(msg.job_id, *held);
  if (msg.error.code == Errc::api_throttled && msg.wait > longest_wait_in_slot && deps->has_ledger)
    return park(msg.job_id, *held, SuspensionReason::pace, msg.error, msg.wait);
  held->backing_off.insert(msg.offset);
  if (msg.error.code == Errc::api_throttled || msg.wait >= telling_wait)
    publish(*held, held->run.rate_limited(msg.offset, msg.wait));
  note(*held, "offset " + std::to_string(msg.offset) + ": " + describe(msg.error) + "; again in " +
                std::to_string(msg.wait.count()) + " ms");
  const auto* problem = find_api_problem(msg.error.code);
  report(
    LogLevel::info,
    msg.error.code == Errc::api_throttled ? "api.rate_limited"
    : problem                             ? problem->log_code
                                          : "api.retry",
    describe(msg.error), *held,
    {{"page", page_number(*held, msg.offset)}, {"key", held->key}, {"wait_ms", msg.wait.count()}});
}

void JobCoordinatorState::forget_pages(const JobId& job_id) {
  for (auto& [key, queued] : queued_pages_)
    queued.clear(job_id, [](const PageSlice&) {});
  for (const auto& [id, errand] : errands_)
    if (errand.lock.job_id == job_id)
      self->send(errand.fetcher, AbandonPage{job_id, errand.offset});
}

void JobCoordinatorState::review_fetchers() {
  deps->heartbeat();
  if (const auto step = clock_watch_.step(deps->wall_clock_ms(), self->clock().now())) {
    deps->jobs->clock_steps.Increment();
    deps->log->warn("clock.step", "the clock of this machine has stepped",
                    {{"ms", std::int64_t{step->count()}}, {"clock", "machine"}});
  }
  for (const auto& fetcher : fetchers->retire(self->clock().now())) {
    self->demonitor(fetcher.address());
    self->send_exit(fetcher, caf::exit_reason::user_shutdown);
  }
  self->delayed_send(self, deps->fetcher_idle, FetchersReviewDue{});
}

void JobCoordinatorState::fetcher_down(const caf::actor_addr& address) {
  if (account_reader_ && account_reader_->address() == address)
    return account_reader_down();
  const auto entry = errands_.find(address.id());
  if (entry == errands_.end())
    return fetchers->remove_idle([&](const auto& idle) { return idle.address() == address; });
  const auto errand = std::move(entry->second);
  errands_.erase(entry);
  fetchers->remove_busy();
  deps->actors->count_restart("HunterFetcher");
  deps->log->error("actor.down", "a HunterFetcher died; its page fails",
                   {{"name", "HunterFetcher"}, {"job_id", errand.lock.job_id}});
  if (find(errand.lock))
    fail(errand.lock.job_id, {Errc::internal, "a fetcher of this job died"});
  assign_pages();
}

} // namespace gleaner
