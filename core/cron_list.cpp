#include "core/cron_list.hpp"

#include <algorithm>
#include <charconv>

namespace gleaner {

std::string quote_for_error(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string shown = "\"";
  for (const char letter : text.substr(0, longest))
    shown += letter >= ' ' && letter <= '~' ? letter : '?';
  return shown + (text.size() > longest ? "...\"" : "\"");
}

Error refuse_cron(const CronField& field, std::string_view found, std::string_view why) {
  return {Errc::usage, "cron pattern, " + std::string{field.name} + " " + quote_for_error(found) +
                         ": " + std::string{why} + "; allowed: " + std::string{field.allowed} +
                         ", * and ?, ranges like 1-5, steps like */2, lists like 1,3"};
}

std::vector<std::string_view> split_at(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_word(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

std::optional<unsigned> to_number(std::string_view text) {
  unsigned number = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (text.empty() || read.ptr != end || read.ec != std::errc{})
    return std::nullopt;
  return number;
}

std::optional<unsigned> to_cron_value(const CronField& field, std::string_view text) {
  for (unsigned i = 0; i < field.names.size(); ++i)
    if (is_word(text, field.names[i]))
      return i + field.min;
  const auto number = to_number(text);
  return number && *number >= field.min && *number <= field.max ? number : std::nullopt;
}

namespace {

struct Range {
  unsigned first = 0;
  unsigned last = 0;
};

/// "*", "5", "5-7" or "5/..." (`open`: up to the field's end).
Result<Range> parse_range(const CronField& field, std::string_view text, bool open) {
  if (text == "*" || text == "?")
    return Range{field.min, field.max};
  const auto dash = text.find('-');
  const auto first = to_cron_value(field, text.substr(0, dash));
  if (!first)
    return refuse_cron(field, text, "not a value of this field");
  if (dash == std::string_view::npos)
    return Range{*first, open ? field.max : *first};
  const auto last = to_cron_value(field, text.substr(dash + 1));
  if (!last)
    return refuse_cron(field, text, "the range's end is not a value of this field");
  if (*last < *first)
    return refuse_cron(field, text, "the range runs backwards");
  return Range{*first, *last};
}

/// What is known from other crons, but not from cron-parser's plain fields.
std::optional<std::string_view> foreign_letter(std::string_view item) {
  if (item == "H" || item.starts_with("H(") || item.starts_with("H/"))
    return "H stands for another value whenever the pattern is read; write a number instead";
  if (item.ends_with('W'))
    return "W (the nearest working day) is unknown to BullMQ's cron-parser";
  return std::nullopt;
}

} // namespace

Result<std::uint64_t> parse_cron_item(const CronField& field, std::string_view item) {
  if (const auto why = foreign_letter(item))
    return refuse_cron(field, item, *why);
  const auto slash = item.find('/');
  const bool stepped = slash != std::string_view::npos;
  const auto range = parse_range(field, item.substr(0, slash), stepped);
  if (!range)
    return range.error();
  const auto step = stepped ? to_number(item.substr(slash + 1)) : 1;
  if (!step || *step == 0)
    return refuse_cron(field, item, "the step is not a whole number from 1");
  std::uint64_t set = 0;
  for (auto value = range->first; value <= range->last; value += std::min(*step, 64u))
    set |= std::uint64_t{1} << value;
  return set;
}

Result<std::uint64_t> parse_cron_list(const CronField& field, std::string_view text) {
  std::uint64_t set = 0;
  for (const auto item : split_at(text, ",")) {
    const auto one = parse_cron_item(field, item);
    if (!one)
      return one;
    set |= *one;
  }
  return set;
}

} // namespace gleaner
