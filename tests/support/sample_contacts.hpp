#pragma once

#include "core/collection.hpp"
#include "tests/support/contact_copy.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace gleaner::test {

/// A contact with every field set; `number` makes its address unlike any other's.
inline Contact sample_contact(std::size_t number = 0) {
  const auto id = std::to_string(number);
  Contact contact;
  contact.email = "mara.lind" + id + "@example-works.test";
  contact.name = "Mara Lind" + id;
  contact.title = "Head of Sales";
  contact.confidence = 0.94;
  contact.source = "http://example-works.test/team";
  contact.first_name = "Mara";
  contact.last_name = "Lind" + id;
  contact.type = "personal";
  contact.seniority = "executive";
  contact.department = "sales";
  contact.linkedin = "https://www.linkedin.com/in/mara-lind-example";
  contact.twitter = "mara_example";
  contact.phone_number = "+1 555 0100";
  contact.verification_status = "valid";
  contact.verification_date = "2026-06-19";
  contact.sources = {
    {"example-works.test", "http://example-works.test/team", "2025-11-03", "2026-06-21", true},
    {"news.test", "https://news.test/works?x=1&y=2", "2025-01-02", "", false}};
  return contact;
}

/// A collection of `count` sample contacts.
inline Collection sample_collection(std::string domain = "example-works.test",
                                    std::size_t count = 2) {
  Collection collection;
  collection.domain = std::move(domain);
  collection.collected_at = "2026-11-23T18:13:20.123Z";
  for (std::size_t i = 0; i < count; ++i)
    collection.items.push_back(sample_contact(i));
  collection.total = static_cast<std::uint32_t>(count) + 3;
  auto& metadata = collection.metadata;
  metadata.job_id = "42";
  metadata.processed_at = "2026-11-23T18:13:20.456Z";
  metadata.pages = 1;
  metadata.duplicates = 2;
  metadata.rejected = 1;
  metadata.organization = "Example Works";
  metadata.pattern = "{first}.{last}";
  metadata.accept_all = true;
  return collection;
}

} // namespace gleaner::test
