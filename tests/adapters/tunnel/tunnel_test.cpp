#include "adapters/tunnel/tunnel.hpp"
#include "tests/support/cluster_files.hpp"
#include "tests/support/wait_until.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

using namespace gleaner;
using namespace gleaner::test;
using namespace gleaner::tunnel;
using End = TunnelConfig::End;

namespace tunnel_suite {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::string at(std::uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

/// Gives back what it gets, on one connection after the other.
class Echo {
public:
  Echo() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto address = loopback(0);
    socklen_t size = sizeof address;
    BOOST_REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    BOOST_REQUIRE(listen(listener_, 8) == 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
  }
  ~Echo() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  std::uint16_t port = 0;
  std::atomic<int> connections{0};

private:
  void serve() {
    for (int peer = 0; (peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      ++connections;
      std::array<char, 4096> block{};
      for (ssize_t got = 0; (got = recv(peer, block.data(), block.size(), 0)) > 0;)
        send(peer, block.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL);
      close(peer);
    }
  }
  int listener_;
  std::thread thread_;
};

/// What comes back for a word; empty when the connection is refused or closed.
std::string ask(std::uint16_t port, const std::string& word) {
  const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};
  setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const auto address = loopback(port);
  std::string answer;
  std::array<char, 4096> block{};
  if (connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    send(peer, word.data(), word.size(), MSG_NOSIGNAL);
    if (const auto got = recv(peer, block.data(), block.size(), 0); got > 0)
      answer.assign(block.data(), static_cast<std::size_t>(got));
  }
  close(peer);
  return answer;
}

/// Processes named stunnel that are children of ours.
std::vector<pid_t> stunnels() {
  std::vector<pid_t> found;
  for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
    std::ifstream children{task.path() / "children"};
    for (pid_t child = 0; children >> child;) {
      std::ifstream name_file{"/proc/" + std::to_string(child) + "/comm"};
      std::string name;
      name_file >> name;
      if (name.starts_with("stunnel"))
        found.push_back(child);
    }
  }
  return found;
}

struct Fixture {
  ClusterFiles files;
  Echo echo;
  std::mutex mutex;
  std::vector<std::string> told;

  Fixture() {
    files.issue("coordinator", {"127.0.0.1"});
    files.issue("elsewhere", {"coordinator.internal"});
    files.issue("fetcher");
  }
  TunnelFiles identity(const std::string& name) const {
    return {files.path("ca.pem"), files.path(name + ".pem"), files.path(name + ".key")};
  }
  Result<std::unique_ptr<Tunnel>> open(End end, const std::string& accept,
                                       const std::string& connect, const TunnelFiles& with) {
    return Tunnel::start({end, accept, connect, with}, [this](const std::string& problem) {
      const std::lock_guard guard{mutex};
      told.push_back(problem);
    });
  }
  std::unique_ptr<Tunnel> server(const std::string& name = "coordinator") {
    auto opened = open(End::server, at(0), at(echo.port), identity(name));
    BOOST_REQUIRE(opened);
    return std::move(*opened);
  }
  std::unique_ptr<Tunnel> client(std::uint16_t to, const TunnelFiles& with) {
    auto opened = open(End::client, at(0), at(to), with);
    BOOST_REQUIRE(opened);
    return std::move(*opened);
  }
  bool was_told(const std::string& text) {
    const std::lock_guard guard{mutex};
    return std::any_of(told.begin(), told.end(), [&](const auto& problem) {
      return problem.find(text) != std::string::npos;
    });
  }
};

} // namespace tunnel_suite

BOOST_FIXTURE_TEST_SUITE(tunnel_suite, Fixture)

BOOST_AUTO_TEST_CASE(what_goes_in_at_one_end_comes_out_at_the_other) {
  const auto far = server();
  const auto near = client(far->port(), identity("fetcher"));
  BOOST_TEST(ask(near->port(), "word") == "word");
  BOOST_TEST(ask(near->port(), "another") == "another");
  BOOST_TEST(echo.connections == 2);
  BOOST_TEST(told.empty());
}

BOOST_AUTO_TEST_CASE(who_is_not_of_the_ca_gets_nothing_through) {
  const auto far = server();
  ClusterFiles others;
  others.issue("fetcher");
  TunnelFiles stranger{files.path("ca.pem"), others.path("fetcher.pem"),
                       others.path("fetcher.key")};
  const auto near = client(far->port(), stranger);
  BOOST_TEST(ask(near->port(), "word") == "");
  BOOST_TEST(ask(far->port(), "no TLS at all") == "");
  BOOST_TEST(ask(client(far->port(), identity("coordinator"))->port(), "posing") == "");
  BOOST_TEST(echo.connections == 0);
  BOOST_TEST(wait_until([this] { return !told.empty(); }));
}

BOOST_AUTO_TEST_CASE(a_server_must_have_the_name_and_be_a_coordinator) {
  const auto elsewhere = server("elsewhere");
  BOOST_TEST(ask(client(elsewhere->port(), identity("fetcher"))->port(), "word") == "");
  const auto posing = open(End::server, at(0), at(echo.port), identity("fetcher"));
  BOOST_REQUIRE(posing);
  BOOST_TEST(ask(client((*posing)->port(), identity("fetcher"))->port(), "word") == "");
  BOOST_TEST(echo.connections == 0);
}

BOOST_AUTO_TEST_CASE(a_killed_stunnel_is_back_at_the_same_port) {
  const auto far = server();
  const auto port = far->port();
  const auto near = client(port, identity("fetcher"));
  for (const auto process : stunnels())
    kill(process, SIGKILL);
  BOOST_TEST(wait_until([&] { return ask(near->port(), "word") == "word"; }));
  BOOST_TEST(far->port() == port);
  BOOST_TEST(was_told("started again"));
}

BOOST_AUTO_TEST_CASE(it_ends_with_its_object) {
  auto far = server();
  const auto port = far->port();
  BOOST_TEST(stunnels().size() == 1u);
  far.reset();
  BOOST_TEST(stunnels().size() == 0u);
  BOOST_TEST(ask(port, "word") == "");
}

BOOST_AUTO_TEST_CASE(one_that_hangs_ends_with_its_object_all_the_same) {
  auto far = server();
  for (const auto process : stunnels())
    kill(process, SIGSTOP);
  far.reset();
  BOOST_TEST(stunnels().size() == 0u);
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_may_be_in_brackets) {
  const auto six = open(End::server, "[::1]:0", at(echo.port), identity("coordinator"));
  BOOST_REQUIRE(six);
  BOOST_TEST((*six)->port() > 0);
}

BOOST_AUTO_TEST_CASE(what_can_not_work_is_told_at_the_start) {
  const auto far = server();
  const auto taken = open(End::server, at(far->port()), at(echo.port), identity("coordinator"));
  BOOST_REQUIRE(!taken);
  BOOST_TEST(taken.error().detail.find("in use") != std::string::npos, taken.error().detail);
  const auto no_files = open(End::server, at(0), at(echo.port), {"/none", "/none", "/none"});
  BOOST_REQUIRE(!no_files);
  BOOST_TEST(no_files.error().detail.find("No such file") != std::string::npos,
             no_files.error().detail);
}

BOOST_AUTO_TEST_SUITE_END()
