#pragma once

#include "core/result.hpp"

#include <sys/types.h>

#include <memory>
#include <string>

namespace gleaner::embedded {

/// The unix socket of the embedded Redis of a state folder.
std::string embedded_socket(const std::string& state_folder);

/// A private redis-server in a state folder, for those who have none: AOF everysec, noeviction, a
/// unix socket for us and a loopback port for others. Ends with this object, and with this process
/// when that is killed. The state folder belongs to one process at a time.
class EmbeddedRedis {
public:
  /// Errc::state_in_use, store_unwritable (folder), not_found (no redis-server installed) or
  /// redis_unavailable (it does not come up), each with the remedy. Call it from a thread that
  /// lives as long as the server shall: the kernel ties the two together.
  static Result<std::unique_ptr<EmbeddedRedis>> start(const std::string& state_folder);
  ~EmbeddedRedis(); ///< Asks it to end, waits until it has.
  EmbeddedRedis(const EmbeddedRedis&) = delete;
  EmbeddedRedis& operator=(const EmbeddedRedis&) = delete;

  std::string url() const { return "unix://" + socket_; }
  int port() const noexcept { return port_; } ///< On 127.0.0.1.

private:
  EmbeddedRedis() = default;
  Status lock_folder(const std::string& state_folder);
  Status end_predecessor() const;
  Status launch(const std::string& folder);
  Status await_answer();

  std::string socket_;
  int port_ = 0;
  int lock_ = -1;
  pid_t process_ = -1;
};

} // namespace gleaner::embedded
