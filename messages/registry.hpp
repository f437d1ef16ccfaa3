#pragma once

#include "messages/control.hpp"
#include "messages/fetch.hpp"
#include "messages/job.hpp"
#include "messages/lock.hpp"
#include "messages/normalize.hpp"
#include "messages/permit.hpp"
#include "messages/progress.hpp"
#include "messages/store.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/type_id.hpp>

/// The only place that registers anything with CAF.
CAF_BEGIN_TYPE_ID_BLOCK(gleaner, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(gleaner, (gleaner::JobsWanted))
CAF_ADD_TYPE_ID(gleaner, (gleaner::JobTaken))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PauseTaking))
CAF_ADD_TYPE_ID(gleaner, (gleaner::ResumeTaking))
CAF_ADD_TYPE_ID(gleaner, (gleaner::StopTaking))
CAF_ADD_TYPE_ID(gleaner, (gleaner::TakingStopped))
CAF_ADD_TYPE_ID(gleaner, (gleaner::TakeAnswered))
CAF_ADD_TYPE_ID(gleaner, (gleaner::WaitEnded))
CAF_ADD_TYPE_ID(gleaner, (gleaner::TakeDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::StalledCheckDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::OwnRecovered))
CAF_ADD_TYPE_ID(gleaner, (gleaner::ReconcileDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::Reconciled))
CAF_ADD_TYPE_ID(gleaner, (gleaner::CountsDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::HoldLock))
CAF_ADD_TYPE_ID(gleaner, (gleaner::DropLock))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LockLost))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LeasesRenewed))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LeaseDoubtful))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LeaseDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::RenewDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LocksRenewed))
CAF_ADD_TYPE_ID(gleaner, (gleaner::FetchPage))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LeaseExtended))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageAbandoned))
CAF_ADD_TYPE_ID(gleaner, (gleaner::CheckAccount))
CAF_ADD_TYPE_ID(gleaner, (gleaner::AccountChecked))
CAF_ADD_TYPE_ID(gleaner, (gleaner::AccountRead))
CAF_ADD_TYPE_ID(gleaner, (gleaner::AbandonPage))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageFetched))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageFailed))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageDelayed))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageWaits))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageAnswered))
CAF_ADD_TYPE_ID(gleaner, (gleaner::AccountAnswered))
CAF_ADD_TYPE_ID(gleaner, (gleaner::CountAnswered))
CAF_ADD_TYPE_ID(gleaner, (gleaner::RetryDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::FetchersReviewDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PermitWanted))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PermitGranted))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PermitDenied))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PermitDelayed))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PermitReturned))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PermitSpent))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageCharged))
CAF_ADD_TYPE_ID(gleaner, (gleaner::AccountSeen))
CAF_ADD_TYPE_ID(gleaner, (gleaner::BudgetMoved))
CAF_ADD_TYPE_ID(gleaner, (gleaner::BudgetAnswered))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PermitsDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::NormalizePage))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageNormalized))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageUnreadable))
CAF_ADD_TYPE_ID(gleaner, (gleaner::UnpackPage))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageUnpacked))
CAF_ADD_TYPE_ID(gleaner, (gleaner::StoreCollection))
CAF_ADD_TYPE_ID(gleaner, (gleaner::CollectionStored))
CAF_ADD_TYPE_ID(gleaner, (gleaner::CollectionNotStored))
CAF_ADD_TYPE_ID(gleaner, (gleaner::FindCollection))
CAF_ADD_TYPE_ID(gleaner, (gleaner::CollectionFound))
CAF_ADD_TYPE_ID(gleaner, (gleaner::ProbeStore))
CAF_ADD_TYPE_ID(gleaner, (gleaner::StoreProbed))
CAF_ADD_TYPE_ID(gleaner, (gleaner::SaveDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::TidyDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PublishProgress))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LogJob))
CAF_ADD_TYPE_ID(gleaner, (gleaner::ClaimDomain))
CAF_ADD_TYPE_ID(gleaner, (gleaner::DomainClaimed))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LookDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::EndJob))
CAF_ADD_TYPE_ID(gleaner, (gleaner::KeepPage))
CAF_ADD_TYPE_ID(gleaner, (gleaner::PageKept))
CAF_ADD_TYPE_ID(gleaner, (gleaner::KeepAnswered))
CAF_ADD_TYPE_ID(gleaner, (gleaner::ReadLedger))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LedgerRead))
CAF_ADD_TYPE_ID(gleaner, (gleaner::LedgerAnswered))
CAF_ADD_TYPE_ID(gleaner, (gleaner::EndLookedUp))
CAF_ADD_TYPE_ID(gleaner, (gleaner::RepeatDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::ReleaseJob))
CAF_ADD_TYPE_ID(gleaner, (gleaner::JobEnded))
CAF_ADD_TYPE_ID(gleaner, (gleaner::EndAnswered))
CAF_ADD_TYPE_ID(gleaner, (gleaner::StartWork))
CAF_ADD_TYPE_ID(gleaner, (gleaner::KeyReplaced))
CAF_ADD_TYPE_ID(gleaner, (gleaner::ProbeDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::AccountsDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::Drain))
CAF_ADD_TYPE_ID(gleaner, (gleaner::WindUpDue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::GraceOver))
CAF_ADD_TYPE_ID(gleaner, (gleaner::DrainOverdue))
CAF_ADD_TYPE_ID(gleaner, (gleaner::Drained))
CAF_END_TYPE_ID_BLOCK(gleaner)

namespace gleaner {

/// Makes the messages known to the system that `config` will start.
void register_messages(caf::actor_system_config& config);

} // namespace gleaner
