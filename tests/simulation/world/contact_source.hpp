#pragma once

#include "core/ports/hunter_api.hpp"
#include "tests/simulation/world/chance.hpp"
#include "tests/simulation/world/host.hpp"
#include "tests/simulation/world/swarm.hpp"
#include "tests/simulation/world/timeline.hpp"
#include "tests/simulation/world/trace.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace gleaner::simulation {

/// The provider: what it has of each domain, and how it fails.
class ContactSource {
public:
  ContactSource(const Swarm& swarm, Timeline& timeline, Trace& trace, Chance& chance)
      : swarm_(swarm), timeline_(timeline), trace_(trace), chance_(chance) {}

  void put(const std::string& domain, std::size_t rows) { rows_[domain] = rows; }
  static std::string address(const std::string& domain, std::size_t row);

  /// A request has left a node.
  std::function<void(std::uint64_t sender, const PageRequest& request)> on_request;
  /// A page has been served, and paid for.
  std::function<void(std::uint64_t sender, const PageRequest& request)> on_page;

  void search(std::uint64_t sender, const std::shared_ptr<Host>& host, const PageRequest& request,
              std::function<void(ApiAnswer)> reply);
  void account(const std::shared_ptr<Host>& host, std::function<void(Result<ApiAccount>)> reply);

  bool troubled = true; ///< Whether it fails at all.

private:
  ApiAnswer page(const PageRequest& request);
  ApiAnswer serve(std::uint64_t sender, const PageRequest& request);

  const Swarm& swarm_;
  Timeline& timeline_;
  Trace& trace_;
  Chance& chance_;
  std::map<std::string, std::size_t, std::less<>> rows_;
};

/// The provider as one run of a process sees it.
class ContactSourcePort final : public HunterApi {
public:
  ContactSourcePort(ContactSource& source, std::uint64_t sender, std::shared_ptr<Host> host)
      : source_(source), sender_(sender), host_(std::move(host)) {}

  void search(const PageRequest& request, std::chrono::steady_clock::time_point,
              std::function<void(ApiAnswer)> reply) override {
    source_.search(sender_, host_, request, std::move(reply));
  }
  void count(const std::string&, CountReply reply) override {
    reply(Error{Errc::api_rejected, "no world counts first"}, {});
  }
  void account(std::function<void(Result<ApiAccount>)> reply) override {
    source_.account(host_, std::move(reply));
  }

private:
  ContactSource& source_;
  std::uint64_t sender_;
  std::shared_ptr<Host> host_;
};

} // namespace gleaner::simulation
