#include "app/redis_info.hpp"

namespace gleaner {

std::string info_value(const std::string& info, const std::string& name) {
  const auto key = name + ':';
  auto at = info.starts_with(key) ? 0 : info.find('\n' + key);
  if (at == std::string::npos)
    return {};
  at = info.find(':', at) + 1;
  return info.substr(at, info.find_first_of("\r\n", at) - at);
}

} // namespace gleaner
