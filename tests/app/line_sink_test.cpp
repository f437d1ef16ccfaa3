#include "app/line_sink.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <string>

using namespace gleaner;

namespace line_sink {

/// A pipe whose reader reads only when asked.
struct Fixture {
  int ends[2] = {-1, -1};
  LineSink sink;

  static int make_pipe(int* ends) {
    signal(SIGPIPE, SIG_IGN);
    BOOST_REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return ends[1];
  }
  Fixture() : sink(make_pipe(ends), [](std::uint64_t n) { return "lost " + std::to_string(n); }) {}
  ~Fixture() {
    close(ends[0]);
    close(ends[1]);
  }
  std::string read_all() {
    std::string text;
    char buffer[65536];
    for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
      text.append(buffer, static_cast<std::size_t>(n));
    return text;
  }
};

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace line_sink

BOOST_FIXTURE_TEST_SUITE(line_sink, Fixture)

BOOST_AUTO_TEST_CASE(lines_arrive_whole_and_in_order) {
  sink.write("one");
  sink.write(std::string(10000, 'x'));
  sink.write("three");
  BOOST_TEST(read_all() == "one\n" + std::string(10000, 'x') + "\nthree\n");
}

BOOST_AUTO_TEST_CASE(a_reader_that_sleeps_costs_one_short_wait_for_all_lines_together) {
  for (int i = 0; i < 10000; ++i) // a wait for each would take a quarter of an hour
    sink.write(std::string(99, 'x'));
  BOOST_TEST(lines_in(read_all()) < 10000u);
}

BOOST_AUTO_TEST_CASE(what_was_lost_is_counted_when_the_reader_is_back) {
  constexpr std::size_t sent = 10000;
  for (std::size_t i = 0; i < sent; ++i)
    sink.write(std::string(99, 'x'));
  const auto arrived = lines_in(read_all());
  BOOST_TEST(arrived < sent);
  BOOST_TEST(sink.lost() == sent - arrived);
  sink.write("back");
  BOOST_TEST(read_all() == "lost " + std::to_string(sent - arrived) + "\nback\n");
  BOOST_TEST(sink.lost() == sent - arrived); // a counter never goes down
}

BOOST_AUTO_TEST_CASE(a_line_that_was_cut_does_not_run_into_the_next) {
  sink.write(std::string(200000, 'x')); // more than a pipe holds
  const auto part = read_all();
  BOOST_TEST(part.find('\n') == std::string::npos);
  sink.write("next");
  BOOST_TEST(read_all() == "\nlost 1\nnext\n");
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_gone_costs_nothing) {
  close(ends[0]);
  for (int i = 0; i < 10000; ++i)
    sink.write("into the void");
  int back[2] = {-1, -1};
  BOOST_REQUIRE(pipe2(back, O_CLOEXEC | O_NONBLOCK) == 0);
  BOOST_REQUIRE(dup3(back[1], ends[1], O_CLOEXEC) == ends[1]);
  close(back[1]);
  ends[0] = back[0];
  sink.write("back");
  BOOST_TEST(read_all() == "lost 10000\nback\n");
}

BOOST_AUTO_TEST_SUITE_END()
