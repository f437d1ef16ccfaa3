#include "adapters/redis/redis_connection.hpp"

#include "adapters/redis/redis_error.hpp"
#include "adapters/redis/socket.hpp"
#include "adapters/redis/tls_transport.hpp"

#include <array>
#include <utility>

namespace gleaner::redis {

namespace {

using Clock = std::chrono::steady_clock;

Reach reach_of(const RedisAddress& address, const RedisConfig& config) {
  if (address.tls || config.plaintext == "any")
    return Reach::anywhere;
  return config.plaintext == "never" ? Reach::this_machine : Reach::private_networks;
}

Result<std::unique_ptr<Transport>> open_transport(const RedisAddress& address,
                                                  const RedisConfig& config) {
  const auto deadline = Clock::now() + config.connect_timeout;
  auto socket = Socket::connect(address, reach_of(address, config), deadline);
  if (!socket)
    return socket.error();
  if (address.tls)
    return open_tls(std::move(*socket), address, config, deadline);
  return std::unique_ptr<Transport>{std::make_unique<Socket>(std::move(*socket))};
}

} // namespace

Result<RedisConnection> RedisConnection::open(const RedisAddress& address,
                                              const RedisConfig& config, const std::string& name,
                                              const ServerScripts& scripts) {
  auto transport = open_transport(address, config);
  if (!transport)
    return transport.error();
  RedisConnection connection{std::move(*transport), place_of(address)};
  if (auto logged_in = connection.log_in(address, name, config.connect_timeout); !logged_in)
    return connection.refused_login(logged_in.error(), address);
  if (auto loaded = connection.load(scripts, config.connect_timeout); !loaded)
    return loaded.error();
  return connection;
}

Error RedisConnection::refused_login(Error error, const RedisAddress& address) const {
  const bool no_word = first_ == '\0' && error.code == Errc::redis_unavailable;
  if (error.code == Errc::redis_denied && first_ != '\0')
    error.detail += " (Redis at " + place_ + "; check user and password in REDIS_URL)";
  else if (no_word && !address.tls && address.socket_path.empty())
    error.detail += "; if it speaks TLS, write rediss:// in REDIS_URL";
  return error;
}

/// Reads once; `more` says whether the transport may hold more.
Status RedisConnection::read_more(bool& more) {
  std::array<char, 16384> buffer;
  const auto count = transport_->read(buffer);
  if (!count)
    return count.error();
  if (first_ == '\0' && *count > 0)
    first_ = buffer[0];
  received_bytes_ += *count;
  reader_.feed({buffer.data(), *count});
  more = *count == buffer.size();
  return Done{};
}

Error RedisConnection::not_redis() const {
  constexpr char tls_alert = 0x15; // RFC 8446 section 5.1: the content type of a record
  if (first_ == tls_alert)
    return {Errc::redis_refused,
            "what answers at " + place_ + " speaks TLS; write rediss:// in REDIS_URL"};
  return {Errc::redis_refused, "what answers at " + place_ + " is not Redis; check REDIS_URL"};
}

/// The next answer, which may be an error of the server.
Result<RedisValue> RedisConnection::read_answer(std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  for (bool more = false;;) {
    auto answer = reader_.next();
    if (!answer)
      return not_redis();
    if (*answer && (*answer)->kind == RedisValue::Kind::error)
      return to_error((*answer)->text);
    if (*answer)
      return std::move(**answer);
    bool all_sent = false;
    if (auto flushed = flush(all_sent); !flushed) {
      const auto read = read_more(more); // the server may have said why before it hung up
      return read ? flushed.error() : read.error();
    }
    if (!more && !await_events(descriptor(), events(!all_sent), deadline))
      return Error{Errc::redis_unavailable, "Redis at " + place_ + " does not answer"};
    if (auto read = read_more(more); !read)
      return read.error();
  }
}

Status RedisConnection::log_in(const RedisAddress& address, const std::string& name,
                               std::chrono::milliseconds timeout) {
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
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (auto done = read_answer(timeout); !done)
      return done.error();
  return Done{};
}

/// Asked first: the texts are long for a slow link, and after a mere cut the server has them.
Status RedisConnection::load(const ServerScripts& scripts, std::chrono::milliseconds timeout) {
  if (scripts.empty())
    return Done{};
  std::vector<std::string> question{"SCRIPT", "EXISTS"};
  for (const auto& script : scripts)
    question.push_back(script.sha);
  append(question);
  const auto known = read_answer(timeout);
  if (!known && known.error().code == Errc::redis_unavailable)
    return known.error();
  std::size_t loads = 0;
  for (std::size_t i = 0; i < scripts.size(); ++i)
    if (!known || i >= known->items.size() || known->items[i].integer == 0) {
      append(std::vector<std::string>{"SCRIPT", "LOAD", scripts[i].text});
      ++loads;
    }
  for (; loads > 0; --loads)
    if (auto done = read_answer(timeout); !done && done.error().code == Errc::redis_unavailable)
      return done.error();
  return Done{};
}

void RedisConnection::append(std::span<const std::string> args) {
  append_command(unsent_, args);
}

Status RedisConnection::flush(bool& all_sent) {
  if (sent_ < unsent_.size()) {
    const auto count = transport_->write(std::string_view{unsent_}.substr(sent_));
    if (!count)
      return count.error();
    sent_ += *count;
  }
  all_sent = sent_ == unsent_.size();
  if (all_sent) {
    constexpr std::size_t kept = 1 << 20;
    unsent_.clear();
    sent_ = 0;
    if (unsent_.capacity() > kept)
      unsent_.shrink_to_fit();
  }
  return Done{};
}

Status RedisConnection::receive(const std::function<void(RedisValue)>& answer) {
  for (bool more = true; more;) {
    if (auto read = read_more(more); !read)
      return read;
    for (;;) {
      auto value = reader_.next();
      if (!value)
        return not_redis();
      if (!*value)
        break;
      answer(std::move(**value));
    }
  }
  return Done{};
}

} // namespace gleaner::redis
