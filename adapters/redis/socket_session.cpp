#include "adapters/redis/socket_session.hpp"

#include "adapters/redis/redis_error.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>

namespace gleaner::redis {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

bool SocketSession::connect(Error& why) {
  if (connection_)
    return true;
  why = last_failure_;
  if (!reconnect_.is_due(Clock::now()))
    return false;
  auto opened = RedisConnection::open(address_, config_, name_, scripts_);
  if (opened) {
    connection_.emplace(std::move(*opened));
    set_connected(true);
    reconnect_.succeeded();
    if (std::exchange(lost_, false) && observer())
      observer()->reconnected();
    return true;
  }
  why = last_failure_ = opened.error();
  tell_of_refusal(why);
  reconnect_.failed(Clock::now());
  return false;
}

void SocketSession::send(std::vector<Command> commands) {
  for (auto& command : commands) {
    Error why;
    if (!connect(why)) {
      command.reply(std::move(why));
      continue;
    }
    connection_->append(command.args);
    awaited_.push_back(
      {std::move(command.reply), command.deadline, command.patience, operation_of(command.args)});
    unsent_ = true;
  }
  bool all_sent = true;
  if (!connection_ || !unsent_)
    return;
  if (const auto flushed = connection_->flush(all_sent); !flushed)
    return lose(flushed.error());
  unsent_ = !all_sent;
}

/// Answers come in order: while the first is in time, none is overdue.
/// @pre one is awaited
Clock::time_point SocketSession::stale_at() const {
  const auto& first = awaited_.front();
  return std::max(first.deadline, heard_at_ + first.patience);
}

int SocketSession::poll_timeout_ms() const {
  if (awaited_.empty())
    return -1;
  const auto left = std::chrono::ceil<milliseconds>(stale_at() - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60000));
}

void SocketSession::await_events(CommandInbox& inbox) {
  pollfd watched[2] = {{inbox.descriptor(), POLLIN, 0}, {-1, 0, 0}};
  if (connection_)
    watched[1] = {connection_->descriptor(), connection_->events(unsent_), 0};
  poll(watched, 2, poll_timeout_ms());
  if (watched[0].revents != 0)
    inbox.clear_wakeup();
  if (connection_ && watched[1].revents != 0)
    handle_events();
  if (awaited_.empty() || stale_at() > Clock::now())
    return;
  if (observer())
    observer()->went_stale();
  lose({Errc::redis_unavailable, "Redis did not answer in time; the connection was dropped"});
}

/// Both ways, whatever the event: TLS may have to read before it can write, and the reverse.
void SocketSession::handle_events() {
  bool all_sent = true;
  if (unsent_) {
    if (const auto flushed = connection_->flush(all_sent); !flushed)
      return lose(flushed.error());
    unsent_ = !all_sent;
  }
  const auto before = connection_->received_bytes();
  const auto received = connection_->receive([this](RedisValue value) {
    if (awaited_.empty())
      return;
    const auto first = std::move(awaited_.front());
    awaited_.pop_front();
    auto result = result_of(std::move(value));
    tell_of_answer(first.operation, first.deadline, first.patience, bool(result));
    first.reply(std::move(result));
  });
  if (!received)
    return lose(received.error());
  if (connection_->received_bytes() != before)
    heard_at_ = Clock::now();
}

/// Unlike a drop that was wished for, this is told of when there is a connection again.
void SocketSession::lose(const Error& why) {
  lost_ = true;
  drop(why);
}

void SocketSession::drop(const Error& why) {
  connection_.reset();
  set_connected(false);
  unsent_ = false;
  for (auto& each : std::exchange(awaited_, {})) {
    tell_of_answer(each.operation, each.deadline, each.patience, false);
    each.reply(why);
  }
}

} // namespace gleaner::redis
