#include "core/progress.hpp"

namespace gleaner {

const char* to_string(ProgressStatus status) noexcept {
  switch (status) {
  case ProgressStatus::starting:
    return "starting";
  case ProgressStatus::fetching:
    return "fetching";
  case ProgressStatus::rate_limited:
    return "rate_limited";
  case ProgressStatus::normalizing:
    return "normalizing";
  case ProgressStatus::completed:
    return "completed";
  case ProgressStatus::failed:
    return "failed";
  }
  return "failed";
}

} // namespace gleaner
