#include "app/cluster_tunnel.hpp"

namespace gleaner {

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

std::string loopback_port(std::uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

Result<std::unique_ptr<tunnel::Tunnel>> open_tunnel(const ClusterConfig& config,
                                                    tunnel::TunnelConfig::End end,
                                                    const std::string& accept,
                                                    const std::string& connect, EventLog& log) {
  const auto& address = end == tunnel::TunnelConfig::End::server ? accept : connect;
  return tunnel::Tunnel::start(
    {end, accept, connect, {config.tls_ca, config.tls_cert, config.tls_key}},
    [&log, address](const std::string& problem) {
      log.warn("cluster.tunnel", problem, {{"address", address}});
    });
}

} // namespace gleaner
