#pragma once

#include "core/contact.hpp"
#include "core/ports/page_reader.hpp"
#include "core/result.hpp"
#include "core/shared_body.hpp"

#include <functional>
#include <memory>

namespace gleaner::hunter {

/// Reads domain-search bodies; keeps buffers between pages, so one per thread. Of what is not read
/// only the brackets and strings are checked, which makes it fast. A body whose buffer
/// has 64 bytes of room behind the text is read in place, any other is copied once.
class PageParser {
public:
  PageParser();
  ~PageParser();

  /// Hands every readable entry of `data.emails` to `entry`, in order. An entry that is no object
  /// or has no readable address goes to `unreadable`. Another field of an unexpected type, or a
  /// string that is no valid Unicode, is left out of its entry, which says so in `dropped`.
  /// Errc::body_malformed when the body is not the documented JSON: not JSON, no data.emails array,
  /// no meta.results, one of these twice, an error envelope, more entries than a page can have;
  /// entries seen before that must then be discarded.
  Result<PageHeader> parse(const SharedBody& body,
                           const std::function<void(const RawContact&)>& entry,
                           const std::function<void(const ContactReject&)>& unreadable);

private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A reader with a parser of its own.
PageReader page_reader();

} // namespace gleaner::hunter
