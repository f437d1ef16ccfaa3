#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// Where the API saw an address.
template <class Text>
struct BasicContactSource {
  Text domain;
  Text uri;
  Text extracted_on; ///< YYYY-MM-DD or "".
  Text last_seen_on; ///< YYYY-MM-DD or "".
  bool still_on_page = false;
};

/// A person or role address as it is stored. Empty texts stand for "not known".
template <class Text>
struct BasicContact {
  Text email;
  Text name;             ///< First and last name joined.
  Text title;            ///< The position.
  double confidence = 0; ///< 0..1.
  Text source;           ///< First source's uri.
  Text first_name;
  Text last_name;
  Text type; ///< "personal", "generic" or what the API adds later.
  Text seniority;
  Text department;
  Text linkedin;
  Text twitter;
  Text phone_number;
  Text verification_status;
  Text verification_date;
  std::vector<BasicContactSource<Text>> sources;
};

using ContactSource = BasicContactSource<std::string>;
using Contact = BasicContact<std::string>;
/// Views into whatever holds the texts, mostly a ContactList, and no longer valid than that.
using ContactView = BasicContact<std::string_view>;

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
