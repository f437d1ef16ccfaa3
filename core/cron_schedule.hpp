#pragma once
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
namespace gleaner {
class CronSchedule {
public:
  std::optional<std::int64_t> next_after(std::int64_t) const { return std::nullopt; }
};
inline Result<CronSchedule> parse_cron(std::string_view, std::string_view) {
  return Error{Errc::usage, "stub"};
}
} // namespace gleaner
