#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace gleaner {

/// An answer's decoded body: immutable, shared between actors of a node, copied only when it
/// crosses the network.
class SharedBody {
public:
  SharedBody() = default;
  explicit SharedBody(std::string text)
      : text_(std::make_shared<const std::string>(std::move(text))) {}

  std::string_view view() const noexcept { return text_ ? std::string_view{*text_} : ""; }
  /// Bytes that may be read (not used) behind the view; parsers that read ahead ask for it.
  std::size_t capacity() const noexcept { return text_ ? text_->capacity() : 0; }

private:
  std::shared_ptr<const std::string> text_;
};

} // namespace gleaner
