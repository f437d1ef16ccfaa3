#include "adapters/bullmq/reconciler.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;

/// Bounds of one pass: commands, and the time for which each holds Redis.
constexpr std::uint32_t most_scans = 10;
constexpr const char* keys_per_scan = "500";
constexpr std::size_t batch = 100;
/// More than ever are lost at once wait for a later pass.
constexpr std::size_t most_suspects = 5000;

/// The glob pattern of all keys that start so.
std::string keys_under(std::string_view base) {
  std::string pattern;
  for (const char c : base) {
    if (std::string_view{"*?[\\"}.find(c) != std::string_view::npos)
      pattern += '\\';
    pattern += c;
  }
  return pattern + '*';
}

/// Other keys of the queue, and those of a queue whose prefix is this one's base, have a colon in
/// what would be the id; so have the ids of jobs that schedules make, which begin like schedules.
bool may_be_id(std::string_view name) {
  constexpr std::array<std::string_view, 4> families{"repeat", "de", "dn", "metrics"};
  if (name.find(':') != std::string_view::npos)
    return name.starts_with("repeat:");
  return !name.empty() && std::find(families.begin(), families.end(), name) == families.end();
}

/// What a key is by its name after the base.
std::pair<const char*, std::string_view> describe_key(std::string_view name) {
  for (const auto* kind : {"ledger", "lock"})
    if (const auto suffix = ':' + std::string{kind}; name.ends_with(suffix))
      return {kind, name.substr(0, name.size() - suffix.size())};
  return {"job", name};
}

/// Nothing where there is nothing.
const RedisValue& item_at(const RedisValue& answer, std::size_t place) {
  static const RedisValue nothing;
  return place < answer.items.size() ? answer.items[place] : nothing;
}

std::uint64_t count_at(const RedisValue& answer, std::size_t place) {
  return static_cast<std::uint64_t>(item_at(answer, place).integer);
}

std::string cursor_at(const RedisValue& answer, std::size_t place) {
  const auto& text = item_at(answer, place).text;
  return text.empty() ? "0" : text;
}

template <class T>
std::ptrdiff_t last_batch(const std::vector<T>& items) {
  return static_cast<std::ptrdiff_t>(std::min(items.size(), batch));
}

} // namespace

Reconciler::Reconciler(redis::CommandPort& client, const QueueKeys& keys)
    : client_(client), scripts_(client, keys), base_(keys.base()), pattern_(keys_under(base_)) {}

void Reconciler::pass(Reply<Reconciliation> reply) {
  reply_ = std::move(reply);
  to_repair_.assign(suspects_.begin(), suspects_.end());
  to_look_at_.clear();
  scans_left_ = most_scans;
  ghosts_due_ = true;
  go_on();
}

void Reconciler::go_on() {
  if (!to_repair_.empty())
    return repair();
  if (to_look_at_.size() >= batch || (scans_left_ == 0 && !to_look_at_.empty()))
    return look();
  if (scans_left_ > 0)
    return scan();
  if (std::exchange(ghosts_due_, false))
    return drop_ghosts();
  std::exchange(reply_, nullptr)(std::exchange(found_, {}));
}

redis::RedisReply Reconciler::then(Read read) {
  return [this, read](const Result<RedisValue>& answer) {
    if (!answer)
      return std::exchange(reply_, nullptr)(answer.error());
    (this->*read)(*answer);
    go_on();
  };
}

void Reconciler::repair() {
  std::vector<std::string> args{"repair"};
  const auto first = to_repair_.end() - last_batch(to_repair_);
  for (auto each = first; each != to_repair_.end(); ++each)
    args.insert(args.end(), {"job", *each});
  scripts_.run("reconcile", std::move(args), then(&Reconciler::read_repair));
}

/// Those that the answer names would have cost too much: they and the others have time.
void Reconciler::read_repair(const RedisValue& answer) {
  const auto first = to_repair_.end() - last_batch(to_repair_);
  for (auto each = first; each != to_repair_.end(); ++each)
    suspects_.erase(*each);
  to_repair_.erase(first, to_repair_.end());
  count(answer);
  if (!item_at(answer, 0).items.empty())
    to_repair_.clear();
}

void Reconciler::look() {
  std::vector<std::string> args{"look"};
  const auto first = to_look_at_.end() - last_batch(to_look_at_);
  for (auto each = first; each != to_look_at_.end(); ++each)
    args.insert(args.end(), {each->kind, std::move(each->id)});
  to_look_at_.erase(first, to_look_at_.end());
  scripts_.run("reconcile", std::move(args), then(&Reconciler::count));
}

void Reconciler::count(const RedisValue& answer) {
  for (const auto& suspect : item_at(answer, 0).items)
    if (suspects_.size() < most_suspects)
      suspects_.insert(suspect.text);
  found_.jobs += count_at(answer, 1);
  found_.finished_jobs += count_at(answer, 2);
  found_.ledgers += count_at(answer, 3);
  found_.locks += count_at(answer, 4);
}

void Reconciler::scan() {
  --scans_left_;
  client_.submit({"SCAN", cursor_, "MATCH", pattern_, "COUNT", keys_per_scan},
                 then(&Reconciler::read_scan));
}

void Reconciler::read_scan(const RedisValue& answer) {
  cursor_ = cursor_at(answer, 0);
  if (cursor_ == "0")
    scans_left_ = 0;
  for (const auto& key : item_at(answer, 1).items) {
    if (!key.text.starts_with(base_))
      continue;
    const auto [kind, id] = describe_key(std::string_view{key.text}.substr(base_.size()));
    if (may_be_id(id))
      to_look_at_.push_back({kind, JobId{id}});
  }
}

void Reconciler::drop_ghosts() {
  scripts_.run("ghosts", {std::to_string(ghost_set_), ghost_cursor_},
               then(&Reconciler::read_ghosts));
}

void Reconciler::read_ghosts(const RedisValue& answer) {
  found_.ghosts += count_at(answer, 0);
  ghost_set_ = item_at(answer, 1).integer;
  ghost_cursor_ = cursor_at(answer, 2);
}

} // namespace gleaner::bullmq
