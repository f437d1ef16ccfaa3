#include "tests/simulator/http_session.hpp"

#include "tests/simulator/router.hpp"
#include "tests/simulator/wire_format.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <optional>

namespace gleaner::sim {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t largest_request = 16u << 20;
constexpr std::uint32_t largest_head = 256u << 10;

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
  HttpSession(tcp::socket socket, SimState& state, bool at_redirect_target)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), state_(state),
        at_redirect_target_(at_redirect_target) {
    state_.stats.connected();
  }
  ~HttpSession() {
    if (call_) // the simulator stops or the socket broke while the call was open
      note_ending(state_, *call_, hanging_ ? Ending::stalled : Ending::aborted, sent_);
    state_.stats.disconnected();
  }
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  void read() {
    parser_.emplace();
    parser_->body_limit(largest_request);
    parser_->header_limit(largest_head);
    http::async_read(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->received(error); });
  }

private:
  void received(error_code error);
  Request request_of(const http::request<http::string_body>& message) const;
  void answer();
  void deliver();
  void send(std::size_t body_bytes, Ending ending);
  void sent(error_code error, std::size_t body_bytes, Ending ending);
  void send_endless();
  void hang();
  void end(Ending ending, std::uint64_t body_bytes);
  void close(bool by_reset);

  tcp::socket socket_;
  asio::steady_timer timer_;
  SimState& state_;
  bool at_redirect_target_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  Answer answer_;
  std::string head_;
  std::optional<std::uint64_t> call_; ///< Until its ending is noted.
  std::uint64_t sent_ = 0;            ///< Body bytes of a call that goes on.
  bool hanging_ = false;
  std::array<char, 512> scratch_{};
};

Request HttpSession::request_of(const http::request<http::string_body>& message) const {
  Request request;
  const auto target = view(message.target());
  const auto mark = std::min(target.find('?'), target.size());
  request.method = view(message.method_string());
  request.path = target.substr(0, mark);
  request.query = target.substr(std::min(mark + 1, target.size()));
  request.body = message.body();
  request.user_agent = view(message[http::field::user_agent]);
  request.authorization = view(message[http::field::authorization]);
  request.x_api_key = view(message["X-API-KEY"]);
  request.accept_encoding = view(message[http::field::accept_encoding]);
  request.at_redirect_target = at_redirect_target_;
  return request;
}

void HttpSession::received(error_code error) {
  if (error) {
    if (error.category() == http::make_error_code(http::error::bad_version).category() &&
        error != http::error::end_of_stream) {
      head_ = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      error_code ignored;
      asio::write(socket_, asio::buffer(head_), ignored);
    }
    return;
  }
  auto routed = route(state_, request_of(parser_->get()));
  answer_ = std::move(routed.answer);
  call_ = routed.call;
  sent_ = 0;
  if (answer_.delay.count() == 0)
    return deliver();
  timer_.expires_after(answer_.delay);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled)
      self->answer();
  });
}

/// After a delay: whoever hung up meanwhile gets no answer.
void HttpSession::answer() {
  char byte = 0;
  if (::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
    return end(Ending::aborted, 0);
  deliver();
}

void HttpSession::deliver() {
  const auto size = answer_.body->size();
  const bool keep_alive = parser_->get().keep_alive() && ends_connection(answer_.delivery) == false;
  head_ = answer_head(answer_, keep_alive);
  switch (answer_.delivery) {
  case Delivery::whole:
    return send(size, Ending::served);
  case Delivery::chunked:
    answer_.body = std::make_shared<const std::string>(chunked(*answer_.body));
    return send(answer_.body->size(), Ending::served);
  case Delivery::cut:
    return send(size / 2, Ending::cut);
  case Delivery::short_length:
    return send(size, Ending::cut);
  case Delivery::reset:
    end(Ending::reset, 0);
    return close(true);
  case Delivery::reset_body:
    return send(size / 2, Ending::reset);
  case Delivery::stall:
    return hang();
  case Delivery::stall_body:
    return send(size / 2, Ending::stalled);
  case Delivery::endless:
    return send_endless();
  }
}

void HttpSession::send(std::size_t body_bytes, Ending ending) {
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head_),
                                                asio::buffer(answer_.body->data(), body_bytes)};
  asio::async_write(socket_, parts,
                    [self = shared_from_this(), body_bytes, ending](error_code error, std::size_t) {
                      self->sent(error, body_bytes, ending);
                    });
}

void HttpSession::sent(error_code error, std::size_t body_bytes, Ending ending) {
  if (error)
    return end(Ending::aborted, 0);
  sent_ = body_bytes;
  if (ending == Ending::stalled)
    return hang();
  end(ending, body_bytes);
  if (ending != Ending::served)
    return close(ending == Ending::reset);
  if (parser_->get().keep_alive())
    read();
  else
    close(false);
}

/// Goes on until the client has had enough.
void HttpSession::send_endless() {
  asio::async_write(socket_, asio::buffer(head_.empty() ? endless_part() : head_),
                    [self = shared_from_this()](error_code error, std::size_t bytes) {
                      if (error)
                        return self->end(Ending::aborted, self->sent_);
                      self->sent_ += bytes;
                      self->head_.clear();
                      self->send_endless();
                    });
}

/// Says nothing more until the client goes.
void HttpSession::hang() {
  hanging_ = true;
  socket_.async_read_some(asio::buffer(scratch_),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            if (error)
                              return self->end(Ending::stalled, self->sent_);
                            self->hang();
                          });
}

void HttpSession::end(Ending ending, std::uint64_t body_bytes) {
  if (call_)
    note_ending(state_, *call_, ending, body_bytes);
  call_.reset();
}

void HttpSession::close(bool by_reset) {
  error_code ignored;
  if (by_reset) // SO_LINGER with 0: the kernel sends RST instead of FIN
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  else
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  socket_.close(ignored);
}

} // namespace

void serve_connection(tcp::socket socket, SimState& state, bool at_redirect_target) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  std::make_shared<HttpSession>(std::move(socket), state, at_redirect_target)->read();
}

} // namespace gleaner::sim
