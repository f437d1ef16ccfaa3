#include "app/commands/resume_hint.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

namespace gleaner {

namespace {

std::atomic<const std::atomic<std::uint64_t>*> hinted_line{nullptr};

/// Only what a signal handler may do: no allocation, no streams.
void say_and_end(int number) {
  constexpr std::string_view before = "gleaner: interrupted; go on with --from-line ";
  std::array<char, 80> text{};
  std::memcpy(text.data(), before.data(), before.size());
  const auto* line = hinted_line.load();
  auto* end = std::to_chars(text.data() + before.size(), text.data() + text.size() - 1,
                            line ? line->load() : 1)
                .ptr;
  *end++ = '\n';
  const auto written =
    ::write(STDERR_FILENO, text.data(), static_cast<std::size_t>(end - text.data()));
  (void)written;
  signal(number, SIG_DFL);
  raise(number);
}

void set_handler(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigaction(number, &action, nullptr);
}

} // namespace

ResumeHint::ResumeHint(const std::atomic<std::uint64_t>& line) {
  hinted_line = &line;
  set_handler(SIGINT, say_and_end);
  set_handler(SIGTERM, say_and_end);
}

ResumeHint::~ResumeHint() {
  set_handler(SIGINT, SIG_DFL);
  set_handler(SIGTERM, SIG_DFL);
  hinted_line = nullptr;
}

} // namespace gleaner
