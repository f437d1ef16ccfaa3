#include "app/top/frame.hpp"

#include "app/terminal.hpp"
#include "app/top/sections.hpp"
#include "core/iso_time.hpp"
#include "core/text_width.hpp"

#include <algorithm>
#include <cstdio>
#include <tuple>
#include <utility>

namespace gleaner::top {

namespace {

using Lines = std::vector<FrameLine>;

const char* name_of(JobOrder order) {
  switch (order) {
  case JobOrder::contacts:
    return "most contacts first";
  case JobOrder::age:
    return "oldest first";
  case JobOrder::domain:
    return "by domain";
  }
  return "";
}

std::string rate_text(const std::optional<double>& per_second) {
  if (!per_second)
    return "-/s";
  char text[32];
  std::snprintf(text, sizeof text, *per_second < 10 ? "%.1f/s" : "%.0f/s", *per_second);
  return text;
}

/// Texts one after the other, on as many lines as that takes.
Lines flow(const std::vector<std::string>& parts, std::size_t columns) {
  Lines lines;
  for (const auto& part : parts) {
    const bool fits =
      !lines.empty() &&
      (columns == 0 || columns_of(lines.back().text) + 2 + columns_of(part) <= columns);
    if (fits)
      lines.back().text += "  " + part;
    else
      lines.push_back({part});
  }
  return lines;
}

/// "14:05:59" of a time by Redis's clock, which is that of no zone.
std::string clock_text(std::int64_t ms) {
  constexpr std::int64_t year_10000_ms = 253402300800000;
  return ms >= 0 && ms < year_10000_ms ? iso_time(ms).substr(11, 8) + " UTC" : "";
}

FrameLine head(const View& view) {
  std::string text = "gleaner top";
  if (view.figures)
    text += "  " + view.figures->queue + "  " + clock_text(view.figures->now_ms);
  if (view.paused)
    text += "  (stands still)";
  return {text, LineKind::title};
}

Lines summary(const Figures& figures, std::size_t columns) {
  const auto& counts = figures.counts;
  const auto count = [](const char* name, std::uint64_t number) {
    return std::string{name} + ' ' + std::to_string(number);
  };
  auto lines = flow({count("waiting", counts.waiting), count("prioritized", counts.prioritized),
                     count("delayed", counts.delayed), count("active", counts.active),
                     count("with children", counts.waiting_children),
                     count("completed", counts.completed), count("failed", counts.failed)},
                    columns);
  std::vector<std::string> paces{"completed " + rate_text(figures.completed_per_s),
                                 "failed " + rate_text(figures.failed_per_s)};
  if (counts.oldest_waiting_age_ms)
    paces.push_back("next job waits for " +
                    short_duration(std::chrono::milliseconds{*counts.oldest_waiting_age_ms}));
  if (counts.schedule_overdue_ms > 0)
    paces.push_back("schedule late by " +
                    short_duration(std::chrono::milliseconds{counts.schedule_overdue_ms}));
  for (auto& line : flow(paces, columns))
    lines.push_back(std::move(line));
  if (counts.paused)
    lines.push_back({"the queue is paused; `gleaner queue resume` ends that", LineKind::alarm});
  return lines;
}

struct Section {
  std::vector<std::string> lines;
  std::size_t rank; ///< In a low window those of the lowest have lines first.
};

/// In the order in which they stand.
std::vector<Section> sections(const View& view, std::size_t columns) {
  const auto& figures = *view.figures;
  return {{key_section(figures.keys, columns), 0},
          {node_section(figures.nodes, columns), 2},
          {worker_section(figures, columns), 3},
          {job_section(in_order(figures.jobs, view.order), columns), 1}};
}

/// The section in at most so many lines. What is left out is counted where a line of it still
/// stands before that.
void add_section(const std::vector<std::string>& section, std::size_t most, Lines& lines) {
  if (most < 2)
    return;
  const bool counts = section.size() > most && most > 2;
  const auto shown = counts ? most - 1 : std::min(section.size(), most);
  for (std::size_t i = 0; i < shown; ++i)
    lines.push_back({section[i], i == 0 ? LineKind::title : LineKind::plain});
  if (counts)
    lines.push_back({"... and " + std::to_string(section.size() - shown) + " more"});
}

void add_sections(const View& view, FrameSize size, Lines& lines) {
  const auto all = sections(view, size.columns);
  std::vector<std::size_t> needed(all.size());
  for (const auto& section : all)
    needed[section.rank] = section.lines.size();
  const auto room = size.rows > lines.size() + 1 ? size.rows - lines.size() - 1 : 0;
  const auto shares = size.rows == 0 ? needed : share_lines(needed, room);
  for (const auto& section : all)
    add_section(section.lines, shares[section.rank], lines);
}

std::string foot(const View& view) {
  return std::string{"q quits  p "} + (view.paused ? "goes on" : "stands still") + "  s sorts (" +
         name_of(view.order) + ')';
}

} // namespace

std::string short_duration(std::chrono::milliseconds duration) {
  const auto s = duration.count() / 1000;
  char text[48];
  if (duration.count() < 10'000)
    std::snprintf(text, sizeof text, "%.1fs", static_cast<double>(duration.count()) / 1000);
  else if (s < 60)
    std::snprintf(text, sizeof text, "%llds", static_cast<long long>(s));
  else if (s < 3600)
    std::snprintf(text, sizeof text, "%lldm%02llds", static_cast<long long>(s / 60),
                  static_cast<long long>(s % 60));
  else if (s < 86400)
    std::snprintf(text, sizeof text, "%lldh%02lldm", static_cast<long long>(s / 3600),
                  static_cast<long long>(s / 60 % 60));
  else
    std::snprintf(text, sizeof text, "%lldd%02lldh", static_cast<long long>(s / 86400),
                  static_cast<long long>(s / 3600 % 24));
  return text;
}

std::vector<JobFigures> in_order(std::vector<JobFigures> jobs, JobOrder order) {
  std::sort(jobs.begin(), jobs.end(), [order](const JobFigures& one, const JobFigures& other) {
    switch (order) {
    case JobOrder::contacts:
      return std::tie(other.collected, one.id) < std::tie(one.collected, other.id);
    case JobOrder::age:
      return std::tie(other.age_ms, one.id) < std::tie(one.age_ms, other.id);
    case JobOrder::domain:
      return std::tie(one.domain, one.id) < std::tie(other.domain, other.id);
    }
    return false;
  });
  return jobs;
}

std::vector<std::size_t> share_lines(const std::vector<std::size_t>& needed, std::size_t room) {
  std::vector<std::size_t> shares(needed.size(), 0);
  bool given = true;
  while (given) {
    given = false;
    for (std::size_t i = 0; i < needed.size(); ++i) {
      const std::size_t step = shares[i] == 0 ? 2 : 1;
      if (shares[i] + step > needed[i] || step > room)
        continue;
      shares[i] += step;
      room -= step;
      given = true;
    }
  }
  return shares;
}

std::vector<FrameLine> frame_of(const View& view, FrameSize size) {
  Lines lines{head(view)};
  if (view.lost)
    lines.push_back({"no figures, trying again: " + *view.lost, LineKind::alarm});
  if (view.figures)
    for (auto& line : summary(*view.figures, size.columns))
      lines.push_back(std::move(line));
  if (view.figures && view.figures->keys.empty())
    lines.push_back({"no API key in the settings: no pace and no credits"});
  if (view.figures && !view.figures->all_workers)
    lines.push_back({"Redis does not list its clients: workers without a job are left out"});
  if (view.figures)
    add_sections(view, size, lines);
  if (size.rows > 0) {
    lines.resize(size.rows - 1);
    lines.push_back({foot(view), LineKind::title});
  }
  for (auto& line : lines) {
    line.text = harmless(std::move(line.text));
    if (size.columns > 0)
      line.text = cut_to(line.text, size.columns);
  }
  return lines;
}

} // namespace gleaner::top
