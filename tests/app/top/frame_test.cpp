#include "app/top/frame.hpp"
#include "core/text_width.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::top;
using namespace std::chrono_literals;

namespace frames {

JobFigures job(const std::string& id, const std::string& domain, std::uint64_t collected,
               std::int64_t age_ms) {
  JobFigures figures;
  figures.id = id;
  figures.domain = domain;
  figures.worker = "ann";
  figures.status = "fetching";
  figures.attempts = 3;
  figures.page = collected / 100;
  figures.collected = collected;
  figures.total = 5000;
  figures.age_ms = age_ms;
  return figures;
}

/// A queue with something in every section.
View busy(std::size_t jobs = 2) {
  Figures figures;
  figures.queue = "bull:domain-collection";
  figures.now_ms = 1'700'000'000'000;
  figures.counts.waiting = 1204;
  figures.counts.active = jobs;
  figures.counts.completed = 99;
  figures.counts.oldest_waiting_age_ms = 133'000;
  figures.completed_per_s = 12.345;
  figures.failed_per_s = 0;
  for (std::size_t i = 0; i < jobs; ++i)
    figures.jobs.push_back(job(std::to_string(i), "d" + std::to_string(i) + ".test", 100 * i,
                               static_cast<std::int64_t>(1000 * (jobs - i))));
  budget::BudgetView budget;
  budget.windows = {{{15, 1s}, 15, 12}, {{500, 60s}, 250, 240}};
  budget.credits.remaining = 1203.5;
  budget.credits.reserved = 4;
  budget.reset_date = "2026-12-01";
  figures.keys = {{"default", "open", budget}};
  figures.nodes = {{{"fetcher-a", "0.1.0", 64, 12, 4711, false, "joined"}, 1}};
  figures.workers = {{"ann", "127.0.0.1:5000", 2, 61}};
  View view;
  view.figures = std::move(figures);
  return view;
}

std::string text_of(const View& view, FrameSize size) {
  std::string text;
  for (const auto& line : frame_of(view, size))
    text += line.text + '\n';
  return text;
}

bool tells(const View& view, const std::string& part, FrameSize size = {}) {
  const auto text = text_of(view, size);
  BOOST_TEST_INFO(text);
  return text.find(part) != std::string::npos;
}

} // namespace frames

BOOST_AUTO_TEST_SUITE(frame)

using namespace frames;

BOOST_AUTO_TEST_CASE(a_frame_without_bounds_tells_all) {
  const auto view = busy();
  for (const auto* part :
       {"bull:domain-collection  22:13:20 UTC", "waiting 1204", "completed 12/s  failed 0.0/s",
        "next job waits for 2m13s", "12 of 15/s 240 of 500/min (now 250)", "1203.5", "2026-12-01",
        "fetcher-a  ready    12     64   4711", "ann        2      1m01s  127.0.0.1:5000",
        "1    d1.test  fetching     1  100/5000  1/3  1.0s  ann"})
    BOOST_TEST(tells(view, part), part);
  BOOST_TEST(!tells(view, "q quits"));
}

BOOST_AUTO_TEST_CASE(frames_fit_every_terminal) {
  for (const std::size_t columns : {1u, 20u, 60u, 80u, 200u})
    for (const std::size_t rows : {1u, 2u, 5u, 12u, 24u, 60u}) {
      const auto lines = frame_of(busy(40), {columns, rows});
      BOOST_TEST(lines.size() == rows);
      for (const auto& line : lines)
        BOOST_TEST(columns_of(line.text) <= columns);
      BOOST_TEST(lines.back().text ==
                 cut_to("q quits  p stands still  s sorts (most contacts first)", columns));
    }
}

BOOST_AUTO_TEST_CASE(sixty_columns_show_what_matters_of_a_job) {
  const auto lines = text_of(busy(), {60, 24});
  for (const auto* part : {"d1.test", "100/5000", "1.0s", "default", "12 of 15/s", "fetcher-a"})
    BOOST_TEST(lines.find(part) != std::string::npos, part << " in\n" << lines);
}

BOOST_AUTO_TEST_CASE(what_a_low_window_leaves_out_is_counted) {
  BOOST_TEST(tells(busy(40), "... and 29 more", {80, 24}));
  BOOST_TEST(!tells(busy(2), "more", {80, 24}));
}

BOOST_AUTO_TEST_CASE(the_lowest_windows_show_keys_then_jobs_then_the_rest) {
  const auto view = busy();
  const auto lines = [](std::size_t rows) { return FrameSize{100, rows}; };
  BOOST_TEST(tells(view, "default", lines(6)));
  BOOST_TEST(!tells(view, "d1.test", lines(6)));
  BOOST_TEST(tells(view, "d1.test", lines(8)));
  BOOST_TEST(!tells(view, "fetcher-a", lines(8)));
  BOOST_TEST(tells(view, "fetcher-a", lines(11)));
}

BOOST_AUTO_TEST_CASE(what_matters_stands_out) {
  auto view = busy();
  view.figures->counts.paused = true;
  view.lost = "no connection";
  const auto lines = frame_of(view, {80, 24});
  const auto alarms = std::count_if(lines.begin(), lines.end(),
                                    [](const auto& line) { return line.kind == LineKind::alarm; });
  BOOST_TEST(alarms == 2);
  BOOST_TEST(tells(view, "no figures, trying again: no connection"));
  BOOST_TEST(tells(view, "the queue is paused"));
  BOOST_TEST(tells(view, "d1.test"), "the last figures stay");
}

BOOST_AUTO_TEST_CASE(nothing_from_outside_steers_the_terminal) {
  auto view = busy();
  view.figures->queue = "bull:\x1b]0;x\x07";
  view.figures->jobs[0].domain = "\x1b[2J\u202Etest";
  view.figures->jobs[0].status = "\r\n\x9b";
  view.figures->workers[0].name = "a\tb";
  view.figures->nodes[0].sum.name = "\x1bn";
  view.figures->keys[0].name = "\x1bk";
  view.lost = "\x1bl";
  for (const auto& line : frame_of(view, {80, 30}))
    BOOST_TEST(
      std::all_of(line.text.begin(), line.text.end(), [](char c) { return c >= ' ' && c <= '~'; }),
      line.text);
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_no_number) {
  auto view = busy();
  view.figures->completed_per_s.reset();
  view.figures->keys = {{"default", "unknown", {}}};
  view.figures->workers = {{"", "", {}, {}}};
  view.figures->all_workers = false;
  for (const auto* part : {"completed -/s", "default  unknown  -", "(unnamed)     -",
                           "Redis does not list its clients"})
    BOOST_TEST(tells(view, part), part);
  view.figures->keys.clear();
  BOOST_TEST(tells(view, "no API key in the settings"));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_closed_says_for_how_long) {
  auto view = busy();
  view.figures->keys[0].state = "closed";
  view.figures->keys[0].budget.closed = 42s;
  BOOST_TEST(tells(view, "default  closed 42s"));
  view.figures->keys[0].state = "day_cap";
  BOOST_TEST(tells(view, "default  day cap"));
}

BOOST_AUTO_TEST_CASE(jobs_come_in_the_order_that_is_asked_for) {
  const std::vector<JobFigures> jobs{job("a", "b.test", 10, 3), job("b", "c.test", 30, 2),
                                     job("c", "a.test", 20, 1), job("d", "a.test", 20, 9)};
  const auto ids = [&](JobOrder order) {
    std::string all;
    for (const auto& each : in_order(jobs, order))
      all += each.id;
    return all;
  };
  BOOST_TEST(ids(JobOrder::contacts) == "bcda");
  BOOST_TEST(ids(JobOrder::age) == "dabc");
  BOOST_TEST(ids(JobOrder::domain) == "cdab");
}

BOOST_AUTO_TEST_CASE(durations_are_short) {
  BOOST_TEST(short_duration(0ms) == "0.0s");
  BOOST_TEST(short_duration(400ms) == "0.4s");
  BOOST_TEST(short_duration(13s) == "13s");
  BOOST_TEST(short_duration(133s) == "2m13s");
  BOOST_TEST(short_duration(3h + 5min) == "3h05m");
  BOOST_TEST(short_duration(12 * 24h + 4h) == "12d04h");
}

BOOST_AUTO_TEST_CASE(sections_share_the_room) {
  using Sizes = std::vector<std::size_t>;
  BOOST_TEST(share_lines({2, 5, 9}, 30) == (Sizes{2, 5, 9}));
  BOOST_TEST(share_lines({2, 5, 9}, 12) == (Sizes{2, 5, 5}));
  BOOST_TEST(share_lines({9, 9, 9}, 10) == (Sizes{4, 3, 3}));
  BOOST_TEST(share_lines({9, 9, 9}, 5) == (Sizes{3, 2, 0}));
  BOOST_TEST(share_lines({9, 9}, 1) == (Sizes{0, 0}));
  BOOST_TEST(share_lines({}, 9).empty());
}

BOOST_AUTO_TEST_SUITE_END()
