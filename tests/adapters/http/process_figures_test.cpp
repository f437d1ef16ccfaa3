#include "adapters/http/process_figures.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include <future>
#include <latch>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace gleaner::http;

namespace process_figures {

struct Fixture {
  prometheus::Registry registry;
  ProcessFigures figures{registry};

  /// Every series by its name, after a refresh.
  std::map<std::string, double> now() {
    figures.refresh();
    std::map<std::string, double> values;
    for (const auto& family : registry.Collect())
      for (const auto& metric : family.metric)
        values[family.name] = family.type == prometheus::MetricType::Counter ? metric.counter.value
                                                                             : metric.gauge.value;
    return values;
  }
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Uses so much processor time.
void burn(double seconds) {
  for (const auto end = cpu_seconds() + seconds; cpu_seconds() < end;) {
  }
}

} // namespace process_figures

BOOST_FIXTURE_TEST_SUITE(process_figures, Fixture)

BOOST_AUTO_TEST_CASE(every_series_has_its_usual_name) {
  std::vector<std::string> names;
  for (const auto& [name, value] : now()) {
    names.push_back(name);
    BOOST_TEST_CONTEXT(name) BOOST_TEST(value > 0);
  }
  const std::vector<std::string> expected{"process_cpu_seconds_total",
                                          "process_max_fds",
                                          "process_open_fds",
                                          "process_resident_memory_bytes",
                                          "process_start_time_seconds",
                                          "process_threads",
                                          "process_virtual_memory_bytes"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(resident_memory_is_in_bytes) {
  const auto before = now()["process_resident_memory_bytes"];
  BOOST_TEST(before > 1e6);
  BOOST_TEST(before < 1e11);
  constexpr std::size_t size = 64u << 20;
  const std::vector<char> touched(size, 'x');
  const auto grown = now()["process_resident_memory_bytes"] - before;
  BOOST_TEST(touched.back() == 'x');
  BOOST_TEST(grown > 0.9 * size);
#ifndef __SANITIZE_THREAD__ // which keeps four bytes and more beside each
  BOOST_TEST(grown < 2.0 * size);
#endif
}

BOOST_AUTO_TEST_CASE(an_open_file_counts) {
  const auto before = now()["process_open_fds"];
  const int first = dup(0), second = dup(0);
  BOOST_TEST(now()["process_open_fds"] == before + 2);
  close(first);
  close(second);
  BOOST_TEST(now()["process_open_fds"] == before);
}

BOOST_AUTO_TEST_CASE(a_thread_counts) {
  const auto before = now()["process_threads"];
  std::promise<void> begun, end;
  std::thread other{[&] {
    begun.set_value();
    end.get_future().get();
  }};
  begun.get_future().get();
  BOOST_TEST(now()["process_threads"] == before + 1);
  end.set_value();
  other.join();
}

BOOST_AUTO_TEST_CASE(processor_time_is_what_the_system_counts) {
  const auto lower = cpu_seconds();
  const auto shown = now()["process_cpu_seconds_total"];
  const auto upper = cpu_seconds();
  BOOST_TEST(shown >= lower - 1e-6);
  BOOST_TEST(shown <= upper + 1e-6);
  burn(0.02);
  const auto later = now()["process_cpu_seconds_total"];
  BOOST_TEST(later >= upper + 0.02 - 1e-6);
  BOOST_TEST(later <= cpu_seconds() + 1e-6);
}

BOOST_AUTO_TEST_CASE(refreshing_from_several_threads_counts_no_time_twice) {
  for (int round = 0; round < 20; ++round) {
    burn(0.005);
    std::latch together{4};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        together.arrive_and_wait();
        figures.refresh();
      });
    for (auto& thread : threads)
      thread.join();
    const auto shown = now()["process_cpu_seconds_total"];
    BOOST_TEST(shown <= cpu_seconds() + 1e-6);
  }
}

BOOST_AUTO_TEST_SUITE_END()
