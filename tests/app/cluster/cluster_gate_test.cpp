#include "app/cluster/cluster_gate.hpp"
#include "app/cluster/coordinator_dialer.hpp"
#include "messages/registry.hpp"
#include "tests/support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <prometheus/registry.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace gleaner;
using gleaner::test::wait_until;

namespace cluster_gate_suite {

/// Keeps what is told.
class KeptLog final : public EventLog {
public:
  void write(LogLevel, std::string_view code, std::string_view message,
             std::span<const LogField>) override {
    const std::lock_guard guard{mutex_};
    lines_.push_back(std::string{code} + ' ' + std::string{message});
  }
  bool enabled(LogLevel) const noexcept override { return true; }

  bool has(const std::string& code, const std::string& part = {}) const {
    const std::lock_guard guard{mutex_};
    for (const auto& line : lines_)
      if (line.find(code + ' ') == 0 && line.find(part) != std::string::npos)
        return true;
    return false;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// One side of a cluster, with a network.
struct Side {
  KeptLog log;
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;

  Side() {
    register_messages(config);
    config.load<caf::io::middleman>();
    system = std::make_unique<caf::actor_system>(config);
  }
};

/// A coordinator's gate.
struct Coordinator : Side {
  prometheus::Registry registry;
  ClusterMetrics metrics{registry};
  std::shared_ptr<NodePool> pool = std::make_shared<NodePool>();
  ClusterGate gate;

  Coordinator() {
    pool->watch_room([](std::uint32_t) {});
    auto opened = open_cluster_gate(
      *system, 0, {pool, [] { return std::string{"keys"}; }, "1.2.3", &log, &metrics});
    BOOST_REQUIRE(opened);
    gate = *opened;
  }
  ~Coordinator() { caf::anon_send_exit(gate.actor, caf::exit_reason::kill); }
};

/// Something that says nothing.
caf::behavior silent(caf::event_based_actor*) {
  return {[](const std::string&) {}};
}

/// Stands for a coordinator of another version, which takes nobody.
caf::behavior refusing(caf::event_based_actor*) {
  return {
    [](caf::join_atom, std::uint32_t, const std::string&, const std::string&,
       const caf::strong_actor_ptr&) -> std::string { return "run the same version on both"; }};
}

/// What the gate says to a node that says this.
std::string ask_to_join(Side& node, std::uint16_t port, std::uint32_t protocol,
                        const std::string& name) {
  const auto gate = node.system->middleman().remote_actor("127.0.0.1", port);
  BOOST_REQUIRE(gate);
  const auto server = node.system->spawn(silent);
  std::string answer;
  caf::scoped_actor self{*node.system};
  self
    ->request(*gate, std::chrono::seconds{20}, caf::join_atom::value, protocol,
              std::string{"9.9.9"}, name, caf::actor_cast<caf::strong_actor_ptr>(server))
    .receive([&](const std::string& text) { answer = text; },
             [&](const caf::error& error) { answer = "error: " + node.system->render(error); });
  caf::anon_send_exit(server, caf::exit_reason::kill);
  return answer;
}

} // namespace cluster_gate_suite

BOOST_AUTO_TEST_SUITE(cluster_gate_suite)

BOOST_AUTO_TEST_CASE(a_node_of_another_protocol_is_refused_and_both_versions_are_named) {
  Coordinator coordinator;
  Side node;
  const auto answer = ask_to_join(node, coordinator.gate.port, cluster_protocol + 1, "a");
  for (const auto* part : {"1.2.3", "9.9.9", "run the same version"})
    BOOST_TEST(answer.find(part) != std::string::npos, answer);
  BOOST_TEST(coordinator.log.has("cluster.node_refused", "9.9.9"));
  BOOST_TEST(coordinator.pool->joined() == 0u);
}

BOOST_AUTO_TEST_CASE(an_odd_name_is_refused) {
  Coordinator coordinator;
  Side node;
  for (const auto& name : {std::string{}, std::string(65, 'n'), std::string{"a b"}})
    BOOST_TEST(ask_to_join(node, coordinator.gate.port, cluster_protocol, name).find("name") !=
               std::string::npos);
  BOOST_TEST(coordinator.pool->joined() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_no_request_to_join_harms_nothing) {
  Coordinator coordinator;
  Side node;
  const auto gate = node.system->middleman().remote_actor("127.0.0.1", coordinator.gate.port);
  BOOST_REQUIRE(gate);
  caf::anon_send(*gate, std::string(1 << 20, 'x'));
  caf::anon_send(*gate, caf::join_atom::value, std::string{"not"}, std::string{"that"});
  BOOST_TEST(ask_to_join(node, coordinator.gate.port, cluster_protocol + 1, "a") != "");
}

BOOST_AUTO_TEST_CASE(a_refused_node_says_why_and_serves_nobody) {
  Side coordinator;
  const auto gate = coordinator.system->spawn(refusing);
  const auto port = coordinator.system->middleman().publish(gate, 0, "127.0.0.1", true);
  BOOST_REQUIRE(port);
  Side node;
  std::atomic<std::uint32_t> joined{0};
  CoordinatorDialerDeps deps;
  deps.coordinator = "coordinator.internal:9470";
  deps.port = *port;
  deps.node = "a";
  deps.version = "9.9.9";
  deps.spawn_server = [&node] {
    return caf::actor_cast<PageServerActor>(node.system->spawn(silent));
  };
  deps.joined = &joined;
  deps.log = &node.log;
  const auto dialer = node.system->spawn(coordinator_dialer, deps);
  BOOST_TEST(
    wait_until([&] { return node.log.has("cluster.refused", "run the same version on both"); }));
  BOOST_TEST(joined == 0u);
  caf::anon_send_exit(dialer, caf::exit_reason::kill);
  caf::anon_send_exit(gate, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_SUITE_END()
