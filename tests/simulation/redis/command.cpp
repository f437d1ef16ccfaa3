#include "tests/simulation/redis/command.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace gleaner::simulation {

using redis::RedisValue;

namespace {

Answer answer(RedisValue::Kind kind, std::string value) {
  Answer made;
  made.value.kind = kind;
  made.value.text = std::move(value);
  return made;
}

std::string upper(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

} // namespace

Answer nil() {
  return {};
}

Answer integer(std::int64_t number) {
  auto made = answer(RedisValue::Kind::integer, {});
  made.value.integer = number;
  return made;
}

Answer text(std::string value) {
  return answer(RedisValue::Kind::text, std::move(value));
}

Answer status(std::string value) {
  auto made = text(std::move(value));
  made.is_status = true;
  return made;
}

Answer error(std::string value) {
  return answer(RedisValue::Kind::error, std::move(value));
}

Answer array(std::vector<RedisValue> values) {
  auto made = answer(RedisValue::Kind::array, {});
  made.value.items = std::move(values);
  return made;
}

Answer texts(std::vector<std::string> values) {
  std::vector<RedisValue> items;
  items.reserve(values.size());
  for (auto& value : values)
    items.push_back(std::move(text(std::move(value)).value));
  return array(std::move(items));
}

std::int64_t parse_integer(const std::string& word) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (problem != std::errc{} || end != word.data() + word.size() || word != std::to_string(number))
    throw CommandError{"ERR value is not an integer or out of range"};
  return number;
}

double parse_number(const std::string& word, const char* complaint) {
  char* end = nullptr;
  const double number = std::strtod(word.c_str(), &end);
  const bool blank = word.empty() || std::isspace(static_cast<unsigned char>(word[0])) != 0;
  if (blank || end != word.c_str() + word.size() || std::isnan(number))
    throw CommandError{complaint};
  return number;
}

std::string to_text(double score) {
  if (std::isinf(score))
    return score > 0 ? "inf" : "-inf";
  char buffer[64];
  const int size = std::snprintf(buffer, sizeof buffer, "%.17g", score);
  return {buffer, static_cast<std::size_t>(size)};
}

bool is_word(const std::string& given, std::string_view upper_case) {
  return given.size() == upper_case.size() && upper(given) == upper_case;
}

std::pair<std::size_t, std::size_t> places(const std::string& first, const std::string& last,
                                           std::size_t size) {
  const auto count = static_cast<std::int64_t>(size);
  auto from = parse_integer(first), to = parse_integer(last);
  from = std::max<std::int64_t>(0, from < 0 ? from + count : from);
  to = std::min(count - 1, to < 0 ? to + count : to);
  if (from > to)
    return {0, 0};
  return {static_cast<std::size_t>(from), static_cast<std::size_t>(to) + 1};
}

const CommandTable& commands() {
  static const auto table = [] {
    CommandTable made;
    add_key_commands(made);
    add_list_commands(made);
    add_set_commands(made);
    add_sorted_set_commands(made);
    add_hash_commands(made);
    add_stream_commands(made);
    return made;
  }();
  return table;
}

std::optional<Answer> refuse(const Database& database, Access access) {
  if (access == Access::reads || database.written)
    return std::nullopt;
  switch (database.refusal) {
  case Refusal::out_of_memory:
    if (access == Access::grows)
      return error("OOM command not allowed when used memory > 'maxmemory'.");
    return std::nullopt;
  case Refusal::read_only:
    return error("READONLY You can't write against a read only replica.");
  case Refusal::disk_fails:
    return error("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to "
                 "persist to disk.");
  case Refusal::none:
    break;
  }
  return std::nullopt;
}

Answer run_command(Database& database, Args args) {
  auto found = commands().find(args.front());
  if (found == commands().end())
    found = commands().find(upper(args.front()));
  if (found == commands().end())
    return error("ERR unknown command '" + args.front() + "'");
  if (args.size() < found->second.least_words)
    return error("ERR wrong number of arguments for '" + args.front() + "' command");
  const auto& spec = found->second;
  if (auto refused = refuse(database, spec.access))
    return std::move(*refused);
  database.written = database.written || spec.access != Access::reads;
  try {
    return spec.run(database, args);
  } catch (const CommandError& problem) {
    return error(problem.what());
  }
}

} // namespace gleaner::simulation
