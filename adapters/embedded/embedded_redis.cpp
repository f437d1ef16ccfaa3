#include "adapters/embedded/embedded_redis.hpp"

#include "adapters/redis/redis_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

namespace gleaner::embedded {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

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

RedisConfig client_config(const std::string& url) {
  RedisConfig config;
  config.url = url;
  config.connect_timeout = 1s;
  config.command_timeout = 1s;
  return config;
}

} // namespace

std::string embedded_socket(const std::string& state_folder) {
  return (fs::absolute(state_folder) / "redis" / "redis.sock").lexically_normal().string();
}

std::string embedded_url(const std::string& state_folder) {
  std::string url = "unix://";
  for (const char c : embedded_socket(state_folder)) {
    if (c == '%')
      url += "%25";
    else if (c == '?')
      url += "%3F";
    else if (c == '@')
      url += "%40";
    else
      url += c;
  }
  return url;
}

EmbeddedRedis::EmbeddedRedis(const std::string& state_folder, std::chrono::milliseconds patience)
    : socket_(embedded_socket(state_folder)), url_(embedded_url(state_folder)),
      folder_(fs::path{socket_}.parent_path().string()), patience_(patience) {}

Result<std::unique_ptr<EmbeddedRedis>> EmbeddedRedis::start(const std::string& state_folder,
                                                            std::chrono::milliseconds patience) {
  std::unique_ptr<EmbeddedRedis> server{new EmbeddedRedis{state_folder, patience}};
  if (auto made = server->make_folder(); !made)
    return made.error();
  if (auto locked = server->lock_folder(); !locked)
    return locked.error();
  auto server_lock = server->end_predecessor();
  if (!server_lock)
    return server_lock.error();
  if (auto launched = server->launch(std::move(*server_lock)); !launched)
    return launched.error();
  if (auto answers = server->await_answer(); !answers)
    return answers.error();
  return server;
}

Status EmbeddedRedis::make_folder() const {
  // hiredis 0.14 leaves the last byte of the address as malloc left it.
  constexpr auto longest = sizeof(sockaddr_un::sun_path) - 2;
  if (socket_.size() > longest)
    return Error{Errc::usage, "the path of the state folder is too long for a unix socket: " +
                                socket_ + "; choose a shorter state_folder"};
  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error)
    fs::permissions(folder_, fs::perms::owner_all, error);
  if (error)
    return Error{Errc::store_unwritable, "cannot create " + folder_ + ": " + error.message() +
                                           "; choose another state_folder"};
  return Done{};
}

Status EmbeddedRedis::lock_folder() {
  auto lock = FileLock::open(folder_ + "/lock");
  if (!lock)
    return lock.error();
  if (!lock->try_lock())
    return Error{Errc::state_in_use,
                 "another gleaner runs in " + folder_ +
                   "; stop it, or choose another state_folder, or set REDIS_URL"};
  lock_ = std::move(*lock);
  return Done{};
}

/// The server holds a lock of its own: while that is taken, one whose owner was killed still saves,
/// or was spared by the kernel. Two at once would ruin the append-only file.
Result<FileLock> EmbeddedRedis::end_predecessor() const {
  auto lock = FileLock::open(folder_ + "/server.lock");
  if (!lock)
    return lock.error();
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  while (!lock->try_lock()) {
    if (std::chrono::steady_clock::now() >= deadline)
      return Error{Errc::redis_unavailable, "the redis-server of an earlier run (process " +
                                              lock->read() + ") does not end; see " + folder_ +
                                              "/redis.log, end it, then start again"};
    if (fs::exists(socket_)) {
      // The append-only file is flushed and synced all the same; NOSAVE spares the RDB file only.
      redis::RedisClient client{client_config(url_), ""};
      static_cast<void>(client.call({"SHUTDOWN", "NOSAVE"})); // the lock tells whether it ended
    }
    std::this_thread::sleep_for(5ms);
  }
  return lock; // a socket left by a kill is replaced by the next server
}

Status EmbeddedRedis::launch(FileLock server_lock) {
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
                                 folder_,
                                 "--logfile",
                                 folder_ + "/redis.log",
                                 "--daemonize",
                                 "no",
                                 "--stop-writes-on-bgsave-error",
                                 "no"};
  auto started =
    process::ChildProcess::start({std::move(words), {server_lock.descriptor()}, -1, {}, SIGTERM});
  if (!started)
    return started.error();
  process_.emplace(std::move(*started));
  server_lock.write(std::to_string(process_->id()));
  return Done{};
}

Status EmbeddedRedis::await_answer() {
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  while (std::chrono::steady_clock::now() < deadline) {
    if (fs::exists(socket_)) {
      redis::RedisClient client{client_config(url_), ""};
      if (const auto pong = client.call({"PING"}))
        return Done{};
    }
    if (const auto status = process_->ended())
      return ended(*status);
    std::this_thread::sleep_for(5ms);
  }
  return Error{Errc::redis_unavailable,
               "the embedded redis-server does not answer; see " + folder_ + "/redis.log"};
}

Error EmbeddedRedis::ended(int status) const {
  if (process::ChildProcess::was_not_found(status))
    return {Errc::not_found, "redis-server is not installed: install it, or set REDIS_URL"};
  return {Errc::redis_unavailable,
          "the embedded redis-server ended at once; see " + folder_ + "/redis.log"};
}

} // namespace gleaner::embedded
