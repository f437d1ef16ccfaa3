#include "app/heartbeat.hpp"

#include <caf/after.hpp>

#include <utility>

namespace gleaner {

caf::behavior pulse(caf::event_based_actor* self, std::function<void()> beat) {
  self->set_default_handler(caf::drop);
  return {caf::after(std::chrono::seconds{2}) >> [beat = std::move(beat)] { beat(); }};
}

} // namespace gleaner
