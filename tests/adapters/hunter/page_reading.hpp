#pragma once

#include "adapters/hunter/page_parser.hpp"

#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

/// What came out of a body, with copies of the views that entries are.
struct PageReading {
  Result<PageHeader> header;
  std::vector<std::string> addresses;
  std::vector<std::string> first_names;
  std::vector<std::string> unreadable; ///< "<field> <reason>"
  std::vector<std::string> dropped;    ///< "<field> <reason>", of all entries.
};

inline std::string to_text(const ContactReject& reject) {
  return std::string{reject.field} + ' ' + std::string{reject.reason};
}

inline PageReading read_page(hunter::PageParser& parser, const SharedBody& body) {
  PageReading reading{Error{}, {}, {}, {}, {}};
  reading.header = parser.parse(
    body,
    [&](const RawContact& raw) {
      reading.addresses.emplace_back(raw.email);
      reading.first_names.emplace_back(raw.first_name);
      for (const auto& reject : raw.dropped)
        reading.dropped.push_back(to_text(reject));
    },
    [&](const ContactReject& reject) { reading.unreadable.push_back(to_text(reject)); });
  return reading;
}

inline PageReading read_page(std::string body) {
  hunter::PageParser parser;
  return read_page(parser, SharedBody{std::move(body)});
}

/// A body of these entries (a JSON array without its brackets) and this `meta`.
inline std::string page_of(const std::string& entries,
                           const std::string& meta = R"({"results":1})") {
  return R"({"data":{"domain":"x.test","emails":[)" + entries + R"(]},"meta":)" + meta + "}";
}

inline std::string repeat(const std::string& text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

} // namespace gleaner::test
