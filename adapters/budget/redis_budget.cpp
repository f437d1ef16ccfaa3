#include "adapters/budget/redis_budget.hpp"

#include "adapters/budget/lua_source.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace gleaner::budget {

namespace {

using redis::RedisValue;
using std::chrono::milliseconds;

/// 64 bits of a one-way hash: tells keys apart and gives none away.
std::string fingerprint(const Secret& key) {
  constexpr std::string_view purpose = "gleaner budget ";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash{EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free};
  EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr);
  EVP_DigestUpdate(hash.get(), purpose.data(), purpose.size());
  EVP_DigestUpdate(hash.get(), key.view().data(), key.size());
  EVP_DigestFinal_ex(hash.get(), digest.data(), nullptr);
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < 8; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

std::vector<std::string> as_arguments(const std::vector<WatchedWindow>& windows) {
  std::vector<std::string> words{std::to_string(windows.size())};
  for (const auto& window : windows) {
    words.push_back(std::to_string(window.requests));
    words.push_back(std::to_string(window.watched.count()));
    words.push_back(std::to_string(window.period.count()));
  }
  return words;
}

void add_reports(const BudgetRequest& request, std::vector<std::string>& words) {
  words.push_back(std::to_string(request.unused.size()));
  for (const auto& permit : request.unused)
    words.push_back(std::to_string(permit.at_ms));
  words.push_back(std::to_string(request.refused.size()));
  for (const auto& [permit, wait] : request.refused) {
    words.push_back(std::to_string(permit.at_ms));
    words.push_back(std::to_string(wait.count()));
    words.emplace_back(permit.probe ? "1" : "");
  }
}

/// The fields before the permits, in the script's order.
enum Place : std::size_t { now, generation, count, next, share, closed, ends_with_probe, permits };

Result<BudgetAnswer> read_answer(const RedisValue& value) {
  if (value.items.size() < permits)
    return Error{Errc::redis_refused, "the budget's script answered something else"};
  const auto number = [&](std::size_t place) { return value.items[place].integer; };
  BudgetAnswer answer;
  answer.now_ms = number(now);
  answer.mark = {value.items[generation].text, number(count)};
  answer.next = milliseconds{number(next)};
  answer.share = static_cast<double>(number(share)) / 1000;
  answer.closed = milliseconds{number(closed)};
  for (std::size_t place = permits; place < value.items.size(); ++place)
    answer.permits.push_back({std::strtoll(value.items[place].text.c_str(), nullptr, 10), false});
  if (!answer.permits.empty())
    answer.permits.back().probe = number(ends_with_probe) == 1;
  return answer;
}

} // namespace

RedisBudget::RedisBudget(redis::CommandPort& client, const Secret& key,
                         const std::vector<RateWindow>& windows, std::string seed)
    : client_(client), state_key_("gleaner:budget:" + fingerprint(key)),
      windows_(as_arguments(watch(windows))), seed_(std::move(seed)) {}

/// The text goes along each time: it is short, exchanges are few, and no Redis can have lost it.
void RedisBudget::exchange(BudgetRequest request, std::function<void(Result<BudgetAnswer>)> reply) {
  std::vector<std::string> words{"EVAL",
                                 std::string{lua_source("exchange")},
                                 "2",
                                 state_key_,
                                 state_key_ + ":grants",
                                 std::to_string(request.wanted),
                                 std::to_string(request.lead.count()),
                                 seed_ + ":" + std::to_string(++exchanges_),
                                 request.known ? request.known->generation : "",
                                 std::to_string(request.known ? request.known->count : 0),
                                 request.clock_stepped ? "1" : "",
                                 std::to_string(request.honoured_ms),
                                 request.probe_honoured ? "1" : ""};
  words.insert(words.end(), windows_.begin(), windows_.end());
  add_reports(request, words);
  client_.submit(std::move(words), [reply = std::move(reply)](const Result<RedisValue>& value) {
    if (value)
      reply(read_answer(*value));
    else
      reply(value.error());
  });
}

} // namespace gleaner::budget
