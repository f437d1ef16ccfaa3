#pragma once

#include "adapters/bullmq/compatibility.hpp"
#include "adapters/bullmq/job_browser.hpp"
#include "adapters/bullmq/queue_admin.hpp"
#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/client_redis.hpp"
#include "app/command.hpp"

#include <cstdint>
#include <functional>

namespace gleaner {

/// What a command that works on the queue needs.
struct QueueSession {
  QueueSession(const RedisConfig& redis, const QueueConfig& queue)
      : keys{queue.prefix, queue.name}, client{redis, ""}, browser{client, keys}, admin{client,
                                                                                        keys} {}

  bullmq::QueueKeys keys;
  redis::RedisClient client;
  bullmq::JobBrowser browser;
  bullmq::QueueAdmin admin;
};

/// Whether a command that would spoil a queue of another library looks at it first.
enum class QueueCheck : std::uint8_t { yes, no };

/// A command on the queue of the settings; says where Redis should be when it can't be found.
template <class Options>
Command on_queue(std::shared_ptr<Options> options, int (*verb)(const Options&, QueueSession&),
                 QueueCheck check = QueueCheck::yes) {
  return [options, verb, check](const CommandEnvironment& environment) {
    const auto redis = client_redis(environment.config);
    if (!redis)
      return report_failure(redis.error());
    const auto& queue = environment.config.queue;
    QueueSession session{*redis, queue};
    const auto fits =
      check == QueueCheck::no
        ? Status{Done{}}
        : bullmq::check_compatibility(session.client, session.keys, queue.accept_version);
    if (!fits)
      return report_failure(fits.error());
    return verb(*options, session);
  };
}

} // namespace gleaner
