#pragma once

#include "tests/simulator/simulator_options.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gleaner::sim {

/// The simulated Hunter API on 127.0.0.1, served by a thread of its own. Its methods may be called
/// from one other thread.
class HunterSimulator {
public:
  HunterSimulator();
  /// Stops.
  ~HunterSimulator();
  HunterSimulator(const HunterSimulator&) = delete;
  HunterSimulator& operator=(const HunterSimulator&) = delete;

  /// Listens and returns the port. Throws std::runtime_error when the port is taken,
  /// std::invalid_argument when an option is not understood. @pre not started
  std::uint16_t start(const SimulatorOptions& options = {});

  /// Closes all connections and ends the thread; no effect when not started.
  void stop();

  std::uint16_t port() const noexcept;

  /// Base address as HUNTER_API_URL takes it: http://127.0.0.1:PORT/v2.
  std::string api_url() const;

  /// An admin call without HTTP, e.g. admin("POST", "/admin/switches", R"({"limits":"off"})").
  /// Throws std::runtime_error with the answer's text when it is refused. @pre started
  Json admin(std::string_view method, std::string_view target, std::string_view body = {});

private:
  struct Running;
  std::unique_ptr<Running> running_;
};

} // namespace gleaner::sim
