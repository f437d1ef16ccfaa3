#pragma once

#include "adapters/store/file_calls.hpp"
#include "adapters/store/store_folder.hpp"
#include "core/ports/collection_store.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace gleaner::store {

/// One JSON file per domain in one folder, in the form and under the name that the Node
/// CollectionStore reads. A file appears whole or not at all: it is written under another name,
/// made durable and renamed. Modes are those of the config whatever the umask.
///
/// The configured folder may be, or lie behind, a symbolic link: that is resolved once, here. Below
/// it links are refused when reading and replaced when writing.
class FileStore : public CollectionStore {
public:
  explicit FileStore(const StoreConfig& config, FileCalls calls = {});

  /// One sync of the folder for all. When that one fails, new files are in place though not known
  /// to be durable; the Status says so.
  std::vector<Status> save(std::span<const Collection> collections,
                           const MayReplace& may_replace) override;
  Result<Collection> load(std::string_view domain) override;
  /// Files whose name does not fit their domain are problems: load() would not find them.
  Status list(const std::function<bool(const CollectionInfo&)>& visit,
              const std::function<void(const Error&)>& problem) override;
  bool exists(std::string_view domain) override;
  Status remove(std::string_view domain) override;
  /// Writes and removes a file. Now and then it also removes what dead processes left behind.
  Status check_writable() override;

private:
  Status sync_folder(int folder) const;
  Result<CollectionInfo> read_info_of(int folder, const std::string& name) const;
  Status try_to_write(int folder) const;
  void remove_leftovers(int folder);

  StoreFolder folder_;
  mode_t file_mode_;
  FileCalls calls_;
  std::optional<std::chrono::steady_clock::time_point> leftovers_removed_at_;
};

} // namespace gleaner::store
