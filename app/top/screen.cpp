#include "app/top/screen.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace gleaner::top {

namespace {

/// The alternate screen without a cursor, and back.
constexpr std::string_view enter = "\033[?1049h\033[?25l\033[2J";
constexpr std::string_view leave = "\033[0m\033[?25h\033[?1049l";

FrameSize size_of_stdout() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
    return {};
  return {size.ws_col, size.ws_row};
}

std::string_view start_of(LineKind kind) {
  switch (kind) {
  case LineKind::plain:
    return "";
  case LineKind::title:
    return "\033[1m";
  case LineKind::alarm:
    return "\033[1;31m";
  }
  return "";
}

} // namespace

bool Screen::is_there() {
  return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && has_control_sequences();
}

Screen::Screen(ColourChoice colour) : coloured_(stdout_colour(colour)) {
  tcgetattr(STDIN_FILENO, &before_);
  auto now = before_;
  now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  now.c_iflag &= ~static_cast<tcflag_t>(IXON);
  now.c_cc[VSUSP] = _POSIX_VDISABLE;
  now.c_cc[VQUIT] = _POSIX_VDISABLE;
  now.c_cc[VMIN] = 1;
  now.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &now);
  write(std::string{enter});
}

Screen::~Screen() {
  write(std::string{leave});
  tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

FrameSize Screen::size() const {
  constexpr FrameSize usual{80, 24};
  const auto size = size_of_stdout();
  return size.columns > 0 && size.rows > 0 ? size : usual;
}

void Screen::show(const std::vector<FrameLine>& lines) {
  write(painted(lines, coloured_));
}

int Screen::key(std::chrono::milliseconds patience) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (poll(&input, 1, static_cast<int>(patience.count())) <= 0)
    return 0;
  unsigned char typed = 0;
  const auto count = read(STDIN_FILENO, &typed, 1);
  if (count == 1)
    return typed;
  return count < 0 && errno == EINTR ? 0 : end_of_input;
}

void Screen::write(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto count = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (count < 0 && errno != EINTR && errno != EAGAIN)
      return; // the terminal is gone, which key() will tell
    rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
}

/// Each line is cleared before it is written: one that reaches the last column would else lose its
/// end on some terminals.
std::string painted(const std::vector<FrameLine>& lines, bool coloured) {
  std::string text;
  for (std::size_t row = 0; row < lines.size(); ++row) {
    const auto start = coloured ? start_of(lines[row].kind) : std::string_view{};
    text += "\033[" + std::to_string(row + 1) + ";1H\033[2K";
    text.append(start).append(lines[row].text).append(start.empty() ? "" : "\033[0m");
  }
  return text;
}

std::size_t stdout_columns() {
  return isatty(STDOUT_FILENO) == 1 ? size_of_stdout().columns : 0;
}

} // namespace gleaner::top
