#pragma once

#include "tests/simulation/world/node.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gleaner::simulation {

/// How the course of a world ended.
struct Outcome {
  std::string failure; ///< "" when nothing went wrong.
  std::uint64_t hash = 0;
  std::uint64_t steps = 0;
  std::chrono::microseconds lasted{0}; ///< In its own time.
  Oracle::Figures figures;
  std::string trace;                      ///< When it was asked for.
  std::map<std::string, std::size_t> log; ///< What nodes have logged, by code.
};

/// Some nodes, a Redis, a provider and some jobs, from the first job to the last, with all the
/// trouble that the swarm brings. The same swarm always takes the same course.
class World {
public:
  World(const Swarm& swarm, bool traced);

  Outcome run();

private:
  static constexpr std::chrono::seconds most_trouble{90}; ///< Longest time of trouble, if it ends.

  void add_jobs();
  void add_job(std::size_t rows);
  void add_job_later(std::chrono::milliseconds delay);
  void leave_stale_ledger(const std::string& id);
  void start_trouble();
  void end_trouble();
  void repeat(double mean_seconds, std::function<void()> event);
  void trouble_node(double mean_seconds, const std::function<void(Node&)>& event);
  Node* any_running();
  void kill(Node& node);
  void start_later(Node& node, std::chrono::milliseconds delay);
  void pause(Node& node);
  void drain(Node& node);
  std::chrono::seconds draw_step();
  void step_clock();
  void restart_redis();
  void pause_redis();
  void forget(const std::function<void()>& lose);
  void fail_over();
  void flush();
  void refuse_writes();
  bool step();
  bool run_something();
  bool pass_time();
  void look_after_nodes();
  bool is_over();

  Swarm swarm_;
  Chance chance_;
  Timeline timeline_;
  Trace trace_;
  RedisHost redis_;
  ContactSource source_;
  Oracle oracle_;
  Outside outside_;
  std::map<std::string, std::size_t> log_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::uint64_t> dying_; ///< Runs that end with the present step.
  std::chrono::milliseconds stepped_back_{0};
  std::size_t domains_ = 0;   ///< So many jobs there have been.
  std::size_t announced_ = 0; ///< Jobs that are still to be added.
  std::optional<Timeline::Time> ended_at_;
  std::uint64_t steps_ = 0;
};

} // namespace gleaner::simulation
