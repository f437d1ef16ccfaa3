#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <variant>

namespace gleaner {

enum class LogLevel : std::uint8_t { debug, info, warn, error };

/// A value beside a log message. Text is borrowed for the duration of the call.
struct LogField {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

/// Where events go. `code` is the event's stable name ("job.completed"), `message` is for people.
/// Thread-safe; never throws; implementations redact secrets and addresses.
class EventLog {
public:
  virtual ~EventLog() = default;
  virtual void write(LogLevel level, std::string_view code, std::string_view message,
                     std::span<const LogField> fields) = 0;
  virtual bool enabled(LogLevel level) const noexcept = 0;
  /// Events so far, by level from debug to error.
  virtual std::array<std::uint64_t, 4> written() const noexcept { return {}; }
  /// Tells of repeats that were only counted: of those whose minute is over, to be called every few
  /// seconds, or of `all`, before the last event.
  virtual void tell_of_repeats(bool all) { (void)all; }
  /// Events that were to be written and are lost, because nobody took them.
  virtual std::uint64_t lost() const noexcept { return 0; }

  using Fields = std::initializer_list<LogField>;
  void debug(std::string_view code, std::string_view message, Fields fields = {}) {
    write_if_enabled(LogLevel::debug, code, message, fields);
  }
  void info(std::string_view code, std::string_view message, Fields fields = {}) {
    write_if_enabled(LogLevel::info, code, message, fields);
  }
  void warn(std::string_view code, std::string_view message, Fields fields = {}) {
    write_if_enabled(LogLevel::warn, code, message, fields);
  }
  void error(std::string_view code, std::string_view message, Fields fields = {}) {
    write_if_enabled(LogLevel::error, code, message, fields);
  }

private:
  void write_if_enabled(LogLevel level, std::string_view code, std::string_view message,
                        Fields fields) {
    if (enabled(level))
      write(level, code, message, {fields.begin(), fields.size()});
  }
};

} // namespace gleaner
