#pragma once

#include "core/result.hpp"

#include <string>

namespace gleaner::embedded {

/// A lock on a file, held by everyone who shares the descriptor: it is free again when the last of
/// them has closed it or died, however that came about (flock(2)).
class FileLock {
public:
  /// Opens the file, and creates it when there is none; does not lock. Errc::store_unwritable.
  static Result<FileLock> open(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  bool try_lock(); ///< False when somebody else holds it.
  void write(const std::string& text);
  std::string read() const;

  /// Not inherited by programs that we start, unless told so.
  int descriptor() const noexcept { return descriptor_; }

private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

} // namespace gleaner::embedded
