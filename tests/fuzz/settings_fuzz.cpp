// Settings: a TOML file up to the first NUL, then texts that are tried for every setting.
#include "adapters/redis/redis_url.hpp"
#include "app/config_loader.hpp"
#include "app/redaction.hpp"
#include "app/settings.hpp"
#include "tests/fuzz/fuzzing.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace gleaner::fuzz {

namespace {

/// A file in memory, so that no disk is in the way.
const std::string& file_with(const std::string& text) {
  static const int file = memfd_create("settings", MFD_CLOEXEC);
  static const auto path = "/proc/self/fd/" + std::to_string(file);
  require(ftruncate(file, 0) == 0, "the file can be emptied");
  require(pwrite(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
          "the file can be written");
  return path;
}

/// What was read shows as a text that gives the same again.
void check_round_trip(const Config& config) {
  for (const auto& setting : settings()) {
    const auto shown = setting.show(config);
    if (setting.secret || shown.empty())
      continue;
    Config again;
    require(static_cast<bool>(setting.assign(again, shown)),
            "a setting takes the text that it shows");
    require(setting.show(again) == shown, "and shows it again");
  }
}

void try_url(const std::string& text) {
  const auto address = redis::parse_redis_url(text);
  if (!address)
    return;
  require(address->port > 0 && address->port <= 65535, "a port is one");
  const Redaction redaction{{address->password}};
  if (address->password.size() >= 4)
    require(redaction.apply("x" + address->password + "x").find(address->password) ==
                std::string::npos ||
              std::string{"[redacted]"}.find(address->password) != std::string::npos,
            "a password is taken out");
}

} // namespace

void try_input(std::string_view input) {
  Parts parts{input};
  ConfigSources sources;
  sources.file = file_with(parts.next());
  const auto value = parts.next();
  sources.environment = [&](const std::string& name) -> std::optional<std::string> {
    const bool is_path = name.ends_with("_FILE") || name == variable_of("api.profile");
    return is_path ? std::nullopt : std::optional{value};
  };
  try_url(value);
  const auto loaded = load_config(sources);
  if (loaded.problems.empty())
    check_round_trip(loaded.config);
  for (const auto& setting : settings()) // each alone, since any problem is fatal above
    if (Config config; setting.assign(config, value))
      check_round_trip(config);
}

} // namespace gleaner::fuzz
