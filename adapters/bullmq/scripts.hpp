#pragma once

#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/redis/command_port.hpp"
#include "adapters/redis/server_script.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gleaner::bullmq {

/// The script called `name` ("take", "finish", ...), put together from its parts in lua/.
/// @pre there is one
const redis::ServerScript& script(std::string_view name);

/// All there are. A RedisClient that is given them runs them in the order of their calls also right
/// after a reconnect.
redis::ServerScripts all_scripts();

/// The arguments of a call. What can be moved is: an initializer list would copy a whole page.
template <class... Parts>
std::vector<std::string> arguments(Parts&&... parts) {
  std::vector<std::string> made;
  made.reserve(sizeof...(parts));
  (made.emplace_back(std::forward<Parts>(parts)), ...);
  return made;
}

/// Runs scripts on one queue. A server that has lost its scripts (restart, failover, SCRIPT FLUSH)
/// gets the text again, unnoticed by the caller. Thread-safe.
class ScriptRunner {
public:
  /// `client` outlives the runner and all replies.
  ScriptRunner(redis::CommandPort& client, const QueueKeys& keys)
      : client_(client), base_(keys.base()) {}

  void run(std::string_view name, std::vector<std::string> args, redis::RedisReply reply);

  /// run() and wait; not from a reply.
  Result<redis::RedisValue> call(std::string_view name, std::vector<std::string> args);

  /// One script for each list of arguments, in one pipeline; the answers in their order, or the
  /// first error, when some may have been carried out. Not from a reply.
  Result<std::vector<redis::RedisValue>> call_each(std::string_view name,
                                                   std::vector<std::vector<std::string>> calls);

private:
  redis::CommandPort& client_;
  std::string base_;
};

} // namespace gleaner::bullmq
