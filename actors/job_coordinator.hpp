#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/clock_watch.hpp"
#include "core/credits.hpp"
#include "core/drain_state.hpp"
#include "core/edge_blocks.hpp"
#include "core/elastic_pool.hpp"
#include "core/fair_queue.hpp"
#include "core/held_job.hpp"
#include "core/key_roster.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/suspension.hpp"
#include "messages/control.hpp"
#include "messages/fetch.hpp"
#include "messages/lock.hpp"
#include "messages/normalize.hpp"
#include "messages/progress.hpp"
#include "messages/store.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// An API key as the coordinator knows it.
struct CoordinatorKey {
  std::string name;
  std::vector<std::string> tenants; ///< Whose jobs it is for.
  PageLimits limits;
  SearchCost cost;
  RateGovernorActor governor;
  RateGovernorActor count_governor; ///< None when nobody asks for counts.
  ApiMetrics* metrics = nullptr;
  std::optional<ApiAccount> account;  ///< As read at the start.
  std::optional<Error> refusal;       ///< Of the account's page at the start.
  std::optional<std::uint32_t> floor; ///< Credits that the account shall keep.
  SteadyTime closed_until{};          ///< Its pace, as far as the coordinator knows.
};

/// What the coordinator works with: app/ builds it, tests fake it. Pointers outlive the actor.
struct JobCoordinatorDeps {
  QueuePollerActor poller;
  ProgressPublisherActor publisher;
  LockKeeperActor lock_keeper;
  StoreWriterActor store_writer;
  std::vector<NormalizerActor> normalizers; ///< At least one.
  std::function<HunterFetcherActor()> spawn_fetcher;
  std::function<std::int64_t()> wall_clock_ms; ///< Since the epoch.
  std::function<double()> random;              ///< In [0, 1).
  std::function<void()> heartbeat;             ///< Called every few seconds: actors do run.
  /// Called with why no jobs are taken for the time being, or nullptr when they are again.
  std::function<void(const char*)> taking_paused;
  JobTracing tracing;
  EventLog* log = nullptr;
  JobMetrics* jobs = nullptr;
  ContactMetrics* contacts = nullptr;
  ActorMetrics* actors = nullptr;
  std::vector<CoordinatorKey> keys; ///< At least one; the first is that of jobs without a choice.
  /// Younger collections are not made again; 0: all are.
  std::chrono::milliseconds fresh_for{0};
  bool count_first = false; ///< Ask for the free count before the first page.
  bool pool_keys = false;   ///< Such jobs are spread over all keys.
  std::uint32_t concurrency = 32;
  std::uint32_t min_fetchers = 2;
  std::uint32_t max_fetchers = 64;
  std::chrono::milliseconds fetcher_idle{10000}; ///< After this an idle fetcher may leave.
  std::chrono::milliseconds lock_duration{30000};
  std::chrono::milliseconds quota_probe = probe_interval(SuspensionReason::quota);
  std::chrono::milliseconds account_interval{std::chrono::minutes{5}};
  bool has_ledger = true; ///< Pages that were fetched are not lost when a job is put back.
};

/// Turns what the others report into steps of each job's JobRun and carries out what it says.
struct JobCoordinatorState {
  using Self = CountedPointer<JobCoordinatorState, JobCoordinatorActor>;
  static inline const char* name = "JobCoordinator";
  explicit JobCoordinatorState(Self owner) : self(owner) {}
  ~JobCoordinatorState(); ///< Fetchers don't outlive their coordinator.
  void begin(JobCoordinatorDeps with);
  void start_work();
  void accept(TakenJob job, SteadyTime asked_at);
  void ledger_read(LedgerRead& msg);
  void page_unpacked(PageUnpacked& msg);
  void page_fetched(PageFetched& msg);
  void page_failed(PageFailed& msg);
  void page_delayed(const PageDelayed& msg);
  void page_waits(const PageWaits& msg);
  void page_abandoned(const PageAbandoned& msg);
  void page_normalized(PageNormalized& msg);
  void page_unreadable(const PageUnreadable& msg);
  void page_kept(const PageKept& msg);
  void collection_found(const CollectionFound& msg);
  void domain_claimed(const DomainClaimed& msg);
  void look_due(const LookDue& msg);
  void collection_stored(const JobLock& lock);
  void collection_not_stored(CollectionNotStored& msg);
  void fail(const JobId& job_id, const Error& error, std::optional<FailureReason> cause = {},
            std::chrono::milliseconds wait = {});
  void job_ended(JobEnded& msg);
  void leases_renewed(const LeasesRenewed& msg);
  void lease_doubtful(const JobLock& lock);
  void lock_lost(const JobLock& lock);
  void key_replaced(const std::string& key);
  void probe(const ProbeDue& due);
  void probed(const ProbeDue& due, const std::optional<Error>& error);
  void read_accounts();
  void account_checked(const AccountChecked& msg);
  void drain(std::chrono::milliseconds grace);
  void wind_up_due();
  void grace_over();
  void drain_overdue();
  void permits_handed_in();
  void hand_in_overdue();
  void taking_stopped();
  void fetchers_allowed(std::uint32_t most);
  void review_fetchers();
  void fetcher_down(const caf::actor_addr& address);

  Self self;
  std::optional<JobCoordinatorDeps> deps;
  std::optional<ElasticPool<HunterFetcherActor>> fetchers;

private:
  using Held = HeldJob;
  struct Errand {
    HunterFetcherActor fetcher;
    JobLock lock;
    std::uint32_t offset = 0;
    std::string key;
    SteadyTime since;
  };

  Held* find(const JobId& job_id);
  Held* find(const JobLock& lock);
  void give_up(const JobLock& lock, const Error& error);
  bool has_lease(Held& held);
  void go_on_if_doubtful(const JobId& job_id, Held& held);
  void go_on(const JobId& job_id, Held& held);
  void restore(const JobId& job_id, Held& held);
  void assign_pages();
  bool assign_page(const std::string& key, FairQueue<JobId, PageSlice>& queued);
  std::size_t fetchers_of(const std::string& key) const;
  std::size_t most_fetchers_of(const std::string& key) const;
  void send_page(HunterFetcherActor fetcher, const Held& held, const PageSlice& slice);
  Held* free_fetcher();
  void forget_pages(const JobId& job_id);
  void store(Held& held);
  void report_pagination(const Held& held, bool ended_early);
  void send_to_store(const Held& held, Collection collection);
  NormalizerActor next_normalizer();
  void want_pages_again(const JobId& job_id, Held& held);
  void end(const JobId& job_id, Held& held, JobEnd outcome);
  void release(const JobLock& lock, std::chrono::milliseconds delay);
  void put_back(const JobId& job_id, Held& held, std::chrono::milliseconds delay = {});
  void wind_up(const JobId& job_id, Held& held);
  void leave_if_settled(const JobId& job_id, Held& held);
  std::chrono::milliseconds pause_of(SuspensionReason reason) const;
  bool taking_is_paused() const;
  void pause_taking(SuspensionReason reason);
  void park(const JobId& job_id, Held& held, SuspensionReason reason, const Error& error,
            std::chrono::milliseconds wait);
  void set_aside(const JobId& job_id, Held& held, SuspensionReason reason,
                 std::chrono::milliseconds stop);
  void hold_up_all(const std::string& key, SuspensionReason reason, std::chrono::milliseconds stop);
  bool wants_pages(const Held& held, const std::string& key) const;
  HunterFetcherActor account_reader();
  void account_reader_down();
  std::chrono::milliseconds absence_for(SuspensionReason reason,
                                        std::chrono::milliseconds stop) const;
  void leave(const JobId& job_id, Held& held, std::chrono::milliseconds absence);
  void begin_collecting(const JobId& job_id, Held& held);
  void begin_pages(const JobId& job_id, Held& held);
  void look_for_collection(Held& held);
  bool is_fresh(const Held& held, const CollectionInfo& stored) const;
  bool park_without_key(const JobId& job_id, Held& held);
  void suspend(const ProbeDue& until, const Error& error, std::chrono::milliseconds wait = {});
  void report_suspension(const ProbeDue& until, const Error& error);
  void probe_in(std::chrono::milliseconds wait, const ProbeDue& due);
  void show_suspensions(SuspensionReason reason);
  void check_account(const CheckAccount& check);
  void account_seen(const std::string& key, const ApiAccount& account);
  std::optional<Error> lack_of_credits(const AccountChecked& msg);
  bool is_used_up(const std::string& key, const ApiAccount& account) const;
  Error used_up(const std::string& key, const ApiAccount& account) const;
  void charge(Held& held, std::uint32_t offset, std::uint32_t contacts);
  void erase(std::map<JobId, Held>::iterator entry, std::string_view error);
  void drop(const JobId& job_id);
  void want_another();
  void publish(const Held& held, Progress progress);
  void note(const Held& held, std::string row);
  void report(LogLevel level, std::string_view code, std::string_view message, const Held& held,
              EventLog::Fields fields = {});
  void tell(std::string_view code, const Held& held, std::uint32_t offset, const Error& error);
  std::int64_t page_number(const Held& held, std::uint32_t offset) const;
  void count_failure(const Held& held, FailureReason reason, const Error& error);
  void report_not_ended(const Held& held, const Error& error);
  void count_end(const Held& held, const JobEnd& outcome);
  void report_if_drained();
  void hand_in_permits();
  void report_drained();

  SupervisorActor supervisor_;
  std::map<JobId, Held> held_;
  std::map<std::string, FairQueue<JobId, PageSlice>> queued_pages_; ///< By key.
  std::map<caf::actor_id, Errand> errands_;                         ///< By fetcher.
  std::optional<DrainState> drain_;
  /// Not one of the pool: it must not wait for pages.
  std::optional<HunterFetcherActor> account_reader_;
  struct Probe {
    SteadyTime at;
    std::uint64_t generation = 0;
    bool wait_was_told = false; ///< What was in the way is over by then, as far as we know.
  };
  std::map<std::pair<std::string, SuspensionReason>, Probe> probes_; ///< The last ones planned.
  std::optional<KeyRoster> roster_;
  std::map<std::string, CoordinatorKey> keys_;
  bool store_suspended_ = false;
  ClockWatch clock_watch_;
  EdgeBlocks edge_blocks_;
  std::size_t next_normalizer_ = 0;
};

JobCoordinatorActor::behavior_type job_coordinator(JobCoordinatorState::Self self,
                                                   JobCoordinatorDeps deps);

} // namespace gleaner
