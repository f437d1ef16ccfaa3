#include "tests/simulation/redis/command.hpp"

#include <algorithm>

namespace gleaner::simulation {

namespace {

/// MAXLEN [=|~] count at `place`, which is moved behind it.
struct TrimBound {
  bool given = false, nearly = false;
  std::size_t most = 0;
};

TrimBound read_bound(Args args, std::size_t& place) {
  TrimBound bound;
  if (place >= args.size() || !is_word(args[place], "MAXLEN"))
    return bound;
  bound.given = true;
  ++place;
  if (place < args.size() && (args[place] == "~" || args[place] == "="))
    bound.nearly = args[place++] == "~";
  if (place >= args.size())
    throw CommandError{"ERR syntax error"};
  const auto most = parse_integer(args[place++]);
  if (most < 0)
    throw CommandError{"ERR The MAXLEN argument must be >= 0."};
  bound.most = static_cast<std::size_t>(most);
  return bound;
}

std::int64_t trim(Stream& stream, const TrimBound& bound) {
  constexpr std::size_t node = 100; // "~" frees whole nodes of stream-node-max-entries
  if (!bound.given || stream.entries.size() <= bound.most)
    return 0;
  auto excess = stream.entries.size() - bound.most;
  if (bound.nearly)
    excess -= excess % node;
  stream.entries.erase(stream.entries.begin(),
                       stream.entries.begin() + static_cast<std::ptrdiff_t>(excess));
  return static_cast<std::int64_t>(excess);
}

std::string to_text(const Stream::Id& id) {
  return std::to_string(id.first) + '-' + std::to_string(id.second);
}

Answer xadd(Database& database, Args args) {
  std::size_t place = 2;
  const auto bound = read_bound(args, place);
  const bool complete = place + 2 < args.size() && (args.size() - place) % 2 == 1;
  if (!complete || args[place] != "*")
    throw CommandError{"ERR wrong number of arguments for 'xadd' command"};
  auto& stream = database.keys.make<Stream>(args[1]);
  const Stream::Id now{static_cast<std::uint64_t>(database.keys.now_ms()), 0};
  const Stream::Id next{stream.last.first, stream.last.second + 1};
  stream.last = std::max(now, next);
  stream.entries.emplace_back(
    stream.last,
    std::vector<std::string>{args.begin() + static_cast<std::ptrdiff_t>(place) + 1, args.end()});
  trim(stream, bound);
  return text(to_text(stream.last));
}

Answer xtrim(Database& database, Args args) {
  std::size_t place = 2;
  const auto bound = read_bound(args, place);
  if (!bound.given || place != args.size())
    throw CommandError{"ERR syntax error"};
  auto* stream = database.keys.get<Stream>(args[1]);
  return integer(stream ? trim(*stream, bound) : 0);
}

Answer xlen(Database& database, Args args) {
  const auto* stream = database.keys.get<Stream>(args[1]);
  return integer(stream ? static_cast<std::int64_t>(stream->entries.size()) : 0);
}

/// Of the whole stream, from `first` to `last`, and so many entries at most.
Answer range_by_id(Database& database, Args args, bool reversed) {
  const bool whole = args[2] == (reversed ? "+" : "-") && args[3] == (reversed ? "-" : "+");
  const bool counted = args.size() == 6 && is_word(args[4], "COUNT");
  if (!whole || (args.size() != 4 && !counted))
    throw CommandError{"ERR syntax error"};
  const auto most = counted ? static_cast<std::size_t>(parse_integer(args[5])) : SIZE_MAX;
  const auto* stream = database.keys.get<Stream>(args[1]);
  std::vector<redis::RedisValue> entries;
  if (stream)
    for (const auto& [id, fields] : stream->entries)
      entries.push_back(array({text(to_text(id)).value, texts(fields).value}).value);
  if (reversed)
    std::reverse(entries.begin(), entries.end());
  entries.resize(std::min(entries.size(), most));
  return array(std::move(entries));
}

Answer xrange(Database& database, Args args) {
  return range_by_id(database, args, false);
}

Answer xrevrange(Database& database, Args args) {
  return range_by_id(database, args, true);
}

} // namespace

void add_stream_commands(CommandTable& table) {
  table.insert({{"XADD", {xadd, 5, Access::grows}},
                {"XTRIM", {xtrim, 4, Access::writes}},
                {"XLEN", {xlen, 2}},
                {"XRANGE", {xrange, 4}},
                {"XREVRANGE", {xrevrange, 4}}});
}

} // namespace gleaner::simulation
