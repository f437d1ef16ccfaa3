#pragma once

#include "adapters/store/unique_fd.hpp"
#include "core/config.hpp"
#include "core/result.hpp"

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace gleaner::store {

/// The folder of the collections. Symbolic links in the configured path are followed once, when it
/// is made; a link that stands in the folder's place later is refused.
class StoreFolder {
public:
  explicit StoreFolder(const StoreConfig& config);

  /// Opened anew every time, so that a folder that was removed and made again is found.
  /// Errc::not_found when there is none.
  Result<UniqueFd> open() const;

  /// Makes the folder when only it is missing; of the default path its parent too.
  Result<UniqueFd> open_or_create() const;

  std::string path_of(std::string_view name) const;
  const std::string& path() const { return path_; }

private:
  Status create() const;
  Status make_folder(const std::string& path) const;

  std::string path_; ///< Absolute, without links as far as it existed.
  mode_t mode_;
  bool may_create_parent_;
};

/// Names of all entries of a folder, sorted, without "." and "..".
Result<std::vector<std::string>> names_in(int folder, const std::string& path);

} // namespace gleaner::store
