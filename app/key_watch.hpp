#pragma once

#include "core/config.hpp"
#include "core/log.hpp"
#include "core/secret.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gleaner {

/// Reads the files that API keys came from again every few seconds, on a thread of its own, and
/// tells when one holds another key. A file that can't be read leaves the key as it is.
class KeyWatch {
public:
  using Replaced = std::function<void(const std::string& name, Secret secret)>;
  using Looked = std::function<void(bool all_good)>; ///< After each look at all files.

  /// `log` and what the functions use outlive the watch. They are called on its thread.
  /// `credentials`: as read_secret_file() takes it.
  KeyWatch(std::vector<ApiKey> keys, std::string credentials, EventLog& log, Replaced replaced,
           Looked looked, std::chrono::milliseconds interval = std::chrono::seconds{5});
  ~KeyWatch();

private:
  void run();
  void look(ApiKey& key);

  std::vector<ApiKey> keys_; ///< Those that came from files.
  std::string credentials_;
  std::map<std::string, std::string> told_; ///< Why a file can't be read, by its key's name.
  EventLog& log_;
  Replaced replaced_;
  Looked looked_;
  std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool ending_ = false;
  std::thread thread_; ///< None when there is nothing to watch.
};

} // namespace gleaner
