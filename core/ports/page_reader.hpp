#pragma once

#include "core/contact.hpp"
#include "core/result.hpp"
#include "core/shared_body.hpp"

#include <functional>

namespace gleaner {

/// Reads one page's body: calls `entry` for every readable contact, in order, and `unreadable` for
/// the others. Errc::body_malformed when it is no page; entries seen before that are to be
/// discarded. Used by one thread at a time.
using PageReader = std::function<Result<PageHeader>(
  const SharedBody& body, const std::function<void(const RawContact&)>& entry,
  const std::function<void(const ContactReject&)>& unreadable)>;

} // namespace gleaner
