#include "core/circuit.hpp"

#include <algorithm>

namespace gleaner {

namespace {

constexpr std::uint32_t opens_after = 10;
constexpr std::chrono::seconds first_pause{5};
constexpr std::chrono::seconds longest_pause{60};
constexpr std::chrono::minutes longest_asked{5};

} // namespace

Circuit::Duration Circuit::wait(Time now) const {
  if (!open_)
    return Duration::zero();
  return asking_ ? Duration::max() : std::max(Duration::zero(), until_ - now);
}

void Circuit::sent() {
  asking_ = open_;
}

void Circuit::succeeded() {
  failures_ = 0;
  open_ = asking_ = false;
}

bool Circuit::failed(Time now, Duration asked) {
  ++failures_;
  if (open_ ? !asking_ : failures_ < opens_after)
    return false;
  const bool opened = !open_;
  pause_ = opened ? Duration{first_pause} : std::min<Duration>(2 * pause_, longest_pause);
  until_ = now + std::max(pause_, std::min<Duration>(asked, longest_asked));
  open_ = true;
  asking_ = false;
  return opened;
}

} // namespace gleaner
