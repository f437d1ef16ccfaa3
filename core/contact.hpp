#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// Where the API saw an address.
struct ContactSource {
  std::string domain;
  std::string uri;
  std::string extracted_on; ///< YYYY-MM-DD or "".
  std::string last_seen_on; ///< YYYY-MM-DD or "".
  bool still_on_page = false;
};

/// A person or role address as it is stored. Empty strings stand for "not known".
struct Contact {
  std::string email;
  std::string name;      ///< First and last name joined.
  std::string title;     ///< The position.
  double confidence = 0; ///< 0..1.
  std::string source;    ///< First source's uri.
  std::string first_name;
  std::string last_name;
  std::string type; ///< "personal", "generic" or what the API adds later.
  std::string seniority;
  std::string department;
  std::string linkedin;
  std::string twitter;
  std::string phone_number;
  std::string verification_status;
  std::string verification_date;
  std::vector<ContactSource> sources;
};

/// Why a record, or a field of it, was refused. The names are metric labels; core/normalize.hpp
/// lists all pairs.
struct ContactReject {
  std::string_view field;  ///< From a closed set: "email", "first_name", ...
  std::string_view reason; ///< From a closed set: "missing", "too_long", "control_characters", ...
};

/// An entry of `data.emails` as the API sent it: views into the page's body, valid only during the
/// call that hands it over. A null or missing string is an empty view.
struct RawContact {
  std::string_view email;
  std::string_view first_name;
  std::string_view last_name;
  std::string_view position;
  std::optional<double> confidence; ///< 0..100 as sent.
  std::string_view type;
  std::string_view seniority;
  std::string_view department;
  std::string_view linkedin;
  std::string_view twitter;
  std::string_view phone_number;
  std::string_view verification_status;
  std::string_view verification_date;
  struct Source {
    std::string_view domain, uri, extracted_on, last_seen_on;
    bool still_on_page = false;
  };
  std::vector<Source> sources;
  std::vector<ContactReject> dropped; ///< Fields that the reader had to leave out, and why.
};

/// What a page says besides its contacts.
struct PageHeader {
  std::uint32_t total = 0; ///< meta.results: all that match, not this page's rows.
  std::uint32_t rows = 0;  ///< Entries in data.emails, readable or not.
  std::string organization;
  std::string pattern;
  bool accept_all = false;
  bool webmail = false;
  bool disposable = false;
};

} // namespace gleaner
