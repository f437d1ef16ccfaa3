#include "core/secret.hpp"

#include <sys/mman.h>

#include <cstring>
#include <new>

namespace gleaner {

/// Pages from the system, not from the heap: what is locked and left out of dumps are whole pages.
class Secret::Pages {
public:
  explicit Pages(std::size_t size)
      : size_(size), text_(static_cast<char*>(mmap(nullptr, size + 1, PROT_READ | PROT_WRITE,
                                                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    if (text_ == MAP_FAILED)
      throw std::bad_alloc{};
    madvise(text_, size + 1, MADV_DONTDUMP);
    madvise(text_, size + 1, MADV_WIPEONFORK); // a child has no use for it
    mlock(text_, size + 1);                    // the limit may forbid it; then it can be swapped
  }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages() {
    explicit_bzero(text_, size_);
    munmap(text_, size_ + 1);
  }

  char* text() noexcept { return text_; }
  std::size_t size() const noexcept { return size_; }

private:
  std::size_t size_;
  char* text_;
};

Secret::Secret(std::string_view text) : Secret(text, Secret{}) {}

Secret::Secret(std::string_view first, const Secret& second) {
  const auto rest = second.view();
  if (first.empty() && rest.empty())
    return;
  pages_ = std::make_shared<Pages>(first.size() + rest.size());
  std::memcpy(pages_->text(), first.data(), first.size());
  if (!rest.empty())
    std::memcpy(pages_->text() + first.size(), rest.data(), rest.size());
}

std::string_view Secret::view() const noexcept {
  return pages_ ? std::string_view{pages_->text(), pages_->size()} : std::string_view{};
}

const char* Secret::c_str() const noexcept {
  return pages_ ? pages_->text() : "";
}

void wipe(std::string& text) noexcept {
  explicit_bzero(text.data(), text.size());
  text.clear();
}

} // namespace gleaner
