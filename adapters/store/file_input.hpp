#pragma once

#include <unistd.h>

#include <array>
#include <cerrno>
#include <streambuf>

namespace gleaner::store {

/// Reads a file descriptor through a fixed buffer; does not own it.
class FileInput : public std::streambuf {
public:
  explicit FileInput(int fd) : fd_(fd) {}

  /// The errno that ended the reading, or 0 at the end of the file.
  int error() const { return error_; }

protected:
  int_type underflow() override {
    ssize_t count = 0;
    do
      count = ::read(fd_, buffer_.data(), buffer_.size());
    while (count < 0 && errno == EINTR);
    if (count < 0)
      error_ = errno;
    if (count <= 0)
      return traits_type::eof();
    setg(buffer_.data(), buffer_.data(), buffer_.data() + count);
    return traits_type::to_int_type(*gptr());
  }

private:
  int fd_;
  int error_ = 0;
  std::array<char, 64 * 1024> buffer_;
};

} // namespace gleaner::store
