#include "tests/simulation/redis/command.hpp"

#include <algorithm>
#include <iterator>

namespace gleaner::simulation {

namespace {

constexpr const char* not_a_float = "ERR value is not a valid float";

struct AddOptions {
  bool only_new = false, only_old = false, only_greater = false, only_less = false;
  bool count_changes = false;
  std::size_t first_pair = 2;
};

AddOptions read_add_options(Args args) {
  AddOptions options;
  for (auto& i = options.first_pair; i < args.size(); ++i) {
    if (is_word(args[i], "NX"))
      options.only_new = true;
    else if (is_word(args[i], "XX"))
      options.only_old = true;
    else if (is_word(args[i], "GT"))
      options.only_greater = true;
    else if (is_word(args[i], "LT"))
      options.only_less = true;
    else if (is_word(args[i], "CH"))
      options.count_changes = true;
    else
      break;
  }
  const auto rest = args.size() - std::min(args.size(), options.first_pair);
  if (rest == 0 || rest % 2 != 0)
    throw CommandError{"ERR syntax error"};
  return options;
}

Answer zadd(Database& database, Args args) {
  const auto options = read_add_options(args);
  std::vector<std::pair<double, const std::string*>> pairs;
  for (auto i = options.first_pair; i < args.size(); i += 2)
    pairs.emplace_back(parse_number(args[i], not_a_float), &args[i + 1]);
  auto* set = database.keys.get<SortedSet>(args[1]);
  if (!set && options.only_old)
    return integer(0);
  set = &database.keys.make<SortedSet>(args[1]);
  std::int64_t counted = 0;
  for (const auto& [score, member] : pairs) {
    const auto old = set->score(*member);
    if ((old && options.only_new) || (!old && options.only_old) ||
        (old && options.only_greater && score <= *old) ||
        (old && options.only_less && score >= *old))
      continue;
    set->set(*member, score);
    counted += !old || (options.count_changes && *old != score) ? 1 : 0;
  }
  database.keys.erase_if_empty(args[1]);
  return integer(counted);
}

Answer zincrby(Database& database, Args args) {
  const auto by = parse_number(args[2], not_a_float);
  auto& set = database.keys.make<SortedSet>(args[1]);
  const auto score = set.score(args[3]).value_or(0) + by;
  set.set(args[3], score);
  return text(to_text(score));
}

Answer zrem(Database& database, Args args) {
  auto* set = database.keys.get<SortedSet>(args[1]);
  std::int64_t removed = 0;
  for (const auto& member : args.subspan(2))
    removed += set && set->erase(member) ? 1 : 0;
  database.keys.erase_if_empty(args[1]);
  return integer(removed);
}

Answer zcard(Database& database, Args args) {
  const auto* set = database.keys.get<SortedSet>(args[1]);
  return integer(set ? static_cast<std::int64_t>(set->order().size()) : 0);
}

Answer zscore(Database& database, Args args) {
  const auto* set = database.keys.get<SortedSet>(args[1]);
  const auto score = set ? set->score(args[2]) : std::nullopt;
  return score ? text(to_text(*score)) : nil();
}

using Pairs = std::vector<std::pair<double, std::string>>;

Answer answer(const Pairs& pairs, bool with_scores) {
  std::vector<std::string> words;
  for (const auto& [score, member] : pairs) {
    words.push_back(member);
    if (with_scores)
      words.push_back(to_text(score));
  }
  return texts(std::move(words));
}

Answer range_by_rank(Database& database, Args args, bool reversed) {
  const auto* set = database.keys.get<SortedSet>(args[1]);
  Pairs all;
  if (set)
    all.assign(set->order().begin(), set->order().end());
  if (reversed)
    std::reverse(all.begin(), all.end());
  const auto [from, to] = places(args[2], args[3], all.size());
  const bool with_scores = args.size() > 4;
  if (with_scores && !is_word(args[4], "WITHSCORES"))
    throw CommandError{"ERR syntax error"};
  return answer({all.begin() + static_cast<std::ptrdiff_t>(from),
                 all.begin() + static_cast<std::ptrdiff_t>(to)},
                with_scores);
}

Answer zrange(Database& database, Args args) {
  return range_by_rank(database, args, false);
}

Answer zrevrange(Database& database, Args args) {
  return range_by_rank(database, args, true);
}

/// A bound such as "5", "(5" or "-inf".
struct ScoreBound {
  explicit ScoreBound(const std::string& word)
      : exclusive(word.starts_with('(')),
        score(parse_number(word.substr(exclusive ? 1 : 0), "ERR min or max is not a float")) {}
  bool exclusive;
  double score;
};

bool within(double score, const ScoreBound& low, const ScoreBound& high) {
  return (low.exclusive ? score > low.score : score >= low.score) &&
         (high.exclusive ? score < high.score : score <= high.score);
}

struct RangeOptions {
  explicit RangeOptions(Args args) {
    for (std::size_t i = 4; i < args.size(); ++i) {
      if (is_word(args[i], "WITHSCORES")) {
        with_scores = true;
      } else if (is_word(args[i], "LIMIT") && i + 2 < args.size()) {
        skip = parse_integer(args[i + 1]);
        most = parse_integer(args[i + 2]);
        i += 2;
      } else {
        throw CommandError{"ERR syntax error"};
      }
    }
  }
  bool with_scores = false;
  std::int64_t skip = 0, most = -1;
};

Answer range_by_score(Database& database, Args args, bool reversed) {
  const ScoreBound low{args[reversed ? 3 : 2]}, high{args[reversed ? 2 : 3]};
  const RangeOptions options{args};
  const auto* set = database.keys.get<SortedSet>(args[1]);
  Pairs found;
  for (const auto& pair : set ? set->order() : std::set<std::pair<double, std::string>>{})
    if (within(pair.first, low, high))
      found.push_back(pair);
  if (reversed)
    std::reverse(found.begin(), found.end());
  const auto count = static_cast<std::int64_t>(found.size());
  const auto from = options.skip < 0 ? count : std::min(options.skip, count);
  const auto to = options.most < 0 ? count : std::min(count, from + options.most);
  return answer({found.begin() + from, found.begin() + to}, options.with_scores);
}

Answer zrangebyscore(Database& database, Args args) {
  return range_by_score(database, args, false);
}

Answer zrevrangebyscore(Database& database, Args args) {
  return range_by_score(database, args, true);
}

Answer zcount(Database& database, Args args) {
  const std::vector<std::string> words{"ZRANGEBYSCORE", args[1], args[2], args[3]};
  return integer(static_cast<std::int64_t>(zrangebyscore(database, words).value.items.size()));
}

/// All at once.
Answer zscan(Database& database, Args args) {
  const std::vector<std::string> words{"ZRANGE", args[1], "0", "-1", "WITHSCORES"};
  return array({text("0").value, zrange(database, words).value});
}

Answer zpopmin(Database& database, Args args) {
  auto* set = database.keys.get<SortedSet>(args[1]);
  const auto most = args.size() > 2 ? parse_integer(args[2]) : 1;
  Pairs taken;
  while (set && static_cast<std::int64_t>(taken.size()) < most && !set->empty()) {
    taken.push_back(*set->order().begin());
    set->erase(taken.back().second);
  }
  database.keys.erase_if_empty(args[1]);
  return answer(taken, true);
}

} // namespace

void add_sorted_set_commands(CommandTable& table) {
  table.insert({{"ZADD", {zadd, 4, Access::grows}},
                {"ZINCRBY", {zincrby, 4, Access::grows}},
                {"ZREM", {zrem, 3, Access::writes}},
                {"ZCARD", {zcard, 2}},
                {"ZSCORE", {zscore, 3}},
                {"ZCOUNT", {zcount, 4}},
                {"ZRANGE", {zrange, 4}},
                {"ZREVRANGE", {zrevrange, 4}},
                {"ZRANGEBYSCORE", {zrangebyscore, 4}},
                {"ZREVRANGEBYSCORE", {zrevrangebyscore, 4}},
                {"ZSCAN", {zscan, 3}},
                {"ZPOPMIN", {zpopmin, 2, Access::writes}}});
}

} // namespace gleaner::simulation
