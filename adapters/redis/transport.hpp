#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

namespace gleaner::redis {

/// A byte stream to a server that never blocks. Not thread-safe. After an error it is to be thrown
/// away; the errors name the server.
class Transport {
public:
  virtual ~Transport() = default;

  /// Bytes read into `buffer`; fewer than it takes when no more is there now. The end of the stream
  /// is an error.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;

  /// Bytes taken of `bytes`; fewer when the stream takes no more now.
  virtual Result<std::size_t> write(std::string_view bytes) = 0;

  virtual int descriptor() const noexcept = 0;

  /// What to poll() descriptor() for; `unsent`: bytes wait to be written.
  virtual short events(bool unsent) const noexcept = 0;
};

/// Waits for one of `events`; false when there is none by the deadline.
bool await_events(int descriptor, short events, std::chrono::steady_clock::time_point deadline);

} // namespace gleaner::redis
