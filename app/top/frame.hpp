#pragma once

#include "app/top/figures.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gleaner::top {

/// In characters of the terminal; 0: without end.
struct FrameSize {
  std::size_t columns = 0;
  std::size_t rows = 0;

  bool operator==(const FrameSize&) const = default;
};

enum class LineKind : std::uint8_t { plain, title, alarm };

struct FrameLine {
  std::string text; ///< Without control characters; no wider than the frame.
  LineKind kind = LineKind::plain;
};

/// What a frame shows.
struct View {
  std::optional<Figures> figures;  ///< The last that could be had.
  std::optional<std::string> lost; ///< Why there are no newer ones.
  bool paused = false;
  JobOrder order = JobOrder::contacts;
};

/// The lines of a frame. Where it has rows they are as many, the last of which tells what keys do;
/// sections that are too long for it are cut evenly and say how much more there is.
std::vector<FrameLine> frame_of(const View& view, FrameSize size);

/// In that order; jobs that are equal in it by their ids.
std::vector<JobFigures> in_order(std::vector<JobFigures> jobs, JobOrder order);

/// "0.4s", "13s", "2m13s", "3h05m", "12d04h".
std::string short_duration(std::chrono::milliseconds duration);

/// How many lines each of several sections may have, which need so many, of `room` in all: what one
/// does not need the others get. A section of one line would be its title alone: none, then.
std::vector<std::size_t> share_lines(const std::vector<std::size_t>& needed, std::size_t room);

} // namespace gleaner::top
