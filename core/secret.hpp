#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace gleaner {

/// A text that must not be found where memory is kept: it lies in pages of its own, which a core
/// dump leaves out, which are not swapped where that is allowed, and which are wiped when the last
/// copy goes. Copies share them. No stream takes one: printing is to be asked for, with view().
class Secret {
public:
  Secret() = default;
  Secret(std::string_view text); // as the strings that it replaces
  Secret(const std::string& text) : Secret(std::string_view{text}) {}
  Secret(const char* text) : Secret(std::string_view{text}) {}
  /// Both texts one behind the other, without a copy elsewhere.
  Secret(std::string_view first, const Secret& second);

  std::string_view view() const noexcept;
  /// The text with a NUL behind it; lives as long as a copy of this.
  const char* c_str() const noexcept;
  bool empty() const noexcept { return view().empty(); }
  std::size_t size() const noexcept { return view().size(); }
  void clear() noexcept { pages_.reset(); }

private:
  class Pages;
  std::shared_ptr<Pages> pages_; ///< Null: an empty text.
};

/// Overwrites a text that was a copy of a secret.
void wipe(std::string& text) noexcept;

} // namespace gleaner
