#include "app/terminal.hpp"

#include "core/text_width.hpp"
#include "core/unicode.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace gleaner {

namespace {

std::int64_t steady_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
           std::chrono::steady_clock::now().time_since_epoch())
    .count();
}

std::size_t stderr_columns() {
  constexpr std::size_t usual = 80;
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

bool is_coloured(int stream, ColourChoice choice) {
  if (choice != ColourChoice::automatic)
    return choice == ColourChoice::always;
  const auto* no_color = std::getenv("NO_COLOR"); // no-color.org: any value but the empty one
  return isatty(stream) == 1 && has_control_sequences() && (!no_color || !*no_color);
}

std::string counts_text(std::uint64_t done, std::uint64_t failed, std::uint64_t total) {
  return std::to_string(done) + " of " + std::to_string(total) + " jobs" +
         (failed > 0 ? ", " + std::to_string(failed) + " failed" : std::string{});
}

} // namespace

bool has_control_sequences() {
  const auto* term = std::getenv("TERM");
  return term && std::string_view{term} != "dumb";
}

bool stderr_is_terminal() {
  return isatty(STDERR_FILENO) == 1 && has_control_sequences();
}

bool stderr_colour(ColourChoice choice) {
  return is_coloured(STDERR_FILENO, choice);
}

bool stdout_colour(ColourChoice choice) {
  return is_coloured(STDOUT_FILENO, choice);
}

bool stdout_reader_gone() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

std::string harmless(std::string text) {
  std::string_view rest = text;
  std::string out;
  while (!rest.empty()) {
    const auto before = rest;
    const auto character = take_code_point(rest);
    if (character && !is_control(*character))
      out += before.substr(0, before.size() - rest.size());
    else
      out += '?';
  }
  return out;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(harmless(row[i]))); // bad bytes become wider
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto cell = harmless(row[i]);
      out += cell;
      if (i + 1 < row.size())
        out.append(widths[i] - columns_of(cell) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

std::string progress_text(std::uint64_t done, std::uint64_t failed, std::uint64_t total,
                          std::size_t columns) {
  constexpr std::size_t widest = 30, narrowest = 5, frame = 3; // "[", "]" and a space
  const auto text = counts_text(done, failed, total);
  // A terminal wraps when its last column is written.
  const auto room = columns > 0 ? columns - 1 : 0;
  if (room < text.size() + frame + narrowest)
    return text.substr(0, room);
  const auto bar = std::min(widest, room - text.size() - frame);
  const auto filled = total == 0 ? bar : static_cast<std::size_t>(done * bar / total);
  return '[' + std::string(filled, '#') + std::string(bar - filled, '.') + "] " + text;
}

void ProgressLine::show(std::uint64_t done, std::uint64_t failed) {
  constexpr std::int64_t line_interval_s = 10;
  constexpr std::size_t no_limit = 200;
  const auto columns = live_ ? stderr_columns() : no_limit; // people resize terminals
  if (done == last_done_ && columns == last_columns_)
    return;
  if (live_) {
    std::cerr << '\r' << progress_text(done, failed, total_, columns) << "\033[K" << std::flush;
  } else if (const auto now = steady_seconds(); now - last_line_s_ >= line_interval_s) {
    last_line_s_ = now;
    std::cerr << counts_text(done, failed, total_) << '\n';
    unshown_.clear();
  } else {
    unshown_ = counts_text(done, failed, total_) + '\n';
    return;
  }
  last_done_ = done;
  last_columns_ = columns;
}

void ProgressLine::finish() {
  std::cerr << (live_ ? "\n" : unshown_);
}

} // namespace gleaner
