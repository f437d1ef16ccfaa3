#include "adapters/hunter/error_body.hpp"

#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace gleaner::hunter {

namespace {

using Json = nlohmann::json;

/// nlohmann builds and destroys documents recursively: no error or account body nests deeper.
constexpr int deepest = 16;
constexpr std::size_t largest_body = 64 * 1024;
constexpr std::size_t longest_text = 300;
constexpr std::chrono::seconds longest_wait{366 * 86400};

Json parse_shallow(std::string_view body) {
  if (body.size() > largest_body)
    return Json(Json::value_t::discarded);
  int too_deep = 0;
  const auto guard = [&](int depth, Json::parse_event_t, Json&) {
    too_deep += depth > deepest ? 1 : 0;
    return depth <= deepest;
  };
  auto parsed = Json::parse(body.begin(), body.end(), guard, false);
  return too_deep > 0 ? Json(Json::value_t::discarded) : parsed;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string())
    return {};
  auto text = found->get<std::string>();
  if (text.size() > longest_text) {
    text.resize(longest_text);
    // Never end inside a UTF-8 sequence.
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
      text.pop_back();
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0)
      text.pop_back();
  }
  std::replace_if(
    text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return text;
}

std::optional<double> number_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number())
    return std::nullopt;
  return found->get<double>();
}

/// The bucket that pays for searches: `credits` on single-bucket plans, else `searches`.
const Json* search_bucket(const Json& data) {
  const auto requests = data.find("requests");
  if (requests == data.end() || !requests->is_object())
    return nullptr;
  for (const auto* name : {"credits", "searches"})
    if (const auto bucket = requests->find(name); bucket != requests->end() && bucket->is_object())
      return &*bucket;
  return nullptr;
}

/// Of plans with two buckets; those with one have a bucket of credits.
AccountStanding read_standing(const Json& data, int plan_level) {
  const auto requests = data.find("requests");
  if (requests == data.end() || !requests->is_object() || requests->contains("credits"))
    return AccountStanding::ordinary;
  const auto allowance = [&](const char* name) {
    const auto bucket = requests->find(name);
    return bucket != requests->end() && bucket->is_object() ? number_of(*bucket, "available")
                                                            : std::nullopt;
  };
  constexpr double soft_frozen = 250;
  const auto searches = allowance("searches");
  if (!searches || searches != allowance("verifications"))
    return AccountStanding::ordinary;
  if (*searches == 0)
    return plan_level == 0 ? AccountStanding::incomplete : AccountStanding::frozen;
  return *searches == soft_frozen ? AccountStanding::soft_frozen : AccountStanding::ordinary;
}

} // namespace

void read_error_body(std::string_view body, ApiAnswer& answer) {
  const auto parsed = parse_shallow(body);
  answer.is_json = parsed.is_object();
  if (!answer.is_json)
    return;
  const auto errors = parsed.find("errors");
  if (errors == parsed.end() || errors->empty())
    return;
  // The reference draws an object; every body seen holds an array.
  const auto& first = errors->is_array() ? errors->front() : *errors;
  if (!first.is_object())
    return;
  answer.error_id = text_of(first, "id");
  answer.error_details = text_of(first, "details");
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text,
                                                      std::chrono::system_clock::time_point now) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return std::nullopt;
  text = text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc::result_out_of_range && text.front() != '-')
    seconds = longest_wait.count();
  if (error != std::errc::invalid_argument && end == text.data() + text.size())
    return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, longest_wait.count())};
  const auto date = curl_getdate(std::string{text}.c_str(), nullptr);
  if (date < 0)
    return std::nullopt;
  // In whole seconds: the clock's nanoseconds end in 2262, dates in 9999.
  const auto wait =
    std::chrono::seconds{date} - std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  return std::clamp(wait, std::chrono::seconds{0}, longest_wait);
}

Result<std::uint32_t> read_count(std::string_view body) {
  const auto parsed = parse_shallow(body);
  const auto data = parsed.is_object() ? parsed.find("data") : parsed.end();
  const auto total = parsed.is_object() && data != parsed.end() && data->is_object()
                       ? number_of(*data, "total")
                       : std::nullopt;
  constexpr double most = 4e9;
  if (!total || *total < 0 || *total > most || *total != std::floor(*total))
    return Error{Errc::body_malformed, "the count has no total"};
  return static_cast<std::uint32_t>(*total);
}

Result<ApiAccount> read_account(std::string_view body) {
  const auto parsed = parse_shallow(body);
  const auto data = parsed.is_object() ? parsed.find("data") : parsed.end();
  if (!parsed.is_object() || data == parsed.end() || !data->is_object())
    return Error{Errc::body_malformed, "the account answer has no data"};
  ApiAccount account;
  account.plan_name = text_of(*data, "plan_name");
  account.plan_level =
    static_cast<int>(std::clamp(number_of(*data, "plan_level").value_or(0), 0., 99.));
  account.reset_date = text_of(*data, "reset_date");
  account.standing = read_standing(*data, account.plan_level);
  if (const auto* bucket = search_bucket(*data)) {
    account.credits_used = number_of(*bucket, "used");
    account.credits_available = number_of(*bucket, "available");
    account.credits_remaining = number_of(*bucket, "remaining");
    account.remaining_is_estimate =
      !account.credits_remaining && account.credits_available && account.credits_used;
    if (account.remaining_is_estimate)
      account.credits_remaining = std::max(0., *account.credits_available - *account.credits_used);
  }
  return account;
}

} // namespace gleaner::hunter
