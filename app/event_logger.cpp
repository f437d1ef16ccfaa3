#include "app/event_logger.hpp"

#include "adapters/redis/redis_url.hpp"
#include "core/iso_time.hpp"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <chrono>

namespace gleaner {

namespace {

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

EventLogger::Form form_named(const std::string& name) {
  if (name == "logfmt")
    return logfmt_line;
  const bool json = name == "json" || (name == "auto" && isatty(STDERR_FILENO) != 1);
  return json ? json_line : text_line;
}

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

} // namespace

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
      form_(form_named(config.log.format)), colour_(form_ == text_line && stderr_colour(colour)),
      repeats_(config.log.repeats),
      lines_(STDERR_FILENO, [this](std::uint64_t lost) { return loss_line(lost); }),
      sink_(std::make_shared<spdlog::logger>("gleaner", std::make_shared<ToLines>(lines_))) {
  sink_->set_level(spdlog::level::trace);
  sink_->set_error_handler([](const std::string&) {}); // nobody is left to be told
}

EventLogger::~EventLogger() {
  tell_of_repeats(RepeatFilter::Time::max());
}

std::string EventLogger::loss_line(std::uint64_t lost) const {
  const LogField fields[] = {{"lines", static_cast<std::int64_t>(lost)}};
  return form_(redaction_, iso_time(now_ms()), LogLevel::warn, "log.dropped",
               "nobody read stderr: log lines were lost", std::span{fields});
}

std::array<std::uint64_t, 4> EventLogger::written() const noexcept {
  std::array<std::uint64_t, 4> counts{};
  for (std::size_t level = 0; level < counts.size(); ++level)
    counts[level] = written_[level];
  return counts;
}

void EventLogger::write(LogLevel level, std::string_view code, std::string_view message,
                        std::span<const LogField> fields) {
  const auto now = std::chrono::steady_clock::now();
  tell_of_repeats(now);
  if (repeats_.admits(level, code, message, now))
    put(level, code, message, fields);
}

void EventLogger::tell_of_repeats(RepeatFilter::Time now) {
  for (const auto& each : repeats_.due(now)) {
    const LogField fields[] = {{"repeated", static_cast<std::int64_t>(each.times)}};
    put(each.level, each.code, each.message, fields);
  }
}

void EventLogger::put(LogLevel level, std::string_view code, std::string_view message,
                      std::span<const LogField> fields) {
  ++written_[static_cast<std::size_t>(level)];
  const auto line = form_(redaction_, iso_time(now_ms()), level, code, message, fields);
  sink_->info(colour_ ? colour_of(level) + line + "\033[0m" : line);
}

} // namespace gleaner
