#include "adapters/redis/redis_client.hpp"

#include "adapters/redis/command_inbox.hpp"
#include "adapters/redis/redis_connection.hpp"
#include "adapters/redis/redis_error.hpp"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <future>
#include <random>
#include <thread>
#include <utility>

namespace gleaner::redis {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Awaited {
  RedisReply reply;
  Clock::time_point deadline;
};

Result<RedisValue> to_result(RedisValue value) {
  if (value.kind == RedisValue::Kind::error)
    return to_error(value.text);
  return value;
}

} // namespace

/// Callers put commands into the inbox; the thread owns all else.
class RedisClient::Impl {
public:
  Impl(const RedisConfig& config, std::string name, Preamble preamble)
      : config_(config), name_(std::move(name)), preamble_(std::move(preamble)),
        thread_([this] { run(); }) {}
  void stop() {
    inbox_.stop();
    thread_.join();
  }

  CommandInbox& inbox() noexcept { return inbox_; }
  bool connected() const noexcept { return connected_; }
  milliseconds default_deadline() const noexcept { return config_.command_timeout; }

private:
  void run();
  void fail_all(const Error& why);
  void send(std::vector<Command> commands);
  bool connect(Error& why);
  void await_events();
  void handle_events(short events);
  void drop(const Error& why);
  int poll_timeout_ms() const;

  RedisConfig config_;
  std::string name_;
  Preamble preamble_;
  CommandInbox inbox_;
  std::optional<RedisConnection> connection_;
  std::deque<Awaited> awaited_; ///< In the order of sending.
  bool unsent_ = false;
  std::atomic<bool> connected_{false};
  unsigned failures_ = 0;
  Clock::time_point next_connect_{};
  Error last_failure_{Errc::redis_unavailable, "not connected"};
  std::minstd_rand random_{std::random_device{}()};
  std::thread thread_;
};

void RedisClient::Impl::run() {
  // Writing to a closed connection is an error here, whatever the program does about SIGPIPE.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  const Error interrupted{Errc::redis_unavailable, "interrupted"};
  for (;;) {
    auto contents = inbox_.take();
    if (contents.interrupted)
      drop(interrupted);
    for (auto& command : contents.cut_off)
      command.reply(interrupted);
    const bool idle = contents.commands.empty();
    send(std::move(contents.commands));
    if (contents.stopping && idle)
      break;
    if (!contents.stopping)
      await_events();
  }
  fail_all({Errc::redis_unavailable, "the Redis client was closed"});
}

void RedisClient::Impl::fail_all(const Error& why) {
  drop(why);
  auto rest = inbox_.take();
  for (; !rest.commands.empty(); rest = inbox_.take()) // each reply may submit more
    for (auto& command : rest.commands)
      command.reply(why);
}

bool RedisClient::Impl::connect(Error& why) {
  if (connection_)
    return true;
  why = last_failure_;
  if (Clock::now() < next_connect_)
    return false;
  auto address = parse_redis_url(config_.url);
  auto opened = address ? RedisConnection::open(*address, config_, name_, preamble_)
                        : Result<RedisConnection>{address.error()};
  if (opened) {
    connection_.emplace(std::move(*opened));
    connected_ = true;
    failures_ = 0;
    return true;
  }
  why = last_failure_ = opened.error();
  // Growing, jittered pauses: a fleet must not come back in one stampede.
  const auto longest = std::min(5000u, 50u << std::min(failures_++, 7u));
  next_connect_ = Clock::now() + milliseconds{longest / 2 + random_() % (longest / 2 + 1)};
  return false;
}

void RedisClient::Impl::send(std::vector<Command> commands) {
  for (auto& command : commands) {
    Error why;
    if (!connect(why)) {
      command.reply(std::move(why));
      continue;
    }
    connection_->append(command.args);
    awaited_.push_back({std::move(command.reply), command.deadline});
    unsent_ = true;
  }
  bool all_sent = true;
  if (!connection_ || !unsent_)
    return;
  if (const auto flushed = connection_->flush(all_sent); !flushed)
    return drop(flushed.error());
  unsent_ = !all_sent;
}

int RedisClient::Impl::poll_timeout_ms() const {
  if (awaited_.empty())
    return -1;
  const auto left =
    std::chrono::ceil<milliseconds>(awaited_.front().deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60000));
}

void RedisClient::Impl::await_events() {
  pollfd watched[2] = {{inbox_.descriptor(), POLLIN, 0}, {-1, 0, 0}};
  if (connection_)
    watched[1] = {connection_->descriptor(), connection_->events(unsent_), 0};
  poll(watched, 2, poll_timeout_ms());
  if (watched[0].revents != 0)
    inbox_.clear_wakeup();
  if (connection_)
    handle_events(watched[1].revents);
}

void RedisClient::Impl::handle_events(short events) {
  bool all_sent = true;
  if (unsent_ && events != 0) { // TLS may have to read before it can write, or the reverse
    if (const auto flushed = connection_->flush(all_sent); !flushed)
      return drop(flushed.error());
    unsent_ = !all_sent;
  }
  if (events != 0) {
    const auto received = connection_->receive([this](RedisValue value) {
      if (awaited_.empty())
        return;
      const auto reply = std::move(awaited_.front().reply);
      awaited_.pop_front();
      reply(to_result(std::move(value)));
    });
    if (!received)
      return drop(received.error());
  }
  // Answers come in order: while the first is in time, none is overdue.
  if (!awaited_.empty() && awaited_.front().deadline <= Clock::now())
    drop({Errc::redis_unavailable, "Redis did not answer in time; the connection was dropped"});
}

void RedisClient::Impl::drop(const Error& why) {
  connection_.reset();
  connected_ = false;
  unsent_ = false;
  for (auto& each : std::exchange(awaited_, {}))
    each.reply(why);
}

RedisClient::RedisClient(const RedisConfig& config, std::string connection_name, Preamble preamble)
    : impl_(std::make_unique<Impl>(config, std::move(connection_name), std::move(preamble))) {}

RedisClient::~RedisClient() {
  impl_->stop(); // replies may still call us
}

void RedisClient::submit(std::vector<std::string> args, RedisReply reply,
                         std::optional<milliseconds> deadline) {
  const auto at = Clock::now() + deadline.value_or(impl_->default_deadline());
  impl_->inbox().put({std::move(args), std::move(reply), at});
}

Result<RedisValue> RedisClient::call(std::vector<std::string> args,
                                     std::optional<milliseconds> deadline) {
  std::promise<Result<RedisValue>> answer;
  auto future = answer.get_future();
  submit(
    std::move(args), [&](Result<RedisValue> value) { answer.set_value(std::move(value)); },
    deadline);
  return future.get();
}

void RedisClient::interrupt() {
  impl_->inbox().interrupt();
}

bool RedisClient::connected() const noexcept {
  return impl_->connected();
}

} // namespace gleaner::redis
