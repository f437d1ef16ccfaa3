#pragma once

#include "core/log.hpp"

#include <string>
#include <vector>

namespace gleaner::test {

/// Keeps the codes of all events.
class SilentLog final : public EventLog {
public:
  void write(LogLevel, std::string_view code, std::string_view,
             std::span<const LogField>) override {
    codes.emplace_back(code);
  }
  bool enabled(LogLevel) const noexcept override { return true; }
  std::vector<std::string> codes;
};

} // namespace gleaner::test
