#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gleaner {

/// What `--color` says. Automatic: on a terminal, unless NO_COLOR or TERM speak against it.
enum class ColourChoice { automatic, always, never };

/// Whether what is written to stderr, or to stdout, shall be coloured.
bool stderr_colour(ColourChoice choice);
bool stdout_colour(ColourChoice choice);

/// stdout is a pipe whose reader has gone, as `head` goes when it has seen enough.
bool stdout_reader_gone();

/// A terminal of ours would take control sequences: TERM is set and not "dumb".
bool has_control_sequences();

/// stderr is a terminal that takes control sequences (TERM is not "dumb").
bool stderr_is_terminal();

/// Text for a terminal: control characters (those of Unicode too) and bytes that are no UTF-8 as
/// '?', so that data from outside can't play with it.
std::string harmless(std::string text);

/// Rows as columns that line up; the first row is the header.
std::string table(const std::vector<std::vector<std::string>>& rows);

/// "[####....] 3 of 6 jobs" within `columns`: the bar shrinks, then goes.
std::string progress_text(std::uint64_t done, std::uint64_t failed, std::uint64_t total,
                          std::size_t columns);

/// How far a count has come: a bar on a terminal, else one line every ten seconds. On stderr.
class ProgressLine {
public:
  explicit ProgressLine(std::uint64_t total) : total_(total), live_(stderr_is_terminal()) {}
  void show(std::uint64_t done, std::uint64_t failed);
  /// Leaves the bar standing; else a last line says how far it came.
  void finish();

private:
  std::uint64_t total_;
  bool live_;
  std::int64_t last_line_s_ = 0;
  std::uint64_t last_done_ = ~std::uint64_t{0};
  std::string unshown_; ///< The line that came too soon after another.
  std::size_t last_columns_ = 0;
};

} // namespace gleaner
