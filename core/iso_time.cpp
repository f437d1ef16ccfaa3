#include "core/iso_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace gleaner {

std::string iso_time(std::int64_t ms_since_epoch) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds{ms_since_epoch}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  std::snprintf(
    text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text.data();
}

} // namespace gleaner
