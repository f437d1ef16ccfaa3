#include "tests/adapters/hunter/client_fixture.hpp"
#include "tests/simulator/gzip.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace transfer {

using Transport = ApiAnswer::Transport;

const std::string gzip_line = "Content-Encoding: gzip\r\n";

/// A port of loopback on which nobody listens: taken, but not listened to, while this lives.
class DeafPort {
public:
  DeafPort() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    BOOST_REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    BOOST_REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port = ntohs(address.sin_port);
  }
  DeafPort(const DeafPort&) = delete;
  DeafPort& operator=(const DeafPort&) = delete;
  ~DeafPort() { close(socket_); }
  int port = 0;

private:
  int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

} // namespace transfer

BOOST_FIXTURE_TEST_SUITE(transfer, ClientFixture)

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come_ends_at_the_deadline) {
  config.timeout = 50ms;
  serve({"", HttpReply::Then::hold});
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::timed_out);
  BOOST_TEST(!answer.problem.empty());
  BOOST_TEST(answer.status == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_stops_half_way_ends_at_the_deadline) {
  config.timeout = 50ms;
  serve({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", HttpReply::Then::hold});
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::too_slow);
  BOOST_TEST(answer.body.view() == "");
}

BOOST_AUTO_TEST_CASE(the_deadline_is_each_call_s_own) {
  config.timeout = 200ms;
  serve([](const std::string& head) {
    return head.find("mute.test") == head.npos ? http_reply("200 OK", "{}")
                                               : HttpReply{"", HttpReply::Then::hold};
  });
  auto mute = begin({"mute.test", 0, 10});
  BOOST_TEST(search().transport == Transport::answered);
  BOOST_TEST(get(std::move(mute)).transport == Transport::timed_out);
  BOOST_TEST(search().transport == Transport::answered);
}

BOOST_AUTO_TEST_CASE(a_body_of_exactly_the_limit_is_whole) {
  config.max_body_bytes = 100000;
  serve(http_reply("200 OK", std::string(100000, 'x')));
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::answered);
  BOOST_TEST(answer.body.view().size() == 100000u);
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_cut_off) {
  config.max_body_bytes = 99999;
  serve(http_reply("200 OK", std::string(100000, 'x')));
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::too_large);
  BOOST_TEST(answer.problem == "the answer exceeds 99999 bytes");
  BOOST_TEST(answer.body.view() == "");
}

BOOST_AUTO_TEST_CASE(a_body_of_unannounced_length_is_limited_too) {
  config.max_body_bytes = 1000;
  serve({"HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'), HttpReply::Then::close});
  BOOST_TEST(search().transport == Transport::too_large);
}

BOOST_AUTO_TEST_CASE(a_compressed_body_is_unfolded) {
  serve(http_reply("200 OK", sim::gzipped(R"({"data":1})"), gzip_line));
  BOOST_TEST(search().body.view() == R"({"data":1})");
}

BOOST_AUTO_TEST_CASE(the_limit_counts_unfolded_bytes) {
  config.max_body_bytes = 8u << 20;
  const auto bomb = sim::gzip_bomb(64);
  BOOST_REQUIRE(bomb->size() < config.max_body_bytes / 8); // as sent it is far below the limit
  serve(http_reply("200 OK", *bomb, gzip_line));
  BOOST_TEST(search().transport == Transport::too_large);
}

BOOST_AUTO_TEST_CASE(a_failed_call_leaves_nothing_to_the_next) {
  config.max_body_bytes = 1000;
  serve([n = 0](const std::string&) mutable -> HttpReply {
    switch (++n) {
    case 1:
      return http_reply("200 OK", std::string(1000000, 'x'));
    case 2:
      return {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", HttpReply::Then::close};
    case 3:
      return {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", HttpReply::Then::close};
    default:
      return http_reply("200 OK", "whole");
    }
  });
  BOOST_TEST(search().transport == Transport::too_large);
  BOOST_TEST(search().transport == Transport::failed);
  BOOST_TEST(search().transport == Transport::failed);
  const auto last = search();
  BOOST_TEST(last.transport == Transport::answered);
  BOOST_TEST(last.problem == "");
  BOOST_TEST(last.body.view() == "whole");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_cut_is_no_answer) {
  serve({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":", HttpReply::Then::close});
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::failed);
  BOOST_TEST(!answer.problem.empty());
  BOOST_TEST(answer.body.view() == "");
}

BOOST_AUTO_TEST_CASE(chunks_without_an_end_are_no_answer) {
  serve(
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", HttpReply::Then::close});
  BOOST_TEST(search().transport == Transport::failed);
}

BOOST_AUTO_TEST_CASE(a_compressed_body_that_is_broken_is_no_answer) {
  serve(http_reply("200 OK", "this is not gzip", gzip_line));
  BOOST_TEST(search().transport == Transport::failed);
}

BOOST_AUTO_TEST_CASE(a_compressed_body_that_is_cut_is_no_answer) {
  auto whole = http_reply("200 OK", sim::gzipped(std::string(1000, 'x')), gzip_line).bytes;
  whole.pop_back();
  serve({whole, HttpReply::Then::close});
  BOOST_TEST(search().transport == Transport::failed);
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_no_answer) {
  serve({"+PONG\r\n", HttpReply::Then::close});
  BOOST_TEST(search().transport == Transport::failed);
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_up_is_no_answer) {
  serve({"", HttpReply::Then::close});
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::failed);
  BOOST_TEST(!answer.problem.empty());
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_no_answer_and_says_so) {
  const DeafPort nobody;
  config.key = "top-secret-key";
  config.url = "http://127.0.0.1:" + std::to_string(nobody.port) + "/v2";
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::failed);
  BOOST_TEST(answer.problem.find(std::to_string(nobody.port)) != std::string::npos);
  BOOST_TEST(answer.problem.find("top-secret-key") == std::string::npos);
  BOOST_TEST(answer.problem.find("acme.test") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_that_speaks_no_tls_fails_the_handshake) {
  serve({"HTTP/1.1 400 Bad Request\r\n\r\n", HttpReply::Then::close});
  config.url = "https" + server->url().substr(4);
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::tls_failed);
  BOOST_TEST(!answer.problem.empty());
}

BOOST_AUTO_TEST_CASE(a_redirect_is_handed_on_and_not_followed) {
  config.key = "top-secret-key";
  serve([this](const std::string&) {
    return http_reply("302 Found", "", "Location: " + server->url() + "/elsewhere\r\n");
  });
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::answered);
  BOOST_TEST(answer.status == 302);
  BOOST_TEST(server->requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_not_json_is_handed_on_as_it_is) {
  serve(http_reply("200 OK", "<html>maintenance</html>", "Content-Type: text/html\r\n"));
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::answered);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(!answer.is_json);
  BOOST_TEST(answer.body.view() == "<html>maintenance</html>");
}

BOOST_AUTO_TEST_CASE(an_account_that_is_not_json_is_malformed) {
  serve(http_reply("200 OK", "<html>maintenance</html>"));
  const auto answer = account();
  BOOST_REQUIRE(!bool(answer));
  BOOST_TEST((answer.error().code == Errc::body_malformed));
}

BOOST_AUTO_TEST_CASE(behind_the_body_there_is_room_for_the_parser) {
  for (const std::size_t size : {0u, 1u, 64u * 1024u, 1000003u}) {
    serve(http_reply("200 OK", std::string(size, 'x')));
    close_client();
    const auto body = search().body;
    BOOST_TEST(body.view().size() == size);
    BOOST_TEST(body.capacity() >= size + 64);
  }
}

BOOST_AUTO_TEST_CASE(retry_after_is_handed_on_whatever_its_case) {
  for (const std::string line : {"Retry-After: 7", "retry-after:7", "RETRY-AFTER:   7  "}) {
    close_client();
    serve(http_reply("429 Too Many Requests", "", line + "\r\n"));
    const auto answer = search();
    BOOST_TEST(answer.status == 429);
    BOOST_REQUIRE(answer.retry_after.has_value());
    BOOST_TEST(answer.retry_after->count() == 7);
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_only_looks_like_retry_after_is_none) {
  serve(http_reply("429 Too Many Requests", "", "X-Retry-After: 7\r\nRetry-After-Ms: 7\r\n"));
  BOOST_TEST(!search().retry_after.has_value());
}

BOOST_AUTO_TEST_CASE(a_failed_call_s_error_is_read_from_its_body) {
  serve(
    http_reply("401 Unauthorized",
               R"({"errors":[{"id":"authentication_failed","code":401,"details":"No key."}]})"));
  const auto answer = search();
  BOOST_TEST(answer.status == 401);
  BOOST_TEST(answer.is_json);
  BOOST_TEST(answer.error_id == "authentication_failed");
  BOOST_TEST(answer.error_details == "No key.");
}

BOOST_AUTO_TEST_SUITE_END()
