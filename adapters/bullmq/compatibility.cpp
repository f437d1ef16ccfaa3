#include "adapters/bullmq/compatibility.hpp"

#include "adapters/bullmq/scripts.hpp"

#include <charconv>
#include <string_view>

namespace gleaner::bullmq {

namespace {

Error refused(const QueueKeys& keys, const std::string& why, const std::string& remedy) {
  return {Errc::usage,
          "queue " + keys.queue + " of prefix " + keys.prefix + " " + why + "; " + remedy};
}

} // namespace

bool is_compatible(const std::string& version) {
  constexpr std::string_view library = "bullmq:"; // ports to other languages write other names
  constexpr int oldest = 5, newest = 6;
  if (!version.starts_with(library))
    return true;
  int major = 0;
  const auto* begin = version.data() + library.size();
  const auto [end, error] = std::from_chars(begin, version.data() + version.size(), major);
  return error != std::errc{} || (major >= oldest && major <= newest);
}

Status check_compatibility(redis::RedisClient& client, const QueueKeys& keys,
                           const std::string& accepted) {
  // A cluster lets scripts read keys of several slots one by one, and fails them halfway.
  if (const auto one_slot = client.call({"EXISTS", keys.base() + "meta", keys.base() + "wait"});
      !one_slot)
    return one_slot.error();
  const auto found = ScriptRunner{client, keys}.call("inspect", {});
  if (!found)
    return found.error();
  if (found->items.size() != 4)
    return Error{Errc::internal, "looking at the queue was answered by something else"};
  const auto& version = found->items[0].text;
  const auto& wrong_key = found->items[2].text;
  if (!wrong_key.empty())
    return refused(keys, "is not BullMQ's: key " + wrong_key + " is a " + found->items[3].text,
                   "choose another queue or prefix");
  if (version != accepted && !is_compatible(version))
    return refused(keys, "was last opened by " + version + ", but only versions 5 and 6 are known",
                   "bring its producers to one of them, choose another queue, or set "
                   "queue.accept_version to \"" +
                     version + "\" if you know that it fits");
  if (found->items[1].integer == 1 && version.empty())
    return refused(keys, "belongs to Bull, the predecessor of BullMQ",
                   "choose another queue or prefix");
  return Done{};
}

} // namespace gleaner::bullmq
