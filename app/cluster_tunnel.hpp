#pragma once

#include "adapters/tunnel/tunnel.hpp"
#include "core/config.hpp"
#include "core/log.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace gleaner {

/// Of "host:port". @pre there is one
std::uint16_t port_of(const std::string& address);

std::string loopback_port(std::uint16_t port); ///< "127.0.0.1:port"

/// One end of a link between nodes, as the settings secure it; what its stunnel says goes to `log`,
/// which outlives it.
Result<std::unique_ptr<tunnel::Tunnel>> open_tunnel(const ClusterConfig& config,
                                                    tunnel::TunnelConfig::End end,
                                                    const std::string& accept,
                                                    const std::string& connect, EventLog& log);

} // namespace gleaner
