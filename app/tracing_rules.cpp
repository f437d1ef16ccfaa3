#include "app/tracing_rules.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace gleaner {

namespace {

bool stays_here(const std::string& url) {
  for (const auto* host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
    if (const auto length = std::strlen(host);
        url.starts_with(host) && (url.size() == length || url[length] == ':' || url[length] == '/'))
      return true;
  return false;
}

} // namespace

void settle_tracing(LoadedConfig& loaded) {
  auto& tracing = loaded.config.tracing;
  if (!tracing.on())
    return;
  const auto wrong = [&](const std::string& path, const std::string& what) {
    loaded.problems.push_back(loaded.origins[path] + ": " + path + ": " + what);
  };
  if (tracing.protocol == "http/protobuf") // what collectors take, they take in JSON too
    loaded.warnings.push_back(loaded.origins["tracing.protocol"] +
                              ": tracing.protocol: spans go as http/json, not http/protobuf");
  else if (tracing.protocol != "http/json")
    wrong("tracing.protocol", "'" + tracing.protocol +
                                "' is not spoken: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json, and "
                                "the endpoint to the collector's port for HTTP, usually 4318");
  if (loaded.origins["tracing.batch_size"] == "default")
    tracing.batch_size = std::min(tracing.batch_size, tracing.queue_size);
  if (tracing.batch_size > tracing.queue_size)
    wrong("tracing.batch_size", "is larger than tracing.queue_size: no batch would ever be full");
  if (!tracing.tls_ca.empty() && access(tracing.tls_ca.c_str(), R_OK) != 0)
    wrong("tracing.tls_ca",
          tracing.tls_ca + ": " + std::strerror(errno) + "; name a readable PEM file");
  const bool whole = !tracing.traces_endpoint.empty();
  const auto& url = whole ? tracing.traces_endpoint : tracing.endpoint;
  if (!tracing.headers.empty() && url.starts_with("http://") && !stays_here(url))
    loaded.warnings.push_back(loaded.origins["tracing.headers"] +
                              ": tracing.headers travel in clear to " +
                              url.substr(0, url.find('?')) + "; use https where they hold a token");
}

} // namespace gleaner
