#pragma once

#include "adapters/store/file_calls.hpp"
#include "adapters/store/store_folder.hpp"
#include "adapters/store/sync_team.hpp"
#include "adapters/store/temp_file.hpp"
#include "core/ports/collection_store.hpp"
#include "core/store_op.hpp"

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gleaner::store {

/// Where a group of collections goes, and how its files are made.
struct GroupTarget {
  const StoreFolder& place; ///< Names files in errors.
  int folder;
  mode_t file_mode;
  const FileCalls& calls;
  SyncTeam& syncs;
  const std::function<void(StoreOp)>& failed; ///< Told of every failure, also of one made good.
  const std::function<void(std::size_t bytes)>& written;
};

/// One call of save(): `results` is in step with `collections`.
struct SaveRequest {
  std::span<const Collection> collections;
  const MayReplace& may_replace;
  std::span<Status> results;
};

/// Brings the collections of a request into their files, a group at a time.
class GroupWriter {
public:
  /// @pre what `target` and `request` refer to outlives the writer
  GroupWriter(const GroupTarget& target, const SaveRequest& request)
      : target_(target), request_(request) {}

  /// Those from `begin` to before `end` that have no failure as a result yet; what fails is told in
  /// its result. True when a file was renamed, which a sync of the folder has to make durable.
  bool write(std::size_t begin, std::size_t end);

private:
  struct Write {
    std::unique_ptr<TempFile> file; ///< Null once it failed: the space is free for others.
    std::string name;
    std::size_t index;
    bool rewritten = false;
    int sync_error = 0; ///< Of the first sync.
  };
  int fill(Write& write);
  int fill_again(Write& write);
  int make_durable(Write& write);
  int replace(Write& write);
  int count(StoreOp op, int error) const;
  template <class Step>
  void advance(std::vector<Write>& writes, Step step);

  GroupTarget target_;
  SaveRequest request_;
  std::string json_; ///< Kept for its memory.
};

} // namespace gleaner::store
