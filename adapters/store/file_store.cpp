#include "adapters/store/file_store.hpp"

#include "adapters/store/collection_json.hpp"
#include "adapters/store/file_input.hpp"
#include "adapters/store/group_writer.hpp"
#include "adapters/store/io_error.hpp"
#include "adapters/store/temp_file.hpp"
#include "core/domain.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <istream>
#include <memory>
#include <utility>

namespace gleaner::store {

namespace {

/// Files open at once while a group is saved.
constexpr std::size_t largest_group = 64;
constexpr auto leftover_age = std::chrono::minutes{10};

Error no_collection(std::string_view domain) {
  return {Errc::not_found, "there is no collection of " + quote(domain)};
}

/// A file that can be read, is a regular one and no link.
struct OpenFile {
  UniqueFd fd;
  std::uint64_t bytes = 0;
};

Result<OpenFile> open_file(int folder, const std::string& name, const std::string& path) {
  // O_NONBLOCK: a named pipe in the folder must not stop us.
  UniqueFd fd{::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!fd && errno == ENOENT)
    return Error{Errc::not_found, path + " does not exist"};
  if (!fd)
    return Error{Errc::store_io, io_error(errno, "read", path).detail};
  struct stat found {};
  if (::fstat(fd.get(), &found) != 0)
    return Error{Errc::store_io, io_error(errno, "read", path).detail};
  if (!S_ISREG(found.st_mode))
    return Error{Errc::store_io, path + " is no regular file; remove it"};
  return OpenFile{std::move(fd), static_cast<std::uint64_t>(found.st_size)};
}

/// Runs `read` over a file; what is wrong with it gets its path and a remedy.
template <class Read>
auto read_file(const OpenFile& file, const std::string& path, Read read)
  -> decltype(read(std::declval<std::istream&>())) {
  FileInput input{file.fd.get()};
  std::istream stream{&input};
  auto result = read(stream);
  if (input.error() != 0)
    return Error{Errc::store_io, io_error(input.error(), "read", path).detail};
  if (!result)
    return Error{Errc::store_io,
                 path + ' ' + result.error().detail + "; remove it or collect the domain again"};
  return result;
}

} // namespace

FileStore::FileStore(const StoreConfig& config, FileCalls calls)
    : folder_(config), file_mode_(static_cast<mode_t>(config.file_mode)), calls_(std::move(calls)) {
}

std::vector<Status> FileStore::save(std::span<const Collection> collections,
                                    const MayReplace& may_replace) {
  const auto folder = folder_.open_or_create();
  if (!folder)
    return std::vector<Status>(collections.size(), folder.error());
  std::vector<Status> results(collections.size(), Done{});
  GroupWriter writer{{folder_, folder->get(), file_mode_, calls_},
                     {collections, may_replace, results}};
  bool renamed = false;
  for (std::size_t begin = 0; begin < collections.size(); begin += largest_group)
    renamed |= writer.write(begin, std::min(begin + largest_group, collections.size()));
  if (const auto synced = renamed ? sync_folder(folder->get()) : Status{Done{}}; !synced)
    std::replace_if(
      results.begin(), results.end(), [](const Status& result) { return bool(result); }, synced);
  return results;
}

/// Some network file systems can't sync folders and say EINVAL; there is nothing more to do then.
Status FileStore::sync_folder(int folder) const {
  if (calls_.sync(folder) == 0 || errno == EINVAL)
    return Done{};
  return io_error(errno, "make durable what was written to", folder_.path());
}

Result<Collection> FileStore::load(std::string_view domain) {
  const auto name = collection_file_name(domain);
  const auto path = folder_.path_of(name);
  const auto folder = folder_.open();
  if (!folder)
    return folder.error().code == Errc::not_found ? no_collection(domain) : folder.error();
  auto file = open_file(folder->get(), name, path);
  if (!file)
    return file.error().code == Errc::not_found ? no_collection(domain) : file.error();
  return read_file(*file, path, [](std::istream& json) { return read_collection(json); });
}

Status FileStore::list(const std::function<bool(const CollectionInfo&)>& visit,
                       const std::function<void(const Error&)>& problem) {
  const auto folder = folder_.open();
  if (!folder)
    return folder.error().code == Errc::not_found ? Status{Done{}} : folder.error();
  const auto names = names_in(folder->get(), folder_.path());
  if (!names)
    return names.error();
  for (const auto& name : *names) {
    if (!name.ends_with(".json"))
      continue;
    const auto info = read_info_of(folder->get(), name);
    if (!info && info.error().code != Errc::not_found) // removed in the meantime
      problem(info.error());
    if (info && !visit(*info))
      break;
  }
  return Done{};
}

Result<CollectionInfo> FileStore::read_info_of(int folder, const std::string& name) const {
  const auto path = folder_.path_of(name);
  const auto file = open_file(folder, name, path);
  if (!file)
    return file.error();
  auto info = read_file(*file, path, [](std::istream& json) { return read_info(json); });
  if (!info)
    return info;
  if (const auto right = collection_file_name(info->domain); right != name)
    return Error{Errc::store_io, path + " holds " + quote(info->domain) +
                                   ", which is looked for in " + right + "; rename or remove it"};
  info->path = path;
  info->bytes = file->bytes;
  return info;
}

bool FileStore::exists(std::string_view domain) {
  const auto folder = folder_.open();
  struct stat found {};
  return folder &&
         ::fstatat(folder->get(), collection_file_name(domain).c_str(), &found,
                   AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISREG(found.st_mode);
}

Status FileStore::remove(std::string_view domain) {
  const auto folder = folder_.open();
  if (!folder)
    return folder.error().code == Errc::not_found ? no_collection(domain) : folder.error();
  const auto name = collection_file_name(domain);
  if (::unlinkat(folder->get(), name.c_str(), 0) != 0)
    return errno == ENOENT ? no_collection(domain)
                           : io_error(errno, "remove", folder_.path_of(name));
  return sync_folder(folder->get());
}

Status FileStore::check_writable() {
  const auto folder = folder_.open_or_create();
  if (!folder)
    return folder.error();
  remove_leftovers(folder->get());
  return try_to_write(folder->get());
}

/// Permissions tell only half of it: disks are full, quotas used up, mounts read-only.
Status FileStore::try_to_write(int folder) const {
  TempFile file{folder, calls_};
  int error = file.create(file_mode_);
  if (error == 0)
    error = file.write(std::string(4096, ' '));
  return error == 0 ? Status{Done{}} : io_error(error, "write to the folder", folder_.path());
}

void FileStore::remove_leftovers(int folder) {
  const auto now = std::chrono::steady_clock::now();
  if (leftovers_removed_at_ && now - *leftovers_removed_at_ < leftover_age)
    return;
  leftovers_removed_at_ = now;
  const auto names = names_in(folder, folder_.path());
  if (!names)
    return; // writing will say what is wrong
  const auto newest =
    std::time(nullptr) - std::chrono::duration_cast<std::chrono::seconds>(leftover_age).count();
  for (const auto& name : *names) {
    struct stat found {};
    if (is_temp_name(name) && ::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(found.st_mode) && (found.st_mtime < newest || writer_is_dead(name)))
      ::unlinkat(folder, name.c_str(), 0);
  }
}

} // namespace gleaner::store
