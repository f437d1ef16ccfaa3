#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gleaner::simulation {

/// What happened in a world, as a number that any other course of events would change, and for
/// people if they ask.
class Trace {
public:
  explicit Trace(bool shown) : shown_(shown) {}

  void set_time(std::int64_t now_us) { now_us_ = now_us; }
  /// `remark` is for people and does not count.
  void add(std::string_view what, std::string_view detail = {}, std::uint64_t number = 0,
           std::string_view remark = {});

  std::uint64_t hash() const { return hash_; }
  std::uint64_t events() const { return events_; }
  bool shown() const { return shown_; }
  const std::string& text() const { return text_; }

private:
  void mix(std::string_view bytes);

  bool shown_;
  std::int64_t now_us_ = 0;
  std::uint64_t hash_ = 14695981039346656037u; // FNV-1a
  std::uint64_t events_ = 0;
  std::string text_;
};

} // namespace gleaner::simulation
