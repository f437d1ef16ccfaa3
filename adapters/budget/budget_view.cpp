#include "adapters/budget/budget_view.hpp"

#include "adapters/budget/lua_source.hpp"

#include <charconv>
#include <cstddef>
#include <optional>
#include <system_error>

namespace gleaner::budget {

namespace {

using redis::RedisValue;
using std::chrono::milliseconds;

/// The fields before the windows, in the order of lua/view.lua.
enum Figure : std::size_t {
  time,
  open_at,
  is_drained,
  day,
  day_spent,
  month,
  month_spent,
  under_way,
  left,
  reset,
  first_window
};

/// Nothing for what is no number.
std::optional<double> credits_in(const RedisValue& value) {
  double amount = 0;
  const auto& text = value.text;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  return error == std::errc{} ? std::optional{amount} : std::nullopt;
}

/// Days since 1970 of the day and of the first of its month.
struct Today {
  explicit Today(std::int64_t now_ms) {
    const auto now = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<milliseconds>{milliseconds{now_ms}});
    const std::chrono::year_month_day date{now};
    day = now.time_since_epoch().count();
    month = std::chrono::sys_days{date.year() / date.month() / 1}.time_since_epoch().count();
  }
  std::int64_t day;
  std::int64_t month;
};

BudgetView view_in(const std::vector<RedisValue>& items, const std::vector<RateWindow>& windows) {
  BudgetView view;
  view.now_ms = items[time].integer;
  if (items[open_at].integer > 0)
    view.closed = milliseconds{items[open_at].integer - view.now_ms};
  view.drained = items[is_drained].integer == 1;
  const Today today{view.now_ms};
  if (items[day].integer == today.day)
    view.credits.spent_today = credits_in(items[day_spent]).value_or(0);
  if (items[month].integer == today.month)
    view.credits.spent_this_month = credits_in(items[month_spent]).value_or(0);
  view.credits.reserved = credits_in(items[under_way]).value_or(0);
  view.credits.account_read = !items[left].text.empty();
  view.credits.remaining = credits_in(items[left]);
  view.reset_date = items[reset].text;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto at = [&](std::size_t place) {
      return static_cast<std::uint32_t>(items[first_window + 2 * i + place].integer);
    };
    view.windows.push_back({windows[i], at(0), at(1)});
  }
  return view;
}

} // namespace

Result<BudgetView> view_budget(redis::CommandPort& client, const std::string& state_key,
                               const std::vector<RateWindow>& windows) {
  const auto script = std::string{lua_source("credits")}.append(lua_source("view"));
  std::vector<std::string> words{"EVAL",
                                 script,
                                 "4",
                                 state_key,
                                 state_key + ":grants",
                                 state_key + ":credits",
                                 state_key + ":reserved"};
  for (const auto& window : windows) {
    words.push_back(std::to_string(window.requests));
    words.push_back(std::to_string(window.period.count()));
  }
  const auto answer = client.call(std::move(words));
  if (!answer)
    return answer.error();
  if (answer->items.size() != first_window + 2 * windows.size())
    return Error{Errc::redis_refused, "the budget's script answered something else"};
  return view_in(answer->items, windows);
}

} // namespace gleaner::budget
