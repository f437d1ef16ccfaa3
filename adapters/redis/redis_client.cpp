#include "adapters/redis/redis_client.hpp"

#include "adapters/redis/command_inbox.hpp"
#include "adapters/redis/rest_session.hpp"
#include "adapters/redis/socket_session.hpp"
#include "adapters/redis/transport.hpp"

#include <poll.h>
#include <signal.h>

#include <thread>
#include <utility>

namespace gleaner::redis {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Of a client whose URL can't be used.
class NoSession : public RedisSession {
public:
  explicit NoSession(Error why) : RedisSession(nullptr), why_(std::move(why)) {}

  void send(std::vector<Command> commands) override {
    for (auto& command : commands)
      command.reply(why_);
  }
  void await_events(CommandInbox& inbox) override {
    redis::await_events(inbox.descriptor(), POLLIN, Clock::now() + std::chrono::hours{1});
    inbox.clear_wakeup();
  }
  void drop(const Error&) override {}

private:
  Error why_;
};

std::unique_ptr<RedisSession> make_session(const RedisConfig& config, std::string name,
                                           ServerScripts scripts, RedisObserver* observer) {
  auto address = parse_redis_url(config.url);
  if (!address)
    return std::make_unique<NoSession>(address.error());
  if (!address->rest_base.empty())
    return std::make_unique<RestSession>(config, address->rest_base, std::move(scripts), observer);
  return std::make_unique<SocketSession>(config, std::move(*address), std::move(name),
                                         std::move(scripts), observer);
}

} // namespace

/// Callers put commands into the inbox; the thread owns all else.
class RedisClient::Impl {
public:
  Impl(const RedisConfig& config, std::string name, ServerScripts scripts, RedisObserver* observer)
      : can_block_(!is_rest_url(config.url)), default_deadline_(config.command_timeout),
        session_(make_session(config, std::move(name), std::move(scripts), observer)),
        thread_([this] { run(); }) {}
  void stop() {
    inbox_.stop();
    thread_.join();
  }

  CommandInbox& inbox() noexcept { return inbox_; }
  bool connected() const noexcept { return session_->connected(); }
  bool can_block() const noexcept { return can_block_; }
  milliseconds default_deadline() const noexcept { return default_deadline_; }

private:
  void run();
  void fail_all(const Error& why);

  bool can_block_;
  milliseconds default_deadline_;
  CommandInbox inbox_;
  std::unique_ptr<RedisSession> session_;
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
      session_->drop(interrupted);
    for (auto& command : contents.cut_off)
      command.reply(interrupted);
    const bool idle = contents.commands.empty();
    session_->send(std::move(contents.commands));
    if (contents.stopping && idle)
      break;
    if (!contents.stopping)
      session_->await_events(inbox_);
  }
  fail_all({Errc::redis_unavailable, "the Redis client was closed"});
}

void RedisClient::Impl::fail_all(const Error& why) {
  session_->drop(why);
  auto rest = inbox_.take();
  for (; !rest.commands.empty(); rest = inbox_.take()) // each reply may submit more
    for (auto& command : rest.commands)
      command.reply(why);
}

RedisClient::RedisClient(const RedisConfig& config, std::string connection_name,
                         ServerScripts scripts, RedisObserver* observer)
    : impl_(
        std::make_unique<Impl>(config, std::move(connection_name), std::move(scripts), observer)) {}

RedisClient::~RedisClient() {
  impl_->stop(); // replies may still call us
}

void RedisClient::submit(std::vector<std::string> args, RedisReply reply,
                         std::optional<milliseconds> deadline) {
  const auto patience = deadline.value_or(impl_->default_deadline());
  impl_->inbox().put({std::move(args), std::move(reply), Clock::now() + patience, patience});
}

void RedisClient::interrupt() {
  impl_->inbox().interrupt();
}

bool RedisClient::connected() const noexcept {
  return impl_->connected();
}

bool RedisClient::can_block() const noexcept {
  return impl_->can_block();
}

} // namespace gleaner::redis
