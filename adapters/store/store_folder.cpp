#include "adapters/store/store_folder.hpp"

#include "adapters/store/io_error.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>

namespace gleaner::store {

namespace {

namespace fs = std::filesystem;

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// What can't be resolved now stays as it is written; opening it will say what is wrong.
std::string resolve(const std::string& folder) {
  std::error_code error;
  auto written = fs::absolute(folder, error);
  if (!written.has_filename())
    written = written.parent_path(); // a slash at the end
  auto resolved = fs::weakly_canonical(written, error);
  return error ? written.string() : resolved.string();
}

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

} // namespace

StoreFolder::StoreFolder(const StoreConfig& config)
    : path_(resolve(config.folder)), mode_(static_cast<mode_t>(config.folder_mode)),
      may_create_parent_(config.folder == StoreConfig{}.folder) {}

std::string StoreFolder::path_of(std::string_view name) const {
  return path_ + '/' + std::string{name};
}

Result<UniqueFd> StoreFolder::open() const {
  UniqueFd folder{::open(path_.c_str(), folder_flags)};
  if (folder)
    return folder;
  int why = errno;
  struct stat found {};
  if (why == ENOTDIR && ::lstat(path_.c_str(), &found) == 0 && S_ISLNK(found.st_mode))
    why = ELOOP; // O_DIRECTORY hides from errno that O_NOFOLLOW met a link
  auto error = io_error(why, "open the folder", path_);
  if (why == ENOENT)
    error.code = Errc::not_found;
  return error;
}

Result<UniqueFd> StoreFolder::open_or_create() const {
  struct stat found {};
  if (::lstat(path_.c_str(), &found) != 0 && errno == ENOENT)
    if (auto created = create(); !created)
      return created.error();
  auto folder = open();
  if (folder || folder.error().code != Errc::not_found)
    return folder;
  return Error{Errc::store_unwritable,
               folder.error().detail}; // a link to nowhere, or removed again
}

Status StoreFolder::create() const {
  const auto parent = fs::path{path_}.parent_path().string();
  struct stat found {};
  if (may_create_parent_ && ::stat(parent.c_str(), &found) != 0 && errno == ENOENT)
    if (auto made = make_folder(parent); !made)
      return made;
  return make_folder(path_);
}

/// The mode is set on what was made, whatever the umask. The parent is synced: a folder that a
/// power cut takes away would take its files along.
Status StoreFolder::make_folder(const std::string& path) const {
  if (::mkdir(path.c_str(), mode_) != 0)
    return errno == EEXIST ? Status{Done{}} : io_error(errno, "make the folder", path);
  const UniqueFd made{::open(path.c_str(), folder_flags)};
  if (!made || ::fchmod(made.get(), mode_) != 0)
    return io_error(errno, "set the mode of", path);
  const UniqueFd parent{
    ::open(fs::path{path}.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (parent)
    ::fsync(
      parent.get()); // a parent that may not be read can't be synced, which is no reason to fail
  return Done{};
}

Result<std::vector<std::string>> names_in(int folder, const std::string& path) {
  UniqueFd again{::openat(folder, ".", folder_flags)};
  if (!again)
    return io_error(errno, "read the folder", path);
  const std::unique_ptr<DIR, CloseFolder> entries{::fdopendir(again.get())};
  if (!entries)
    return io_error(errno, "read the folder", path);
  again.release(); // closedir closes it
  std::vector<std::string> names;
  errno = 0;
  while (const auto* entry = ::readdir(entries.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..")
      names.emplace_back(name);
  }
  if (errno != 0)
    return io_error(errno, "read the folder", path);
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace gleaner::store
