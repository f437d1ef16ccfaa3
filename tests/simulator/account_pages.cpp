#include "tests/simulator/account_pages.hpp"

#include "tests/simulator/page_renderer.hpp"

#include <algorithm>

namespace gleaner::sim {

namespace {

/// Large domains are counted from a sample of this many rows.
constexpr std::uint32_t largest_sample = 5000;

std::string dumped(const Json& body) {
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json bucket(double used, double available, const Account& account) {
  Json out{{"used", used}, {"available", available}};
  if (!account.omit_remaining)
    out["remaining"] = std::max(0., available - used);
  return out;
}

Json whole(const Json& number) {
  return number.get<std::int64_t>();
}

Json requests_of(const Account& account) {
  Json requests = Json::object();
  if (!account.two_buckets)
    requests["credits"] = bucket(account.used, account.available, account);
  requests["searches"] = {{"used", whole(account.used)}, {"available", whole(account.available)}};
  requests["verifications"] = {{"used", 0}, {"available", whole(account.available)}};
  return requests;
}

std::uint32_t plan_level(const SimState& state, const Account& account) {
  return state.switches.plan_level.value_or(account.plan_level);
}

struct Counts {
  std::uint32_t generic = 0, sampled = 0;
  Json departments = Json::object();
  Json seniorities = Json::object();
};

void increment(Json& counts, std::string_view name) {
  if (!name.empty()) {
    auto& count = counts[std::string{name}];
    count = count.get<std::uint32_t>() + 1;
  }
}

Counts count_people(const DomainView& view, const Switches& switches) {
  Counts counts;
  for (const auto name : departments)
    counts.departments[std::string{name}] = 0;
  for (const auto name : seniorities)
    counts.seniorities[std::string{name}] = 0;
  counts.sampled = std::min(view.company.people, largest_sample);
  for (std::uint32_t row = 0; row < counts.sampled; ++row) {
    const auto person = person_at(view.company, row, switches.nulls);
    counts.generic += person.generic ? 1 : 0;
    increment(counts.departments, person.department);
    increment(counts.seniorities, person.seniority);
  }
  return counts;
}

} // namespace

Answer account_page(const SimState& state, const Account& account) {
  Json data{{"first_name", "Ana"},
            {"last_name", "Test"},
            {"email", "ana@example.test"},
            {"plan_name", plan_level(state, account) == 0 ? "Free" : account.plan_name},
            {"plan_level", plan_level(state, account)},
            {"reset_date", account.reset_date},
            {"team_id", 4242},
            {"requests", requests_of(account)},
            {"calls",
             {{"_deprecation_notice", "Deprecated sum"},
              {"used", whole(account.used)},
              {"available", whole(account.available)}}}};
  return json_answer(dumped({{"data", std::move(data)}}));
}

Answer usage_page(const Account& account, const QueryParams& params) {
  const auto overage = params.get("show_overage_requests") == "true";
  auto requests = requests_of(account);
  if (overage)
    requests["over_quota"] = 0;
  Json body;
  body["data"] = {{"reset_date", account.reset_date}, {"requests", std::move(requests)}};
  body["meta"]["params"]["show_overage_requests"] = overage;
  return json_answer(dumped(body));
}

Answer email_count_page(const SimState& state, const QueryParams& params) {
  const auto domain = domain_of(params);
  if (domain.empty() || (!params.find("domain") && params.get("company").size() < 3))
    return error_answer(400, "wrong_params", "You are missing the domain parameter");
  const auto view = view_domain(state.options.seed, domain);
  const auto counts = count_people(view, state.switches);
  // People who are claimed or capped are counted but never listed.
  const std::uint64_t all = view.company.people + view.company.people / 10;
  const auto type = params.get("type");
  const auto all_generic = counts.sampled == 0 ? 0 : all * counts.generic / counts.sampled;
  const auto generic = type == "personal" ? 0 : all_generic;
  const auto personal = type == "generic" ? 0 : all - all_generic;
  Json body;
  body["data"] = {{"total", personal + generic},
                  {"personal_emails", personal},
                  {"generic_emails", generic},
                  {"department", counts.departments},
                  {"seniority", counts.seniorities}};
  for (const auto* name : {"domain", "company", "type"}) {
    const auto* value = params.find(name);
    body["meta"]["params"][name] = value ? Json(*value) : Json();
  }
  return json_answer(dumped(body));
}

} // namespace gleaner::sim
