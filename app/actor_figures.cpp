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

#include <array>

namespace gleaner {

namespace {

struct Kind {
  const char* name;
  const ActorCensus& census;
};

template <class State>
Kind kind_of() {
  return {State::name, census_of<State>};
}

const std::array<Kind, 10>& kinds() {
  static const std::array<Kind, 10> all{
    kind_of<HunterFetcherState>(),     kind_of<JobCoordinatorState>(), kind_of<LockKeeperState>(),
    kind_of<NodeLinkState>(),          kind_of<NormalizerState>(),     kind_of<PageServerState>(),
    kind_of<ProgressPublisherState>(), kind_of<QueuePollerState>(),    kind_of<RateGovernorState>(),
    kind_of<StoreWriterState>()};
  return all;
}

} // namespace

void warn_of_backlogs(EventLog& log) {
  for (const auto& [name, census] : kinds())
    if (const auto waiting = census.waiting.load(); waiting > largest_backlog)
      log.warn("actor.backlog",
               "messages pile up before a part: it is stuck, or the machine too slow",
               {{"name", name}, {"messages", waiting}});
}

void show_actors(ActorMetrics& metrics) {
  for (const auto& [name, census] : kinds())
    metrics.show(name, census.alive, census.waiting);
}

} // namespace gleaner
