#pragma once

#include "tests/simulator/hunter_simulator.hpp"

#include <curl/curl.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gleaner::sim {

/// What a test's client got.
struct Got {
  CURLcode code = CURLE_OK; ///< How the transfer ended.
  long status = 0;
  std::string body;
  std::map<std::string, std::string> headers; ///< Names in lower case.

  Json json() const { return Json::parse(body); }
  Json emails() const { return json()["data"]["emails"]; }
  std::string error_id() const { return json()["errors"][0]["id"].get<std::string>(); }
  std::string details() const { return json()["errors"][0]["details"].get<std::string>(); }
};

/// A simulator in process and a client that keeps its connection.
class SimFixture {
public:
  explicit SimFixture(SimulatorOptions options = without_limits());
  static SimulatorOptions without_limits();

  /// GET below /v2 with the key in a Bearer header and further header lines.
  Got get(const std::string& target, const std::vector<std::string>& headers = {});
  /// domain-search for a domain.
  Got search(const std::string& domain, std::uint32_t offset = 0, std::uint32_t limit = 100,
             const std::string& more = {});
  Json set(const std::string& switches) { return sim.admin("POST", "/admin/switches", switches); }
  Json calls() { return sim.admin("GET", "/admin/calls"); }
  Json stats() { return sim.admin("GET", "/admin/stats"); }
  /// The call log's last entry once it has ended; waits for that.
  Json last_call();

  HunterSimulator sim;
  std::string key = "sim-key"; ///< Empty: no key is sent.
  bool unzip = false;
  long timeout_ms = 5000;
  std::size_t most_bytes = 32u << 20; ///< The client gives up beyond.

private:
  struct Cleanup {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  };
  std::unique_ptr<CURL, Cleanup> curl_;
};

} // namespace gleaner::sim
