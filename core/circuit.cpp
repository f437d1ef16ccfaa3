#include "core/circuit.hpp"

#include <algorithm>

namespace gleaner {

namespace {

constexpr std::uint32_t opens_after = 10;
constexpr std::size_t least_domains = 3;
constexpr std::chrono::seconds first_pause{5};
constexpr std::chrono::seconds longest_pause{60};

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
  domains_.clear();
  open_ = asking_ = false;
}

bool Circuit::failed(Time now, const std::string& domain, Duration asked) {
  ++failures_;
  if (domains_.size() < least_domains)
    domains_.insert(domain);
  if (open_ ? !asking_ : failures_ < opens_after || domains_.size() < least_domains)
    return false;
  const bool opened = !open_;
  pause_ = opened ? Duration{first_pause} : std::min<Duration>(2 * pause_, longest_pause);
  until_ = now + std::max(pause_, asked);
  open_ = true;
  asking_ = false;
  return opened;
}

} // namespace gleaner
