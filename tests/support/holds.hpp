#pragma once

#include <string>

namespace gleaner::test {

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace gleaner::test
