#pragma once

#include "tests/simulator/sim_state.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace gleaner::sim {

/// Serves one connection until it ends; lives as long as its pending operations. Any thread that
/// runs the socket's context, but only one.
void serve_connection(boost::asio::ip::tcp::socket socket, SimState& state,
                      bool at_redirect_target);

} // namespace gleaner::sim
