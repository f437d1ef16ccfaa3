#pragma once

#include "app/setting_values.hpp"
#include "app/settings.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// What kinds of settings there are: each function makes one from its head, what it accepts and
/// where its value goes.
namespace gleaner::setting_kinds {

using Text = std::string_view;

/// Not empty, and without white space and control characters.
inline bool is_plain_name(Text name) {
  return !name.empty() && std::none_of(name.begin(), name.end(),
                                       [](unsigned char c) { return c <= ' ' || c == 0x7F; });
}

/// host:port; the port may be 0.
inline bool is_address(Text address) {
  constexpr std::int64_t largest_port = 65535;
  const auto colon = address.rfind(':');
  if (colon == Text::npos || colon == 0 || !is_plain_name(address))
    return false;
  const auto port = parse_integer(address.substr(colon + 1));
  return port && *port >= 0 && *port <= largest_port;
}

/// What a setting is, apart from how its text is read.
struct Head {
  std::string path;
  std::string flag;
  std::vector<std::string> variables;
  const char* description;
};

template <class T>
Error why_not(const std::optional<T>&) {
  return {Errc::usage, {}};
}

template <class T>
Error why_not(const Result<T>& value) {
  return value.error();
}

/// `member` is a function from Config to a reference to the value, `parse` gives an optional or a
/// Result.
template <class Member, class Parse, class Show>
Setting make(Head head, std::string accepts, Member member, Parse parse, Show show) {
  Setting setting;
  setting.path = head.path;
  setting.description = head.description;
  setting.accepts = std::move(accepts);
  setting.flag = head.flag;
  setting.variables = std::move(head.variables);
  setting.variables.push_back(variable_of(setting.path));
  setting.assign = [member, parse](Config& config, Text text) {
    auto value = parse(text);
    if (!value)
      return Status{why_not(value)};
    member(config) = std::move(*value);
    return Status{Done{}};
  };
  setting.show = [member, show](const Config& config) {
    return show(member(const_cast<Config&>(config))); // only read
  };
  return setting;
}

template <class Member>
Setting text(
  Head head, std::string accepts, Member member,
  std::function<bool(Text)> accept = [](Text) { return true; }) {
  const auto parse = [accept](Text value) {
    return accept(value) ? std::optional{std::string{value}} : std::nullopt;
  };
  return make(std::move(head), std::move(accepts), member, parse,
              [](const std::string& value) { return value; });
}

/// What must not be shown nor stay in memory.
template <class Member>
Setting secret(Head head, std::string accepts, Member member, std::function<bool(Text)> accept) {
  const auto parse = [accept](Text value) {
    return accept(value) ? std::optional{Secret{value}} : std::nullopt;
  };
  auto setting = make(std::move(head), std::move(accepts), member, parse,
                      [](const Secret& value) { return value.empty() ? "" : "(set)"; });
  setting.secret = true;
  return setting;
}

/// One of several words.
template <class Member>
Setting choice(Head head, const std::vector<std::string>& words, Member member) {
  const auto is_one = [words](Text value) {
    return std::find(words.begin(), words.end(), value) != words.end();
  };
  std::string accepts;
  std::string names;
  for (const auto& word : words) {
    const bool last = &word == &words.back();
    accepts += (accepts.empty() ? "" : last ? " or " : ", ") + word;
    names += (names.empty() ? "VALUE:{" : ",") + word;
  }
  auto setting = text(std::move(head), std::move(accepts), member, is_one);
  setting.value_name = names + '}';
  return setting;
}

template <class Member>
Setting folder(Head head, Member member) {
  auto setting = text(std::move(head), "a path", member, [](Text path) { return !path.empty(); });
  setting.value_name = "FOLDER";
  return setting;
}

/// The path of a file of some `kind`; empty for none.
template <class Member>
Setting file(Head head, const std::string& kind, Member member) {
  const auto is_path = [](Text path) {
    const bool printable =
      std::none_of(path.begin(), path.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; });
    return printable && !path.starts_with(' ') && !path.ends_with(' ');
  };
  auto setting =
    text(std::move(head), "a path of a " + kind + " file, or nothing", member, is_path);
  setting.value_name = "FILE";
  return setting;
}

template <class Member>
Setting number(Head head, std::int64_t least, std::int64_t most, Member member) {
  using Value = std::remove_reference_t<decltype(member(std::declval<Config&>()))>;
  const auto parse = [least, most](Text value) -> std::optional<Value> {
    const auto parsed = parse_integer(value);
    if (!parsed || *parsed < least || *parsed > most)
      return std::nullopt;
    return static_cast<Value>(*parsed);
  };
  auto accepts = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  return make(std::move(head), std::move(accepts), member, parse,
              [](const Value& value) { return std::to_string(value); });
}

template <class Member>
Setting duration(Head head, std::chrono::milliseconds least, std::chrono::milliseconds most,
                 Member member) {
  const auto parse = [least, most](Text value) -> std::optional<std::chrono::milliseconds> {
    const auto parsed = parse_duration(value);
    return parsed && *parsed >= least && *parsed <= most ? parsed : std::nullopt;
  };
  auto accepts = "a duration with its unit (ms, s, m, h) from " + show_duration(least) + " to " +
                 show_duration(most);
  return make(std::move(head), std::move(accepts), member, parse, show_duration);
}

/// 0 is off.
template <class Member>
Setting duration_or_off(Head head, std::chrono::milliseconds most, Member member) {
  constexpr std::chrono::milliseconds off{0};
  const auto parse = [most, off](Text value) {
    const auto parsed = value == "off" ? off : parse_duration(value);
    return parsed && *parsed <= most ? parsed : std::nullopt;
  };
  auto accepts = "a duration with its unit (ms, s, m, h) up to " + show_duration(most) + ", or off";
  return make(std::move(head), std::move(accepts), member, parse, [off](auto value) {
    return value == off ? std::string{"off"} : show_duration(value);
  });
}

/// A number of credits, or none.
template <class Member>
Setting credit_cap(Head head, Member member) {
  constexpr std::int64_t most = 1000000000;
  const auto parse = [](Text value) -> std::optional<std::optional<std::uint32_t>> {
    if (value == "off")
      return std::optional<std::uint32_t>{};
    const auto credits = parse_integer(value);
    if (!credits || *credits < 1 || *credits > most)
      return std::nullopt;
    return std::optional{static_cast<std::uint32_t>(*credits)};
  };
  return make(std::move(head), "a whole number of credits from 1 to 1000000000, or off", member,
              parse, [](const std::optional<std::uint32_t>& cap) {
                return cap ? std::to_string(*cap) : std::string{"off"};
              });
}

/// "on" or "off".
template <class Member>
Setting toggle(Head head, Member member) {
  const auto parse = [](Text value) {
    return value == "on"    ? std::optional{true}
           : value == "off" ? std::optional{false}
                            : std::nullopt;
  };
  return make(std::move(head), "on or off", member, parse,
              [](bool on) { return std::string{on ? "on" : "off"}; });
}

template <class Member>
Setting mode(Head head, Member member) {
  return make(std::move(head), "an octal mode such as 0600", member, parse_mode, show_mode);
}

} // namespace gleaner::setting_kinds
