#include "adapters/bullmq/damage_log.hpp"

#include <cstddef>
#include <string>

namespace gleaner::bullmq {

bool is_wrong_type(const Error& error) {
  return error.code == Errc::redis_refused && error.detail.find("WRONGTYPE") != std::string::npos;
}

void DamageLog::tell_of_structure(const Error& error) {
  std::call_once(structure_told_, [&] { find_and_tell(error); });
}

void DamageLog::tell_of_marker(const Error& error) {
  std::call_once(marker_told_, [&] { find_and_tell(error); });
}

/// Redis does not name the key.
void DamageLog::find_and_tell(const Error& error) {
  scripts_.run("inspect", {}, [this, said = describe(error)](Result<redis::RedisValue> found) {
    constexpr std::size_t wrong_key = 2;
    const bool named =
      found && found->items.size() > wrong_key && !found->items[wrong_key].text.empty();
    log_.warn("queue.damaged", "a key of the queue holds something else",
              {{"key", named ? found->items[wrong_key].text : keys_.base()}, {"err", said}});
  });
}

void DamageLog::look_at(const TakenJob& job) {
  if (job.options_readable)
    return;
  std::call_once(options_told_, [&] {
    log_.warn("queue.damaged", "a job's options are no JSON object; it runs with the defaults",
              {{"key", keys_.key(job.lock.job_id)}, {"field", "opts"}});
  });
}

void DamageLog::note(const FoundDamage& found) {
  dropped_ += found.ghosts;
  if (found.spoilt.empty())
    return;
  std::call_once(spoilt_told_, [&] {
    log_.warn("queue.damaged", "a key of the queue is something else than BullMQ keeps there",
              {{"key", keys_.key(found.spoilt)}});
  });
}

} // namespace gleaner::bullmq
