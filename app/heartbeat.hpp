#pragma once

#include <caf/event_based_actor.hpp>

#include <atomic>
#include <chrono>
#include <functional>

namespace gleaner {

/// Tells whether actors still run: one of them beats every few seconds. From any thread.
class Heartbeat {
public:
  explicit Heartbeat(std::chrono::milliseconds longest_silence = std::chrono::minutes{1})
      : longest_silence_(longest_silence) {}

  void beat() noexcept { last_ = Clock::now(); }

  /// There was a beat, or this was made, within the longest silence.
  bool alive() const noexcept { return Clock::now() - last_.load() < longest_silence_; }

private:
  using Clock = std::chrono::steady_clock;
  std::chrono::milliseconds longest_silence_;
  std::atomic<Clock::time_point> last_{Clock::now()};
};

/// An actor that calls `beat` every two seconds, for processes none of whose actors does so anyway.
/// Ends by an exit message.
caf::behavior pulse(caf::event_based_actor* self, std::function<void()> beat);

} // namespace gleaner
