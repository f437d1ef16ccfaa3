#pragma once

#include <chrono>
#include <thread>

namespace gleaner::test {

/// Waits for what another process or thread brings about; whether it came within `patience`. The
/// only place where C++ tests sleep: between two looks, when nobody would wake them.
template <class Condition>
bool wait_until(Condition condition, std::chrono::seconds patience = std::chrono::seconds{20}) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

} // namespace gleaner::test
