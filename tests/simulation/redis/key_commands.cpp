#include "tests/simulation/redis/command.hpp"

#include <limits>

/// Texts, and what is true of keys of every type.
namespace gleaner::simulation {

namespace {

using redis::RedisValue;

Answer get(Database& database, Args args) {
  const auto* value = database.keys.get<std::string>(args[1]);
  return value ? text(*value) : nil();
}

struct SetOptions {
  bool only_new = false, only_old = false, keep_end = false, answer_old = false;
  std::optional<std::int64_t> expires_at_ms;
};

SetOptions read_set_options(Database& database, Args args) {
  SetOptions options;
  for (std::size_t i = 3; i < args.size(); ++i) {
    const bool seconds = is_word(args[i], "EX"), milliseconds = is_word(args[i], "PX");
    if (is_word(args[i], "NX"))
      options.only_new = true;
    else if (is_word(args[i], "XX"))
      options.only_old = true;
    else if (is_word(args[i], "KEEPTTL"))
      options.keep_end = true;
    else if (is_word(args[i], "GET"))
      options.answer_old = true;
    else if ((seconds || milliseconds) && i + 1 < args.size()) {
      const auto span = parse_integer(args[++i]) * (seconds ? 1000 : 1);
      if (span <= 0)
        throw CommandError{"ERR invalid expire time in 'set' command"};
      options.expires_at_ms = database.keys.now_ms() + span;
    } else
      throw CommandError{"ERR syntax error"};
  }
  return options;
}

Answer set(Database& database, Args args) {
  auto options = read_set_options(database, args);
  Answer old = nil();
  if (options.answer_old)
    old = get(database, args);
  const auto* entry = database.keys.find(args[1]);
  if ((options.only_new && entry) || (options.only_old && !entry))
    return old;
  if (options.keep_end && entry)
    options.expires_at_ms = entry->expires_at_ms;
  database.keys.put(args[1], {args[2], options.expires_at_ms});
  return options.answer_old ? old : status("OK");
}

Answer increase(Database& database, const std::string& key, std::int64_t by) {
  const auto* old = database.keys.get<std::string>(key);
  const auto before = old ? parse_integer(*old) : 0;
  if (before > std::numeric_limits<std::int64_t>::max() - by)
    throw CommandError{"ERR increment or decrement would overflow"};
  database.keys.make<std::string>(key) = std::to_string(before + by);
  return integer(before + by);
}

Answer incr(Database& database, Args args) {
  return increase(database, args[1], 1);
}

Answer incrby(Database& database, Args args) {
  return increase(database, args[1], parse_integer(args[2]));
}

Answer del(Database& database, Args args) {
  std::int64_t removed = 0;
  for (const auto& key : args.subspan(1))
    removed += database.keys.erase(key) ? 1 : 0;
  return integer(removed);
}

Answer exists(Database& database, Args args) {
  std::int64_t found = 0;
  for (const auto& key : args.subspan(1))
    found += database.keys.find(key) ? 1 : 0;
  return integer(found);
}

Answer type(Database& database, Args args) {
  constexpr const char* names[] = {"string", "list", "set", "zset", "hash", "stream"};
  const auto* entry = database.keys.find(args[1]);
  return status(entry ? names[entry->data.index()] : "none");
}

Answer pexpire(Database& database, Args args) {
  auto* entry = database.keys.find(args[1]);
  const auto span = parse_integer(args[2]);
  if (!entry)
    return integer(0);
  if (span <= 0)
    database.keys.erase(args[1]);
  else
    entry->expires_at_ms = database.keys.now_ms() + span;
  return integer(1);
}

Answer expire(Database& database, Args args) {
  const std::vector<std::string> words{"PEXPIRE", args[1],
                                       std::to_string(parse_integer(args[2]) * 1000)};
  return pexpire(database, words);
}

Answer persist(Database& database, Args args) {
  auto* entry = database.keys.find(args[1]);
  const bool had_end = entry && entry->expires_at_ms;
  if (had_end)
    entry->expires_at_ms.reset();
  return integer(had_end ? 1 : 0);
}

Answer pttl(Database& database, Args args) {
  const auto* entry = database.keys.find(args[1]);
  if (!entry)
    return integer(-2);
  return integer(entry->expires_at_ms ? *entry->expires_at_ms - database.keys.now_ms() : -1);
}

Answer rename(Database& database, Args args) {
  auto* entry = database.keys.find(args[1]);
  if (!entry)
    throw CommandError{"ERR no such key"};
  auto moved = std::move(*entry);
  database.keys.erase(args[1]);
  database.keys.put(args[2], std::move(moved));
  return status("OK");
}

/// All at once, of the pattern only what ends in a star.
Answer scan(Database& database, Args args) {
  std::string beginning;
  for (std::size_t i = 2; i + 1 < args.size(); i += 2)
    if (is_word(args[i], "MATCH"))
      beginning = args[i + 1].substr(0, args[i + 1].find('*'));
  auto keys = database.keys.keys();
  std::erase_if(keys, [&](const auto& key) { return !key.starts_with(beginning); });
  return array({text("0").value, texts(std::move(keys)).value});
}

Answer flushall(Database& database, Args) {
  database.keys.clear();
  return status("OK");
}

Answer ping(Database&, Args) {
  return status("PONG");
}

} // namespace

void add_key_commands(CommandTable& table) {
  table.insert({{"GET", {get, 2}},
                {"SET", {set, 3, Access::grows}},
                {"INCR", {incr, 2, Access::grows}},
                {"INCRBY", {incrby, 3, Access::grows}},
                {"DEL", {del, 2, Access::writes}},
                {"UNLINK", {del, 2, Access::writes}},
                {"EXISTS", {exists, 2}},
                {"TYPE", {type, 2}},
                {"PEXPIRE", {pexpire, 3, Access::writes}},
                {"EXPIRE", {expire, 3, Access::writes}},
                {"PERSIST", {persist, 2, Access::writes}},
                {"PTTL", {pttl, 2}},
                {"RENAME", {rename, 3, Access::writes}},
                {"SCAN", {scan, 2}},
                {"FLUSHALL", {flushall, 1, Access::writes}},
                {"PING", {ping, 1}}});
}

} // namespace gleaner::simulation
