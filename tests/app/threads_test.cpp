#include "app/event_logger.hpp"
#include "app/redis_report.hpp"
#include "tests/support/label_value.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <vector>

using namespace gleaner;

/// What the threads of a process share, used by several at once: the preset tsan looks on.
namespace threads {

constexpr int most = 4, rounds = 200;

/// Runs `work` on some threads at the same time.
void together(const std::function<void()>& work) {
  std::latch ready{most};
  std::vector<std::thread> all;
  for (int i = 0; i < most; ++i)
    all.emplace_back([&] {
      ready.arrive_and_wait();
      for (int round = 0; round < rounds; ++round)
        work();
    });
  for (auto& thread : all)
    thread.join();
}

/// Stderr into a pipe whose reader may come late.
class CaughtErrors {
public:
  CaughtErrors() : kept_(dup(STDERR_FILENO)) {
    BOOST_REQUIRE(pipe2(ends_, O_CLOEXEC) == 0);
    dup2(ends_[1], STDERR_FILENO);
    close(ends_[1]);
  }
  ~CaughtErrors() {
    dup2(kept_, STDERR_FILENO);
    close(kept_);
    close(ends_[0]);
  }
  /// Reads until nobody writes any more.
  std::string read_all() {
    std::string text;
    char buffer[65536];
    for (ssize_t n = 0; (n = read(ends_[0], buffer, sizeof buffer)) > 0;)
      text.append(buffer, static_cast<std::size_t>(n));
    return text;
  }
  void end() const { dup2(kept_, STDERR_FILENO); }

private:
  int kept_;
  int ends_[2] = {-1, -1};
};

} // namespace threads

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(lines_of_several_threads_arrive_whole_or_are_counted) {
  CaughtErrors errors;
  Config config;
  config.log.format = "json";
  config.log.repeats = 0;
  std::string text;
  std::uint64_t lost = 0;
  {
    EventLogger log{config};
    auto reader = std::async(std::launch::async, [&] { return errors.read_all(); });
    together([&] {
      log.info("worker.ready", "ready", {{"thread", "one of them"}});
      (void)log.lost();
    });
    lost = log.lost();
    errors.end();
    text = reader.get();
  }
  std::size_t whole = 0, notices = 0;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos;
       at = end + 1) {
    const auto line = text.substr(at, end - at);
    BOOST_TEST((line.starts_with("{\"ts\":") && line.ends_with("}")), line);
    (line.find("log.dropped") == std::string::npos ? whole : notices) += 1;
  }
  BOOST_TEST(whole + lost >= static_cast<std::size_t>(most * rounds));
  BOOST_TEST(notices <= lost);
}

BOOST_AUTO_TEST_CASE(both_connections_report_at_once) {
  CaughtErrors errors;
  prometheus::Registry registry;
  RedisMetrics metrics{registry};
  Config config;
  EventLogger log{config};
  RedisReport report{metrics, log};
  together([&] {
    report.refused({Errc::redis_refused, "OOM command not allowed"});
    report.reconnected();
    report.went_stale();
  });
  BOOST_TEST(test::label_value(registry, "gleaner_redis_refused_total", "oom") == most * rounds);
  BOOST_TEST(metrics.reconnects.Value() == most * rounds);
  errors.end();
  const auto text = errors.read_all();
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 2); // each kind once a minute
}

BOOST_AUTO_TEST_SUITE_END()
