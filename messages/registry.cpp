#include "messages/registry.hpp"

namespace gleaner {

void register_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::gleaner>();
}

} // namespace gleaner
