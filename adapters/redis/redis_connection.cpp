#include "adapters/redis/redis_connection.hpp"

#include <fcntl.h>
#include <hiredis/hiredis.h>

#include <cerrno>

namespace gleaner::redis {

namespace {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using ReplyPtr = std::unique_ptr<redisReply, FreeReply>;

RedisValue to_value(const redisReply& reply) {
  RedisValue value;
  switch (reply.type) {
  case REDIS_REPLY_STRING:
  case REDIS_REPLY_STATUS:
    value.kind = RedisValue::Kind::text;
    value.text.assign(reply.str, reply.len);
    break;
  case REDIS_REPLY_ERROR:
    value.kind = RedisValue::Kind::error;
    value.text.assign(reply.str, reply.len);
    break;
  case REDIS_REPLY_INTEGER:
    value.kind = RedisValue::Kind::integer;
    value.integer = reply.integer;
    break;
  case REDIS_REPLY_ARRAY:
    value.kind = RedisValue::Kind::array;
    value.items.reserve(reply.elements);
    for (std::size_t i = 0; i < reply.elements; ++i)
      value.items.push_back(to_value(*reply.element[i]));
    break;
  default:
    break; // REDIS_REPLY_NIL
  }
  return value;
}

/// Which server a connection leads to, for people.
std::string place(const redisContext& context) {
  if (context.connection_type == REDIS_CONN_UNIX)
    return context.unix_sock.path ? context.unix_sock.path : "a unix socket";
  return (context.tcp.host ? context.tcp.host : "?") + (':' + std::to_string(context.tcp.port));
}

std::string name_of(const RedisAddress& address) {
  return address.socket_path.empty() ? address.host + ':' + std::to_string(address.port)
                                     : address.socket_path;
}

Error broken(const redisContext& context) {
  const bool timed_out = context.err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
  if (timed_out)
    return {Errc::redis_unavailable, "Redis at " + place(context) + " does not answer"};
  if (context.err == REDIS_ERR_PROTOCOL)
    return {Errc::redis_refused,
            "what answers at " + place(context) + " is not Redis; check REDIS_URL"};
  return {Errc::redis_unavailable, "Redis at " + place(context) + ": " + context.errstr};
}

Error refused_login(Error error, const RedisAddress& address) {
  if (error.code == Errc::redis_denied)
    error.detail += " (Redis at " + name_of(address) + "; check user and password in REDIS_URL)";
  return error;
}

} // namespace

Error to_error(const std::string& text) {
  for (const auto* code : {"NOAUTH", "WRONGPASS", "NOPERM", "ERR invalid password",
                           "ERR Client sent AUTH", "ERR AUTH"})
    if (text.starts_with(code))
      return {Errc::redis_denied, text};
  return {Errc::redis_refused, text};
}

void RedisConnection::Free::operator()(redisContext* context) const {
  redisFree(context);
}

int RedisConnection::descriptor() const noexcept {
  return context_->fd;
}

Result<RedisConnection> RedisConnection::open(const RedisAddress& address, const std::string& name,
                                              std::span<const std::vector<std::string>> preamble,
                                              std::chrono::milliseconds timeout) {
  const timeval limit{timeout.count() / 1000, (timeout.count() % 1000) * 1000};
  auto* context = address.socket_path.empty()
                    ? redisConnectWithTimeout(address.host.c_str(), address.port, limit)
                    : redisConnectUnixWithTimeout(address.socket_path.c_str(), limit);
  if (!context)
    return Error{Errc::redis_unavailable, "Redis: out of memory"};
  RedisConnection connection{context};
  if (context->err)
    return Error{Errc::redis_unavailable, "no Redis at " + name_of(address) + ": " +
                                            context->errstr + "; start it, or check REDIS_URL"};
  redisSetTimeout(context, limit);
  if (auto logged_in = connection.log_in(address, name, preamble); !logged_in)
    return refused_login(logged_in.error(), address);
  if (address.socket_path.empty())
    redisEnableKeepAlive(context);
  fcntl(context->fd, F_SETFL, fcntl(context->fd, F_GETFL) | O_NONBLOCK);
  context->flags &= ~REDIS_BLOCK;
  return connection;
}

Status RedisConnection::read_ok() {
  void* raw = nullptr;
  if (redisGetReply(context_.get(), &raw) != REDIS_OK)
    return broken(*context_);
  const ReplyPtr reply{static_cast<redisReply*>(raw)};
  if (reply->type == REDIS_REPLY_ERROR)
    return to_error({reply->str, reply->len});
  return Done{};
}

Status RedisConnection::log_in(const RedisAddress& address, const std::string& name,
                               std::span<const std::vector<std::string>> preamble) {
  std::vector<std::vector<std::string>> steps;
  if (!address.password.empty() && address.user.empty())
    steps.push_back({"AUTH", address.password});
  else if (!address.password.empty())
    steps.push_back({"AUTH", address.user, address.password});
  steps.push_back({"SELECT", std::to_string(address.database)});
  if (!name.empty())
    steps.push_back({"CLIENT", "SETNAME", name});
  for (const auto& step : steps) // all in one round trip
    append(step);
  for (const auto& command : preamble)
    append(command);
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (auto done = read_ok(); !done)
      return done;
  for (std::size_t i = 0; i < preamble.size(); ++i)
    if (auto done = read_ok(); !done && done.error().code == Errc::redis_unavailable)
      return done;
  return Done{};
}

void RedisConnection::append(std::span<const std::string> args) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const auto& arg : args) {
    texts.push_back(arg.data());
    lengths.push_back(arg.size());
  }
  redisAppendCommandArgv(context_.get(), static_cast<int>(args.size()), texts.data(),
                         lengths.data());
}

Status RedisConnection::flush(bool& all_sent) {
  int done = 0;
  if (redisBufferWrite(context_.get(), &done) != REDIS_OK)
    return broken(*context_);
  all_sent = done != 0;
  return Done{};
}

Status RedisConnection::receive(const std::function<void(RedisValue)>& answer) {
  if (redisBufferRead(context_.get()) != REDIS_OK)
    return broken(*context_);
  for (;;) {
    void* raw = nullptr;
    if (redisGetReplyFromReader(context_.get(), &raw) != REDIS_OK)
      return broken(*context_);
    const ReplyPtr reply{static_cast<redisReply*>(raw)};
    if (!reply)
      return Done{};
    answer(to_value(*reply));
  }
}

} // namespace gleaner::redis
