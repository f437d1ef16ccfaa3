#include "app/profile_rules.hpp"

#include "adapters/profile/profile_reader.hpp"

#include <utility>

namespace gleaner {

namespace {

/// False: it can't be used, and the problems say why.
bool read_named(LoadedConfig& loaded) {
  const auto& path = loaded.config.api.profile;
  auto text = profile::read_profile_file(path);
  if (!text) {
    loaded.problems.push_back(loaded.origins["api.profile"] + ": " + text.error().detail);
    return false;
  }
  auto reading = profile::parse_profile(*text, path);
  for (auto& problem : reading.problems)
    loaded.problems.push_back(std::move(problem));
  loaded.profile = std::move(reading.profile);
  loaded.profile_text = std::move(*text);
  return reading.problems.empty();
}

bool is_default(const LoadedConfig& loaded, const char* setting) {
  return loaded.origins.at(setting) == "default";
}

void take_defaults(LoadedConfig& loaded) {
  auto& api = loaded.config.api;
  const auto origin = api.profile.empty() ? "default" : "profile " + api.profile;
  if (is_default(loaded, "api.limits")) {
    api.limits = loaded.profile.search_windows;
    loaded.origins["api.limits"] = origin;
  }
  if (is_default(loaded, "api.page_size")) {
    api.page_size = loaded.profile.page_size;
    loaded.origins["api.page_size"] = origin;
  }
}

} // namespace

void settle_profile(LoadedConfig& loaded) {
  auto& api = loaded.config.api;
  if (api.profile.empty()) {
    loaded.profile = profile::builtin_profile();
    loaded.profile_text = profile::builtin_text();
  } else if (!read_named(loaded)) {
    return;
  }
  take_defaults(loaded);
  // The Node worker took more without harm.
  if (const auto most = loaded.profile.page_size_most; api.page_size > most) {
    loaded.warnings.push_back(loaded.origins["api.page_size"] + ": a page size of " +
                              std::to_string(api.page_size) + " is cut to " + std::to_string(most) +
                              ", the most of " + loaded.profile.name);
    api.page_size = most;
  }
}

} // namespace gleaner
