#include "tests/simulation/redis/command.hpp"

#include <iterator>

namespace gleaner::simulation {

namespace {

Answer sadd(Database& database, Args args) {
  auto& set = database.keys.make<Set>(args[1]);
  std::int64_t added = 0;
  for (const auto& member : args.subspan(2))
    added += set.insert(member).second ? 1 : 0;
  return integer(added);
}

Answer srem(Database& database, Args args) {
  auto* set = database.keys.get<Set>(args[1]);
  std::int64_t removed = 0;
  for (const auto& member : args.subspan(2))
    removed += set && set->erase(member) > 0 ? 1 : 0;
  database.keys.erase_if_empty(args[1]);
  return integer(removed);
}

Answer scard(Database& database, Args args) {
  const auto* set = database.keys.get<Set>(args[1]);
  return integer(set ? static_cast<std::int64_t>(set->size()) : 0);
}

Answer sismember(Database& database, Args args) {
  const auto* set = database.keys.get<Set>(args[1]);
  return integer(set && set->contains(args[2]) ? 1 : 0);
}

Answer smembers(Database& database, Args args) {
  const auto* set = database.keys.get<Set>(args[1]);
  return set ? texts({set->begin(), set->end()}) : texts({});
}

std::string take_any(Database& database, Set& set) {
  const auto place = database.random() % set.size();
  return std::move(set.extract(std::next(set.begin(), static_cast<std::ptrdiff_t>(place))).value());
}

Answer spop(Database& database, Args args) {
  auto* set = database.keys.get<Set>(args[1]);
  if (args.size() == 2) {
    if (!set)
      return nil();
    auto member = take_any(database, *set);
    database.keys.erase_if_empty(args[1]);
    return text(std::move(member));
  }
  const auto most = parse_integer(args[2]);
  if (set && static_cast<std::int64_t>(set->size()) <= most) {
    std::vector<std::string> all{set->begin(), set->end()};
    database.keys.erase(args[1]);
    return texts(std::move(all));
  }
  std::vector<std::string> taken;
  while (set && static_cast<std::int64_t>(taken.size()) < most && !set->empty())
    taken.push_back(take_any(database, *set));
  database.keys.erase_if_empty(args[1]);
  return texts(std::move(taken));
}

/// All at once.
Answer sscan(Database& database, Args args) {
  const std::vector<std::string> words{"SMEMBERS", args[1]};
  return array({text("0").value, smembers(database, words).value});
}

} // namespace

void add_set_commands(CommandTable& table) {
  table.insert({{"SADD", {sadd, 3, Access::grows}},
                {"SREM", {srem, 3, Access::writes}},
                {"SCARD", {scard, 2}},
                {"SISMEMBER", {sismember, 3}},
                {"SMEMBERS", {smembers, 2}},
                {"SPOP", {spop, 2, Access::writes}},
                {"SSCAN", {sscan, 3}}});
}

} // namespace gleaner::simulation
