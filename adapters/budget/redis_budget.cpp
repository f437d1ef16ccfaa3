#include "adapters/budget/redis_budget.hpp"

#include "adapters/budget/lua_source.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>
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

/// With enough digits for any amount and not more than the script needs.
std::string amount(double credits) {
  std::array<char, 32> text{};
  const auto end =
    std::to_chars(text.begin(), text.end(), credits, std::chars_format::fixed, 3).ptr;
  return {text.begin(), end};
}

std::string account_word(const BudgetRequest& request) {
  if (!request.account_read)
    return "";
  return request.remaining ? amount(*request.remaining) : "untold";
}

std::vector<std::string> as_arguments(const CreditCaps& caps) {
  const auto cap = [](const std::optional<std::uint32_t>& most) {
    return most ? std::to_string(*most) : std::string{"-1"};
  };
  return {cap(caps.per_day), cap(caps.per_month), cap(caps.floor)};
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
  for (const auto& permit : request.unused) {
    words.push_back(std::to_string(permit.at_ms));
    words.push_back(std::to_string(permit.number));
  }
  words.push_back(std::to_string(request.refused.size()));
  for (const auto& [permit, wait] : request.refused) {
    words.push_back(std::to_string(permit.at_ms));
    words.push_back(std::to_string(wait.count()));
    words.emplace_back(permit.probe ? "1" : "");
  }
  words.push_back(std::to_string(request.charges.size()));
  for (const auto& [permit, credits] : request.charges) {
    words.push_back(std::to_string(permit.at_ms));
    words.push_back(std::to_string(permit.number));
    words.push_back(amount(credits));
  }
}

/// Its parts are local functions of one text.
std::string whole_script() {
  std::string text;
  for (const auto* part : {"credits", "budget_state", "learned_limits", "exchange"})
    text += lua_source(part);
  return text;
}

/// The fields before the permits, in the script's order.
// clang-format off
enum Place : std::size_t {
  now, generation, count, next, share, closed, ends_with_probe, spent_today, spent_this_month,
  reserved, remaining, stop, stop_for, settling, first_number, permits
};
// clang-format on

/// Lua's numbers lose their fraction on the way, so amounts come as text.
std::optional<double> read_amount(const RedisValue& value) {
  double amount = 0;
  const auto& text = value.text;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  return error == std::errc{} && rest == text.data() + text.size() ? std::optional{amount}
                                                                   : std::nullopt;
}

CreditState read_credits(const std::vector<RedisValue>& items) {
  CreditState credits;
  credits.spent_today = read_amount(items[spent_today]).value_or(0);
  credits.spent_this_month = read_amount(items[spent_this_month]).value_or(0);
  credits.reserved = read_amount(items[reserved]).value_or(0);
  credits.account_read = !items[remaining].text.empty();
  credits.remaining = read_amount(items[remaining]);
  credits.stop = static_cast<SpendingStop>(items[stop].integer);
  credits.stop_for = milliseconds{items[stop_for].integer};
  credits.settling = milliseconds{items[settling].integer};
  return credits;
}

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
  answer.credits = read_credits(value.items);
  for (std::size_t place = permits; place < value.items.size(); ++place)
    answer.permits.push_back({std::strtoll(value.items[place].text.c_str(), nullptr, 10),
                              number(first_number) + static_cast<std::int64_t>(place - permits),
                              false});
  if (!answer.permits.empty())
    answer.permits.back().probe = number(ends_with_probe) == 1;
  return answer;
}

} // namespace

std::string state_key(const Secret& key) {
  return std::string{state_prefix} + "{" + fingerprint(key) + "}";
}

std::string count_state_key(const Secret& key) {
  return state_key(key) + ":count";
}

RedisBudget::RedisBudget(redis::CommandPort& client, std::string state_key,
                         const std::vector<RateWindow>& windows, const CreditRules& credits,
                         std::string seed)
    : client_(client), state_key_(std::move(state_key)), script_(whole_script()),
      page_cost_(credits.page_cost), caps_(as_arguments(credits.caps)),
      windows_(as_arguments(watch(windows))), seed_(std::move(seed)) {}

void RedisBudget::move_to(std::string state_key) {
  const std::lock_guard guard{mutex_};
  state_key_ = std::move(state_key);
  ++moves_;
}

/// What is reported is about the state that answered last.
std::string RedisBudget::begin(BudgetRequest& request, std::uint64_t& moves) {
  const std::lock_guard guard{mutex_};
  moves = moves_;
  if (answered_ != moves_) {
    BudgetRequest without_reports;
    without_reports.wanted = request.wanted;
    without_reports.page_cost = request.page_cost;
    without_reports.lead = request.lead;
    without_reports.spread = request.spread;
    without_reports.account_read = request.account_read;
    without_reports.remaining = request.remaining;
    without_reports.remaining_at_ms = request.remaining_at_ms;
    without_reports.reset_date = request.reset_date;
    request = std::move(without_reports);
  }
  return state_key_;
}

/// The text goes along each time: it is short, exchanges are few, and no Redis can have lost it.
std::vector<std::string> RedisBudget::words_of(const BudgetRequest& request,
                                               const std::string& state) {
  const auto number = ++exchanges_;
  const auto name = [this](std::uint64_t of) { return seed_ + ":" + std::to_string(of); };
  std::vector<std::string> words{"EVAL",
                                 script_,
                                 "5",
                                 state,
                                 state + ":grants",
                                 state + ":credits",
                                 state + ":reserved",
                                 state + ":settled",
                                 std::to_string(request.wanted),
                                 std::to_string(request.lead.count()),
                                 name(number),
                                 request.failures > 0 ? name(number - request.failures) : "",
                                 request.known ? request.known->generation : "",
                                 std::to_string(request.known ? request.known->count : 0),
                                 request.clock_stepped ? "1" : "",
                                 std::to_string(request.honoured_ms),
                                 request.probe_honoured ? "1" : "",
                                 std::to_string(request.spread.count())};
  const auto asked = request.page_cost > 0 ? request.page_cost : page_cost_;
  words.push_back(amount(std::min(asked, page_cost_)));
  words.insert(words.end(), caps_.begin(), caps_.end());
  words.push_back(account_word(request));
  words.push_back(std::to_string(request.remaining_at_ms));
  words.push_back(request.reset_date);
  words.insert(words.end(), windows_.begin(), windows_.end());
  add_reports(request, words);
  return words;
}

void RedisBudget::exchange(BudgetRequest request, std::function<void(Result<BudgetAnswer>)> reply) {
  std::uint64_t moves = 0;
  const auto state = begin(request, moves);
  auto words = words_of(request, state);
  client_.submit(std::move(words),
                 [this, moves, reply = std::move(reply)](const Result<RedisValue>& value) {
                   if (!value)
                     return reply(value.error());
                   {
                     const std::lock_guard guard{mutex_};
                     answered_ = moves;
                   }
                   reply(read_answer(*value));
                 });
}

} // namespace gleaner::budget
