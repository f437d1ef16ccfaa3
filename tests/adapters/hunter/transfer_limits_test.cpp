#include "tests/adapters/hunter/client_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

#include <chrono>
#include <cstdlib>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace transfer_limits {

using Transport = ApiAnswer::Transport;

/// $HOME, as before at the end.
class HomeFolder {
public:
  explicit HomeFolder(const std::string& path) {
    if (const auto* before = std::getenv("HOME"))
      before_ = before;
    setenv("HOME", path.c_str(), 1);
  }
  HomeFolder(const HomeFolder&) = delete;
  HomeFolder& operator=(const HomeFolder&) = delete;
  ~HomeFolder() { before_ ? setenv("HOME", before_->c_str(), 1) : unsetenv("HOME"); }

private:
  std::optional<std::string> before_;
};

/// A reply whose head is `size` bytes long, in lines of at most a thousand.
HttpReply with_head_of(std::size_t size) {
  std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";
  for (const std::size_t end = 2; head.size() + end < size;) {
    const auto left = size - end - head.size();
    const auto line = left < 2000 ? left : 1000;
    head += "X-Filler: " + std::string(line - 12, 'x') + "\r\n";
  }
  return {head + "\r\n{}", HttpReply::Then::close};
}

HttpReply with_length(const std::string& lines, const std::string& body) {
  return {"HTTP/1.1 200 OK\r\n" + lines + "\r\n" + body, HttpReply::Then::close};
}

} // namespace transfer_limits

BOOST_FIXTURE_TEST_SUITE(transfer_limits, ClientFixture)

BOOST_AUTO_TEST_CASE(headers_of_64_kib_are_read_and_no_byte_more) {
  serve(with_head_of(65536));
  BOOST_TEST(search().transport == Transport::answered);
  close_client();
  serve(with_head_of(65537));
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::too_large);
  BOOST_TEST(answer.problem == "the answer's headers exceed 65536 bytes");
}

BOOST_AUTO_TEST_CASE(interim_answers_and_trailers_count_as_headers) {
  std::string interim;
  while (interim.size() < 70000)
    interim += "HTTP/1.1 103 Early Hints\r\nLink: " + std::string(900, 'x') + "\r\n\r\n";
  serve({interim + http_reply("200 OK", "{}").bytes, HttpReply::Then::close});
  BOOST_TEST(search().transport == Transport::too_large);
  close_client();
  std::string trailers;
  while (trailers.size() < 70000)
    trailers += "X-Trailer: " + std::string(900, 'x') + "\r\n";
  serve(
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + trailers + "\r\n",
     HttpReply::Then::close});
  BOOST_TEST(search().transport == Transport::too_large);
}

BOOST_AUTO_TEST_CASE(of_a_body_of_chunks_without_end_no_more_than_the_limit_is_read) {
  config.max_body_bytes = 1u << 20;
  std::string body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i)
    body += "100000\r\n" + std::string(1u << 20, 'x') + "\r\n";
  serve({body, HttpReply::Then::hold});
  const auto answer = search();
  BOOST_TEST(answer.transport == Transport::too_large);
  BOOST_TEST(answer.body.view() == "");
}

BOOST_AUTO_TEST_CASE(a_wrong_length_gives_no_answer_or_a_part_never_more) {
  struct Case {
    std::string lines;
    Transport transport;
    std::string body;
  };
  for (const auto& [lines, transport, body] : std::vector<Case>{
         {"Content-Length: 3\r\n", Transport::failed, ""},
         {"Content-Length: 1\r\n", Transport::answered, "{"},
         {"Content-Length: 0\r\n", Transport::answered, ""},
         {"Content-Length: 9223372036854775807\r\n", Transport::failed, ""},
         {"Content-Length: 1\r\nContent-Length: 2\r\n", Transport::answered, "{}"},
         {"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", Transport::failed, ""}}) {
    close_client();
    serve(with_length(lines, "{}"));
    const auto answer = search();
    BOOST_TEST_CONTEXT(lines) {
      BOOST_TEST(answer.transport == transport);
      BOOST_TEST(answer.body.view() == body);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_stays_away_ends_at_half_of_the_time) {
  config.timeout = 4s;
  serve({"", HttpReply::Then::hold});
  const auto before = std::chrono::steady_clock::now();
  const auto answer = search();
  const auto took = std::chrono::steady_clock::now() - before;
  BOOST_TEST(answer.transport == Transport::timed_out);
  BOOST_TEST((took > 1900ms && took < 3900ms));
}

BOOST_AUTO_TEST_CASE(a_name_that_leads_to_this_machine_is_not_asked) {
  config.key = "top-secret-key";
  serve(http_reply("200 OK", "{}"));
  const auto port = server->url().substr(std::string{"http://127.0.0.1"}.size());
  for (const std::string host : {"api.localhost", "2130706433", "0x7f000001", "0177.0.0.1"}) {
    close_client();
    config.url = "http://" + host + port;
    const auto answer = search();
    BOOST_TEST_CONTEXT(host) {
      BOOST_TEST(answer.transport == Transport::address_refused);
      BOOST_TEST(answer.problem.find("not a public address; nothing was sent") !=
                   answer.problem.npos,
                 answer.problem);
    }
  }
  BOOST_TEST(server->connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_netrc_file_is_not_heeded) {
  const TemporaryFolder home;
  write_file(home / ".netrc", "machine 127.0.0.1 login ann password netrc-secret\n");
  const HomeFolder variable{home.path()};
  serve(http_reply("200 OK", "{}"));
  BOOST_TEST(search().transport == Transport::answered);
  BOOST_TEST(server->requests().front().find("Basic") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
