#include "adapters/store/collection_reader.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace gleaner::store {

namespace {

constexpr std::size_t deepest = 64;

template <class Record>
using TextMember = std::pair<std::string_view, std::string Record::*>;

constexpr std::array contact_texts{
  TextMember<Contact>{"email", &Contact::email},
  TextMember<Contact>{"name", &Contact::name},
  TextMember<Contact>{"title", &Contact::title},
  TextMember<Contact>{"source", &Contact::source},
  TextMember<Contact>{"type", &Contact::type},
  TextMember<Contact>{"firstName", &Contact::first_name},
  TextMember<Contact>{"lastName", &Contact::last_name},
  TextMember<Contact>{"seniority", &Contact::seniority},
  TextMember<Contact>{"department", &Contact::department},
  TextMember<Contact>{"linkedin", &Contact::linkedin},
  TextMember<Contact>{"twitter", &Contact::twitter},
  TextMember<Contact>{"phoneNumber", &Contact::phone_number},
};
constexpr std::array verification_texts{
  TextMember<Contact>{"status", &Contact::verification_status},
  TextMember<Contact>{"date", &Contact::verification_date},
};
constexpr std::array source_texts{
  TextMember<ContactSource>{"domain", &ContactSource::domain},
  TextMember<ContactSource>{"uri", &ContactSource::uri},
  TextMember<ContactSource>{"extractedOn", &ContactSource::extracted_on},
  TextMember<ContactSource>{"lastSeenOn", &ContactSource::last_seen_on},
};
constexpr std::array root_texts{
  TextMember<Collection>{"domain", &Collection::domain},
  TextMember<Collection>{"collectedAt", &Collection::collected_at},
};
using Metadata = Collection::Metadata;
constexpr std::array metadata_texts{
  TextMember<Metadata>{"jobId", &Metadata::job_id},
  TextMember<Metadata>{"processedAt", &Metadata::processed_at},
  TextMember<Metadata>{"truncated", &Metadata::truncated},
  TextMember<Metadata>{"organization", &Metadata::organization},
  TextMember<Metadata>{"pattern", &Metadata::pattern},
};

template <class Record, std::size_t Size>
std::string* find_text(const std::array<TextMember<Record>, Size>& members, std::string_view key,
                       Record& record) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.first == key; });
  return found == members.end() ? nullptr : &(record.*(found->second));
}

std::uint32_t to_count(double value) {
  constexpr double most = std::numeric_limits<std::uint32_t>::max();
  return value > 0 ? static_cast<std::uint32_t>(std::min(value, most)) : 0; // NaN: 0
}

} // namespace

std::string CollectionReader::problem() const {
  if (!problem_.empty())
    return problem_;
  if (!has_domain_ || collection_.domain.empty())
    return "is no collection: it has no domain";
  return has_items_ ? "" : "is no collection: it has no items";
}

CollectionReader::Place CollectionReader::object_place() {
  switch (place()) {
  case Place::outside:
    return Place::root;
  case Place::root:
    return key_ == "metadata" ? Place::metadata : Place::skipped;
  case Place::items:
    ++item_count_;
    if (!with_items_)
      return Place::skipped;
    item_ = {};
    return Place::item;
  case Place::item:
    return key_ == "verification" ? Place::verification : Place::skipped;
  case Place::sources:
    item_.sources.emplace_back();
    return Place::source;
  case Place::verification:
  case Place::source:
  case Place::metadata:
  case Place::skipped:
    return Place::skipped;
  }
  return Place::skipped;
}

CollectionReader::Place CollectionReader::array_place() {
  if (place() == Place::root && key_ == "items") {
    has_items_ = true;
    item_count_ = 0;
    collection_.items = {};
    return Place::items;
  }
  return place() == Place::item && key_ == "sources" ? Place::sources : Place::skipped;
}

bool CollectionReader::enter(Place place) {
  if (places_.size() == deepest) {
    problem_ = "is no collection: it is nested more than " + std::to_string(deepest) + " deep";
    return false;
  }
  places_.push_back(place);
  return true;
}

bool CollectionReader::leave() {
  if (place() == Place::item)
    collection_.items.push_back(item_);
  places_.pop_back();
  return true;
}

bool CollectionReader::start_object(std::size_t) {
  return enter(object_place());
}
bool CollectionReader::start_array(std::size_t) {
  return enter(array_place());
}
bool CollectionReader::end_object() {
  return leave();
}
bool CollectionReader::end_array() {
  return leave();
}

bool CollectionReader::key(string_t& name) {
  key_.swap(name);
  return true;
}

/// Where the text of the current key goes; null when nobody wants it.
std::string* CollectionReader::text_target() {
  switch (place()) {
  case Place::root:
    return find_text(root_texts, key_, collection_);
  case Place::item:
    return find_text(contact_texts, key_, item_);
  case Place::verification:
    return find_text(verification_texts, key_, item_);
  case Place::source:
    return find_text(source_texts, key_, item_.sources.back());
  case Place::metadata:
    return find_text(metadata_texts, key_, collection_.metadata);
  case Place::outside:
  case Place::items:
  case Place::sources:
  case Place::skipped:
    return nullptr;
  }
  return nullptr;
}

bool CollectionReader::string(string_t& value) {
  if (auto* target = text_target()) {
    target->swap(value);
    has_domain_ |= target == &collection_.domain;
  }
  return true;
}

bool CollectionReader::number(double value) {
  auto& metadata = collection_.metadata;
  if (place() == Place::root && key_ == "total")
    collection_.total = to_count(value);
  else if (place() == Place::item && key_ == "confidence")
    item_.confidence = value;
  else if (place() == Place::metadata && key_ == "pages")
    metadata.pages = to_count(value);
  else if (place() == Place::metadata && key_ == "duplicates")
    metadata.duplicates = to_count(value);
  else if (place() == Place::metadata && key_ == "rejected")
    metadata.rejected = to_count(value);
  return true;
}

bool CollectionReader::number_integer(number_integer_t value) {
  return number(static_cast<double>(value));
}

bool CollectionReader::number_unsigned(number_unsigned_t value) {
  return number(static_cast<double>(value));
}

bool CollectionReader::number_float(number_float_t value, const string_t&) {
  return number(value);
}

bool CollectionReader::boolean(bool value) {
  auto& metadata = collection_.metadata;
  if (place() == Place::source && key_ == "stillOnPage")
    item_.sources.back().still_on_page = value;
  else if (place() == Place::metadata && key_ == "acceptAll")
    metadata.accept_all = value;
  else if (place() == Place::metadata && key_ == "webmail")
    metadata.webmail = value;
  else if (place() == Place::metadata && key_ == "disposable")
    metadata.disposable = value;
  return true;
}

/// The parser's own text would quote the file, which holds addresses.
bool CollectionReader::parse_error(std::size_t position, const std::string&,
                                   const nlohmann::detail::exception&) {
  problem_ = "is not JSON at byte " + std::to_string(position);
  return false;
}

} // namespace gleaner::store
