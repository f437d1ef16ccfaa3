#include "core/normalize.hpp"

#include "core/contact_fields.hpp"
#include "core/mail_address.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t longest_address = 254; // RFC 5321, 4.5.3.1.3 less the angle brackets
constexpr std::size_t longest_text = 1024;
constexpr std::size_t longest_uri = 2048;

using Source = BasicContactSource<std::string_view>;

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
  const auto same = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); };
  return std::any_of(schemes.begin(), schemes.end(), [&](std::string_view scheme) {
    return uri.size() >= scheme.size() &&
           std::equal(scheme.begin(), scheme.end(), uri.begin(), same);
  });
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

} // namespace

/// Reads the fields of one record and notes what it had to refuse.
class Normalization::Fields {
public:
  Fields(std::deque<std::string>& changed, std::vector<ContactReject>& rejects)
      : changed_(changed), rejects_(rejects) {}

  std::string_view text(std::string_view field, std::string_view raw) {
    if (raw.size() <= longest_text && is_printable_ascii(raw))
      return trim(raw); // nearly always
    std::string_view reason;
    auto clean = clean_text(raw, longest_text, reason);
    if (!reason.empty())
      refuse(field, reason);
    return keep(std::move(clean));
  }

  /// A URL or a handle; kept byte for byte.
  std::string_view link(std::string_view field, std::string_view raw) {
    auto reason = find_reason(raw, longest_uri);
    const auto link = reason.empty() ? trim(raw) : "";
    if (is_script(link))
      reason = "malformed";
    if (reason.empty())
      return link;
    refuse(field, reason);
    return {};
  }

  std::string_view date(std::string_view field, std::string_view raw) {
    const auto day = day_of(trim(raw));
    if (day.empty() && !raw.empty())
      refuse(field, "malformed");
    return day;
  }

  /// Empty when it is refused.
  std::string_view address(std::string_view raw) {
    auto reason = find_reason(raw, longest_address);
    const auto address = reason.empty() ? in_lower_case(trim(raw)) : std::string_view{};
    if (reason.empty() && !is_mail_address(address))
      reason = address.empty() ? "missing" : "malformed";
    if (reason.empty())
      return address;
    refuse("email", reason);
    return {};
  }

  std::string_view full_name(std::string_view first, std::string_view last) {
    if (first.empty() || last.empty())
      return first.empty() ? last : first;
    auto& name = changed_.emplace_back(first);
    name += ' ';
    return name += last;
  }

  void sources(const std::vector<RawContact::Source>& raw, std::vector<Source>& sources) {
    sources.clear();
    if (raw.size() > most_sources)
      refuse("sources", "too_many");
    for (const auto& from : raw) {
      if (sources.size() == most_sources)
        break;
      const Source source{text("source_domain", from.domain), link("source_uri", from.uri),
                          date("source_date", from.extracted_on),
                          date("source_date", from.last_seen_on), from.still_on_page};
      if (!source.domain.empty() || !source.uri.empty())
        sources.push_back(source);
    }
  }

private:
  std::string_view keep(std::string text) { return changed_.emplace_back(std::move(text)); }

  std::string_view in_lower_case(std::string_view text) {
    const auto is_small = [](char c) { return c > ' ' && c < 0x7f && (c < 'A' || c > 'Z'); };
    return std::all_of(text.begin(), text.end(), is_small) ? text : keep(lower_case(text));
  }

  void refuse(std::string_view field, std::string_view reason) {
    rejects_.push_back({field, reason});
  }

  std::deque<std::string>& changed_;
  std::vector<ContactReject>& rejects_;
};

std::string clean_text(std::string_view text, std::size_t max_bytes, std::string_view& reason) {
  if (text.size() <= max_bytes && is_printable_ascii(text)) // nearly always
    return std::string{trim(text)};
  if (const auto found = find_reason(text, max_bytes); !found.empty()) {
    reason = found;
    return {};
  }
  return to_nfc(trim(text));
}

const ContactView* Normalization::apply(const RawContact& raw,
                                        std::vector<ContactReject>& rejects) {
  changed_.clear();
  Fields read{changed_, rejects};
  auto& contact = contact_;
  contact.email = read.address(raw.email);
  if (contact.email.empty())
    return nullptr;
  rejects.insert(rejects.end(), raw.dropped.begin(), raw.dropped.end());
  contact.first_name = read.text("first_name", raw.first_name);
  contact.last_name = read.text("last_name", raw.last_name);
  contact.name = read.full_name(contact.first_name, contact.last_name);
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
  read.sources(raw.sources, contact.sources);
  contact.source = contact.sources.empty() ? "" : contact.sources.front().uri;
  return &contact_;
}

} // namespace gleaner
