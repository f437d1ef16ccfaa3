#include "app/config_loader.hpp"

#include "app/cluster_rules.hpp"
#include "app/config_file.hpp"
#include "app/key_rules.hpp"
#include "app/profile_rules.hpp"
#include "app/redis_rules.hpp"
#include "app/secret_file.hpp"
#include "app/setting_table.hpp"
#include "app/settings.hpp"
#include "app/stray_variables.hpp"
#include "app/tracing_rules.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace gleaner {

namespace {

/// Control characters made visible, at most so many characters.
std::string visible(std::string text, std::size_t longest) {
  if (text.size() > longest)
    text = text.substr(0, longest) + "...";
  std::replace_if(
    text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, '?');
  return text;
}

std::string shown(const Setting& setting, std::string value) {
  constexpr std::size_t longest = 60;
  return setting.secret ? "(not shown)" : '\'' + visible(std::move(value), longest) + '\'';
}

/// What is wrong and what to write instead.
std::string remedy(const Setting& setting, const Error& error) {
  constexpr std::size_t longest = 300;
  return error.detail.empty() ? "; it takes " + setting.accepts
                              : ": " + visible(error.detail, longest);
}

/// Whether somebody else may have put a file there for us to find: it could send the key anywhere.
bool may_be_planted(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 &&
         ((info.st_uid != geteuid() && info.st_uid != 0) || (info.st_mode & S_IWOTH) != 0);
}

constexpr std::string_view keys_prefix = "api.keys.";

class Loader {
public:
  explicit Loader(const ConfigSources& sources) : sources_(sources) {}

  LoadedConfig load() {
    loaded_.config.api.credentials_folder = variable("CREDENTIALS_DIRECTORY").value_or("");
    for (const auto& setting : settings())
      add(setting);
    read_file();
    for (const auto& setting : settings())
      read_environment(setting);
    for (const auto& [path, value] : sources_.flags)
      if (const auto* setting = find_setting(path))
        assign(*setting, value, "flag " + setting->flag);
    settle_profile(loaded_); // its limits are those of keys that name none
    read_named_keys();
    settle();
    return std::move(loaded_);
  }

private:
  void add(const Setting& setting) {
    loaded_.settings.push_back(setting);
    loaded_.origins[setting.path] =
      setting.inherits.empty()
        ? "default"
        : "as " + setting.inherits + " (" + loaded_.origins[setting.inherits] + ')';
  }

  /// Their names come from the settings, so their own settings are known only now.
  void read_named_keys() {
    for (const auto& section : key_sections_)
      note_key(section);
    std::vector<Setting> all;
    auto& api = loaded_.config.api;
    for (auto& [name, key] : api.named_keys) {
      key.limits = api.limits; // what it leaves out is as for the first one
      key.caps = api.caps;
      for (auto& setting : key_settings(name))
        all.push_back(std::move(setting));
    }
    for (const auto& setting : all)
      add(setting);
    for (const auto& value : key_values_) {
      const auto found = std::find_if(
        all.begin(), all.end(), [&](const auto& setting) { return setting.path == value.path; });
      if (found != all.end())
        assign(*found, value.text, value.place);
      else if (const auto hint = hint_for_key_setting(value.path); !hint.empty())
        report_unknown(value, hint);
    }
    for (const auto& setting : all)
      read_environment(setting);
  }

  /// A section names a key, even without settings.
  void note_key(const FileValue& section) {
    const auto name = section.path.substr(keys_prefix.size());
    if (const auto fault = fault_of_key_name(name); fault.empty())
      loaded_.config.api.named_keys[name];
    else
      loaded_.problems.push_back(section.place + ": [" + section.path + "]: " + fault);
  }

  void assign(const Setting& setting, const std::string& value, const std::string& place) {
    const auto done = setting.assign(loaded_.config, value);
    if (done)
      loaded_.origins[setting.path] = place;
    else
      loaded_.problems.push_back(place + ": " + setting.path + " is " + shown(setting, value) +
                                 remedy(setting, done.error()));
  }

  void read_file() {
    const bool named = sources_.file && !sources_.file->empty(); // empty: an empty variable
    const auto& path = named ? *sources_.file : sources_.default_file;
    if (access(path.c_str(), R_OK) != 0) {
      if (named || errno != ENOENT)
        loaded_.problems.push_back(path + ": " + std::strerror(errno) +
                                   "; name a readable TOML file with --config");
      return;
    }
    if (!named && may_be_planted(path)) {
      loaded_.problems.push_back(path +
                                 ": found here, but another user owns it or may write to it; "
                                 "make it yours, or name it with --config if it is meant");
      return;
    }
    auto file = read_config_file(path);
    for (auto& problem : file.problems)
      loaded_.problems.push_back(std::move(problem));
    for (const auto& section : file.sections)
      if (section.path.starts_with(keys_prefix))
        key_sections_.push_back(section);
    for (const auto& value : file.values)
      if (value.path.starts_with(keys_prefix))
        key_values_.push_back(value);
      else if (const auto* setting = find_setting(value.path))
        assign(*setting, value.text, value.place);
      else
        report_unknown(value, hint_for(closest_path(value.path)));
  }

  void report_unknown(const FileValue& value, const std::string& hint) {
    loaded_.problems.push_back(value.place + ": unknown setting " + value.path + "; " + hint);
  }

  std::optional<std::string> variable(const std::string& name) const {
    auto value = sources_.environment(name);
    if (value && value->empty())
      value.reset();
    return value; // moved, not copied: it may be a secret
  }

  void read_environment(const Setting& setting) {
    for (const auto& name : setting.variables) {
      if (auto value = variable(name)) {
        if (setting.secret && variable(name + "_FILE"))
          loaded_.problems.push_back(name + " and " + name +
                                     "_FILE are both set; unset one of them");
        assign(setting, *value, name);
        return wipe(*value);
      }
      if (setting.secret)
        if (const auto path = variable(name + "_FILE"))
          return read_secret(setting, name + "_FILE", *path);
    }
  }

  void read_secret(const Setting& setting, const std::string& name, const std::string& path) {
    auto value = read_secret_file(path, loaded_.config.api.credentials_folder);
    if (!value) {
      loaded_.problems.push_back(name + ": " + path + ": " + value.error().detail);
      return;
    }
    assign(setting, *value, name);
    wipe(*value);
    note_secret_file(setting.path, path);
  }

  /// So that a key can be replaced while the worker runs.
  void note_secret_file(const std::string& setting, const std::string& path) {
    auto& api = loaded_.config.api;
    if (setting == "api.key")
      api.key_file = path;
    for (auto& [name, key] : api.named_keys)
      if (setting == std::string{keys_prefix} + name + ".secret")
        key.secret_file = path;
  }

  /// Rules between settings, and what takes more than one setting's own text.
  void settle() {
    settle_redis(loaded_);
    auto& api = loaded_.config.api;
    if (api.min_fetchers > api.max_fetchers)
      loaded_.problems.push_back(loaded_.origins["api.min_fetchers"] +
                                 ": api.min_fetchers is larger than api.max_fetchers");
    while (api.url.ends_with('/'))
      api.url.pop_back();
    settle_keys(loaded_);
    settle_cluster(loaded_);
    settle_tracing(loaded_);
    report_stray_variables(loaded_, sources_.variable_names);
  }

  const ConfigSources& sources_;
  LoadedConfig loaded_;
  std::vector<FileValue> key_sections_, key_values_; ///< Of the file, about named keys.
};

} // namespace

LoadedConfig load_config(const ConfigSources& sources) {
  return Loader{sources}.load();
}

} // namespace gleaner
