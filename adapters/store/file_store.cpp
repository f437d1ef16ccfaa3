#include "adapters/store/file_store.hpp"

#include "adapters/store/collection_json.hpp"
#include "adapters/store/file_input.hpp"
#include "adapters/store/io_error.hpp"
#include "adapters/store/leftovers.hpp"
#include "adapters/store/open_below.hpp"
#include "adapters/store/temp_file.hpp"
#include "core/domain.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <istream>
#include <utility>

namespace gleaner::store {

namespace {

/// Files open at once while a group is saved.
constexpr std::size_t largest_group = 64;

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
  UniqueFd fd{open_below(folder, name.c_str(), O_RDONLY | O_NONBLOCK, 0)};
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

/// What has not failed by itself fails with all others.
void fail_the_rest(std::span<Status> results, const Error& error) {
  std::replace_if(
    results.begin(), results.end(), [](const Status& result) { return bool(result); },
    Status{error});
}

} // namespace

FileStore::FileStore(const StoreConfig& config, FileCalls calls, Failed failed, Written written)
    : folder_(config), file_mode_(static_cast<mode_t>(config.file_mode)), calls_(std::move(calls)),
      failed_(std::move(failed)), written_(std::move(written)) {}

/// A folder whose sync failed may have lost what was renamed into it, and a second sync would not
/// tell. So everything is written once more.
std::vector<Status> FileStore::save(std::span<const Collection> collections,
                                    const MayReplace& may_replace) {
  std::vector<Status> results(collections.size(), Done{});
  const SaveRequest request{collections, may_replace, results};
  int error = save_once(request);
  if (error == EIO)
    error = save_once(request);
  if (error != 0)
    fail_the_rest(results, io_error(error, "make durable what was written to", folder_.path()));
  return results;
}

/// 0, or the errno that leaves in doubt whether what was renamed is durable.
int FileStore::save_once(const SaveRequest& request) {
  const auto folder = counted(StoreOp::folder, folder_.open_or_create());
  if (!folder) {
    fail_the_rest(request.results, folder.error());
    return 0;
  }
  GroupWriter writer{{folder_, folder->get(), file_mode_, calls_, syncs_, failed_, written_},
                     request};
  const auto count = request.collections.size();
  bool renamed = false;
  for (std::size_t begin = 0; begin < count; begin += largest_group)
    renamed |= writer.write(begin, std::min(begin + largest_group, count));
  return renamed ? sync_folder(folder->get()) : 0;
}

/// Some network file systems can't sync folders and say EINVAL; there is nothing more to do then.
int FileStore::sync_folder(int folder) const {
  if (calls_.sync(folder) == 0 || errno == EINVAL)
    return 0;
  const int error = errno;
  failed_(StoreOp::sync);
  return error;
}

/// That there is no such file is an answer, not a failure.
template <class Outcome>
Outcome FileStore::counted(StoreOp op, Outcome outcome) const {
  if (!outcome && outcome.error().code != Errc::not_found)
    failed_(op);
  return outcome;
}

Result<Collection> FileStore::load(std::string_view domain) {
  const auto name = collection_file_name(domain);
  const auto path = folder_.path_of(name);
  const auto folder = counted(StoreOp::folder, folder_.open());
  if (!folder)
    return folder.error().code == Errc::not_found ? no_collection(domain) : folder.error();
  const auto file = counted(StoreOp::read, open_file(folder->get(), name, path));
  if (!file)
    return file.error().code == Errc::not_found ? no_collection(domain) : file.error();
  return counted(StoreOp::read,
                 read_file(*file, path, [](std::istream& json) { return read_collection(json); }));
}

Result<CollectionInfo> FileStore::describe(std::string_view domain) {
  const auto folder = counted(StoreOp::folder, folder_.open());
  if (!folder)
    return folder.error().code == Errc::not_found ? no_collection(domain) : folder.error();
  auto info = read_info_of(folder->get(), collection_file_name(domain));
  if (!info && info.error().code == Errc::not_found)
    return no_collection(domain);
  return counted(StoreOp::read, std::move(info));
}

Status FileStore::list(const std::function<bool(const CollectionInfo&)>& visit,
                       const std::function<void(const Error&)>& problem) {
  const auto folder = counted(StoreOp::folder, folder_.open());
  if (!folder)
    return folder.error().code == Errc::not_found ? Status{Done{}} : folder.error();
  const auto names = counted(StoreOp::folder, names_in(folder->get(), folder_.path()));
  if (!names)
    return names.error();
  for (const auto& name : *names) {
    if (!name.ends_with(".json"))
      continue;
    const auto info = counted(StoreOp::read, read_info_of(folder->get(), name));
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
  const int error = sync_folder(folder->get());
  return error == 0 ? Status{Done{}}
                    : io_error(error, "make durable what was removed from", folder_.path());
}

Status FileStore::check_writable() {
  const auto folder = counted(StoreOp::folder, folder_.open_or_create());
  return folder ? counted(StoreOp::write, try_to_write(folder->get())) : folder.error();
}

/// Permissions tell only half of it: disks are full, quotas used up, mounts read-only, and some
/// take what they then can't keep.
Status FileStore::try_to_write(int folder) const {
  TempFile file{folder, calls_};
  int error = file.create(file_mode_);
  if (error == 0)
    error = file.write(std::string(4096, ' '));
  if (error == 0)
    error = file.sync();
  return error == 0 ? Status{Done{}} : io_error(error, "write to the folder", folder_.path());
}

std::size_t FileStore::remove_leftovers() {
  const auto folder = folder_.open();
  const auto names = folder ? names_in(folder->get(), folder_.path()) : folder.error();
  return names ? store::remove_leftovers(folder->get(), *names) : 0;
}

Result<std::uint64_t> FileStore::free_bytes() {
  const auto folder = folder_.open();
  if (!folder)
    return folder.error();
  struct statvfs found {};
  if (::fstatvfs(folder->get(), &found) != 0)
    return io_error(errno, "read the free space of", folder_.path());
  return std::uint64_t{found.f_bavail} * found.f_frsize;
}

} // namespace gleaner::store
