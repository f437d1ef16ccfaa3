#include "tests/adapters/embedded/embedded_fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cstdlib>

using namespace gleaner;
using namespace gleaner::test;
namespace fs = std::filesystem;

namespace embedded_redis {

bool tells(const Error& error, const std::string& text) {
  return error.detail.find(text) != std::string::npos;
}

/// What the open descriptors of a process lead to.
std::vector<std::string> open_files_of(pid_t process) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator{"/proc/" + std::to_string(process) + "/fd"}) {
    std::error_code closed_meanwhile;
    files.push_back(fs::read_symlink(entry.path(), closed_meanwhile).string());
  }
  return files;
}

/// A PATH for as long as it lives.
class SearchPath {
public:
  explicit SearchPath(const std::string& folders) : before_(std::getenv("PATH")) {
    setenv("PATH", folders.c_str(), 1);
  }
  SearchPath(const SearchPath&) = delete;
  SearchPath& operator=(const SearchPath&) = delete;
  ~SearchPath() { setenv("PATH", before_.c_str(), 1); }

private:
  std::string before_;
};

/// A state folder below `parent` whose socket has a path of so many bytes.
std::string state_with_socket_of(std::size_t bytes, const std::string& parent) {
  const auto least = embedded::embedded_socket(parent + "/").size();
  return parent + '/' + std::string(bytes - least - 1, 'x');
}

} // namespace embedded_redis

BOOST_FIXTURE_TEST_SUITE(embedded_redis, StateFolder)

BOOST_AUTO_TEST_CASE(it_answers_on_its_socket_and_on_a_loopback_port) {
  const auto server = EmbeddedRedis::start(state);
  BOOST_REQUIRE(server);
  BOOST_TEST((*server)->url() == url);
  BOOST_TEST(ask(url, {"PING"}) == "PONG");
  BOOST_TEST(ask("redis://127.0.0.1:" + std::to_string((*server)->port()), {"PING"}) == "PONG");
}

BOOST_AUTO_TEST_CASE(it_keeps_every_job) {
  const auto server = EmbeddedRedis::start(state);
  BOOST_REQUIRE(server);
  const auto memory = ask(url, {"INFO", "memory"});
  BOOST_TEST(memory.find("maxmemory_policy:noeviction") != std::string::npos);
  const auto persistence = ask(url, {"INFO", "persistence"});
  BOOST_TEST(persistence.find("aof_enabled:1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(data_survives_a_stop_and_a_start) {
  for (int round = 0; round < 3; ++round) {
    const auto server = EmbeddedRedis::start(state);
    BOOST_REQUIRE(server);
    BOOST_TEST(ask(url, {"GET", "round"}) == (round == 0 ? "" : std::to_string(round - 1)));
    ask(url, {"SET", "round", std::to_string(round)});
  }
}

BOOST_AUTO_TEST_CASE(the_server_has_ended_when_its_object_is_gone) {
  auto server = EmbeddedRedis::start(state);
  BOOST_REQUIRE(server);
  const Watched process{server_of(url)};
  server->reset();
  BOOST_TEST(process.has_ended());
  BOOST_TEST(!fs::exists(embedded::embedded_socket(state)));
}

BOOST_AUTO_TEST_CASE(one_process_cannot_start_it_twice) {
  const auto first = EmbeddedRedis::start(state);
  BOOST_REQUIRE(first);
  const auto second = EmbeddedRedis::start(state);
  BOOST_REQUIRE(!second);
  BOOST_TEST(second.error().code == Errc::state_in_use);
}

BOOST_AUTO_TEST_CASE(only_its_owner_may_look_into_the_folder) {
  const auto umask_before = umask(0);
  const auto server = EmbeddedRedis::start(state);
  umask(umask_before);
  BOOST_REQUIRE(server);
  const auto socket = embedded::embedded_socket(state);
  const auto mode_of = [](const fs::path& path) { return fs::status(path).permissions(); };
  BOOST_TEST((mode_of(fs::path{socket}.parent_path()) == fs::perms::owner_all));
  BOOST_TEST((mode_of(socket) == fs::perms::owner_all));
  for (const auto& entry : fs::recursive_directory_iterator{fs::path{socket}.parent_path()})
    BOOST_TEST(((mode_of(entry.path()) & ~fs::perms::owner_all) == fs::perms::none), entry.path());
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_could_read_is_closed_to_them) {
  fs::create_directories(state + "/redis");
  fs::permissions(state + "/redis", fs::perms::all);
  BOOST_REQUIRE(EmbeddedRedis::start(state));
  BOOST_TEST((fs::status(state + "/redis").permissions() == fs::perms::owner_all));
}

BOOST_AUTO_TEST_CASE(the_server_inherits_no_file_of_ours) {
  const auto ours = folder / "ours";
  const int descriptor = open(ours.c_str(), O_RDWR | O_CREAT, 0600); // without O_CLOEXEC
  const auto server = EmbeddedRedis::start(state);
  close(descriptor);
  BOOST_REQUIRE(server);
  const auto files = open_files_of(server_of(url));
  const auto count = [&files](const std::string& file) {
    return std::count(files.begin(), files.end(), file);
  };
  BOOST_TEST(count(ours) == 0);
  BOOST_TEST(count(state + "/redis/lock") == 0);
  BOOST_TEST(count(state + "/redis/server.lock") == 1);
  BOOST_TEST(count("/dev/null") == 3);
}

BOOST_AUTO_TEST_CASE(the_signals_that_we_block_still_end_the_server) {
  sigset_t term, before;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &term, &before);
  const auto server = EmbeddedRedis::start(state);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  BOOST_REQUIRE(server);
  const auto process = server_of(url);
  const Watched watched{process};
  kill(process, SIGTERM);
  BOOST_TEST(watched.ends());
}

BOOST_AUTO_TEST_CASE(odd_characters_in_the_folder_name_do_no_harm) {
  for (const std::string name : {"me@work", "a b", "50%", "why?", "%41", "--port", "\"quoted\""}) {
    const auto server = EmbeddedRedis::start(folder / name);
    BOOST_REQUIRE_MESSAGE(server, name);
    BOOST_TEST(ask((*server)->url(), {"PING"}) == "PONG", name);
    BOOST_TEST(fs::exists((folder / name) + "/redis/redis.sock"), name);
  }
}

BOOST_AUTO_TEST_CASE(a_missing_redis_server_is_told_with_its_remedy) {
  const SearchPath nothing{folder.path()};
  const auto server = EmbeddedRedis::start(state);
  BOOST_REQUIRE(!server);
  BOOST_TEST(server.error().code == Errc::not_found);
  BOOST_TEST(tells(server.error(), "redis-server is not installed"));
  BOOST_TEST(tells(server.error(), "REDIS_URL"));
}

BOOST_AUTO_TEST_CASE(a_server_that_ends_at_once_is_told_with_the_place_of_its_log) {
  const auto program = folder / "redis-server";
  write_file(program, "#!/bin/sh\nexit 1\n");
  fs::permissions(program, fs::perms::owner_all);
  const SearchPath only_this{folder.path()};
  const auto server = EmbeddedRedis::start(state);
  BOOST_REQUIRE(!server);
  BOOST_TEST(server.error().code == Errc::redis_unavailable);
  BOOST_TEST(tells(server.error(), state + "/redis/redis.log"));
}

BOOST_AUTO_TEST_CASE(a_failed_start_leaves_the_folder_free) {
  {
    const SearchPath nothing{folder.path()};
    BOOST_REQUIRE(!EmbeddedRedis::start(state));
  }
  BOOST_TEST(bool{EmbeddedRedis::start(state)});
}

BOOST_AUTO_TEST_CASE(the_longest_path_that_a_socket_can_have_works) {
  const auto longest = state_with_socket_of(sizeof(sockaddr_un::sun_path) - 2, folder.path());
  const auto server = EmbeddedRedis::start(longest);
  BOOST_REQUIRE(server);
  BOOST_TEST(ask((*server)->url(), {"PING"}) == "PONG");
}

BOOST_AUTO_TEST_CASE(a_path_too_long_for_a_socket_is_told_before_anything_is_made) {
  const auto too_long = state_with_socket_of(sizeof(sockaddr_un::sun_path) - 1, folder.path());
  const auto server = EmbeddedRedis::start(too_long);
  BOOST_REQUIRE(!server);
  BOOST_TEST(server.error().code == Errc::usage);
  BOOST_TEST(tells(server.error(), too_long));
  BOOST_TEST(tells(server.error(), "shorter state_folder"));
  BOOST_TEST(!fs::exists(too_long));
}

BOOST_AUTO_TEST_CASE(a_file_in_the_way_is_named) {
  write_file(state, "");
  const auto server = EmbeddedRedis::start(state);
  BOOST_REQUIRE(!server);
  BOOST_TEST(server.error().code == Errc::store_unwritable);
  BOOST_TEST(tells(server.error(), state));
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_a_link_is_not_followed) {
  fs::create_directories(state + "/redis");
  fs::create_symlink(folder / "elsewhere", state + "/redis/lock");
  const auto server = EmbeddedRedis::start(state);
  BOOST_REQUIRE(!server);
  BOOST_TEST(server.error().code == Errc::store_unwritable);
  BOOST_TEST(!fs::exists(folder / "elsewhere"));
}

BOOST_AUTO_TEST_SUITE_END()
