#pragma once

#include "adapters/tunnel/tunnel_log.hpp"
#include "core/result.hpp"

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace gleaner::tunnel {

/// PEM files: the CA of both ends, and what proves who we are.
struct TunnelFiles {
  std::string ca;
  std::string certificate;
  std::string key;
};

struct TunnelConfig {
  /// Which end of it this is: where TLS arrives, or where it begins.
  enum class End { server, client };
  End end = End::server;
  std::string accept;  ///< host:port where connections are taken; port 0 picks one.
  std::string connect; ///< host:port to which they lead. A client's must prove that it is `host`.
  TunnelFiles files;
};

/// What stunnel is told to do, as its manual page has it: TLS 1.3 only, and a peer without a
/// certificate of the CA is refused.
std::string stunnel_configuration(const TunnelConfig& config);

/// A supervised stunnel: connections to `accept` go on to `connect`, between the two through TLS
/// with certificates on both sides. Should it end, it is started again, at the same port. Ends with
/// this object, and with this process when that is killed.
class Tunnel {
public:
  /// What the operator should know: who could not be trusted, that it ended. At most one in 10 s;
  /// called on the tunnel's thread.
  using Report = std::function<void(const std::string& problem)>;

  /// Errc::usage: no stunnel is installed, or what it says about files and addresses.
  static Result<std::unique_ptr<Tunnel>> start(TunnelConfig config, Report report);
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  std::uint16_t port() const; ///< Where connections are taken.

private:
  Tunnel(TunnelConfig config, Report report);
  void keep();
  Status run_once();
  void heed(const TunnelLine& line);

  TunnelConfig config_;
  TunnelReports reports_;    ///< Of the tunnel's thread, as is the next.
  std::string last_words_;   ///< What it said before it took connections.
  bool taking_ = false;      ///< It takes connections.
  mutable std::mutex mutex_; ///< Guards what is below.
  std::condition_variable changed_;
  bool stopping_ = false;
  std::optional<Status> started_; ///< Unset: it is about to.
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
  std::thread thread_;
};

} // namespace gleaner::tunnel
