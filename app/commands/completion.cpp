#include "app/commands/completion.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace gleaner {

namespace {

bool is_above(const CommandInfo& upper, const CommandInfo& lower) {
  return upper.path.empty() || lower.path == upper.path || lower.path.starts_with(upper.path + ' ');
}

/// An option holds at its command and below it.
std::vector<std::string> patterns_of(const CommandInfo& command, const std::string& option) {
  if (command.path.empty())
    return {"*:" + option};
  std::vector<std::string> patterns{command.path + ':' + option};
  if (!command.commands.empty())
    patterns.push_back(command.path + " *:" + option);
  return patterns;
}

} // namespace

std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text)
    word += c == '\'' ? std::string{R"('\'')"} : std::string(1, c);
  return word + '\'';
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string all;
  for (const auto& part : parts)
    all += (&part == &parts.front() ? "" : between) + part;
  return all;
}

std::vector<std::string> option_names(const CommandInfo& program, const CommandInfo& command) {
  std::set<std::string> known;
  for (const auto& option : program.options)
    known.insert(option.names.begin(), option.names.end());
  std::vector<std::string> names;
  for (const auto* each : all_commands(program)) {
    if (!is_above(*each, command))
      continue;
    for (const auto& option : each->options)
      std::copy_if(option.names.begin(), option.names.end(), std::back_inserter(names),
                   [&](const std::string& name) { return known.insert(name).second; });
  }
  return names;
}

void for_each_value(
  const CommandInfo& program,
  const std::function<void(const std::vector<std::string>& patterns, const OptionInfo&)>& use) {
  auto commands = all_commands(program);
  std::reverse(commands.begin(), commands.end());
  for (const auto* command : commands)
    for (const auto& option : command->options) {
      if (option.kind == ValueKind::none)
        continue;
      std::vector<std::string> patterns;
      for (const auto& name : option.names)
        for (auto& pattern : patterns_of(*command, name))
          patterns.push_back(std::move(pattern));
      use(patterns, option);
    }
}

} // namespace gleaner
