#pragma once

#include "core/secret.hpp"

#include <curl/curl.h>

namespace gleaner::hunter {

/// The header with the key. It lies in the secret itself: libcurl would copy it.
class Authorization {
public:
  explicit Authorization(const Secret& key) : text_("Authorization: Bearer ", key) {
    if (!key.empty())
      header_.data = const_cast<char*>(text_.c_str()); // libcurl only reads it
  }
  Authorization(const Authorization&) = delete;
  Authorization& operator=(const Authorization&) = delete;

  /// Null for an empty key; lives as long as this.
  curl_slist* header() { return header_.data ? &header_ : nullptr; }

private:
  Secret text_;
  curl_slist header_{};
};

} // namespace gleaner::hunter
