// Preloaded into gleaner: what only a defect could do otherwise, an exception in an actor. An
// allocation of GLEANER_FAIL_ALLOCATION_BYTES or more by one that has a thread of its own, which is
// how StoreWriter runs, throws std::bad_alloc when the file GLEANER_FAIL_ALLOCATION is there; the
// file goes with that, so that it happens once.
#include <sys/prctl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string_view>

namespace {

std::size_t smallest() {
  static const char* const bytes = std::getenv("GLEANER_FAIL_ALLOCATION_BYTES");
  static const std::size_t read = bytes == nullptr ? 0 : std::strtoull(bytes, nullptr, 10);
  return read == 0 ? static_cast<std::size_t>(-1) : read;
}

bool in_detached_actor() {
  char name[16] = {};
  ::prctl(PR_GET_NAME, name);
  return std::string_view{name} == "caf.actor";
}

bool is_ordered() {
  const char* const order = std::getenv("GLEANER_FAIL_ALLOCATION");
  return order != nullptr && ::unlink(order) == 0;
}

} // namespace

void* operator new(std::size_t bytes) {
  if (bytes >= smallest() && in_detached_actor() && is_ordered())
    throw std::bad_alloc{};
  if (void* const memory = std::malloc(bytes == 0 ? 1 : bytes))
    return memory;
  throw std::bad_alloc{};
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
