#include "adapters/redis/command_port.hpp"

#include <future>
#include <utility>

namespace gleaner::redis {

Result<RedisValue> CommandPort::call(std::vector<std::string> args,
                                     std::optional<std::chrono::milliseconds> deadline) {
  std::promise<Result<RedisValue>> answer;
  auto future = answer.get_future();
  submit(
    std::move(args), [&](Result<RedisValue> value) { answer.set_value(std::move(value)); },
    deadline);
  return future.get();
}

} // namespace gleaner::redis
