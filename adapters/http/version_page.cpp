#include "adapters/http/version_page.hpp"

#include <string_view>

namespace gleaner::http {

namespace {

constexpr std::string_view before_version = R"({"name":"gleaner","version":")";
constexpr std::string_view after_version = "\"}";

} // namespace

std::string version_page(const std::string& version) {
  return std::string{before_version}.append(version).append(after_version);
}

std::optional<std::string> version_in(const std::string& answer) {
  const auto start = answer.find(before_version);
  if (start == std::string::npos)
    return std::nullopt;
  const auto from = start + before_version.size();
  const auto end = answer.find(after_version, from);
  if (end == std::string::npos ||
      answer.find_first_not_of(" \r\n", end + after_version.size()) != std::string::npos)
    return std::nullopt;
  return answer.substr(from, end - from);
}

} // namespace gleaner::http
