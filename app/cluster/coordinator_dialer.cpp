#include "app/cluster/coordinator_dialer.hpp"

#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/atom.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <utility>

namespace gleaner {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds answer_time{5};
constexpr seconds pause_after_refusal{30}; // somebody has to do something about it

/// The steps of joining; lives as long as its actor's behaviour.
class Dialer {
public:
  Dialer(caf::event_based_actor* self, CoordinatorDialerDeps deps)
      : self_(self), deps_(std::move(deps)) {}

  void dial() {
    self_
      ->request(self_->system().middleman().actor_handle(), answer_time, caf::connect_atom::value,
                std::string{"127.0.0.1"}, deps_.port)
      .then([this](const caf::node_id&, const caf::strong_actor_ptr& gate,
                   const std::set<std::string>&) { join(gate); },
            [this](const caf::error& error) { not_joined(self_->system().render(error)); });
  }

  void server_down(const caf::down_msg& down) {
    if (down.source != server_.address())
      return;
    server_ = PageServerActor{};
    if (std::exchange(joined_, false))
      --*deps_.joined;
    if (ending_)
      return self_->quit();
    again_in(milliseconds{100});
  }

  void end() {
    ending_ = true;
    if (!server_)
      return self_->quit();
    caf::anon_send(server_, StopServing{});
  }

private:
  void join(const caf::strong_actor_ptr& gate) {
    if (ending_)
      return;
    if (!gate)
      return not_joined("nobody is published there");
    server_ = deps_.spawn_server();
    self_->monitor(server_);
    self_
      ->request(caf::actor_cast<caf::actor>(gate), answer_time, caf::join_atom::value,
                cluster_protocol, deps_.version, deps_.node,
                caf::actor_cast<caf::strong_actor_ptr>(server_))
      .then([this](const std::string& refusal) { answered(refusal); },
            [this](const caf::error& error) {
              drop_server();
              not_joined(self_->system().render(error));
            });
  }

  void answered(const std::string& refusal) {
    if (refusal.empty()) {
      tries_ = 0;
      joined_ = true;
      ++*deps_.joined;
      deps_.log->info("cluster.joined", "joined a coordinator",
                      {{"coordinator", deps_.coordinator}});
      return;
    }
    deps_.log->error("cluster.refused", refusal, {{"coordinator", deps_.coordinator}});
    drop_server();
    again_in(pause_after_refusal);
  }

  void drop_server() {
    self_->demonitor(server_.address());
    caf::anon_send_exit(server_, caf::exit_reason::kill);
    server_ = PageServerActor{};
  }

  void not_joined(const std::string& why) {
    if (tries_ == 0)
      deps_.log->warn("cluster.not_joined", why + "; trying again until it works",
                      {{"coordinator", deps_.coordinator}});
    constexpr int doublings = 6;
    again_in(milliseconds{100 << std::min(tries_++, doublings)});
  }

  void again_in(milliseconds pause) {
    if (!ending_)
      self_->delayed_send(self_, pause, caf::connect_atom::value);
  }

  caf::event_based_actor* self_;
  CoordinatorDialerDeps deps_;
  PageServerActor server_;
  bool joined_ = false;
  bool ending_ = false;
  int tries_ = 0;
};

} // namespace

caf::behavior coordinator_dialer(caf::event_based_actor* self, CoordinatorDialerDeps deps) {
  const auto dialer = std::make_shared<Dialer>(self, std::move(deps));
  self->set_down_handler([dialer](const caf::down_msg& down) { dialer->server_down(down); });
  self->set_exit_handler([dialer](const caf::exit_msg&) { dialer->end(); });
  dialer->dial();
  return {[dialer](caf::connect_atom) { dialer->dial(); }};
}

} // namespace gleaner
