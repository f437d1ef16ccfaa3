#pragma once

#include "adapters/redis/command_port.hpp"
#include "tests/simulation/world/host.hpp"
#include "tests/simulation/world/redis_host.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace gleaner::simulation {

/// A connection of a node to Redis, in place of RedisClient and with its manners: answers in order,
/// each once; at a break everything in flight fails, and for a while all that comes after.
class Connection : public std::enable_shared_from_this<Connection> {
public:
  struct Surroundings {
    const Swarm& swarm;
    Timeline& timeline;
    Chance& chance;
    Trace& trace;
    RedisHost& redis;
    std::shared_ptr<Host> host;
    std::uint64_t sender;                 ///< Tells the oracle whose commands these are.
    const bool* troubled;                 ///< Whether faults still happen.
    std::vector<std::string> script_shas; ///< Loaded on each connect; empty: none.
  };

  explicit Connection(Surroundings surroundings) : around_(std::move(surroundings)) {}

  void submit(std::vector<std::string> args, redis::RedisReply reply,
              std::chrono::milliseconds deadline);
  /// Everything in flight fails. Of what is on its way to Redis, some may still arrive there.
  void cut(const std::string& why, std::chrono::milliseconds pause);
  /// Nothing passes for so long, and nobody is told.
  void swallow_for(std::chrono::milliseconds span);
  /// The process is gone.
  void close();
  bool connected() const { return connected_; }

private:
  struct Pending {
    std::uint64_t number;
    redis::RedisReply reply;
    std::shared_ptr<bool> lost; ///< Will not arrive at Redis.
    bool arrived = false;
  };

  void refuse(redis::RedisReply reply);
  void connect();
  void travel(std::uint64_t number, std::vector<std::string> args, std::shared_ptr<bool> lost);
  void arrive(std::uint64_t number, std::vector<std::string> args);
  void answer(std::uint64_t number, redis::RedisValue value);
  void hand_over(std::uint64_t number, Result<redis::RedisValue> value);
  Pending* find(std::uint64_t number);
  std::vector<redis::RedisReply> lose_everything();
  std::chrono::microseconds latency();

  Surroundings around_;
  std::deque<Pending> pending_;
  std::uint64_t next_number_ = 1;
  bool connected_ = false;
  Timeline::Time down_until_{}, swallowing_until_{}, last_arrival_{}, last_answer_{};
};

/// What BullmqQueue owns of it.
class ConnectionPort final : public redis::CommandPort {
public:
  explicit ConnectionPort(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  ~ConnectionPort() override { connection_->close(); }

  void submit(std::vector<std::string> args, redis::RedisReply reply,
              std::optional<std::chrono::milliseconds> deadline) override {
    connection_->submit(std::move(args), std::move(reply),
                        deadline.value_or(std::chrono::seconds{5}));
  }
  void interrupt() override { connection_->cut("interrupted", {}); }
  bool connected() const noexcept override { return connection_->connected(); }
  bool can_block() const noexcept override { return true; }

private:
  std::shared_ptr<Connection> connection_;
};

} // namespace gleaner::simulation
