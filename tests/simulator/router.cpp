#include "tests/simulator/router.hpp"

#include "tests/simulator/account_pages.hpp"
#include "tests/simulator/admin.hpp"
#include "tests/simulator/domain_search.hpp"
#include "tests/simulator/query_params.hpp"
#include "tests/simulator/search_query.hpp"

#include <chrono>

namespace gleaner::sim {

namespace {

constexpr std::size_t longest_target = 2048;
constexpr std::string_view test_key = "test-api-key";

struct Key {
  std::string text;
  Auth auth = Auth::none;
};

bool is_bearer(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size())
    return false;
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if ((authorization[i] | 0x20) != (scheme[i] | 0x20))
      return false;
  return true;
}

/// Query before X-API-KEY before Bearer.
Key key_of(const Request& request) {
  if (request.query.find("api_key=") != std::string_view::npos)
    if (const QueryParams params{request.query}; params.find("api_key"))
      return {std::string{params.get("api_key")}, Auth::query};
  if (!request.x_api_key.empty())
    return {std::string{request.x_api_key}, Auth::x_api_key};
  if (is_bearer(request.authorization))
    return {std::string{request.authorization.substr(7)}, Auth::bearer};
  return {};
}

std::string_view static_method(std::string_view method) {
  for (const std::string_view known : {"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"})
    if (known == method)
      return known;
  return "OTHER";
}

Call call_of(SimState& state, const Request& request, const Key& key) {
  using namespace std::chrono;
  Call call;
  const auto now = steady_clock::now();
  call.time_ms = duration<double, std::milli>(now - state.started).count();
  call.wall_ms = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  call.method = static_method(request.method);
  call.target = std::string{request.path.substr(0, longest_target)};
  if (!request.query.empty())
    call.target += '?' + redacted(request.query);
  call.target.resize(std::min(call.target.size(), longest_target));
  call.key = key.auth == Auth::none ? "" : masked_key(key.text);
  call.auth = key.auth;
  call.agent = state.log.agent(request.user_agent);
  call.redirected = request.at_redirect_target;
  return call;
}

Answer no_such_key() {
  return error_answer(401, "authentication_failed", "No user found for the API key supplied");
}

/// Everything but searches: these have no rate limit of their own, but a second's window.
Answer side_endpoint(SimState& state, const Request& request, const Key& key, Account* account,
                     bool& limit_hit) {
  const QueryParams params{request.query};
  if (auto fault = state.faults.take({request.path, domain_of(params), 1, key.text})) {
    auto answer = fault->answer ? std::move(*fault->answer)
                  : fault->kind == FaultKind::throttle
                    ? throttled(state, std::chrono::seconds{1})
                    : fault_answer(fault->kind.value_or(FaultKind::nodata));
    answer.delay += std::chrono::milliseconds{fault->delay_ms};
    return answer;
  }
  if (request.path == "/v2/account")
    return account_page(state, *account);
  if (request.path == "/v2/usage")
    return usage_page(*account, params);
  std::vector<LimitWindow> windows;
  for (const auto& window : state.switches.limits)
    if (window.period <= std::chrono::seconds{1}) // no figure per minute is documented
      windows.push_back(window);
  if (const auto wait =
        state.limits.admit(key.text + "#count", windows, std::chrono::steady_clock::now())) {
    limit_hit = true;
    return throttled(state, *wait);
  }
  return email_count_page(state, params);
}

Answer api_answer(SimState& state, const Request& request, const Key& key, bool& limit_hit) {
  const bool search = request.path == "/v2/domain-search";
  const bool count = request.path == "/v2/email-count";
  const bool known =
    search || count || request.path == "/v2/account" || request.path == "/v2/usage";
  if (!known || request.method != "GET")
    return error_answer(404, "not_found", "The requested resource couldn't be found.");
  if (key.text == test_key)
    return search ? test_key_search(state, request) : no_such_key();
  auto* account = state.accounts.find(key.text, state.clock.now());
  const bool keyless = count && key.auth == Auth::none && !state.switches.email_count_needs_key;
  if (!account && !keyless)
    return no_such_key();
  return search ? domain_search(state, request, key.text, *account, limit_hit)
                : side_endpoint(state, request, key, account, limit_hit);
}

} // namespace

Routed route(SimState& state, const Request& request) {
  if (request.path.starts_with("/admin/"))
    return {admin_answer(state, request), std::nullopt};
  const auto key = key_of(request);
  const auto number = state.log.add(call_of(state, request, key));
  bool limit_hit = false;
  auto answer = api_answer(state, request, key, limit_hit);
  answer.delay += std::chrono::milliseconds{state.switches.delay_ms};
  state.stats.answered(request.path, answer, limit_hit);
  if (auto* call = state.log.find(number)) {
    const bool silent = answer.delivery == Delivery::reset || answer.delivery == Delivery::stall;
    call->status = silent ? std::uint16_t{0} : static_cast<std::uint16_t>(answer.status);
    call->credits = answer.credits;
  }
  return {std::move(answer), number};
}

void note_ending(SimState& state, std::uint64_t call, Ending ending, std::uint64_t bytes) {
  state.stats.ended(ending, bytes);
  if (auto* found = state.log.find(call)) {
    found->ending = ending;
    found->bytes = bytes;
  }
}

} // namespace gleaner::sim
