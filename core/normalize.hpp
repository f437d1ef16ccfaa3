#pragma once

#include "core/contact.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// What a field of a contact can be refused for, as far as it makes sense for every field.
inline constexpr std::array<std::string_view, 5> field_reject_reasons{
  "wrong_type", "invalid_utf8", "too_long", "control_characters", "malformed"};

/// Fields that can be refused; those of a record's sources are taken together.
inline constexpr std::array<std::string_view, 15> rejectable_fields{
  "email",         "first_name",   "last_name",           "position",
  "type",          "seniority",    "department",          "linkedin",
  "twitter",       "phone_number", "verification_status", "verification_date",
  "source_domain", "source_uri",   "source_date"};

namespace detail {
constexpr auto all_contact_rejects() {
  std::array<ContactReject, rejectable_fields.size() * field_reject_reasons.size() + 5> all{};
  std::size_t next = 0;
  all[next++] = {"record", "wrong_type"};
  all[next++] = {"email", "missing"};
  all[next++] = {"sources", "wrong_type"};
  all[next++] = {"sources", "too_many"};
  all[next++] = {"verification", "wrong_type"};
  for (const auto field : rejectable_fields)
    for (const auto reason : field_reject_reasons)
      all[next++] = {field, reason};
  return all;
}
} // namespace detail

/// Every reject there can be: the label pairs of the metric that counts them.
inline constexpr auto contact_rejects = detail::all_contact_rejects();

/// Turns what the API sent into what is stored: trims and NFC-normalises names, joins them,
/// lower-cases the address, scales confidence to 0..1 (clamped).
class Normalization {
public:
  /// An unusable address refuses the record (null); an absurd other field is dropped. Each reject
  /// is appended to `rejects`. The contact lasts until the next call, and no longer than what `raw`
  /// views. Limits: address 254 bytes (RFC 5321), other fields 1,024 bytes, uri 2,048, 20 sources.
  const ContactView* apply(const RawContact& raw, std::vector<ContactReject>& rejects);

private:
  class Fields;

  ContactView contact_;
  std::deque<std::string> changed_; ///< Texts that are not stored as they were sent.
};

/// A text of the API as it may be stored: trimmed and NFC-normalised. When it can't be stored, ""
/// and, in `reason`, one of field_reject_reasons (else `reason` is left alone).
std::string clean_text(std::string_view text, std::size_t max_bytes, std::string_view& reason);

} // namespace gleaner
