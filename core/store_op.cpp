#include "core/store_op.hpp"

namespace gleaner {

const char* to_string(StoreOp op) noexcept {
  switch (op) {
  case StoreOp::write:
    return "write";
  case StoreOp::sync:
    return "fsync";
  case StoreOp::rename:
    return "rename";
  case StoreOp::folder:
    return "folder";
  case StoreOp::read:
    return "read";
  }
  return "write";
}

} // namespace gleaner
