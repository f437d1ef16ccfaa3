#pragma once

#include "adapters/bullmq/compatibility.hpp"
#include "adapters/bullmq/job_browser.hpp"
#include "adapters/bullmq/queue_admin.hpp"
#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/client_redis.hpp"
#include "app/command.hpp"

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

/// A command on the queue of the settings; says where Redis should be when it can't be found.
template <class Options>
Command on_queue(std::shared_ptr<Options> options, int (*verb)(const Options&, QueueSession&)) {
  return [options, verb](const CommandEnvironment& environment) {
    const auto redis = client_redis(environment.config);
    if (!redis)
      return report_failure(redis.error());
    const auto& queue = environment.config.queue;
    QueueSession session{*redis, queue};
    if (const auto fits =
          bullmq::check_compatibility(session.client, session.keys, queue.accept_version);
        !fits)
      return report_failure(fits.error());
    return verb(*options, session);
  };
}

} // namespace gleaner
