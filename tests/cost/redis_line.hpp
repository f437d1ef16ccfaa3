#pragma once

#include "adapters/redis/command_port.hpp"
#include "adapters/redis/resp_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gleaner::cost {

/// Stands for a worker's connection and for the Redis behind it: what goes out becomes bytes as for
/// a socket, and answers are read from bytes. A take and an end bring a job of `domain`.
class RedisLine final : public redis::CommandPort {
public:
  explicit RedisLine(const std::string& domain);

  /// Answers at once, but for ends: those wait for answer_end().
  void submit(std::vector<std::string> args, redis::RedisReply reply,
              std::optional<std::chrono::milliseconds> deadline) override;
  void interrupt() override {}
  bool connected() const noexcept override { return true; }
  bool can_block() const noexcept override { return true; }

  /// @pre an end waits
  void answer_end();

private:
  void answer(const std::string& bytes, const redis::RedisReply& reply);

  std::string taken_;                   ///< The answer that brings a job.
  std::string take_, end_, checkpoint_; ///< The names of these scripts in Redis.
  std::string sent_;
  redis::RespReader reader_;
  redis::RedisReply waiting_;
};

} // namespace gleaner::cost
