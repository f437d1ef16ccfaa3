#include "tests/simulation/redis/command.hpp"

namespace gleaner::simulation {

namespace {

using redis::RedisValue;

Answer hset(Database& database, Args args) {
  if (args.size() % 2 != 0)
    throw CommandError{"ERR wrong number of arguments for 'hset' command"};
  auto& hash = database.keys.make<Hash>(args[1]);
  std::int64_t added = 0;
  for (std::size_t i = 2; i + 1 < args.size(); i += 2)
    added += hash.set(args[i], args[i + 1]) ? 1 : 0;
  return integer(added);
}

Answer hmset(Database& database, Args args) {
  hset(database, args);
  return status("OK");
}

Answer hsetnx(Database& database, Args args) {
  auto& hash = database.keys.make<Hash>(args[1]);
  return integer(!hash.find(args[2]) && hash.set(args[2], args[3]) ? 1 : 0);
}

Answer hget(Database& database, Args args) {
  const auto* hash = database.keys.get<Hash>(args[1]);
  const auto* value = hash ? hash->find(args[2]) : nullptr;
  return value ? text(*value) : nil();
}

Answer hmget(Database& database, Args args) {
  const auto* hash = database.keys.get<Hash>(args[1]);
  std::vector<RedisValue> values;
  for (const auto& field : args.subspan(2)) {
    const auto* value = hash ? hash->find(field) : nullptr;
    values.push_back(value ? text(*value).value : RedisValue{});
  }
  return array(std::move(values));
}

Answer hgetall(Database& database, Args args) {
  const auto* hash = database.keys.get<Hash>(args[1]);
  std::vector<std::string> words;
  if (hash)
    for (const auto& [field, value] : hash->fields()) {
      words.push_back(field);
      words.push_back(value);
    }
  return texts(std::move(words));
}

Answer hkeys(Database& database, Args args) {
  const auto* hash = database.keys.get<Hash>(args[1]);
  std::vector<std::string> words;
  if (hash)
    for (const auto& [field, value] : hash->fields())
      words.push_back(field);
  return texts(std::move(words));
}

Answer hdel(Database& database, Args args) {
  auto* hash = database.keys.get<Hash>(args[1]);
  std::int64_t removed = 0;
  for (const auto& field : args.subspan(2))
    removed += hash && hash->erase(field) ? 1 : 0;
  database.keys.erase_if_empty(args[1]);
  return integer(removed);
}

Answer hexists(Database& database, Args args) {
  const auto* hash = database.keys.get<Hash>(args[1]);
  return integer(hash && hash->find(args[2]) ? 1 : 0);
}

Answer hlen(Database& database, Args args) {
  const auto* hash = database.keys.get<Hash>(args[1]);
  return integer(hash ? static_cast<std::int64_t>(hash->fields().size()) : 0);
}

Answer hstrlen(Database& database, Args args) {
  const auto* hash = database.keys.get<Hash>(args[1]);
  const auto* value = hash ? hash->find(args[2]) : nullptr;
  return integer(value ? static_cast<std::int64_t>(value->size()) : 0);
}

Answer hincrby(Database& database, Args args) {
  const auto by = parse_integer(args[3]);
  const auto* hash = database.keys.get<Hash>(args[1]);
  const auto* old = hash ? hash->find(args[2]) : nullptr;
  std::int64_t number = 0;
  try {
    number = (old ? parse_integer(*old) : 0) + by;
  } catch (const CommandError&) {
    throw CommandError{"ERR hash value is not an integer"};
  }
  database.keys.make<Hash>(args[1]).set(args[2], std::to_string(number));
  return integer(number);
}

} // namespace

void add_hash_commands(CommandTable& table) {
  table.insert({{"HSET", {hset, 4, Access::grows}},
                {"HMSET", {hmset, 4, Access::grows}},
                {"HSETNX", {hsetnx, 4, Access::grows}},
                {"HGET", {hget, 3}},
                {"HMGET", {hmget, 3}},
                {"HGETALL", {hgetall, 2}},
                {"HKEYS", {hkeys, 2}},
                {"HDEL", {hdel, 3, Access::writes}},
                {"HEXISTS", {hexists, 3}},
                {"HLEN", {hlen, 2}},
                {"HSTRLEN", {hstrlen, 3}},
                {"HINCRBY", {hincrby, 4, Access::grows}}});
}

} // namespace gleaner::simulation
