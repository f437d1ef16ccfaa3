#pragma once

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// The map of the system: which actor understands which message. Arrows and meanings stand above
/// the structs in messages/. Topology is a star: JobCoordinator asks, the others do one thing and
/// answer the one who asked.
namespace gleaner {

struct AbandonPage;
struct AccountAnswered;
struct AccountChecked;
struct AccountRead;
struct AccountSeen;
struct AccountsDue;
struct BudgetAnswered;
struct BudgetMoved;
struct CheckAccount;
struct ClaimDomain;
struct CollectionFound;
struct CollectionNotStored;
struct CollectionStored;
struct CountAnswered;
struct CountUnwanted;
struct CountsDue;
struct DomainClaimed;
struct Drain;
struct DrainOverdue;
struct Drained;
struct DropLock;
struct EndAnswered;
struct EndJob;
struct EndLookedUp;
struct FetchPage;
struct FetchersAllowed;
struct FetchersReviewDue;
struct FindCollection;
struct GraceOver;
struct HandInOverdue;
struct HandInPermits;
struct HoldLock;
struct JobEnded;
struct JobTaken;
struct JobsWanted;
struct KeepAnswered;
struct KeepPage;
struct KeyReplaced;
struct LeaseDoubtful;
struct LeaseDue;
struct LeaseExtended;
struct LeasesRenewed;
struct LedgerAnswered;
struct LedgerRead;
struct LockLost;
struct LocksRenewed;
struct LogJob;
struct LookDue;
struct NormalizePage;
struct OwnRecovered;
struct PackPage;
struct PageAbandoned;
struct PageAnswered;
struct PageCharged;
struct PageDelayed;
struct PageFailed;
struct PageFetched;
struct PageKept;
struct PageNormalized;
struct PageOrdered;
struct PagePacked;
struct PageServed;
struct PageUnpacked;
struct PageUnreadable;
struct PageWaits;
struct PauseTaking;
struct PermitDelayed;
struct PermitDenied;
struct PermitGranted;
struct PermitReturned;
struct PermitSpent;
struct PermitWanted;
struct PermitsDue;
struct PermitsHandedIn;
struct Ping;
struct PingDue;
struct Pong;
struct ProbeDue;
struct ProbeStore;
struct PublishProgress;
struct ReadLedger;
struct ReconcileDue;
struct Reconciled;
struct ReleaseJob;
struct RenewDue;
struct RepeatDue;
struct ResumeTaking;
struct RetryDue;
struct SaveDue;
struct SearchAnswered;
struct ServePage;
struct StalledCheckDue;
struct StartWork;
struct StopServing;
struct StopTaking;
struct StoreCollection;
struct StoreProbed;
struct TakeAnswered;
struct TakeDue;
struct TakingStopped;
struct TidyDue;
struct UnpackPage;
struct WaitEnded;
struct WatchDue;
struct WindUpDue;

/// JOB COORDINATOR: the only one that decides. Owns every job between take and end.
using JobCoordinatorActor = caf::typed_actor<
  // From Supervisor.
  caf::reacts_to<StartWork>, caf::reacts_to<Drain>, caf::reacts_to<KeyReplaced>,
  caf::reacts_to<FetchersAllowed>,
  // From QueuePoller.
  caf::reacts_to<JobTaken>, caf::reacts_to<TakingStopped>,
  // From HunterFetcher.
  caf::reacts_to<PageFetched>, caf::reacts_to<PageFailed>, caf::reacts_to<PageDelayed>,
  caf::reacts_to<PageWaits>, caf::reacts_to<PageAbandoned>, caf::reacts_to<AccountChecked>,
  // From Normalizer.
  caf::reacts_to<PageNormalized>, caf::reacts_to<PageUnreadable>, caf::reacts_to<PageUnpacked>,
  // From StoreWriter.
  caf::reacts_to<CollectionStored>, caf::reacts_to<CollectionNotStored>,
  caf::reacts_to<StoreProbed>, caf::reacts_to<CollectionFound>,
  // From ProgressPublisher.
  caf::reacts_to<PageKept>, caf::reacts_to<LedgerRead>, caf::reacts_to<JobEnded>,
  caf::reacts_to<DomainClaimed>,
  // From RateGovernor.
  caf::reacts_to<PermitsHandedIn>,
  // From LockKeeper.
  caf::reacts_to<LeasesRenewed>, caf::reacts_to<LeaseDoubtful>, caf::reacts_to<LockLost>,
  // INTERNAL: timers.
  caf::reacts_to<LookDue>, caf::reacts_to<ProbeDue>, caf::reacts_to<AccountsDue>,
  caf::reacts_to<FetchersReviewDue>, caf::reacts_to<WindUpDue>, caf::reacts_to<GraceOver>,
  caf::reacts_to<DrainOverdue>, caf::reacts_to<HandInOverdue>>;

/// QUEUE POLLER: takes jobs when they are wanted, waits when there are none, looks after jobs of
/// dead workers and what belongs to nothing.
using QueuePollerActor = caf::typed_actor<
  // From JobCoordinator.
  caf::reacts_to<JobsWanted>, caf::reacts_to<PauseTaking>, caf::reacts_to<ResumeTaking>,
  caf::reacts_to<StopTaking>,
  // INTERNAL: the queue's answers and timers.
  caf::reacts_to<TakeAnswered>, caf::reacts_to<WaitEnded>, caf::reacts_to<TakeDue>,
  caf::reacts_to<StalledCheckDue>, caf::reacts_to<OwnRecovered>, caf::reacts_to<ReconcileDue>,
  caf::reacts_to<Reconciled>, caf::reacts_to<CountsDue>>;

/// LOCK KEEPER: renews the locks of all held jobs, and says how long they are sure; runs on a
/// thread of its own, so that no work delays it.
using LockKeeperActor = caf::typed_actor<
  // From JobCoordinator.
  caf::reacts_to<HoldLock>, caf::reacts_to<DropLock>,
  // INTERNAL: timers and the queue's answer.
  caf::reacts_to<RenewDue>, caf::reacts_to<LeaseDue>, caf::reacts_to<LocksRenewed>>;

/// HUNTER FETCHER: owns one page at a time until it is fetched or given up. There are as many as
/// the load needs.
using HunterFetcherActor = caf::typed_actor<
  // From JobCoordinator.
  caf::reacts_to<FetchPage>, caf::reacts_to<LeaseExtended>, caf::reacts_to<AbandonPage>,
  caf::reacts_to<CheckAccount>,
  // From RateGovernor.
  caf::reacts_to<PermitGranted>, caf::reacts_to<PermitDenied>, caf::reacts_to<PermitDelayed>,
  // INTERNAL: the API's answers and the backoff timer.
  caf::reacts_to<PageAnswered>, caf::reacts_to<CountAnswered>, caf::reacts_to<AccountAnswered>,
  caf::reacts_to<AccountRead>, caf::reacts_to<RetryDue>>;

/// RATE GOVERNOR, one for each API key: no request is sent without its permit; it gets them from
/// the budget that all who use the key share.
using RateGovernorActor = caf::typed_actor<
  // From HunterFetcher.
  caf::reacts_to<PermitWanted>, caf::reacts_to<PermitReturned>, caf::reacts_to<PermitSpent>,
  caf::reacts_to<CountUnwanted>,
  // From JobCoordinator.
  caf::reacts_to<PageCharged>, caf::reacts_to<AccountSeen>, caf::reacts_to<HandInPermits>,
  // From Supervisor.
  caf::reacts_to<BudgetMoved>,
  // INTERNAL: the budget's answer and a timer.
  caf::reacts_to<BudgetAnswered>, caf::reacts_to<PermitsDue>>;

/// NORMALIZER: body in, contacts out, and pages into and out of the ledger's form. Stateless; one
/// per core.
using NormalizerActor = caf::typed_actor<
  // From JobCoordinator.
  caf::reacts_to<NormalizePage>, caf::reacts_to<UnpackPage>,
  // From PageServer.
  caf::reacts_to<PackPage>>;

/// STORE WRITER: makes collections durable, as many at once as have gathered. Blocks, so it runs on
/// a thread of its own.
using StoreWriterActor = caf::typed_actor<
  // From JobCoordinator.
  caf::reacts_to<StoreCollection>, caf::reacts_to<FindCollection>, caf::reacts_to<ProbeStore>,
  // INTERNAL: the mailbox forms the group; a timer.
  caf::reacts_to<SaveDue>, caf::reacts_to<TidyDue>>;

/// PROGRESS PUBLISHER: tells the queue about progress, logs, pages and ends, always under the job's
/// lock.
using ProgressPublisherActor = caf::typed_actor<
  // From JobCoordinator.
  caf::reacts_to<PublishProgress>, caf::reacts_to<LogJob>, caf::reacts_to<KeepPage>,
  caf::reacts_to<ReadLedger>, caf::reacts_to<ClaimDomain>, caf::reacts_to<EndJob>,
  caf::reacts_to<ReleaseJob>,
  // INTERNAL: the queue's answers and the retry timer.
  caf::reacts_to<KeepAnswered>, caf::reacts_to<LedgerAnswered>, caf::reacts_to<EndAnswered>,
  caf::reacts_to<EndLookedUp>, caf::reacts_to<RepeatDue>>;

/// NODE LINK, one for each node of the cluster that has joined this process: knows whether the node
/// lives and what its clock says, and has pages fetched by it.
using NodeLinkActor = caf::typed_actor<
  // From Supervisor.
  caf::reacts_to<PageOrdered>,
  // From PageServer, in another process.
  caf::reacts_to<PageServed>, caf::reacts_to<Pong>,
  // INTERNAL: a timer.
  caf::reacts_to<PingDue>>;

/// PAGE SERVER, one for each coordinator that this process has joined: gets pages from the API and
/// sends their contacts back.
using PageServerActor = caf::typed_actor<
  // From NodeLink, in another process.
  caf::reacts_to<ServePage>, caf::reacts_to<Ping>,
  // From Normalizer.
  caf::reacts_to<PagePacked>,
  // From Supervisor.
  caf::reacts_to<StopServing>,
  // INTERNAL: the API's answer and a timer.
  caf::reacts_to<SearchAnswered>, caf::reacts_to<WatchDue>>;

/// SUPERVISOR: whoever started the system and waits for its end.
using SupervisorActor = caf::typed_actor<
  // From JobCoordinator.
  caf::reacts_to<Drained>>;

} // namespace gleaner
