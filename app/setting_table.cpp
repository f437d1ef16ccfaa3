#include "app/setting_table.hpp"

#include "app/setting_kinds.hpp"
#include "app/setting_values.hpp"

#include <utility>

namespace gleaner {

namespace {

using namespace setting_kinds;
using Text = std::string_view;

/// The key goes out in clear over plain http, so that is for this machine only. Nothing may make
/// the host another than it seems ("http://localhost:80@elsewhere"), nothing may follow the path.
bool is_api_url(Text url) {
  if (url.find_first_of("@\\?#") != Text::npos)
    return false;
  if (url.starts_with("https://"))
    return url.size() > 8 && is_plain_name(url);
  for (const Text host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
    if (url.starts_with(host) &&
        (url.size() == host.size() || url[host.size()] == ':' || url[host.size()] == '/'))
      return is_plain_name(url);
  return false;
}

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Setting> api_settings() {
  std::vector<Setting> all{
    text(
      {"api.url", "--api-url", {"HUNTER_API_URL"}, "Base of the API"},
      "an https URL, or http to this machine (127.0.0.1, localhost)",
      [](Config & c) -> auto& { return c.api.url; }, is_api_url),
    secret(
      {"api.key", "", {"HUNTER_API_KEY"}, "API key"}, "a key without spaces",
      [](Config & c) -> auto& { return c.api.key; }, is_plain_name),
    key_names_setting(),
    toggle(
      {"api.pool_keys",
       "--pool-keys",
       {},
       "Spread jobs that name neither key nor tenant over all keys"},
      [](Config & c) -> auto& { return c.api.pool_keys; }),
    file(
      {"api.profile", "--api-profile", {}, "Profile of the API's provider; else the built-in one"},
      "TOML", [](Config & c) -> auto& { return c.api.profile; }),
    // What is above the profile's most is cut down with a warning: it was harmless before.
    number(
      {"api.page_size",
       "--page-size",
       {"HUNTER_PAGE_SIZE"},
       "Contacts asked for per page; cut to the profile's most, 100"},
      1, 1000000, [](Config & c) -> auto& { return c.api.page_size; }),
    number(
      {"api.max_collect", "--max-collect", {"HUNTER_MAX_COLLECT"}, "Contacts per job"}, 1, 1000000,
      [](Config & c) -> auto& { return c.api.max_collect; }),
    make(
      {"api.limits", "--limits", {"GLEANER_LIMITS"}, "Requests that the API allows"},
      "windows of different lengths such as 15/s,500/min, or off",
      [](Config & c) -> auto& { return c.api.limits; }, parse_limits, show_limits),
    number(
      {"api.min_fetchers", "--min-fetchers", {}, "Fetchers kept when idle"}, 1, 1000,
      [](Config & c) -> auto& { return c.api.min_fetchers; }),
    number(
      {"api.max_fetchers", "--max-fetchers", {}, "Pages in flight at once, over all jobs"}, 1, 1000,
      [](Config & c) -> auto& { return c.api.max_fetchers; }),
    number(
      {"api.pages_per_job", "--pages-per-job", {}, "Pages of one job in flight at once"}, 1, 1000,
      [](Config & c) -> auto& { return c.api.pages_per_job; }),
    number(
      {"api.max_tries", "--max-tries", {}, "Requests for a page before its job's try fails"}, 1,
      100, [](Config & c) -> auto& { return c.api.max_tries; }),
    duration(
      {"api.quota_probe", "--quota-probe", {}, "Pause between looks for credits, once used up"},
      seconds{1}, hours{24}, [](Config & c) -> auto& { return c.api.quota_probe; }),
    duration(
      {"api.account_interval", "--account-interval", {}, "Pause between looks at the account"},
      seconds{1}, hours{24}, [](Config & c) -> auto& { return c.api.account_interval; }),
    credit_cap(
      {"api.credits_per_job", "--credits-per-job", {}, "Credits that one job may spend"},
      [](Config & c) -> auto& { return c.api.caps.per_job; }),
    credit_cap(
      {"api.credits_per_day",
       "--credits-per-day",
       {},
       "Credits that all jobs of a key may spend in a day (UTC)"},
      [](Config & c) -> auto& { return c.api.caps.per_day; }),
    credit_cap(
      {"api.credits_per_month",
       "--credits-per-month",
       {},
       "Credits that all jobs of a key may spend in a month (UTC)"},
      [](Config & c) -> auto& { return c.api.caps.per_month; }),
    credit_cap(
      {"api.credit_floor", "--credit-floor", {}, "Credits that the account shall keep"},
      [](Config & c) -> auto& { return c.api.caps.floor; }),
    duration_or_off(
      {"api.fresh_for",
       "--fresh-for",
       {},
       "Age up to which a stored collection is returned instead of made again"},
      hours{24 * 366}, [](Config & c) -> auto& { return c.api.fresh_for; }),
    toggle(
      {"api.count_first",
       "--count-first",
       {},
       "Ask the free count before the first page, and for no page when it is 0"},
      [](Config & c) -> auto& { return c.api.count_first; }),
    duration(
      {"api.connect_timeout", "--api-connect-timeout", {}, "Time for a connection"},
      milliseconds{10}, minutes{5}, [](Config & c) -> auto& { return c.api.connect_timeout; }),
    duration(
      {"api.timeout", "--api-timeout", {}, "Time for a whole request"}, milliseconds{10},
      minutes{10}, [](Config & c) -> auto& { return c.api.timeout; }),
    make(
      {"api.max_body", "--max-body", {}, "Largest answer, decoded"},
      "a size with its unit (B, KiB, MiB) up to 64MiB",
      [](Config & c) -> auto& { return c.api.max_body_bytes; },
      [](Text value) {
        const auto size = parse_size(value);
        return size && *size >= 1024 && *size <= 64u << 20 ? size : std::nullopt;
      },
      show_size),
  };
  return all;
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Setting> other_settings() {
  return {
    folder(
      {"store.folder", "--store-folder", {"NH_COLLECTIONS_DIR"}, "Folder of the collections"},
      [](Config & c) -> auto& { return c.store.folder; }),
    mode(
      {"store.file_mode", "--store-file-mode", {}, "Mode of collection files"},
      [](Config & c) -> auto& { return c.store.file_mode; }),
    mode(
      {"store.folder_mode", "--store-folder-mode", {}, "Mode of the folder when it is created"},
      [](Config & c) -> auto& { return c.store.folder_mode; }),
    text(
      {"http.listen",
       "--listen",
       {"GLEANER_LISTEN"},
       "Address of /metrics and health pages; port 0 picks one"},
      "host:port", [](Config & c) -> auto& { return c.http.listen; }, is_address),
    toggle(
      {"http.bullmq_metrics",
       "--bullmq-metrics",
       {},
       "Also the three series of BullMQ's own export, under its names"},
      [](Config & c) -> auto& { return c.http.bullmq_metrics; }),
    choice(
      {"log.level", "--log-level", {"LOG_LEVEL"}, "Least important log lines shown"},
      {"debug", "info", "warn", "error"}, [](Config & c) -> auto& { return c.log.level; }),
    choice(
      {"log.format", "--log-format", {}, "Form of log lines; auto: text on a terminal, else json"},
      {"auto", "text", "json", "logfmt"}, [](Config & c) -> auto& { return c.log.format; }),
    number(
      {"log.repeats",
       "--log-repeats",
       {},
       "Lines of one code and message shown a minute, the rest is counted; 0: all"},
      0, 1000000, [](Config & c) -> auto& { return c.log.repeats; }),
    folder(
      {"state_folder",
       "--state-folder",
       {},
       "Folder of what a worker keeps across restarts, its own for each"},
      [](Config & c) -> auto& { return c.state_folder; }),
    duration(
      {"shutdown_grace", "--shutdown-grace", {}, "Time to finish jobs after SIGTERM"},
      milliseconds{100}, hours{1}, [](Config & c) -> auto& { return c.shutdown_grace; }),
    duration(
      {"startup_timeout", "--startup-timeout", {}, "Time for Redis to answer at start"},
      milliseconds{100}, hours{1}, [](Config & c) -> auto& { return c.startup_timeout; }),
  };
}

} // namespace

std::vector<Setting> all_settings() {
  std::vector<Setting> all;
  for (auto& group : {redis_settings(), queue_settings(), api_settings(), cluster_settings(),
                      tracing_settings(), other_settings()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

} // namespace gleaner
