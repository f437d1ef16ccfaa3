#include "adapters/redis/tls_transport.hpp"

#include "adapters/redis/tls_context.hpp"
#include "adapters/redis/tls_error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <climits>
#include <utility>

namespace gleaner::redis {

namespace {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

class TlsTransport : public Transport {
public:
  TlsTransport(Socket socket, SslPtr ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {}

  Result<std::size_t> read(std::span<char> buffer) override;
  Result<std::size_t> write(std::string_view bytes) override;
  int descriptor() const noexcept override { return socket_.descriptor(); }
  short events(bool unsent) const noexcept override;
  Status shake_hands(std::chrono::steady_clock::time_point deadline);

private:
  Error broken(int outcome) const;

  Socket socket_;
  SslPtr ssl_; // uses the socket, so it goes first
  bool read_wants_write_ = false;
  bool write_wants_read_ = false;
};

Error TlsTransport::broken(int outcome) const {
  return tls_error(ssl_.get(), outcome, socket_.place());
}

Status TlsTransport::shake_hands(std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    ERR_clear_error();
    const int done = SSL_connect(ssl_.get());
    if (done == 1)
      return Done{};
    const int why = SSL_get_error(ssl_.get(), done);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
      return broken(done);
    if (!await_events(descriptor(), why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline))
      return Error{Errc::redis_unavailable,
                   "Redis at " + socket_.place() +
                     " does not answer the TLS handshake; if it speaks no TLS, write redis:// in "
                     "REDIS_URL"};
  }
}

/// Up to the end of what has arrived: what OpenSSL holds back would wake nobody.
Result<std::size_t> TlsTransport::read(std::span<char> buffer) {
  read_wants_write_ = false;
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    std::size_t count = 0;
    ERR_clear_error();
    const int done = SSL_read_ex(ssl_.get(), &buffer[filled], buffer.size() - filled, &count);
    filled += count;
    if (done == 1)
      continue;
    const int why = SSL_get_error(ssl_.get(), done);
    read_wants_write_ = why == SSL_ERROR_WANT_WRITE;
    if (filled > 0 || read_wants_write_ || why == SSL_ERROR_WANT_READ)
      break; // an error comes again when there is nothing else to tell
    return broken(done);
  }
  return filled;
}

Result<std::size_t> TlsTransport::write(std::string_view bytes) {
  write_wants_read_ = false;
  std::size_t taken = 0;
  ERR_clear_error();
  const int done = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &taken);
  if (done == 1)
    return taken;
  const int why = SSL_get_error(ssl_.get(), done);
  write_wants_read_ = why == SSL_ERROR_WANT_READ;
  if (write_wants_read_ || why == SSL_ERROR_WANT_WRITE)
    return std::size_t{0};
  return broken(done);
}

short TlsTransport::events(bool unsent) const noexcept {
  const bool wants_write = read_wants_write_ || (unsent && !write_wants_read_);
  return wants_write ? POLLIN | POLLOUT : POLLIN;
}

} // namespace

Result<std::unique_ptr<Transport>> open_tls(Socket socket, const RedisAddress& address,
                                            const RedisConfig& config,
                                            std::chrono::steady_clock::time_point deadline) {
  const auto context = make_tls_context(config);
  if (!context)
    return context.error();
  SslPtr ssl{SSL_new(context->get())};
  if (!ssl || SSL_set_fd(ssl.get(), socket.descriptor()) != 1)
    return Error{Errc::internal, "OpenSSL: out of memory"};
  const auto& name = config.tls_server_name.empty() ? address.host : config.tls_server_name;
  if (auto expected = expect_name(ssl.get(), name); !expected)
    return expected.error();
  auto transport = std::make_unique<TlsTransport>(std::move(socket), std::move(ssl));
  if (auto met = transport->shake_hands(deadline); !met)
    return met.error();
  return std::unique_ptr<Transport>{std::move(transport)};
}

} // namespace gleaner::redis
