#pragma once

#include "adapters/store/file_calls.hpp"
#include "adapters/store/unique_fd.hpp"

#include <sys/types.h>

#include <string>
#include <string_view>

namespace gleaner::store {

/// A new file under a name of its own in a folder, which takes the place of another in the end or
/// is removed. Steps return 0 or an errno.
class TempFile {
public:
  /// @pre `folder` and `calls` outlive the file
  TempFile(int folder, const FileCalls& calls) : folder_(folder), calls_(&calls) {}
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile();

  int create(mode_t mode);
  int write(std::string_view text);
  /// Makes the content durable and closes the file.
  int sync();
  /// Replaces `name`; a symbolic link there is replaced, not followed.
  int rename_to(const std::string& name);

private:
  int folder_;
  const FileCalls* calls_;
  std::string name_; ///< Empty when there is no file to remove.
  UniqueFd fd_;
};

/// Whether the process that wrote a file of this name is known to be gone. One in another container
/// is not known to be.
bool writer_is_dead(std::string_view name) noexcept;

/// Whether a name is one of those that files have while they are written.
bool is_temp_name(std::string_view name) noexcept;

} // namespace gleaner::store
