#include "adapters/store/collection_json.hpp"

#include "adapters/store/collection_reader.hpp"
#include "adapters/store/json_writer.hpp"

#include <utility>

namespace gleaner::store {

namespace {

void member(JsonWriter& out, std::string_view key, std::string_view text) {
  out.member(key, text);
}

void member(JsonWriter& out, std::string_view key, std::uint32_t number) {
  out.key(key);
  out.number(std::uint64_t{number});
}

void flag_member(JsonWriter& out, std::string_view key, bool flag) {
  out.key(key);
  out.flag(flag);
}

void write_source(JsonWriter& out, const BasicContactSource<std::string_view>& source) {
  out.begin_object();
  member(out, "domain", source.domain);
  member(out, "uri", source.uri);
  member(out, "extractedOn", source.extracted_on);
  member(out, "lastSeenOn", source.last_seen_on);
  flag_member(out, "stillOnPage", source.still_on_page);
  out.end_object();
}

/// The first five keys are those of the Node worker, in its order.
void write_contact(JsonWriter& out, const ContactView& contact) {
  out.begin_object();
  member(out, "email", contact.email);
  member(out, "name", contact.name);
  member(out, "title", contact.title);
  out.key("confidence");
  out.number(contact.confidence);
  member(out, "source", contact.source);
  member(out, "type", contact.type);
  member(out, "firstName", contact.first_name);
  member(out, "lastName", contact.last_name);
  member(out, "seniority", contact.seniority);
  member(out, "department", contact.department);
  member(out, "linkedin", contact.linkedin);
  member(out, "twitter", contact.twitter);
  member(out, "phoneNumber", contact.phone_number);
  out.key("verification");
  out.begin_object();
  member(out, "status", contact.verification_status);
  member(out, "date", contact.verification_date);
  out.end_object();
  out.key("sources");
  out.begin_array();
  for (const auto& source : contact.sources)
    write_source(out, source);
  out.end_array();
  out.end_object();
}

void write_metadata(JsonWriter& out, const Collection::Metadata& metadata) {
  out.begin_object();
  member(out, "jobId", metadata.job_id);
  member(out, "processedAt", metadata.processed_at);
  if (!metadata.truncated.empty())
    member(out, "truncated", metadata.truncated);
  member(out, "pages", metadata.pages);
  member(out, "duplicates", metadata.duplicates);
  member(out, "rejected", metadata.rejected);
  member(out, "organization", metadata.organization);
  member(out, "pattern", metadata.pattern);
  flag_member(out, "acceptAll", metadata.accept_all);
  flag_member(out, "webmail", metadata.webmail);
  flag_member(out, "disposable", metadata.disposable);
  out.end_object();
}

/// Parses what `json` holds into `reader`.
std::string find_problem(std::istream& json, CollectionReader& reader) {
  nlohmann::json::sax_parse(json, &reader);
  return reader.problem();
}

} // namespace

std::string to_json(const Collection& collection) {
  std::string json;
  write_json(collection, json);
  return json;
}

void write_json(const Collection& collection, std::string& json) {
  constexpr std::size_t usual_contact = 900;
  json.reserve(1024 + collection.items.size() * usual_contact);
  JsonWriter out{json};
  out.begin_object();
  member(out, "domain", collection.domain);
  member(out, "collectedAt", collection.collected_at);
  out.key("items");
  out.begin_array();
  for (const auto& contact : collection.items)
    write_contact(out, contact);
  out.end_array();
  member(out, "total", collection.total);
  out.key("metadata");
  write_metadata(out, collection.metadata);
  out.end_object();
}

Result<Collection> read_collection(std::istream& json) {
  CollectionReader reader{true};
  if (auto problem = find_problem(json, reader); !problem.empty())
    return Error{Errc::store_io, std::move(problem)};
  return std::move(reader.collection());
}

Result<CollectionInfo> read_info(std::istream& json) {
  CollectionReader reader{false};
  if (auto problem = find_problem(json, reader); !problem.empty())
    return Error{Errc::store_io, std::move(problem)};
  auto& read = reader.collection();
  const auto rows = reader.item_count() + read.metadata.duplicates + read.metadata.rejected;
  return CollectionInfo{std::move(read.domain),
                        std::move(read.collected_at),
                        reader.item_count(),
                        rows,
                        read.total,
                        std::move(read.metadata.truncated),
                        {},
                        0};
}

} // namespace gleaner::store
