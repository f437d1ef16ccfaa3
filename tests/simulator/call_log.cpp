#include "tests/simulator/call_log.hpp"

#include "tests/simulator/query_params.hpp"
#include "tests/simulator/search_query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace gleaner::sim {

namespace {

constexpr std::size_t most_agents = 1000;

std::string rounded(double number) {
  char text[40];
  const auto size = std::snprintf(text, sizeof text, "%.3f", number);
  std::string out{text, static_cast<std::size_t>(size)};
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.')
    out.pop_back();
  return out;
}

/// Numbers stay numbers; what is no number is shown as the text that was sent.
std::string number_or_text(const std::string* value) {
  if (!value)
    return "null";
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  const bool whole = error == std::errc{} && end == value->data() + value->size();
  return whole ? std::to_string(number) : json_quoted(*value);
}

} // namespace

std::string_view to_string(Auth auth) noexcept {
  switch (auth) {
  case Auth::none:
    return "none";
  case Auth::query:
    return "query";
  case Auth::x_api_key:
    return "x-api-key";
  case Auth::bearer:
    return "bearer";
  }
  return "?";
}

std::uint64_t CallLog::add(Call call) {
  calls_.push_back(std::move(call));
  if (calls_.size() > capacity_) {
    calls_.pop_front();
    ++first_;
    ++dropped_;
  }
  return first_ + calls_.size() - 1;
}

Call* CallLog::find(std::uint64_t number) {
  const bool kept = number >= first_ && number - first_ < calls_.size();
  return kept ? &calls_[number - first_] : nullptr;
}

std::uint32_t CallLog::agent(std::string_view name) {
  const auto shortened = std::string{name.substr(0, 256)};
  const auto found = agent_index_.find(shortened);
  if (found != agent_index_.end())
    return found->second;
  if (agents_.size() >= most_agents)
    return most_agents - 1; // whoever invents agents is shown as the last one kept
  const auto index = static_cast<std::uint32_t>(agents_.size());
  agents_.push_back(shortened);
  agent_index_.emplace(shortened, index);
  return index;
}

void CallLog::append(std::string& out, std::uint64_t number, const Call& call) const {
  const auto mark = std::min(call.target.find('?'), call.target.size());
  const auto query = call.target.substr(std::min(mark + 1, call.target.size()));
  const QueryParams params{query};
  out.append("{\"n\":").append(std::to_string(number));
  out.append(",\"time_ms\":").append(rounded(call.time_ms));
  out.append(",\"wall_ms\":").append(std::to_string(call.wall_ms));
  out.append(",\"method\":").append(json_quoted(call.method));
  out.append(",\"path\":").append(json_quoted(call.target.substr(0, mark)));
  out.append(",\"query\":").append(json_quoted(query));
  out.append(",\"auth\":\"").append(to_string(call.auth));
  out.append("\",\"key\":").append(json_quoted(call.key));
  out.append(",\"user_agent\":").append(json_quoted(agents_[call.agent]));
  out.append(",\"domain\":").append(json_quoted(domain_of(params)));
  out.append(",\"offset\":").append(number_or_text(params.find("offset")));
  out.append(",\"limit\":").append(number_or_text(params.find("limit")));
  out.append(",\"status\":").append(std::to_string(call.status));
  out.append(",\"bytes\":").append(std::to_string(call.bytes));
  out.append(",\"credits\":").append(rounded(call.credits));
  out.append(",\"redirected\":").append(call.redirected ? "true" : "false");
  out.append(",\"ended\":\"").append(to_string(call.ending)).append("\"}");
}

std::string CallLog::to_json_array(const CallSelection& selection) const {
  std::string out = "[";
  std::size_t shown = 0;
  const auto start = std::max(selection.since, first_) - first_;
  for (std::size_t i = start; i < calls_.size() && shown < selection.most; ++i) {
    const auto& call = calls_[i];
    if (!selection.domain.empty()) {
      const auto mark = call.target.find('?');
      if (mark == std::string::npos ||
          domain_of(QueryParams{std::string_view{call.target}.substr(mark + 1)}) !=
            selection.domain)
        continue;
    }
    if (shown++ > 0)
      out += ",\n";
    append(out, first_ + i, call);
  }
  return out + "]\n";
}

void CallLog::clear() {
  first_ += calls_.size();
  calls_.clear();
  dropped_ = 0;
}

} // namespace gleaner::sim
