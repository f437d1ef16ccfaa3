#include "adapters/hunter/contact_reader.hpp"

#include <array>

namespace gleaner::hunter {

namespace {

/// One more than are stored, so that whoever stores them sees that there were more.
constexpr std::size_t most_sources = 21;

enum class Kind { text, confidence, sources, verification };

struct EntryKey {
  std::string_view json;
  Kind kind = Kind::text;
  std::string_view RawContact::*text = nullptr;
  std::string_view reject; ///< The field's name in ContactReject.
};

/// In the order in which the API sends them.
constexpr std::array entry_keys{
  EntryKey{"value", Kind::text, &RawContact::email, "email"},
  EntryKey{"type", Kind::text, &RawContact::type, "type"},
  EntryKey{"confidence", Kind::confidence, nullptr, ""},
  EntryKey{"sources", Kind::sources, nullptr, "sources"},
  EntryKey{"first_name", Kind::text, &RawContact::first_name, "first_name"},
  EntryKey{"last_name", Kind::text, &RawContact::last_name, "last_name"},
  EntryKey{"position", Kind::text, &RawContact::position, "position"},
  EntryKey{"seniority", Kind::text, &RawContact::seniority, "seniority"},
  EntryKey{"department", Kind::text, &RawContact::department, "department"},
  EntryKey{"linkedin", Kind::text, &RawContact::linkedin, "linkedin"},
  EntryKey{"twitter", Kind::text, &RawContact::twitter, "twitter"},
  EntryKey{"phone_number", Kind::text, &RawContact::phone_number, "phone_number"},
  EntryKey{"verification", Kind::verification, nullptr, "verification"},
};

/// The key's entry, looked for from `expected` on; null for a key that is not read.
const EntryKey* find_key(ondemand::raw_json_string key, std::size_t& expected) {
  for (std::size_t tried = 0; tried < entry_keys.size(); ++tried) {
    const auto& candidate = entry_keys[(expected + tried) % entry_keys.size()];
    if (!key.unsafe_is_equal(candidate.json))
      continue;
    expected = (expected + tried + 1) % entry_keys.size();
    return &candidate;
  }
  return nullptr;
}

/// A number as it was sent; nothing for what is none or fits no double.
std::optional<double> read_number(ondemand::value& value) {
  double number = 0;
  if (value.get_double().get(number) != simdjson::SUCCESS)
    return std::nullopt;
  return number;
}

bool is_null(ondemand::value& value) {
  bool null = false;
  return value.is_null().get(null) == simdjson::SUCCESS && null;
}

} // namespace

error_code ContactReader::read(ondemand::value& entry) {
  clear();
  ondemand::object object;
  if (entry.get_object().get(object) != simdjson::SUCCESS) {
    refusal_ = {"record", "wrong_type"};
    return simdjson::SUCCESS;
  }
  const auto error =
    for_each_field(object, [&](ondemand::raw_json_string key, ondemand::value& value) {
      return read_field(key, value);
    });
  if (!refusal_ && contact_.email.empty())
    refusal_ = {"email", "missing"};
  return error;
}

void ContactReader::clear() {
  auto sources = std::move(contact_.sources);
  auto dropped = std::move(contact_.dropped);
  sources.clear();
  dropped.clear();
  contact_ = {};
  contact_.sources = std::move(sources); // keeps what they have allocated
  contact_.dropped = std::move(dropped);
  refusal_.reset();
  next_key_ = 0;
}

error_code ContactReader::read_field(ondemand::raw_json_string key, ondemand::value& value) {
  const auto* known = find_key(key, next_key_);
  if (known == nullptr)
    return simdjson::SUCCESS;
  switch (known->kind) {
  case Kind::text:
    return read_text_field(known->reject, value, contact_.*(known->text));
  case Kind::confidence:
    contact_.confidence = read_number(value);
    return simdjson::SUCCESS;
  case Kind::sources:
    return read_sources(value);
  case Kind::verification:
    return read_verification(value);
  }
  return simdjson::SUCCESS;
}

error_code ContactReader::read_text_field(std::string_view name, ondemand::value& value,
                                          std::string_view& text) {
  auto outcome = TextOutcome::null;
  if (const auto error = read_text(value, text, outcome); error != simdjson::SUCCESS)
    return error;
  if (outcome == TextOutcome::wrong_type)
    drop(name, "wrong_type");
  if (outcome == TextOutcome::invalid_unicode)
    drop(name, "invalid_utf8");
  return simdjson::SUCCESS;
}

error_code ContactReader::read_verification(ondemand::value& value) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) {
    if (!is_null(value))
      drop("verification", "wrong_type");
    return simdjson::SUCCESS;
  }
  return for_each_field(object, [&](ondemand::raw_json_string key, ondemand::value& field) {
    if (key.unsafe_is_equal("status"))
      return read_text_field("verification_status", field, contact_.verification_status);
    if (key.unsafe_is_equal("date"))
      return read_text_field("verification_date", field, contact_.verification_date);
    return simdjson::SUCCESS;
  });
}

error_code ContactReader::read_sources(ondemand::value& value) {
  contact_.sources.clear();
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) {
    if (!is_null(value))
      drop("sources", "wrong_type");
    return simdjson::SUCCESS;
  }
  return for_each_element(array, [&](ondemand::value& element) {
    return contact_.sources.size() < most_sources ? read_source(element) : simdjson::SUCCESS;
  });
}

error_code ContactReader::read_source(ondemand::value& value) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) {
    drop("sources", "wrong_type");
    return simdjson::SUCCESS;
  }
  auto& source = contact_.sources.emplace_back();
  return for_each_field(object, [&](ondemand::raw_json_string key, ondemand::value& field) {
    if (key.unsafe_is_equal("domain"))
      return read_text_field("source_domain", field, source.domain);
    if (key.unsafe_is_equal("uri"))
      return read_text_field("source_uri", field, source.uri);
    if (key.unsafe_is_equal("extracted_on"))
      return read_text_field("source_date", field, source.extracted_on);
    if (key.unsafe_is_equal("last_seen_on"))
      return read_text_field("source_date", field, source.last_seen_on);
    if (key.unsafe_is_equal("still_on_page"))
      source.still_on_page = read_flag(field);
    return simdjson::SUCCESS;
  });
}

/// An address that can't be read refuses the entry. Of a field that hostile bodies send again and
/// again only the first few are noted.
void ContactReader::drop(std::string_view field, std::string_view reason) {
  constexpr std::size_t most_noted = 64;
  if (field == "email")
    refusal_ = {field, reason};
  else if (contact_.dropped.size() < most_noted)
    contact_.dropped.push_back({field, reason});
}

} // namespace gleaner::hunter
