#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/ports/hunter_api.hpp"
#include "core/provider_profile.hpp"
#include "messages/cluster.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gleaner {

/// What a server of pages works with: app/ builds it, tests fake it. Pointers outlive the actor.
struct PageServerDeps {
  std::map<std::string, HunterApi*> apis;   ///< By name of the key.
  std::vector<NormalizerActor> normalizers; ///< At least one.
  const ProviderProfile* profile = nullptr;
  std::function<std::uint32_t()> slots; ///< Pages at once for this coordinator, at present.
  std::function<std::string()> keys;    ///< As Pong::keys.
  std::string coordinator;              ///< Its address, for the log.
  EventLog* log = nullptr;
  ClusterMetrics* metrics = nullptr;
  std::chrono::milliseconds patience{8000}; ///< Of silence; then the coordinator has given us up.
};

/// Gets the pages that one coordinator orders, never more at a time than it has slots. It knows no
/// jobs, and decides nothing: what is no page goes back as it came.
struct PageServerState {
  using Self = CountedPointer<PageServerState, PageServerActor>;
  static inline const char* name = "PageServer";

  explicit PageServerState(Self owner) : self(owner) {}
  void begin(PageServerDeps with);
  void serve(const ServePage& msg);
  void answered(SearchAnswered& msg);
  void packed(PagePacked& msg);
  void ping(const Ping& msg);
  void watch();
  void coordinator_lost();
  void stop();

  Self self;

private:
  std::string why_not(const ServePage& msg) const;
  void heard();
  void reply(std::uint64_t number, ApiAnswer answer);

  PageServerDeps deps_;
  NodeLinkActor link_; ///< Who asked last; one and the same.
  struct Asked {
    TraceContext trace; ///< Of the order.
    ApiAnswer answer;   ///< What is known of it.
  };
  std::map<std::uint64_t, Asked> asked_; ///< By number.
  std::size_t next_normalizer_ = 0;
  SteadyTime last_heard_;
  bool stopping_ = false;
};

PageServerActor::behavior_type page_server(PageServerState::Self self, PageServerDeps deps);

} // namespace gleaner
