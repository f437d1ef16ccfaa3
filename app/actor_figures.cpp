#include "app/actor_figures.hpp"

#include "actors/hunter_fetcher.hpp"
#include "actors/job_coordinator.hpp"
#include "actors/lock_keeper.hpp"
#include "actors/node_link.hpp"
#include "actors/normalizer.hpp"
#include "actors/page_server.hpp"
#include "actors/progress_publisher.hpp"
#include "actors/queue_poller.hpp"
#include "actors/rate_governor.hpp"
#include "actors/store_writer.hpp"

namespace gleaner {

namespace {

template <class... States>
void show(ActorMetrics& metrics) {
  (metrics.show(States::name, census_of<States>.alive, census_of<States>.waiting), ...);
}

} // namespace

void show_actors(ActorMetrics& metrics) {
  show<HunterFetcherState, JobCoordinatorState, LockKeeperState, NodeLinkState, NormalizerState,
       PageServerState, ProgressPublisherState, QueuePollerState, RateGovernorState,
       StoreWriterState>(metrics);
}

} // namespace gleaner
