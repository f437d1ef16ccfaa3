#pragma once

#include "core/config.hpp"
#include "core/result.hpp"

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gleaner::http {

/// One condition of readiness, e.g. {"redis", true, ""}.
struct ReadinessCheck {
  std::string name;
  bool ok = false;
  std::string detail; ///< Why not, or "".
};

/// What the listener serves. Called on the listener's own threads, which nothing else uses.
struct AdminRoutes {
  std::shared_ptr<prometheus::Registry> registry;
  std::function<bool()> alive;                         ///< /livez and /healthz
  std::function<std::vector<ReadinessCheck>()> checks; ///< /readyz: 200 when all are ok
  std::string version;                                 ///< /version
};

/// GET and HEAD of /metrics, /livez, /readyz[?verbose], /healthz, /version on one loopback
/// listener. Slow clients are cut after two seconds and can hold no more than its four threads.
class AdminServer {
public:
  /// Errc::usage when the address is malformed or can't be bound; the detail names it.
  static Result<std::unique_ptr<AdminServer>> start(const HttpConfig& config, AdminRoutes routes);
  ~AdminServer();

  int port() const noexcept;

private:
  class Impl;
  explicit AdminServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

} // namespace gleaner::http
