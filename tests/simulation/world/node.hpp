#pragma once

#include "adapters/budget/redis_budget.hpp"
#include "adapters/bullmq/bullmq_queue.hpp"
#include "app/pipeline.hpp"
#include "tests/simulation/world/connection.hpp"
#include "tests/simulation/world/contact_source.hpp"
#include "tests/simulation/world/disk.hpp"
#include "tests/simulation/world/oracle.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace gleaner::simulation {

/// What all nodes of a world share.
struct Outside {
  const Swarm& swarm;
  Timeline& timeline;
  Chance& chance;
  Trace& trace;
  RedisHost& redis;
  ContactSource& source;
  Oracle& oracle;
  std::map<std::string, std::size_t>& log; ///< Counts the codes of what nodes log.
  bool troubled = true;                    ///< Whether faults still happen.
};

/// Puts what a node logs into the trace, and counts it.
class TraceLog final : public EventLog {
public:
  TraceLog(Trace& trace, std::map<std::string, std::size_t>& counts)
      : trace_(trace), counts_(counts) {}
  void write(LogLevel level, std::string_view code, std::string_view message,
             std::span<const LogField> fields) override;
  bool enabled(LogLevel) const noexcept override { return true; }

private:
  Trace& trace_;
  std::map<std::string, std::size_t>& counts_;
};

/// One run of a process on a node. Not nested: clang 14 can't default-construct a nested struct
/// with initialisers inside an optional of its class.
struct NodeRun {
  std::uint64_t sender = 0;
  std::shared_ptr<Host> host;
  std::shared_ptr<Connection> commands, waiting, budget_line;
  std::unique_ptr<bullmq::BullmqQueue> queue;
  std::unique_ptr<ConnectionPort> budget_commands;
  std::unique_ptr<budget::RedisBudget> budget;
  std::unique_ptr<ContactSourcePort> api;
  std::unique_ptr<DiskStore> store;
  std::unique_ptr<Pipeline> pipeline;
  std::unique_ptr<caf::scoped_actor> supervisor;
  bool draining = false;
};

/// A machine with a disk on which a worker process runs, dies and starts again: the pipeline and
/// the queue of the product, on ports that are simulated.
class Node {
public:
  Node(Outside& outside, std::size_t number);
  ~Node() { crash(); }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  void start();
  void crash();
  void lose_power();
  void pause();
  void go_on();
  void drain();
  void step_clock(std::chrono::seconds step);
  void swallow_for(std::chrono::milliseconds span);
  void cut_connections();

  bool running() const { return run_.has_value(); }
  bool stepping() const { return run_ && !run_->host->paused(); }
  bool must_crash() const { return run_ && run_->store->died(); }
  bool draining() const { return run_ && run_->draining; }
  std::uint64_t sender() const { return run_ ? run_->sender : 0; }

  std::size_t ready() const { return stepping() ? scheduler().jobs.size() : 0; }
  void step(std::size_t which);
  std::optional<Timeline::Time> next_timer() const;
  /// To the time of the world.
  void advance();
  /// Looks whether the process has drained, which ends it, or lost an actor that it needs.
  void hear();

private:
  caf::scheduler::test_coordinator& scheduler() const;
  Config config() const;
  std::shared_ptr<Connection> connect(bool with_scripts);
  PipelineSetup setup();
  void end_run();
  Timeline::Time own_time() const;
  Timeline::Time world_time(Timeline::Time own) const;

  Outside& outside_;
  std::size_t number_;
  std::uint64_t starts_ = 0;
  Disk disk_;
  TraceLog log_;
  std::int64_t wall_clock_offset_ms_;
  std::optional<NodeRun> run_;
};

} // namespace gleaner::simulation
