#include "tests/simulation/redis/simulated_redis.hpp"

#include "tests/simulation/redis/lua_engine.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace gleaner::simulation {

using redis::RedisValue;

namespace {

struct KnownTexts {
  std::unordered_map<std::string, std::string> sha_of;
  std::unordered_map<std::string, std::string> text_of;
  std::unordered_map<std::string, std::string> patched; ///< By kind of patch and SHA.
};

KnownTexts& known_texts() {
  static KnownTexts texts;
  return texts;
}

std::string sha1_hex(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr);
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < length; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

LuaEngine& lua() {
  static LuaEngine engine;
  return engine;
}

} // namespace

const std::string& script_sha(const std::string& text) {
  auto& [sha_of, text_of, patched] = known_texts();
  const auto found = sha_of.find(text);
  if (found != sha_of.end())
    return found->second;
  const auto& sha = sha_of.emplace(text, sha1_hex(text)).first->second;
  text_of.emplace(sha, text);
  return sha;
}

SimulatedRedis::SimulatedRedis(std::uint64_t seed) {
  database_.random.seed(seed);
}

void SimulatedRedis::set_time(std::int64_t now_us) {
  now_us_ = now_us;
  database_.keys.set_time(now_us / 1000);
}

RedisValue SimulatedRedis::execute(Args args) {
  database_.written = false;
  auto answer = run(args);
  serve_waiting();
  return std::move(answer.value);
}

Answer SimulatedRedis::run(Args args) {
  const auto& name = args.front();
  if (name == "EVALSHA")
    return run_script(args[1], args);
  if (name == "EVAL") {
    const auto& sha = script_sha(args[1]);
    known_.insert(sha);
    return run_script(sha, args);
  }
  if (name == "SCRIPT")
    return change_scripts(args);
  if (name == "TIME")
    return time();
  return run_command(database_, args);
}

Answer SimulatedRedis::run_script(const std::string& sha, Args args) {
  if (!known_.contains(sha))
    return error("NOSCRIPT No matching script. Please use EVAL.");
  const auto count = static_cast<std::size_t>(parse_integer(args[2]));
  const LuaEngine::Call call = [this](Args words) {
    return words.front() == "TIME" ? time() : run_command(database_, words);
  };
  return lua().run(patch_kind_ + sha, text_to_run(sha), args.subspan(3, count),
                   args.subspan(3 + count), call);
}

const std::string& SimulatedRedis::text_to_run(const std::string& sha) {
  auto& texts = known_texts();
  if (!patch_)
    return texts.text_of.at(sha);
  const auto [entry, is_new] = texts.patched.try_emplace(patch_kind_ + sha);
  if (is_new)
    entry->second = patch_(texts.text_of.at(sha));
  return entry->second;
}

void SimulatedRedis::patch_scripts(std::string kind,
                                   std::function<std::string(const std::string&)> patch) {
  patch_kind_ = std::move(kind);
  patch_ = std::move(patch);
}

Answer SimulatedRedis::change_scripts(Args args) {
  if (args.size() > 2 && args[1] == "LOAD") {
    const auto& sha = script_sha(args[2]);
    known_.insert(sha);
    return text(sha);
  }
  if (args[1] == "FLUSH") {
    flush_scripts();
    return status("OK");
  }
  std::vector<RedisValue> known;
  for (const auto& sha : args.subspan(2))
    known.push_back(integer(known_.contains(sha) ? 1 : 0).value);
  return array(std::move(known));
}

Answer SimulatedRedis::time() const {
  return texts({std::to_string(now_us_ / 1000000), std::to_string(now_us_ % 1000000)});
}

std::uint64_t SimulatedRedis::wait_at(const std::string& key,
                                      std::function<void(RedisValue)> reply) {
  const std::vector<std::string> look{"ZCARD", key};
  database_.written = false;
  const auto refused = refuse(database_, Access::writes);
  const auto found = refused ? refused->value : run_command(database_, look).value;
  if (found.kind == RedisValue::Kind::error) {
    reply(found);
    return 0;
  }
  const auto number = next_waiter_++;
  waiting_.push_back({number, key, std::move(reply)});
  serve_waiting();
  return waiting_.empty() || waiting_.back().number != number ? 0 : number;
}

bool SimulatedRedis::stop_waiting(std::uint64_t number) {
  return waiting_.remove_if([&](const auto& waiter) { return waiter.number == number; }) > 0;
}

void SimulatedRedis::serve_waiting() {
  for (auto waiter = waiting_.begin(); waiter != waiting_.end();) {
    const auto* entry = database_.keys.find(waiter->key);
    if (!entry || !std::holds_alternative<SortedSet>(entry->data)) {
      ++waiter;
      continue;
    }
    const std::vector<std::string> pop{"ZPOPMIN", waiter->key};
    auto popped = run_command(database_, pop).value;
    popped.items.insert(popped.items.begin(), text(waiter->key).value);
    const auto reply = std::move(waiter->reply);
    waiter = waiting_.erase(waiter);
    reply(std::move(popped));
  }
}

void SimulatedRedis::refuse_writes(Refusal refusal) {
  database_.refusal = refusal;
  if (refusal != Refusal::read_only)
    return;
  for (const auto& waiter : std::exchange(waiting_, {}))
    waiter.reply(error("UNBLOCKED force unblock from blocking operation, instance state changed "
                       "(master -> replica?)")
                   .value);
}

void SimulatedRedis::load_scripts(const std::vector<std::string>& shas) {
  known_.insert(shas.begin(), shas.end());
}

void SimulatedRedis::restart_with(Keyspace keys) {
  const auto now_ms = database_.keys.now_ms();
  database_.keys = std::move(keys);
  database_.keys.set_time(now_ms);
  known_.clear();
  waiting_.clear();
}

} // namespace gleaner::simulation
