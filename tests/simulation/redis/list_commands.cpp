#include "tests/simulation/redis/command.hpp"

#include <algorithm>
#include <cstdlib>

namespace gleaner::simulation {

namespace {

enum class Side : std::uint8_t { head, tail };

Answer push(Database& database, Args args, Side side) {
  auto& list = database.keys.make<List>(args[1]);
  for (const auto& item : args.subspan(2))
    side == Side::head ? list.push_front(item) : list.push_back(item);
  return integer(static_cast<std::int64_t>(list.size()));
}

std::string take_from(List& list, Side side) {
  auto item = std::move(side == Side::head ? list.front() : list.back());
  side == Side::head ? list.pop_front() : list.pop_back();
  return item;
}

Answer pop(Database& database, Args args, Side side) {
  auto* list = database.keys.get<List>(args[1]);
  if (args.size() == 2) {
    if (!list)
      return nil();
    auto item = take_from(*list, side);
    database.keys.erase_if_empty(args[1]);
    return text(std::move(item));
  }
  const auto most = parse_integer(args[2]);
  if (most < 0)
    throw CommandError{"ERR value is out of range, must be positive"};
  if (!list)
    return nil();
  std::vector<std::string> items;
  while (static_cast<std::int64_t>(items.size()) < most && !list->empty())
    items.push_back(take_from(*list, side));
  database.keys.erase_if_empty(args[1]);
  return texts(std::move(items));
}

Answer lpush(Database& database, Args args) {
  return push(database, args, Side::head);
}

Answer rpush(Database& database, Args args) {
  return push(database, args, Side::tail);
}

Answer lpop(Database& database, Args args) {
  return pop(database, args, Side::head);
}

Answer rpop(Database& database, Args args) {
  return pop(database, args, Side::tail);
}

Answer rpoplpush(Database& database, Args args) {
  auto* source = database.keys.get<List>(args[1]);
  if (!source)
    return nil();
  auto& target = database.keys.make<List>(args[2]); // a type error before anything is taken
  auto item = take_from(*source, Side::tail);
  target.push_front(item);
  database.keys.erase_if_empty(args[1]);
  return text(std::move(item));
}

Answer llen(Database& database, Args args) {
  const auto* list = database.keys.get<List>(args[1]);
  return integer(list ? static_cast<std::int64_t>(list->size()) : 0);
}

Answer lrange(Database& database, Args args) {
  static const List none;
  const auto* list = database.keys.get<List>(args[1]);
  const auto& items = list ? *list : none;
  const auto [from, to] = places(args[2], args[3], items.size());
  const auto at = [&](std::size_t place) {
    return items.begin() + static_cast<std::ptrdiff_t>(place);
  };
  return texts({at(from), at(to)});
}

Answer lindex(Database& database, Args args) {
  const auto* list = database.keys.get<List>(args[1]);
  auto place = parse_integer(args[2]);
  if (!list)
    return nil();
  const auto count = static_cast<std::int64_t>(list->size());
  place = place < 0 ? place + count : place;
  return place < 0 || place >= count ? nil() : text((*list)[static_cast<std::size_t>(place)]);
}

Answer lrem(Database& database, Args args) {
  auto* list = database.keys.get<List>(args[1]);
  const auto count = parse_integer(args[2]);
  if (!list)
    return integer(0);
  if (count < 0)
    std::reverse(list->begin(), list->end());
  const auto most = count == 0 ? static_cast<std::int64_t>(list->size()) : std::abs(count);
  std::int64_t removed = 0;
  std::erase_if(
    *list, [&](const auto& item) { return item == args[3] && removed < most && ++removed > 0; });
  if (count < 0)
    std::reverse(list->begin(), list->end());
  database.keys.erase_if_empty(args[1]);
  return integer(removed);
}

Answer ltrim(Database& database, Args args) {
  auto* list = database.keys.get<List>(args[1]);
  const auto [from, to] = places(args[2], args[3], list ? list->size() : 0);
  if (!list)
    return status("OK");
  list->erase(list->begin() + static_cast<std::ptrdiff_t>(to), list->end());
  list->erase(list->begin(), list->begin() + static_cast<std::ptrdiff_t>(from));
  database.keys.erase_if_empty(args[1]);
  return status("OK");
}

/// The first place from the head; options are not known here.
Answer lpos(Database& database, Args args) {
  const auto* list = database.keys.get<List>(args[1]);
  if (args.size() > 3)
    throw CommandError{"ERR syntax error"};
  if (!list)
    return nil();
  const auto found = std::find(list->begin(), list->end(), args[2]);
  return found == list->end() ? nil() : integer(found - list->begin());
}

} // namespace

void add_list_commands(CommandTable& table) {
  table.insert({{"LPUSH", {lpush, 3, Access::grows}},
                {"RPUSH", {rpush, 3, Access::grows}},
                {"LPOP", {lpop, 2, Access::writes}},
                {"RPOP", {rpop, 2, Access::writes}},
                {"RPOPLPUSH", {rpoplpush, 3, Access::grows}},
                {"LLEN", {llen, 2}},
                {"LRANGE", {lrange, 4}},
                {"LINDEX", {lindex, 3}},
                {"LREM", {lrem, 4, Access::writes}},
                {"LTRIM", {ltrim, 4, Access::writes}},
                {"LPOS", {lpos, 3}}});
}

} // namespace gleaner::simulation
