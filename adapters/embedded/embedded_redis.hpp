#pragma once

#include "adapters/embedded/file_lock.hpp"
#include "adapters/process/child_process.hpp"
#include "core/result.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace gleaner::embedded {

/// The unix socket of the embedded Redis of a state folder.
std::string embedded_socket(const std::string& state_folder);

/// That socket as REDIS_URL takes it.
std::string embedded_url(const std::string& state_folder);

/// A private redis-server in a state folder, for those who have none: AOF everysec, noeviction, a
/// unix socket for us and a loopback port for others. Ends with this object, and with this process
/// when that is killed. The state folder belongs to one process at a time.
class EmbeddedRedis {
public:
  /// Errc::state_in_use, store_unwritable (folder), not_found (no redis-server installed) or
  /// redis_unavailable (it does not come up), each with the remedy. Call it from a thread that
  /// lives as long as the server shall: the kernel ties the two together. `patience` bounds the
  /// time that the server may take to load, and that one left over by a kill may take to end.
  static Result<std::unique_ptr<EmbeddedRedis>>
  start(const std::string& state_folder,
        std::chrono::milliseconds patience = std::chrono::seconds{30});

  std::string url() const { return url_; }
  int port() const noexcept { return port_; } ///< On 127.0.0.1.

private:
  EmbeddedRedis(const std::string& state_folder, std::chrono::milliseconds patience);
  Status make_folder() const;
  Status lock_folder();
  Result<FileLock> end_predecessor() const;
  Status launch(FileLock server_lock);
  Status await_answer();
  Error ended(int status) const;

  std::string socket_;
  std::string url_;
  std::string folder_;
  std::chrono::milliseconds patience_;
  std::optional<FileLock> lock_;
  int port_ = 0;
  std::optional<process::ChildProcess> process_; ///< Ends while we still hold `lock_`.
};

} // namespace gleaner::embedded
