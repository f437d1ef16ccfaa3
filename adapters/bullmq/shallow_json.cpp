#include "adapters/bullmq/shallow_json.hpp"

#include <algorithm>

namespace gleaner::bullmq {

namespace {

constexpr int deepest = 32;

/// Counts brackets outside of strings before anything is built.
bool nests_too_deep(std::string_view text) {
  int depth = 0, most = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '[' || c == '{'))
      most = std::max(most, ++depth);
    else if (!in_string && (c == ']' || c == '}'))
      --depth;
  }
  return most > deepest;
}

} // namespace

Json parse_shallow(std::string_view text) {
  if (nests_too_deep(text))
    return Json(Json::value_t::discarded);
  return Json::parse(text.begin(), text.end(), nullptr, false);
}

std::optional<std::int64_t> integer_in(const Json& object, const char* key) {
  constexpr double largest = 9e15;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number())
    return std::nullopt;
  return static_cast<std::int64_t>(std::clamp(found->get<double>(), -largest, largest));
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string shown{text.substr(0, longest)};
  std::replace_if(
    shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
  return '\'' + shown + (text.size() > longest ? "...'" : "'");
}

} // namespace gleaner::bullmq
