#pragma once

#include "messages/inspect_core.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// What the processes of a cluster say to each other once one has joined, and how that reaches the
/// actors that wait for it. Numbers and texts come from another process: who takes them checks
/// them.
namespace gleaner {

/// Of what NodeLink and PageServer say. Counted up whenever a message between processes changes, so
/// that a node of another version is refused when it joins.
inline constexpr std::uint32_t cluster_protocol = 2;

/// Supervisor -> NodeLink: a fetcher of this process wants a page from the node. Answered by a call
/// of NodeLinkDeps::served.
struct PageOrdered {
  std::uint64_t number = 0; ///< Unlike that of any other order of the process.
  std::string key;          ///< Name of the API key.
  PageRequest request;
  SteadyTime send_before; ///< As for HunterApi::search, by this process's clock.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageOrdered& x) {
  return f(caf::meta::type_name("PageOrdered"), x.number, x.key, x.request.domain, x.request.offset,
           x.request.limit, x.request.trace, x.request.resends, steady_field(x.send_before));
}

/// NodeLink -> PageServer: get this page. Answered by one PageServed.
struct ServePage {
  std::uint64_t number = 0;
  std::string key;
  PageRequest request;
  SteadyTime send_before; ///< By the server's clock.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ServePage& x) {
  return f(caf::meta::type_name("ServePage"), x.number, x.key, x.request.domain, x.request.offset,
           x.request.limit, x.request.trace, x.request.resends, steady_field(x.send_before));
}

/// PageServer -> NodeLink: the contacts of the page in the ledger's form, or what came instead.
struct PageServed {
  std::uint64_t number = 0;
  ApiAnswer answer;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageServed& x) {
  return f(caf::meta::type_name("PageServed"), x.number, x.answer);
}

/// NodeLink -> PageServer: are you there? Answered by one Pong; a server that is not asked for long
/// ends, since its coordinator has given it up.
struct Ping {
  std::uint64_t number = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Ping& x) {
  return f(caf::meta::type_name("Ping"), x.number);
}

/// PageServer -> NodeLink: how the node is.
struct Pong {
  std::uint64_t number = 0; ///< Of the Ping.
  SteadyTime now;           ///< By the server's clock.
  std::uint32_t slots = 0;  ///< Pages that it will get at once for this coordinator; 0: no more.
  std::string keys;         ///< Tells API keys from others, without them.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Pong& x) {
  return f(caf::meta::type_name("Pong"), x.number, steady_field(x.now), x.slots, x.keys);
}

/// NodeLink -> NodeLink: time for the next Ping, or to give the node up.
struct PingDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PingDue&) {
  return f(caf::meta::type_name("PingDue"));
}

/// PageServer -> Normalizer: make contacts of a page's body. Answered by one PagePacked.
struct PackPage {
  std::uint64_t number = 0;
  SharedBody body;
  TraceContext trace{}; ///< As in PageRequest.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PackPage& x) {
  return f(caf::meta::type_name("PackPage"), x.number, x.body, x.trace);
}

/// Normalizer -> PageServer: the page in the ledger's form; unset when the body is not what the API
/// documents.
struct PagePacked {
  std::uint64_t number = 0;
  std::optional<std::string> packed;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PagePacked& x) {
  return f(caf::meta::type_name("PagePacked"), x.number, optional_field(x.packed));
}

/// PageServer -> PageServer: the API's answer, from the client's I/O thread.
struct SearchAnswered {
  std::uint64_t number = 0;
  ApiAnswer answer;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SearchAnswered& x) {
  return f(caf::meta::type_name("SearchAnswered"), x.number, x.answer);
}

/// PageServer -> PageServer: is the coordinator still there?
struct WatchDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WatchDue&) {
  return f(caf::meta::type_name("WatchDue"));
}

/// Supervisor -> PageServer: get no more pages, and end when those at hand are served.
struct StopServing {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StopServing&) {
  return f(caf::meta::type_name("StopServing"));
}

/// Supervisor -> JobCoordinator: so many pages may be fetched at once from now on.
struct FetchersAllowed {
  std::uint32_t most = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FetchersAllowed& x) {
  return f(caf::meta::type_name("FetchersAllowed"), x.most);
}

} // namespace gleaner
