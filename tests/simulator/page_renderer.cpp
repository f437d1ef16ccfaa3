#include "tests/simulator/page_renderer.hpp"

namespace gleaner::sim {

namespace {

void append_bool(std::string& out, std::string_view name, bool value, bool as_null) {
  out.append(",\"").append(name).append(as_null ? "\":null" : value ? "\":true" : "\":false");
}

/// "acme-works.test" is organised by Acme Works.
std::string organization_of(std::string_view domain) {
  std::string name{domain.substr(0, domain.find('.'))};
  bool start = true;
  for (auto& c : name) {
    if (start && c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
    start = c == '-';
    c = start ? ' ' : c;
  }
  return name;
}

/// Fields of 2023 that the current documentation no longer has.
constexpr std::string_view legacy_fields =
  ",\"description\":\"Makes things.\",\"industry\":\"Manufacturing\",\"twitter\":null,"
  "\"facebook\":null,\"linkedin\":\"https://linkedin.com/company/example\",\"instagram\":null,"
  "\"youtube\":null,\"technologies\":[\"nginx\",\"varnish\"],\"country\":\"DE\",\"state\":null,"
  "\"city\":\"Bremen\",\"postal_code\":\"28195\",\"street\":null,\"headcount\":\"51-200\","
  "\"company_type\":\"privately held\"";

constexpr std::string_view linked_domains = ",\"linked_domains\":[]";

void append_data_head(std::string& out, const DomainView& view, std::string_view domain,
                      const Switches& switches) {
  const bool nobody = view.company.people == 0;
  const bool all_null = switches.nulls == "all";
  out.append("{\"data\":{\"domain\":");
  out.append(nobody && switches.null_domain ? "null" : domain);
  append_bool(out, "disposable", view.traits.disposable, false);
  append_bool(out, "webmail", view.webmail, false);
  append_bool(out, "accept_all", view.traits.accept_all, all_null);
  out.append(",\"pattern\":");
  if (nobody || all_null)
    out.append("null,\"organization\":null");
  else
    out.append("\"")
      .append(view.company.pattern)
      .append("\",\"organization\":")
      .append(json_quoted(organization_of(domain.substr(1, domain.size() - 2))));
  out.append(switches.legacy_fields ? legacy_fields : linked_domains);
  if (switches.extra_keys)
    out.append(",\"beta_score\":0.5,\"beta_profile\":{\"tags\":[\"a\",{\"b\":null}]}");
}

void append_meta(std::string& out, const SearchQuery& query, const QueryParams& params,
                 const Switches& switches, std::uint32_t total) {
  out.append("},\"meta\":{\"results\":").append(std::to_string(total));
  out.append(",\"limit\":").append(std::to_string(query.limit));
  out.append(",\"offset\":").append(std::to_string(query.offset));
  out.append(",\"params\":{");
  bool first = true;
  for (const auto* name : {"domain", "company", "type", "seniority", "department"}) {
    const auto* value = params.find(name);
    out.append(first ? "\"" : ",\"").append(name).append("\":");
    out.append(value ? json_quoted(*value) : "null");
    first = false;
  }
  out.append("}").append(switches.extra_keys ? ",\"beta_cursor\":\"c2lt\"" : "").append("}}");
}

} // namespace

std::string render_page(const DomainView& view, const SearchQuery& query, const QueryParams& params,
                        const Switches& switches, const FoundRows& found) {
  const auto domain = json_quoted(query.domain);
  const auto bare = std::string_view{domain}.substr(1, domain.size() - 2);
  std::string out;
  out.reserve(1024 + found.rows.size() * 560);
  append_data_head(out, view, domain, switches);
  out.append(",\"emails\":[");
  const bool decision_maker = query.wants_decision_maker || switches.decision_maker;
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    if (i > 0)
      out += ',';
    const auto person = person_at(view.company, found.rows[i], switches.nulls);
    append_person(out, person, view.company, bare, switches, decision_maker);
  }
  out += ']';
  if (switches.legacy_fields)
    out.append(linked_domains);
  append_meta(out, query, params, switches, found.total);
  return out;
}

} // namespace gleaner::sim
