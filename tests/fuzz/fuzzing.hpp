#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace gleaner::fuzz {

/// What must hold whatever the input: ends the program, which keeps the input that did it.
inline void require(bool holds, const char* what) {
  if (holds)
    return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

/// Whether a text fits one line of a log, a file name or a terminal.
inline bool is_one_line(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return false;
  return true;
}

/// Cuts an input at its NUL bytes: inputs for what takes several texts. After the last: "".
class Parts {
public:
  explicit Parts(std::string_view input) : rest_(input) {}

  std::string next() {
    const auto end = rest_.find('\0');
    const std::string part{rest_.substr(0, end)};
    rest_ = end == rest_.npos ? std::string_view{} : rest_.substr(end + 1);
    return part;
  }

private:
  std::string_view rest_;
};

/// One input; each program has its own.
void try_input(std::string_view input);

} // namespace gleaner::fuzz
