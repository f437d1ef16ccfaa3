#pragma once

#include "adapters/store/file_store.hpp"
#include "core/domain.hpp"
#include "tests/adapters/store/store_contract.hpp"
#include "tests/support/temporary_folder.hpp"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

/// A folder for a FileStore in a temporary one.
struct FileStoreFixture {
  TemporaryFolder temporary;
  const std::string folder = temporary / "collections";
  std::vector<std::string> failures; ///< Of the store opened last.

  StoreConfig config() const {
    StoreConfig config;
    config.folder = folder;
    return config;
  }
  store::FileStore open_store(store::FileCalls calls = {}) {
    failures.clear();
    return store::FileStore{config(), std::move(calls),
                            [this](StoreOp op) { failures.push_back(to_string(op)); }};
  }
  void remove_folder() const { std::filesystem::remove_all(folder); }
  std::string path_of(const std::string& domain) const {
    return folder + '/' + collection_file_name(domain);
  }
};

/// The permission bits of what is at `path` itself.
inline unsigned mode_of(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 ? found.st_mode & 07777u : 0;
}

/// A small file system of its own, unmounted at the end.
class SmallDisk {
public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    std::filesystem::create_directory(path_);
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=128k,mode=0755") == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_)
      ::umount2(path_.c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }
  bool make_read_only() const {
    return ::mount(nullptr, path_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }

private:
  std::string path_;
  bool mounted_ = false;
};

inline boost::test_tools::assertion_result can_mount(boost::unit_test::test_unit_id) {
  const TemporaryFolder folder;
  boost::test_tools::assertion_result can{SmallDisk{folder / "disk"}.mounted()};
  can.message() << "this user may not mount a tmpfs";
  return can;
}

/// Calls of which the `failing`th (from 0) open, write, sync or rename, and `more` after it, end
/// with `error_number`.
inline store::FileCalls failing_calls(std::string call, int failing, int error_number,
                                      int more = 0) {
  const auto count = std::make_shared<std::atomic<int>>(0); // syncs come from several threads
  const auto fails = [=](const std::string& name) {
    if (name != call)
      return false;
    const int number = (*count)++;
    errno = error_number;
    return number >= failing && number <= failing + more;
  };
  store::FileCalls calls;
  calls.open = [=](int in, const char* name, int flags, mode_t mode) {
    return fails("open") ? -1 : store::open_below(in, name, flags, mode);
  };
  calls.write = [=](int fd, const void* bytes, std::size_t size) {
    return fails("write") ? ssize_t{-1} : ::write(fd, bytes, size);
  };
  calls.sync = [=](int fd) { return fails("sync") ? -1 : ::fsync(fd); };
  calls.rename = [=](int in, const char* from, const char* to) {
    return fails("rename") ? -1 : ::renameat(in, from, in, to);
  };
  return calls;
}

} // namespace gleaner::test
