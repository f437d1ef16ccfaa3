#pragma once

#include "core/collection.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace gleaner {

/// Asked about the collection of this index at the last moment before it takes the old one's place:
/// what was true when a save began may no longer be when a slow disk gets to the end of it.
using MayReplace = std::function<bool(std::size_t index)>;

/// Keeps one collection per domain (lower-cased). Calls block; one thread at a time.
class CollectionStore {
public:
  virtual ~CollectionStore() = default;

  /// Replaces the collections of these domains, each atomically and durably: when a Status is a
  /// success, the collection survives a power cut; when it is not, the old one is still whole.
  /// Several at once share the cost of durability. One Status per collection, in order;
  /// Errc::lease_expired for those that `may_replace` forbids, whose old ones stay untouched.
  virtual std::vector<Status> save(std::span<const Collection> collections,
                                   const MayReplace& may_replace) = 0;

  /// Errc::not_found, or store_io when what is there can't be read as a collection.
  virtual Result<Collection> load(std::string_view domain) = 0;

  /// What is known of the domain's collection without its items; errors as load().
  virtual Result<CollectionInfo> describe(std::string_view domain) = 0;

  /// Calls `visit` for every collection, in order of file name, until it returns false.
  /// What can't be read is passed to `problem` and skipped.
  virtual Status list(const std::function<bool(const CollectionInfo&)>& visit,
                      const std::function<void(const Error&)>& problem) = 0;

  virtual bool exists(std::string_view domain) = 0;

  /// Errc::not_found when there is none.
  virtual Status remove(std::string_view domain) = 0;

  /// Success when a save would find a usable folder; creates it when its parent exists.
  virtual Status check_writable() = 0;

  /// Removes what writers that died left unfinished; how many files. Nothing that can fail: what
  /// is wrong shows at the next save.
  virtual std::size_t remove_leftovers() = 0;

  /// Bytes that saves can still use.
  virtual Result<std::uint64_t> free_bytes() = 0;
};

} // namespace gleaner
