#include "app/local_health.hpp"

#include "adapters/http/port_probe.hpp"
#include "adapters/store/file_store.hpp"

#include <caf/config.hpp>
#include <curl/curl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace gleaner {

namespace {

using Verdict = HealthCheck::Verdict;
using Use = http::PortProbe::Use;
namespace fs = std::filesystem;

/// The folder, or the nearest above it that there is.
fs::path existing_part(const std::string& folder) {
  std::error_code ignored;
  auto path = fs::absolute(folder, ignored);
  while (path.has_relative_path() && !fs::exists(path, ignored))
    path = path.parent_path();
  return path;
}

HealthCheck check_state_folder(const std::string& folder) {
  const auto part = existing_part(folder);
  std::error_code ignored;
  if (!fs::is_directory(part, ignored))
    return {Verdict::fail, "state",
            part.string() + " is no folder; choose another state_folder than " + folder,
            Errc::store_unwritable};
  if (access(part.c_str(), W_OK | X_OK) != 0)
    return {Verdict::fail, "state",
            part.string() +
              " can't be written; give this user the right to, or choose another "
              "state_folder than " +
              folder,
            Errc::store_unwritable};
  return {Verdict::ok, "state", folder + " can be written", {}};
}

/// `setting` is what to change, with its flag.
HealthCheck judge_port(const char* name, const char* setting, const std::string& listen,
                       const http::PortProbe& probe) {
  switch (probe.use) {
  case Use::free:
    return {Verdict::ok, name, listen + " is free", {}};
  case Use::gleaner:
    return {Verdict::ok,
            name,
            listen + " is that of a gleaner " + probe.detail +
              " that runs; a second one here needs another " + setting,
            {}};
  case Use::taken:
    return {Verdict::fail, name, listen + " is another program's; set " + setting, Errc::usage};
  case Use::unusable:
    break;
  }
  return {Verdict::fail, name,
          "can't listen on " + listen + ": " + probe.detail + "; set " + setting, Errc::usage};
}

std::string caf_version() {
  constexpr int part = 100;
  return std::to_string(CAF_VERSION / part / part) + '.' +
         std::to_string(CAF_VERSION / part % part) + '.' + std::to_string(CAF_VERSION % part);
}

} // namespace

HealthCheck judge_room(const std::string& folder, std::uint64_t free_bytes) {
  constexpr std::uint64_t little_mib = 256;
  const auto mib = free_bytes >> 20;
  const auto text = folder + " can be written, " + std::to_string(mib) + " MiB free";
  if (mib >= little_mib)
    return {Verdict::ok, "store", text, {}};
  return {Verdict::warn,
          "store",
          text + ": when that is used up no job is taken; make room, or `gleaner results rm`",
          {}};
}

void check_store(const Config& config, std::vector<HealthCheck>& found) {
  store::FileStore store{config.store};
  if (const auto writable = store.check_writable(); !writable)
    found.push_back(failed_check("store", writable.error()));
  else if (const auto free = store.free_bytes(); !free)
    found.push_back(failed_check("store", free.error()));
  else
    found.push_back(judge_room(config.store.folder, *free));
  found.push_back(check_state_folder(config.state_folder));
}

void check_ports(const Config& config, std::vector<HealthCheck>& found) {
  const auto own = http::probe_port(config.http.listen);
  found.push_back(judge_port("listen", "http.listen (GLEANER_LISTEN)", config.http.listen, own));
  const auto& cluster = config.cluster.listen;
  if (cluster == "off")
    return;
  auto probe = http::probe_port(cluster);
  if (probe.use == Use::taken && own.use == Use::gleaner) // one that nobody can ask
    probe = own;
  found.push_back(
    judge_port("cluster-listen", "cluster.listen (GLEANER_CLUSTER__LISTEN)", cluster, probe));
}

HealthCheck tell_version(const std::string& version) {
  const std::string libraries = curl_version(); // first itself and OpenSSL, then a dozen others
  const auto end = libraries.find(' ', libraries.find(' ') + 1);
  return {Verdict::ok,
          "version",
          "gleaner " + version + " with CAF " + caf_version() + ", " + libraries.substr(0, end),
          {}};
}

} // namespace gleaner
