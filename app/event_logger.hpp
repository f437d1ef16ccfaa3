#pragma once

#include "app/line_sink.hpp"
#include "app/redaction.hpp"
#include "app/repeat_filter.hpp"
#include "app/terminal.hpp"
#include "core/config.hpp"
#include "core/log.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace spdlog {
class logger;
}

namespace gleaner {

/// Writes events to stderr, one line each: JSON or logfmt for programs, text for people. Keys,
/// passwords and addresses are taken out of every value; control characters can't break a line.
/// What repeats itself is shown so often a minute and then counted: see RepeatFilter. A stderr that
/// nobody reads any more loses lines, not jobs: see LineSink.
class EventLogger final : public EventLog {
public:
  /// `config.log` decides level and form; its secrets are redacted.
  explicit EventLogger(const Config& config, ColourChoice colour = ColourChoice::automatic);
  ~EventLogger() override;

  void write(LogLevel level, std::string_view code, std::string_view message,
             std::span<const LogField> fields) override;
  bool enabled(LogLevel level) const noexcept override { return level >= least_; }
  /// Is redacted from now on, from any thread.
  void add_secret(Secret secret) { redaction_.add(std::move(secret)); }
  std::uint64_t lost() const noexcept override { return lines_.lost(); }
  std::array<std::uint64_t, 4> written() const noexcept override;
  void tell_of_repeats(bool all) override {
    tell_of_repeats(all ? RepeatFilter::Time::max() : std::chrono::steady_clock::now());
  }

  /// How a line is made.
  using Form = std::string (*)(const Redaction&, const std::string& ts, LogLevel, std::string_view,
                               std::string_view, std::span<const LogField>);

private:
  std::string loss_line(std::uint64_t lost) const;
  void tell_of_repeats(RepeatFilter::Time now);
  void put(LogLevel level, std::string_view code, std::string_view message,
           std::span<const LogField> fields);

  Redaction redaction_;
  LogLevel least_;
  Form form_;
  bool colour_;
  RepeatFilter repeats_;
  std::array<std::atomic<std::uint64_t>, 4> written_{};
  LineSink lines_;
  std::shared_ptr<spdlog::logger> sink_;
};

const char* name_of(LogLevel level);

/// The line that an event becomes, without its end. `ts` is ISO time.
std::string json_line(const Redaction& redaction, const std::string& ts, LogLevel level,
                      std::string_view code, std::string_view message,
                      std::span<const LogField> fields);
std::string logfmt_line(const Redaction& redaction, const std::string& ts, LogLevel level,
                        std::string_view code, std::string_view message,
                        std::span<const LogField> fields);
std::string text_line(const Redaction& redaction, const std::string& ts, LogLevel level,
                      std::string_view code, std::string_view message,
                      std::span<const LogField> fields);

/// What must never stand in a line: the API key and the Redis password, as written and decoded.
std::vector<Secret> secrets_of(const Config& config);

/// The password in a Redis URL, or "".
std::string password_in(const std::string& redis_url);

} // namespace gleaner
