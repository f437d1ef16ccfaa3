#pragma once

#include "adapters/hunter/json_fields.hpp"
#include "core/contact.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace gleaner::hunter {

/// Reads single entries of `data.emails`.
class ContactReader {
public:
  /// Reads an entry into contact(), or says in refusal() why it can't be used. An error only when
  /// the JSON itself is broken.
  error_code read(ondemand::value& entry);

  const RawContact& contact() const { return contact_; }
  const std::optional<ContactReject>& refusal() const { return refusal_; }

private:
  void clear();
  error_code read_field(ondemand::raw_json_string key, ondemand::value& value);
  error_code read_text_field(std::string_view name, ondemand::value& value, std::string_view& text);
  error_code read_verification(ondemand::value& value);
  error_code read_sources(ondemand::value& value);
  error_code read_source(ondemand::value& value);
  void drop(std::string_view field, std::string_view reason);

  RawContact contact_;
  std::optional<ContactReject> refusal_;
  std::size_t next_key_ = 0; ///< Where the next key is expected: entries keep one order.
};

} // namespace gleaner::hunter
