#include "tests/simulator/domain_search.hpp"

#include "tests/simulator/gzip.hpp"
#include "tests/simulator/page_renderer.hpp"
#include "tests/simulator/search_cost.hpp"

#include <algorithm>

namespace gleaner::sim {

namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t free_plan_cap = 10;

/// One search on its way through the API.
struct Search {
  SimState& state;
  const Request& request;
  Account& account;
  QueryParams params;
  DomainView view;
  std::variant<SearchQuery, Answer> parsed;
  std::uint32_t page = 1;
};

Search begin_search(SimState& state, const Request& request, Account& account) {
  QueryParams params{request.query};
  auto view = view_domain(state.options.seed, domain_of(params));
  auto parsed = parse_search(params, state.switches.strict_filters);
  const auto* query = std::get_if<SearchQuery>(&parsed);
  const auto page = query ? query->page() : 1;
  return {state, request, account, std::move(params), std::move(view), std::move(parsed), page};
}

Answer plan_cap_answer(std::uint32_t cap) {
  return error_answer(400, "pagination_error",
                      "The search results are limited to " + std::to_string(cap) +
                        " email addresses on your current plan.");
}

/// The plan's cap on limit + offset; 0: none.
std::uint32_t plan_cap(const Search& search) {
  const auto& switches = search.state.switches;
  if (search.view.traits.plan_cap > 0)
    return search.view.traits.plan_cap;
  if (switches.plan_cap > 0)
    return switches.plan_cap;
  return switches.plan_level.value_or(search.account.plan_level) == 0 ? free_plan_cap : 0;
}

std::optional<Fault> fault_by_name(Search& search) {
  const auto& faults = search.view.traits.faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].page != 0 && faults[i].page != search.page)
      continue;
    if (faults[i].times > 0) {
      auto name =
        domain_of(search.params) + '#' + std::to_string(search.page) + '#' + std::to_string(i);
      auto& played = search.state.played[std::move(name)];
      if (played >= faults[i].times)
        continue;
      ++played;
    }
    return Fault{faults[i].kind, std::nullopt, 0};
  }
  return std::nullopt;
}

std::optional<Fault> fault_by_rate(SimState& state) {
  constexpr std::uint32_t parts = 1'000'000;
  for (const auto& [kind, rate] : state.switches.fault_rates)
    if (state.dice.below(parts) < static_cast<std::uint32_t>(rate * parts))
      return Fault{kind, std::nullopt, 0};
  return std::nullopt;
}

std::optional<Fault> choose_fault(Search& search, const std::string& key) {
  if (!search.state.faults.empty()) {
    const auto domain = domain_of(search.params);
    if (auto fault = search.state.faults.take({search.request.path, domain, search.page, key}))
      return fault;
  }
  if (auto fault = fault_by_name(search))
    return fault;
  return fault_by_rate(search.state);
}

Answer redirect_answer(const Search& search) {
  auto answer = json_answer("{}", 302);
  answer.headers = "Location: http://127.0.0.1:" + std::to_string(search.state.redirect_port) +
                   std::string{search.request.path} + '?' + std::string{search.request.query} +
                   "\r\n";
  return answer;
}

/// The page, from the cache if it can be; `most_rows` cuts it to what is left to pay for.
CachedPage rendered(const Search& search, const SearchQuery& query, bool gzip) {
  const auto name = (gzip ? "z" : "p") + redacted(search.request.query);
  if (const auto* kept = search.state.cache.find(name))
    return *kept;
  const auto found = find_rows(search.view, query, search.state.switches);
  auto body = render_page(search.view, query, search.params, search.state.switches, found);
  CachedPage page{std::make_shared<const std::string>(gzip ? gzipped(body) : std::move(body)),
                  static_cast<std::uint32_t>(found.rows.size())};
  search.state.cache.store(name, page);
  return page;
}

CachedPage rendered_in_part(const Search& search, const SearchQuery& query, std::uint32_t rows) {
  auto found = find_rows(search.view, query, search.state.switches);
  found.rows.resize(std::min<std::size_t>(found.rows.size(), rows));
  auto body = render_page(search.view, query, search.params, search.state.switches, found);
  return {std::make_shared<const std::string>(std::move(body)),
          static_cast<std::uint32_t>(found.rows.size())};
}

Answer page_answer(Search& search, const SearchQuery& query) {
  const auto& switches = search.state.switches;
  bool gzip =
    switches.gzip && search.request.accept_encoding.find("gzip") != std::string_view::npos;
  auto page = rendered(search, query, gzip);
  auto charge =
    charge_search(search.account, switches, hash_of(redacted(search.request.query)), page.rows);
  if (charge.refusal)
    return std::move(*charge.refusal);
  if (charge.rows < page.rows) {
    page = rendered_in_part(search, query, charge.rows);
    gzip = false;
  }
  Answer answer;
  answer.body = page.body;
  answer.credits = charge.credits;
  answer.headers = gzip ? "Content-Encoding: gzip\r\n" : "";
  answer.delivery = switches.chunked ? Delivery::chunked : Delivery::whole;
  return answer;
}

Answer undisturbed(Search& search) {
  if (auto* refused = std::get_if<Answer>(&search.parsed))
    return std::move(*refused);
  const auto& query = std::get<SearchQuery>(search.parsed);
  const auto cap = plan_cap(search);
  if (cap > 0 && query.limit + query.offset > cap)
    return plan_cap_answer(cap);
  if (search.account.restricted)
    return restricted_answer();
  return page_answer(search, query);
}

Answer disturbed(Search& search, Fault& fault) {
  if (fault.answer)
    return std::move(*fault.answer);
  if (!fault.kind)
    return undisturbed(search);
  if (spoils_page(*fault.kind)) {
    auto page = undisturbed(search);
    spoil_page(*fault.kind, page);
    return page;
  }
  if (*fault.kind == FaultKind::throttle)
    return throttled(search.state, std::chrono::seconds{1});
  if (*fault.kind == FaultKind::redirect)
    return redirect_answer(search);
  const bool quota = *fault.kind == FaultKind::quota || *fault.kind == FaultKind::payment;
  search.account.quota_answered |= quota;
  return fault_answer(*fault.kind);
}

void append_limit_headers(Search& search, const std::string& name, SteadyTime now, Answer& answer) {
  const auto& limits = search.state.switches.limits;
  if (!search.state.switches.ratelimit_headers || limits.empty())
    return;
  const auto used = search.state.limits.used(name, limits.front().period, now);
  const auto left = limits.front().requests - std::min(used, limits.front().requests);
  answer.headers += "X-RateLimit-Limit: " + std::to_string(limits.front().requests) +
                    "\r\nX-RateLimit-Remaining: " + std::to_string(left) + "\r\n";
}

} // namespace

Answer throttled(const SimState& state, milliseconds wait) {
  return throttle_answer(state.switches.throttle_style, wait, std::chrono::system_clock::now());
}

Answer domain_search(SimState& state, const Request& request, const std::string& key,
                     Account& account, bool& limit_hit) {
  const auto now = std::chrono::steady_clock::now();
  auto search = begin_search(state, request, account);
  const auto page_hash = hash_of(key) ^ mixed(hash_of(redacted(request.query)));
  state.stats.search(key, page_hash, account.quota_answered, now);
  const auto delay = milliseconds{search.view.traits.delay_ms};
  Answer answer;
  if (const auto wait = state.limits.admit(key, state.switches.limits, now)) {
    limit_hit = true;
    answer = throttled(state, *wait);
  } else if (auto fault = choose_fault(search, key)) {
    answer = disturbed(search, *fault);
    answer.delay += milliseconds{fault->delay_ms};
  } else {
    answer = undisturbed(search);
  }
  answer.delay += delay;
  append_limit_headers(search, key, now, answer);
  return answer;
}

Answer test_key_search(const SimState& state, const Request& request) {
  auto parsed = parse_search(QueryParams{request.query}, state.switches.strict_filters);
  if (auto* refused = std::get_if<Answer>(&parsed))
    return std::move(*refused);
  static const auto body = [] {
    const QueryParams params{"domain=c35.example-works.test"};
    const auto query = std::get<SearchQuery>(parse_search(params, false));
    const auto view = view_domain(0, query.domain);
    return render_page(view, query, params, {}, find_rows(view, query, {}));
  }();
  return json_answer(body);
}

} // namespace gleaner::sim
