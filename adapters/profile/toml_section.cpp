#include "adapters/profile/toml_section.hpp"

#include "core/closest_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace gleaner::profile {

namespace {

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  return std::string{text.substr(0, longest)} + (text.size() > longest ? "..." : "");
}

std::string shown(double value) {
  std::array<char, 32> digits; // the shortest form of any double
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::string listed(const std::vector<std::string_view>& words) {
  std::string list;
  for (const auto word : words)
    list += (list.empty() ? "" : word == words.back() ? " or " : ", ") + std::string{word};
  return list;
}

} // namespace

bool is_one_line(std::string_view text) {
  constexpr std::size_t longest = 200;
  return text.size() <= longest && text.find_first_not_of(' ') != std::string_view::npos &&
         std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

void Problems::add(const toml::source_region& where, const std::string& what) {
  std::string place = file_;
  if (where.begin.line > 0)
    place += ':' + std::to_string(where.begin.line) + ':' + std::to_string(where.begin.column);
  auto line = place + ": " + what;
  std::replace_if( // also of what toml++ quotes
    line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, '?');
  found_.push_back(std::move(line));
}

std::string Section::name_of(std::string_view key) const {
  return path_ + (path_.empty() || key.empty() ? "" : ".") + std::string{key};
}

void Section::know(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end())
    known_.push_back(key);
}

bool Section::has(std::string_view key) {
  know(key);
  return table_.contains(key);
}

const toml::node* Section::get(std::string_view key, const std::string& accepts) {
  know(key);
  const auto* node = table_.get(key);
  if (!node)
    problems_.add(table_.source(), name_of(key) + " is missing; it takes " + accepts);
  return node;
}

void Section::refuse(std::string_view key, const std::string& why) {
  const auto* node = table_.get(key);
  problems_.add(node ? node->source() : table_.source(), name_of(key) + ' ' + why);
}

std::optional<std::string> Section::text(std::string_view key) {
  const auto* node = get(key, "a text");
  if (!node)
    return std::nullopt;
  if (const auto* text = node->as_string(); text && is_one_line(text->get()))
    return text->get();
  refuse(key, "takes a text of 1 to 200 characters on one line");
  return std::nullopt;
}

std::optional<std::int64_t> Section::integer(std::string_view key, std::int64_t least,
                                             std::int64_t most) {
  const auto accepts =
    "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  const auto* node = get(key, accepts);
  if (!node)
    return std::nullopt;
  const auto* number = node->as_integer();
  if (number && number->get() >= least && number->get() <= most)
    return number->get();
  refuse(key,
         (number ? "is " + std::to_string(number->get()) + "; it takes " : "takes ") + accepts);
  return std::nullopt;
}

std::optional<double> Section::positive(std::string_view key, double most) {
  const auto accepts = "a number above 0, at most " + shown(most);
  const auto* node = get(key, accepts);
  if (!node)
    return std::nullopt;
  const auto number = node->is_number() ? node->value<double>() : std::nullopt;
  if (number && *number > 0 && *number <= most)
    return number;
  refuse(key, (number ? "is " + shown(*number) + "; it takes " : "takes ") + accepts);
  return std::nullopt;
}

std::optional<bool> Section::flag(std::string_view key) {
  const auto* node = get(key, "true or false");
  if (!node)
    return std::nullopt;
  if (const auto* flag = node->as_boolean())
    return flag->get();
  refuse(key, "takes true or false");
  return std::nullopt;
}

std::optional<std::size_t> Section::word(std::string_view key,
                                         const std::vector<std::string_view>& words) {
  const auto accepts = listed(words);
  const auto* node = get(key, accepts);
  if (!node)
    return std::nullopt;
  const auto* text = node->as_string();
  const auto found = text ? std::find(words.begin(), words.end(), text->get()) : words.end();
  if (found != words.end())
    return static_cast<std::size_t>(found - words.begin());
  const auto close = text ? closest_name(text->get(), words) : std::string{};
  refuse(key, (text ? "is \"" + shown(text->get()) + "\"; it takes " : "takes ") + accepts +
                (close.empty() ? "" : "; did you mean " + close + '?'));
  return std::nullopt;
}

std::optional<std::vector<std::string>> Section::texts(std::string_view key) {
  const auto* list = array(key, "a list of texts");
  if (!list)
    return std::nullopt;
  if (list->empty()) {
    refuse(key, "is an empty list; name what it asks for, or leave it out");
    return std::nullopt;
  }
  std::vector<std::string> all;
  for (const auto& node : *list) {
    const auto* text = node.as_string();
    if (!text || !is_one_line(text->get())) {
      problems_.add(node.source(), name_of(key) + " has an entry that is no text of 1 to 200 "
                                                  "characters on one line; drop or mend it");
      return std::nullopt;
    }
    all.push_back(text->get());
  }
  return all;
}

const toml::table* Section::table(std::string_view key) {
  const auto* node = get(key, "a table");
  if (node && !node->is_table())
    refuse(key, "takes a table: write [" + name_of(key) + ']');
  return node ? node->as_table() : nullptr;
}

const toml::array* Section::array(std::string_view key, const std::string& accepts) {
  const auto* node = get(key, accepts);
  if (node && !node->is_array())
    refuse(key, "takes " + accepts);
  return node ? node->as_array() : nullptr;
}

void Section::finish() {
  for (const auto& [key, node] : table_) {
    if (std::find(known_.begin(), known_.end(), key.str()) != known_.end())
      continue;
    const auto close = closest_name(key.str(), known_);
    problems_.add(key.source(), "unknown key " + name_of(shown(key.str())) +
                                  (close.empty() ? "; drop it, or take one of " + listed(known_)
                                                 : "; did you mean " + close + '?'));
  }
}

} // namespace gleaner::profile
