#include "tests/simulator/search_query.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace gleaner::sim {

namespace {

constexpr std::uint32_t largest_page = 100;

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc{} && end == text.data() + text.size();
  return good ? std::optional{value} : std::nullopt;
}

/// Splits a comma list and sorts out what `known` does not have. False: nothing valid is left, or,
/// when `strict`, something invalid was there.
bool read_list(std::string_view text, const std::vector<std::string_view>& known, bool strict,
               std::vector<std::string>& out) {
  bool clean = true;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto value = text.substr(0, end);
    if (std::find(known.begin(), known.end(), value) != known.end())
      out.emplace_back(value);
    else
      clean = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return !out.empty() && (clean || !strict);
}

std::optional<Answer> read_paging(const QueryParams& params, SearchQuery& query) {
  if (const auto* text = params.find("limit")) {
    const auto limit = integer(*text);
    if (!limit || *limit < 1)
      return error_answer(400, "pagination_error",
                          "The parameter 'limit' should be a positive integer.");
    if (*limit > largest_page)
      return error_answer(400, "pagination_error",
                          "The parameter 'limit' should range between 1 and 100.");
    query.limit = static_cast<std::uint32_t>(*limit);
  }
  if (const auto* text = params.find("offset")) {
    const auto offset = integer(*text);
    if (!offset || *offset < 0 || *offset > std::numeric_limits<std::int32_t>::max())
      return error_answer(400, "pagination_error",
                          "The parameter 'offset' should be a positive integer.");
    query.offset = static_cast<std::uint32_t>(*offset);
  }
  return std::nullopt;
}

Answer invalid(std::string_view name) {
  const bool own_id = name == "type" || name == "seniority" || name == "department";
  return error_answer(400, own_id ? "invalid_" + std::string{name} : "wrong_params",
                      "The supplied " + std::string{name} + " is invalid.");
}

std::vector<std::string_view> known_departments() {
  std::vector<std::string_view> all(departments.begin(), departments.end());
  all.push_back("~"); // people without one
  return all;
}

std::optional<Answer> read_filters(const QueryParams& params, bool strict, PeopleFilter& filter) {
  std::vector<std::string> type, required;
  struct List {
    std::string_view name;
    std::vector<std::string_view> known;
    std::vector<std::string>& out;
  };
  const List lists[] = {
    {"type", {"personal", "generic"}, type},
    {"seniority", {seniorities.begin(), seniorities.end()}, filter.seniority},
    {"department", known_departments(), filter.department},
    {"verification_status", {"valid", "accept_all", "unknown"}, filter.verification},
    {"required_field", {"full_name", "position", "phone_number"}, required}};
  for (const auto& list : lists) {
    const auto* text = params.find(list.name);
    if (text && !read_list(*text, list.known, strict, list.out))
      return invalid(list.name);
  }
  if (type.size() == 1) // both types are no restriction
    filter.type = type.front();
  const auto needs = [&](std::string_view field) {
    return std::find(required.begin(), required.end(), field) != required.end();
  };
  filter.needs_full_name = needs("full_name");
  filter.needs_position = needs("position");
  filter.needs_phone = needs("phone_number");
  return std::nullopt;
}

} // namespace

std::string domain_of(const QueryParams& params) {
  if (const auto* domain = params.find("domain"))
    return lower(*domain);
  std::string slug;
  for (const char c : lower(params.get("company")))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
      slug += c;
  return slug.empty() ? slug : slug + ".sim.test";
}

std::variant<SearchQuery, Answer> parse_search(const QueryParams& params, bool strict) {
  SearchQuery query;
  query.domain = domain_of(params);
  if (query.domain.empty())
    return error_answer(400, "wrong_params", "You are missing the domain parameter");
  if (auto refused = read_paging(params, query))
    return std::move(*refused);
  if (auto refused = read_filters(params, strict, query.filter))
    return std::move(*refused);
  if (const auto* text = params.find("decision_maker")) {
    query.wants_decision_maker = true;
    if (*text != "true" && *text != "false")
      return invalid("decision_maker");
    query.filter.decision_maker = *text == "true";
  }
  return query;
}

} // namespace gleaner::sim
