#include "adapters/embedded/embedded_redis.hpp"

#include "adapters/redis/redis_client.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include <vector>

namespace gleaner::embedded {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// How long a server may take to load its append-only file, or to end.
constexpr auto patience = 30s;

/// A port that is free now. Redis can't pick one itself: its port 0 means none.
int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  int port = 0;
  if (bind(probe, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
      getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) == 0)
    port = ntohs(address.sin_port);
  close(probe);
  return port;
}

/// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const std::vector<char*>& arguments) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // Ctrl-C on the terminal is ours to handle: the server ends when we have drained.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int null = open("/dev/null", O_RDWR);
  dup2(null, STDIN_FILENO);
  dup2(null, STDOUT_FILENO);
  dup2(null, STDERR_FILENO);
  execvp(arguments.front(), arguments.data());
  _exit(127);
}

RedisConfig client_config(const std::string& socket) {
  RedisConfig config;
  config.url = "unix://" + socket;
  config.connect_timeout = 1s;
  config.command_timeout = 1s;
  return config;
}

} // namespace

std::string embedded_socket(const std::string& state_folder) {
  return (fs::absolute(state_folder) / "redis" / "redis.sock").lexically_normal().string();
}

Result<std::unique_ptr<EmbeddedRedis>> EmbeddedRedis::start(const std::string& state_folder) {
  std::unique_ptr<EmbeddedRedis> server{new EmbeddedRedis};
  server->socket_ = embedded_socket(state_folder);
  if (server->socket_.size() >= sizeof(sockaddr_un::sun_path))
    return Error{Errc::usage, "the path of the state folder is too long for a unix socket: " +
                                server->socket_ + "; choose a shorter state_folder"};
  const auto folder = fs::path{server->socket_}.parent_path().string();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return Error{Errc::store_unwritable, "cannot create " + folder + ": " + error.message() +
                                           "; choose another state_folder"};
  fs::permissions(folder, fs::perms::owner_all, error);
  if (auto locked = server->lock_folder(folder); !locked)
    return locked.error();
  if (auto ended = server->end_predecessor(); !ended)
    return ended.error();
  if (auto launched = server->launch(folder); !launched)
    return launched.error();
  if (auto answers = server->await_answer(); !answers)
    return answers.error();
  return server;
}

Status EmbeddedRedis::lock_folder(const std::string& folder) {
  const auto path = folder + "/lock";
  lock_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock_ < 0)
    return Error{Errc::store_unwritable, "cannot open " + path + ": " + std::strerror(errno) +
                                           "; choose another state_folder"};
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0)
    return Error{Errc::state_in_use,
                 "another gleaner runs in " + folder +
                   "; stop it, or choose another state_folder, or set REDIS_URL"};
  return Done{};
}

Status EmbeddedRedis::end_predecessor() const {
  // Our process was killed and its server is still saving, or was spared by the kernel.
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (fs::exists(socket_) && std::chrono::steady_clock::now() < deadline) {
    redis::RedisClient client{client_config(socket_), ""};
    if (const auto reply = client.call({"SHUTDOWN", "NOSAVE"}); !reply && !fs::exists(socket_))
      break;
    const auto again = client.call({"PING"});
    if (!again && again.error().code == Errc::redis_unavailable) {
      std::error_code ignored;
      fs::remove(socket_, ignored); // nobody listens: left by a kill
    }
  }
  return Done{};
}

Status EmbeddedRedis::launch(const std::string& folder) {
  port_ = free_port();
  std::vector<std::string> words{"redis-server",
                                 "--port",
                                 std::to_string(port_),
                                 "--bind",
                                 "127.0.0.1",
                                 "--unixsocket",
                                 socket_,
                                 "--unixsocketperm",
                                 "700",
                                 "--appendonly",
                                 "yes",
                                 "--appendfsync",
                                 "everysec",
                                 "--maxmemory-policy",
                                 "noeviction",
                                 "--save",
                                 "",
                                 "--dir",
                                 folder,
                                 "--logfile",
                                 folder + "/redis.log",
                                 "--daemonize",
                                 "no",
                                 "--stop-writes-on-bgsave-error",
                                 "no"};
  std::vector<char*> arguments;
  for (auto& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  process_ = fork();
  if (process_ == 0)
    become(arguments);
  if (process_ < 0)
    return Error{Errc::internal, std::string{"cannot fork: "} + std::strerror(errno)};
  return Done{};
}

Status EmbeddedRedis::await_answer() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (fs::exists(socket_)) {
      redis::RedisClient client{client_config(socket_), ""};
      if (const auto pong = client.call({"PING"}))
        return Done{};
    }
    int status = 0;
    if (waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      return WIFEXITED(status) && WEXITSTATUS(status) == 127
               ? Error{Errc::not_found,
                       "redis-server is not installed: install it, or set REDIS_URL"}
               : Error{Errc::redis_unavailable, "the embedded redis-server ended at once; see " +
                                                  fs::path{socket_}.parent_path().string() +
                                                  "/redis.log"};
    }
    std::this_thread::sleep_for(5ms);
  }
  return Error{Errc::redis_unavailable, "the embedded redis-server does not answer; see " +
                                          fs::path{socket_}.parent_path().string() + "/redis.log"};
}

EmbeddedRedis::~EmbeddedRedis() {
  if (process_ > 0) {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
  }
  if (lock_ >= 0)
    close(lock_);
}

} // namespace gleaner::embedded
