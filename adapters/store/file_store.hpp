#pragma once

#include "adapters/store/file_calls.hpp"
#include "adapters/store/group_writer.hpp"
#include "adapters/store/store_folder.hpp"
#include "adapters/store/sync_team.hpp"
#include "core/ports/collection_store.hpp"
#include "core/store_op.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
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
  using Failed = std::function<void(StoreOp)>;
  using Written = std::function<void(std::size_t bytes)>;

  /// `failed` is told of every operation that fails, also of those that are made good, and
  /// `written` of every collection that is written.
  explicit FileStore(
    const StoreConfig& config, FileCalls calls = {}, Failed failed = [](StoreOp) {},
    Written written = [](std::size_t) {});

  /// One sync of the folder for all. A write or sync that ends with EIO is made good once by a new
  /// file. When the folder can't be synced, new files are in place though not known to be durable;
  /// the Status says so.
  std::vector<Status> save(std::span<const Collection> collections,
                           const MayReplace& may_replace) override;
  Result<Collection> load(std::string_view domain) override;
  Result<CollectionInfo> describe(std::string_view domain) override;
  /// Files whose name does not fit their domain are problems: load() would not find them.
  Status list(const std::function<bool(const CollectionInfo&)>& visit,
              const std::function<void(const Error&)>& problem) override;
  bool exists(std::string_view domain) override;
  Status remove(std::string_view domain) override;
  /// Writes a file, makes it durable and removes it.
  Status check_writable() override;
  std::size_t remove_leftovers() override;
  Result<std::uint64_t> free_bytes() override;

private:
  int save_once(const SaveRequest& request);
  int sync_folder(int folder) const;
  Result<CollectionInfo> read_info_of(int folder, const std::string& name) const;
  Status try_to_write(int folder) const;
  template <class Outcome>
  Outcome counted(StoreOp op, Outcome outcome) const;

  StoreFolder folder_;
  mode_t file_mode_;
  FileCalls calls_;
  SyncTeam syncs_;
  Failed failed_;
  Written written_;
};

} // namespace gleaner::store
