#include "adapters/store/io_error.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace gleaner::store {

namespace {

Errc code_of(int error_number) {
  switch (error_number) {
  case ENOSPC:
  case EDQUOT:
    return Errc::store_full;
  case EACCES:
  case EPERM:
  case EROFS:
  case ENOTDIR:
  case ENOENT:
  case ELOOP:
    return Errc::store_unwritable;
  default:
    return Errc::store_io;
  }
}

std::string remedy_for(int error_number) {
  const std::string elsewhere = " or set NH_COLLECTIONS_DIR to another folder";
  switch (error_number) {
  case ENOSPC:
    return "free some space" + elsewhere;
  case EDQUOT:
    return "raise the quota" + elsewhere;
  case EACCES:
  case EPERM:
    return "let the user that runs gleaner (uid " + std::to_string(::geteuid()) + ") write there" +
           elsewhere;
  case EROFS:
    return "remount the file system for writing" + elsewhere;
  case ENOTDIR:
    return "it is not a folder: remove the file that is in its place" + elsewhere;
  case ENOENT:
    return "create the folder that is missing" + elsewhere;
  case ELOOP:
    return "replace the symbolic link by a folder, or configure the folder that is meant";
  case EISDIR:
    return "remove the folder that is in the place of a file";
  case EMFILE:
  case ENFILE:
    return "raise the limit of open files (ulimit -n, LimitNOFILE=)";
  default:
    return "check the disk and the system's log" + elsewhere;
  }
}

} // namespace

Error io_error(int error_number, std::string_view action, const std::string& path) {
  return {code_of(error_number), "can't " + std::string{action} + ' ' + path + ": " +
                                   std::generic_category().message(error_number) + "; " +
                                   remedy_for(error_number)};
}

} // namespace gleaner::store
