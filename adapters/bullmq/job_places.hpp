#pragma once

#include <cstdint>

namespace gleaner::bullmq {

/// A structure that lists jobs of a state, by the end that is shown first.
struct JobPlace {
  enum class Order : std::uint8_t {
    tail_first,   ///< A list; at its tail stands what runs next.
    lowest_first, ///< A sorted set.
    highest_first ///< A sorted set whose newest members are shown first.
  };
  const char* state;
  const char* key; ///< Behind the queue's base.
  Order order;

  bool is_list() const noexcept { return order == Order::tail_first; }
};

/// In the order in which BullMQ's getState looks.
inline constexpr JobPlace job_places[] = {
  {"completed", "completed", JobPlace::Order::highest_first},
  {"failed", "failed", JobPlace::Order::highest_first},
  {"delayed", "delayed", JobPlace::Order::lowest_first},
  {"prioritized", "prioritized", JobPlace::Order::lowest_first},
  {"active", "active", JobPlace::Order::tail_first},
  {"waiting", "wait", JobPlace::Order::tail_first},
  {"waiting", "paused", JobPlace::Order::tail_first},
  {"waiting-children", "waiting-children", JobPlace::Order::lowest_first},
};

} // namespace gleaner::bullmq
