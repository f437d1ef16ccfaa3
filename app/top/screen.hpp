#pragma once

#include "app/terminal.hpp"
#include "app/top/frame.hpp"

#include <termios.h>

#include <chrono>
#include <string>
#include <vector>

namespace gleaner::top {

/// The whole terminal on stdin and stdout, on a page of its own (the alternate screen), with
/// keys that count as soon as they are typed. Ctrl-C is a signal as ever; Ctrl-Z, Ctrl-\ and Ctrl-S
/// do nothing. The destructor gives all of it back as it was. Of one thread.
class Screen {
public:
  /// There is such a terminal: not where TERM is "dumb" or unset.
  static bool is_there();

  /// @pre is_there()
  explicit Screen(ColourChoice colour);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// As it is now: people resize terminals.
  FrameSize size() const;

  /// Paints over what is there. @pre as many lines as rows
  void show(const std::vector<FrameLine>& lines);

  /// What is typed within `patience`: a key, 0 for none, or end_of_input when the terminal is gone.
  int key(std::chrono::milliseconds patience);
  static constexpr int end_of_input = -1;

private:
  void write(const std::string& text);

  termios before_{};
  bool coloured_;
};

/// What paints those lines.
std::string painted(const std::vector<FrameLine>& lines, bool coloured);

/// Columns of the terminal on stdout, 0 when it is none.
std::size_t stdout_columns();

} // namespace gleaner::top
