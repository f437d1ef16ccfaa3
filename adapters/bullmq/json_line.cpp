#include "adapters/bullmq/json_line.hpp"

#include "core/unicode.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace gleaner::bullmq {

void JsonLine::begin_member(std::string_view name) {
  if (json_.size() > 1)
    json_ += ',';
  json_ += '"';
  json_ += name;
  json_ += "\":";
}

void JsonLine::text(std::string_view name, std::string_view value) {
  begin_member(name);
  if (is_printable_ascii(value) && value.find_first_of("\"\\") == value.npos) {
    json_ += '"';
    json_ += value; // nearly always
    json_ += '"';
  } else {
    json_ += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
}

void JsonLine::number(std::string_view name, std::int64_t value) {
  begin_member(name);
  json_ += std::to_string(value);
}

void JsonLine::flag(std::string_view name, bool value) {
  begin_member(name);
  json_ += value ? "true" : "false";
}

std::string JsonLine::take() && {
  json_ += '}';
  return std::move(json_);
}

} // namespace gleaner::bullmq
