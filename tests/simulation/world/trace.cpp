#include "tests/simulation/world/trace.hpp"

#include <cstdio>

namespace gleaner::simulation {

void Trace::mix(std::string_view bytes) {
  for (const auto byte : bytes) {
    hash_ ^= static_cast<unsigned char>(byte);
    hash_ *= 1099511628211u;
  }
}

void Trace::add(std::string_view what, std::string_view detail, std::uint64_t number,
                std::string_view remark) {
  const std::uint64_t numbers[] = {static_cast<std::uint64_t>(now_us_), number};
  mix(what);
  mix(detail);
  mix({reinterpret_cast<const char*>(numbers), sizeof numbers});
  ++events_;
  if (!shown_)
    return;
  char time[32];
  std::snprintf(time, sizeof time, "%11.3f ms  ", static_cast<double>(now_us_) / 1000);
  text_.append(time).append(what).append(" ").append(detail);
  if (number != 0)
    text_.append(" ").append(std::to_string(number));
  if (!remark.empty())
    text_.append("  ").append(remark);
  text_ += '\n';
}

} // namespace gleaner::simulation
