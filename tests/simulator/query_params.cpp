#include "tests/simulator/query_params.hpp"

#include <algorithm>
#include <charconv>

namespace gleaner::sim {

namespace {

constexpr std::string_view key_name = "api_key=";

/// Calls `visit` with each "name=value" part.
template <class Visit>
void for_each_part(std::string_view query, Visit visit) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    visit(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

} // namespace

std::string url_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const auto* digits = text.data() + i + 1;
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
    if (escape)
      i += 2;
    out += escape ? static_cast<char>(value) : text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

QueryParams::QueryParams(std::string_view query) {
  params_.reserve(6);
  for_each_part(query, [this](std::string_view part) {
    const auto equals = std::min(part.find('='), part.size());
    const auto value = part.substr(std::min(equals + 1, part.size()));
    params_.emplace_back(url_decoded(part.substr(0, equals)), url_decoded(value));
  });
}

const std::string* QueryParams::find(std::string_view name) const {
  const auto found = std::find_if(params_.rbegin(), params_.rend(),
                                  [&](const auto& param) { return param.first == name; });
  return found == params_.rend() || found->second.empty() ? nullptr : &found->second;
}

std::string_view QueryParams::get(std::string_view name) const {
  const auto* value = find(name);
  return value ? std::string_view{*value} : std::string_view{};
}

std::string masked_key(std::string_view key) {
  const auto shown = std::min<std::size_t>(key.size() / 3, 2);
  return "**" + std::string{key.substr(key.size() - shown)};
}

std::string redacted(std::string_view query) {
  if (query.find(key_name) == std::string_view::npos)
    return std::string{query};
  std::string out;
  for_each_part(query, [&](std::string_view part) {
    if (!out.empty())
      out += '&';
    if (part.starts_with(key_name))
      out.append(key_name).append(masked_key(part.substr(key_name.size())));
    else
      out.append(part);
  });
  return out;
}

} // namespace gleaner::sim
