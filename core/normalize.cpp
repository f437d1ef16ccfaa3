#include "core/normalize.hpp"

#include "core/mail_address.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t longest_address = 254; // RFC 5321, 4.5.3.1.3 less the angle brackets
constexpr std::size_t longest_text = 1024;
constexpr std::size_t longest_uri = 2048;
constexpr std::size_t most_sources = 20;

/// Why a text can't be stored, or "".
std::string_view find_reason(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes)
    return "too_long";
  if (is_printable_ascii(text))
    return {};
  if (!is_utf8(text))
    return "invalid_utf8";
  while (!text.empty())
    if (is_control(take_code_point(text).value_or(0)))
      return "control_characters";
  return {};
}

/// Addresses of pages that would run as code where somebody makes a link of them.
bool is_script(std::string_view uri) {
  constexpr std::array<std::string_view, 3> schemes{"javascript:", "vbscript:", "data:"};
  const auto begin = lower_case(uri.substr(0, 11));
  return std::any_of(schemes.begin(), schemes.end(),
                     [&](std::string_view scheme) { return begin.starts_with(scheme); });
}

/// "2026-06-19" of a date, or of a date with a time behind it.
std::string_view day_of(std::string_view date) {
  constexpr std::string_view form = "dddd-dd-dd";
  const auto matches = [](char c, char f) { return f == 'd' ? c >= '0' && c <= '9' : c == f; };
  const auto day = date.substr(0, form.size());
  if (day.size() < form.size() || !std::equal(day.begin(), day.end(), form.begin(), matches))
    return {};
  return date.size() == form.size() || date[form.size()] == 'T' || date[form.size()] == ' ' ? day
                                                                                            : "";
}

/// Reads the fields of one record and notes what it had to refuse.
class FieldReader {
public:
  explicit FieldReader(std::vector<ContactReject>& rejects) : rejects_(rejects) {}

  std::string text(std::string_view field, std::string_view raw) {
    std::string_view reason;
    auto clean = clean_text(raw, longest_text, reason);
    if (!reason.empty())
      refuse(field, reason);
    return clean;
  }

  /// A URL or a handle; kept byte for byte.
  std::string link(std::string_view field, std::string_view raw) {
    auto reason = find_reason(raw, longest_uri);
    const auto link = reason.empty() ? trim(raw) : "";
    if (is_script(link))
      reason = "malformed";
    if (reason.empty())
      return std::string{link};
    refuse(field, reason);
    return {};
  }

  std::string date(std::string_view field, std::string_view raw) {
    const auto day = day_of(trim(raw));
    if (day.empty() && !raw.empty())
      refuse(field, "malformed");
    return std::string{day};
  }

  std::optional<std::string> address(std::string_view raw) {
    auto reason = find_reason(raw, longest_address);
    auto address = reason.empty() ? lower_case(trim(raw)) : std::string{};
    if (reason.empty() && !is_mail_address(address))
      reason = address.empty() ? "missing" : "malformed";
    if (reason.empty())
      return address;
    refuse("email", reason);
    return std::nullopt;
  }

  std::vector<ContactSource> sources(const std::vector<RawContact::Source>& raw) {
    std::vector<ContactSource> sources;
    if (raw.size() > most_sources)
      refuse("sources", "too_many");
    sources.reserve(std::min(raw.size(), most_sources));
    for (const auto& from : raw) {
      if (sources.size() == most_sources)
        break;
      ContactSource source{text("source_domain", from.domain), link("source_uri", from.uri),
                           date("source_date", from.extracted_on),
                           date("source_date", from.last_seen_on), from.still_on_page};
      if (!source.domain.empty() || !source.uri.empty())
        sources.push_back(std::move(source));
    }
    return sources;
  }

private:
  void refuse(std::string_view field, std::string_view reason) {
    rejects_.push_back({field, reason});
  }

  std::vector<ContactReject>& rejects_;
};

std::string join_name(const std::string& first, const std::string& last) {
  return first.empty() || last.empty() ? first + last : first + ' ' + last;
}

} // namespace

std::string clean_text(std::string_view text, std::size_t max_bytes, std::string_view& reason) {
  if (const auto found = find_reason(text, max_bytes); !found.empty()) {
    reason = found;
    return {};
  }
  return to_nfc(trim(text));
}

std::optional<Contact> normalize(const RawContact& raw, std::vector<ContactReject>& rejects) {
  FieldReader read{rejects};
  auto address = read.address(raw.email);
  if (!address)
    return std::nullopt;
  rejects.insert(rejects.end(), raw.dropped.begin(), raw.dropped.end());
  Contact contact;
  contact.email = std::move(*address);
  contact.first_name = read.text("first_name", raw.first_name);
  contact.last_name = read.text("last_name", raw.last_name);
  contact.name = join_name(contact.first_name, contact.last_name);
  contact.title = read.text("position", raw.position);
  contact.confidence = std::clamp(raw.confidence.value_or(0), 0.0, 100.0) / 100;
  contact.type = read.text("type", raw.type);
  contact.seniority = read.text("seniority", raw.seniority);
  contact.department = read.text("department", raw.department);
  contact.linkedin = read.link("linkedin", raw.linkedin);
  contact.twitter = read.link("twitter", raw.twitter);
  contact.phone_number = read.text("phone_number", raw.phone_number);
  contact.verification_status = read.text("verification_status", raw.verification_status);
  contact.verification_date = read.date("verification_date", raw.verification_date);
  contact.sources = read.sources(raw.sources);
  contact.source = contact.sources.empty() ? "" : contact.sources.front().uri;
  return contact;
}

unsigned richness(const Contact& contact) noexcept {
  unsigned known = contact.confidence > 0 ? 1 : 0;
  for (const auto* text :
       {&contact.first_name, &contact.last_name, &contact.title, &contact.type, &contact.seniority,
        &contact.department, &contact.linkedin, &contact.twitter, &contact.phone_number,
        &contact.verification_status, &contact.verification_date})
    known += text->empty() ? 0 : 1;
  // A field more says more than any number of pages that show the address.
  return known * 100 + static_cast<unsigned>(std::min<std::size_t>(contact.sources.size(), 99));
}

} // namespace gleaner
