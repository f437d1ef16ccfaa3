#pragma once

#include "adapters/embedded/file_lock.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace gleaner {

/// This worker as the queue knows it across restarts: an id that lives in the state folder, which
/// no two workers share at a time. So a start knows that what earlier ones of the node held is
/// free.
class Node {
public:
  /// Creates the folder (0700) and the id when there is none. Errc::state_in_use while another
  /// worker has the folder, store_unwritable when it can't be written.
  static Result<Node> claim(const std::string& folder);

  /// As a new start of the node would: tokens from now on come behind all before.
  void start_again();

  const std::string& id() const noexcept { return id_; }

  /// For the locks of this process: "gl1:<node>:<start>:<lock ms>", unlike that of any other start,
  /// and behind those of all earlier ones of the node in the order of texts.
  std::string token_seed(std::chrono::milliseconds lock_duration) const;

private:
  Node(embedded::FileLock lock, std::string id, std::uint32_t starts)
      : lock_(std::move(lock)), id_(std::move(id)), starts_(starts) {}

  embedded::FileLock lock_; ///< Held until the process ends.
  std::string id_;
  std::uint32_t starts_;
  std::string start_; ///< The count of the node's starts, and what no other start has.
};

} // namespace gleaner
