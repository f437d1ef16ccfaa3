#pragma once

#include "core/domain.hpp"
#include "core/ports/collection_store.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace gleaner::test {

/// A CollectionStore that keeps its collections in memory and can be told to fail.
class MemoryStore : public CollectionStore {
public:
  std::map<std::string, Collection> collections; ///< By file name.
  std::size_t saves = 0;                         ///< Calls of save(), that is groups.
  std::optional<Error> fail_saves_with;
  std::optional<Error> fail_check_with;

  std::vector<Status> save(std::span<const Collection> group,
                           const MayReplace& may_replace) override {
    ++saves;
    std::vector<Status> results;
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (fail_saves_with) {
        results.emplace_back(*fail_saves_with);
        continue;
      }
      if (!may_replace(i)) {
        results.emplace_back(Error{Errc::lease_expired, ""});
        continue;
      }
      collections[collection_file_name(group[i].domain)] = group[i];
      results.emplace_back(Done{});
    }
    return results;
  }

  Result<Collection> load(std::string_view domain) override {
    const auto found = collections.find(collection_file_name(domain));
    if (found == collections.end())
      return missing(domain);
    return found->second;
  }

  Result<CollectionInfo> describe(std::string_view domain) override {
    const auto found = collections.find(collection_file_name(domain));
    if (found == collections.end())
      return missing(domain);
    return describe(found->first, found->second);
  }

  Status list(const std::function<bool(const CollectionInfo&)>& visit,
              const std::function<void(const Error&)>&) override {
    for (const auto& [name, collection] : collections)
      if (!visit(describe(name, collection)))
        break;
    return Done{};
  }

  bool exists(std::string_view domain) override {
    return collections.contains(collection_file_name(domain));
  }

  Status remove(std::string_view domain) override {
    if (collections.erase(collection_file_name(domain)) == 0)
      return missing(domain);
    return Done{};
  }

  Status check_writable() override {
    if (fail_check_with)
      return *fail_check_with;
    return Done{};
  }

  std::size_t remove_leftovers() override { return 0; }
  Result<std::uint64_t> free_bytes() override { return std::uint64_t{1} << 40; }

private:
  static CollectionInfo describe(const std::string& name, const Collection& collection) {
    const auto items = static_cast<std::uint32_t>(collection.items.size());
    const auto& metadata = collection.metadata;
    return {collection.domain,
            collection.collected_at,
            items,
            items + metadata.duplicates + metadata.rejected,
            collection.total,
            metadata.truncated,
            "memory:" + name,
            0};
  }
  static Error missing(std::string_view domain) {
    return {Errc::not_found, "no collection of " + quote(domain)};
  }
};

} // namespace gleaner::test
