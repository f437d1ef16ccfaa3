#include "app/collection_export.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <initializer_list>
#include <utility>

namespace gleaner {

namespace {

std::string decimal(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(std::begin(text), std::end(text), value);
  return error == std::errc{} ? std::string{text, end} : std::string{};
}

std::string_view first_seen(const ContactView& contact) {
  std::string_view first;
  for (const auto& source : contact.sources)
    if (!source.extracted_on.empty() && (first.empty() || source.extracted_on < first))
      first = source.extracted_on;
  return first;
}

std::string_view last_seen(const ContactView& contact) {
  std::string_view last;
  for (const auto& source : contact.sources)
    last = std::max(last, source.last_seen_on);
  return last;
}

constexpr const char* columns[] = {"domain",
                                   "email",
                                   "type",
                                   "confidence",
                                   "first_name",
                                   "last_name",
                                   "position",
                                   "seniority",
                                   "department",
                                   "linkedin",
                                   "twitter",
                                   "phone_number",
                                   "verification_status",
                                   "verification_date",
                                   "first_seen",
                                   "last_seen",
                                   "sources_count",
                                   "job_id"};

} // namespace

std::string csv_cell(std::string_view text, bool guard) {
  constexpr std::string_view formula_starts = "=+-@\t\r";
  std::string cell;
  if (guard && !text.empty() && formula_starts.find(text.front()) != std::string_view::npos)
    cell += '\'';
  cell += text;
  if (cell.find_first_of(",\"\r\n") == std::string::npos)
    return cell;
  std::string quoted = "\"";
  for (const char c : cell)
    quoted += c == '"' ? std::string{"\"\""} : std::string(1, c);
  return quoted + '"';
}

std::string csv_header() {
  std::string header;
  for (const auto* column : columns)
    header += (header.empty() ? "" : ",") + std::string{column};
  return header + "\r\n";
}

void write_csv(std::ostream& out, const Collection& collection, bool guard) {
  for (const auto& contact : collection.items) {
    const auto confidence = decimal(contact.confidence);
    const auto sources = std::to_string(contact.sources.size());
    const auto first = first_seen(contact), last = last_seen(contact);
    const std::initializer_list<std::string_view> cells{collection.domain,
                                                        contact.email,
                                                        contact.type,
                                                        confidence,
                                                        contact.first_name,
                                                        contact.last_name,
                                                        contact.title,
                                                        contact.seniority,
                                                        contact.department,
                                                        contact.linkedin,
                                                        contact.twitter,
                                                        contact.phone_number,
                                                        contact.verification_status,
                                                        contact.verification_date,
                                                        first,
                                                        last,
                                                        sources,
                                                        collection.metadata.job_id};
    const char* separator = "";
    for (const auto cell : cells)
      out << std::exchange(separator, ",") << csv_cell(cell, guard);
    out << "\r\n";
  }
}

void write_ndjson(std::ostream& out, const Collection& collection) {
  for (const auto& contact : collection.items) {
    nlohmann::ordered_json line{{"schema", "gleaner.contact/1"},
                                {"domain", collection.domain},
                                {"email", contact.email},
                                {"type", contact.type},
                                {"confidence", contact.confidence},
                                {"name", contact.name},
                                {"first_name", contact.first_name},
                                {"last_name", contact.last_name},
                                {"position", contact.title},
                                {"seniority", contact.seniority},
                                {"department", contact.department},
                                {"linkedin", contact.linkedin},
                                {"twitter", contact.twitter},
                                {"phone_number", contact.phone_number},
                                {"verification_status", contact.verification_status},
                                {"verification_date", contact.verification_date},
                                {"first_seen", first_seen(contact)},
                                {"last_seen", last_seen(contact)},
                                {"sources_count", contact.sources.size()},
                                {"collected_at", collection.collected_at},
                                {"job_id", collection.metadata.job_id}};
    out << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
}

} // namespace gleaner
