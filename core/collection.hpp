#pragma once

#include "core/contact_list.hpp"

#include <cstdint>
#include <string>

namespace gleaner {

/// All contacts found for one domain: what a job stores.
struct Collection {
  std::string domain;       ///< As the producer wrote it.
  std::string collected_at; ///< ISO 8601, UTC, ms.
  ContactList items;
  std::uint32_t total = 0; ///< What the API says exists.

  struct Metadata {
    std::string job_id;
    std::string processed_at; ///< ISO 8601, UTC, ms.
    std::string truncated;    ///< Why fewer items than total (PagePlan::truncated()); or "".
    std::uint32_t pages = 0;
    std::uint32_t duplicates = 0; ///< Rows merged into another by address.
    std::uint32_t rejected = 0;   ///< Rows that normalisation refused.
    std::string organization;
    std::string pattern;
    bool accept_all = false;
    bool webmail = false;
    bool disposable = false;
  } metadata;
};

/// A stored collection without its items.
struct CollectionInfo {
  std::string domain;
  std::string collected_at;
  std::uint32_t items = 0;
  std::uint32_t rows = 0; ///< That were read for it: with duplicates and rejected ones.
  std::uint32_t total = 0;
  std::string truncated;
  std::string path; ///< Where it lies, for people.
  std::uint64_t bytes = 0;
};

} // namespace gleaner
