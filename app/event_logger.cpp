#include "app/event_logger.hpp"

#include "adapters/redis/redis_url.hpp"
#include "core/iso_time.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <chrono>
#include <type_traits>

namespace gleaner {

namespace {

const char* name_of(LogLevel level) {
  switch (level) {
  case LogLevel::debug:
    return "debug";
  case LogLevel::info:
    return "info";
  case LogLevel::warn:
    return "warn";
  case LogLevel::error:
    return "error";
  }
  return "error";
}

LogLevel level_named(std::string_view name) {
  for (const auto level : {LogLevel::debug, LogLevel::info, LogLevel::warn})
    if (name == name_of(level))
      return level;
  return LogLevel::error;
}

const char* colour_of(LogLevel level) {
  switch (level) {
  case LogLevel::debug:
    return "\033[2m";
  case LogLevel::info:
    return "\033[32m";
  case LogLevel::warn:
    return "\033[33m";
  case LogLevel::error:
    return "\033[31m";
  }
  return "";
}

/// Bytes that a terminal would obey, as \xNN; among them the C1 controls and U+2028/9 in UTF-8.
std::string printable(std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto rest = text.substr(i);
    const bool c1 = byte == 0xC2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xA0;
    const bool separator = rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9");
    if (byte >= 0x20 && byte != 0x7F && !c1 && !separator) {
      out += text[i];
      continue;
    }
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// Hands spdlog's lines on; LineSink has the lock.
class ToLines final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
  explicit ToLines(LineSink& lines) : lines_(lines) {}

private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    lines_.write({message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

  LineSink& lines_;
};

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

} // namespace

std::string json_line(const Redaction& redaction, const std::string& ts, LogLevel level,
                      std::string_view code, std::string_view message,
                      std::span<const LogField> fields) {
  nlohmann::ordered_json line{
    {"ts", ts}, {"level", name_of(level)}, {"code", code}, {"msg", redaction.apply(message)}};
  for (const auto& field : fields)
    std::visit(
      [&](const auto& value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>)
          line[std::string{field.key}] = redaction.apply(value);
        else
          line[std::string{field.key}] = value;
      },
      field.value);
  return line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string text_line(const Redaction& redaction, const std::string& ts, LogLevel level,
                      std::string_view code, std::string_view message,
                      std::span<const LogField> fields) {
  constexpr std::size_t clock_start = 11, clock_length = 12;
  auto line = ts.substr(clock_start, clock_length) + ' ' + name_of(level) + ' ' +
              std::string{code} + ": " + printable(redaction.apply(message));
  for (const auto& field : fields)
    std::visit(
      [&](const auto& value) {
        line += ' ' + std::string{field.key} + '=';
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>)
          line += printable(redaction.apply(value));
        else
          line += nlohmann::json(value).dump();
      },
      field.value);
  return line;
}

std::string password_in(const std::string& redis_url) {
  const auto scheme = redis_url.find("://");
  const auto at = redis_url.rfind('@');
  if (scheme == std::string::npos || at == std::string::npos)
    return {};
  const auto colon = redis_url.find(':', scheme + 3);
  return colon < at ? redis_url.substr(colon + 1, at - colon - 1) : std::string{};
}

std::vector<Secret> secrets_of(const Config& config) {
  std::vector<Secret> secrets{password_in(config.redis.url), config.redis.rest_token};
  for (const auto& key : api_keys(config.api))
    secrets.push_back(key.secret);
  if (const auto address = redis::parse_redis_url(config.redis.url))
    secrets.push_back(address->password); // as Redis gets it, percent-encoding undone
  return secrets;
}

EventLogger::EventLogger(const Config& config, ColourChoice colour)
    : redaction_(secrets_of(config)), least_(level_named(config.log.level)),
      json_(config.log.format == "json" ||
            (config.log.format == "auto" && isatty(STDERR_FILENO) != 1)),
      colour_(stderr_colour(colour)),
      lines_(STDERR_FILENO, [this](std::uint64_t lost) { return loss_line(lost); }),
      sink_(std::make_shared<spdlog::logger>("gleaner", std::make_shared<ToLines>(lines_))) {
  sink_->set_level(spdlog::level::trace);
  sink_->set_error_handler([](const std::string&) {}); // nobody is left to be told
}

EventLogger::~EventLogger() = default;

std::string EventLogger::loss_line(std::uint64_t lost) const {
  const LogField fields[] = {{"lines", static_cast<std::int64_t>(lost)}};
  const auto make = json_ ? json_line : text_line;
  return make(redaction_, iso_time(now_ms()), LogLevel::warn, "log.dropped",
              "nobody read stderr: log lines were lost", std::span{fields});
}

void EventLogger::write(LogLevel level, std::string_view code, std::string_view message,
                        std::span<const LogField> fields) {
  const auto ts = iso_time(now_ms());
  if (json_)
    return sink_->info(json_line(redaction_, ts, level, code, message, fields));
  auto line = text_line(redaction_, ts, level, code, message, fields);
  sink_->info(colour_ ? colour_of(level) + line + "\033[0m" : line);
}

} // namespace gleaner
