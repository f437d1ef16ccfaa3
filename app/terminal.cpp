#include "app/terminal.hpp"

#include "core/unicode.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace gleaner {

namespace {

/// Characters, not bytes: what a column needs.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
    std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

std::int64_t steady_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
           std::chrono::steady_clock::now().time_since_epoch())
    .count();
}

} // namespace

bool stderr_is_terminal() {
  const auto* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && term && std::string_view{term} != "dumb";
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
      widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto cell = harmless(row[i]);
      out += cell;
      if (i + 1 < row.size())
        out.append(widths[i] - width(cell) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

void ProgressLine::show(std::uint64_t done, std::uint64_t failed) {
  constexpr std::uint64_t bar_width = 30;
  constexpr std::int64_t line_interval_s = 10;
  if (done == last_done_)
    return;
  const auto failures = failed > 0 ? ", " + std::to_string(failed) + " failed" : std::string{};
  const auto counts = std::to_string(done) + " of " + std::to_string(total_) + " jobs" + failures;
  if (live_) {
    const auto filled = total_ == 0 ? bar_width : done * bar_width / total_;
    std::cerr << "\r[" << std::string(filled, '#') << std::string(bar_width - filled, '.') << "] "
              << counts << "\033[K" << std::flush;
  } else if (const auto now = steady_seconds(); now - last_line_s_ >= line_interval_s) {
    last_line_s_ = now;
    std::cerr << counts << '\n';
  } else {
    return;
  }
  last_done_ = done;
}

void ProgressLine::finish() {
  if (live_)
    std::cerr << '\n';
}

} // namespace gleaner
