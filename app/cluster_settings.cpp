#include "app/setting_kinds.hpp"
#include "app/setting_table.hpp"
#include "app/setting_values.hpp"

namespace gleaner {

using namespace setting_kinds;

namespace {

std::optional<std::vector<std::string>> parse_coordinators(Text value) {
  std::vector<std::string> all;
  while (!value.empty()) {
    const auto comma = value.find(',');
    const auto one = trimmed(value.substr(0, comma));
    if (!is_address(one) || one.ends_with(":0"))
      return std::nullopt;
    all.emplace_back(one);
    value.remove_prefix(comma == Text::npos ? value.size() : comma + 1);
  }
  return all;
}

std::string show_coordinators(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& one : all)
    text += (text.empty() ? "" : ",") + one;
  return text;
}

/// As the gate of a coordinator takes it.
bool is_node_name(Text name) {
  constexpr std::size_t longest = 64;
  return name.size() <= longest && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                          "0123456789-_.") == Text::npos;
}

} // namespace

std::vector<Setting> cluster_settings() {
  return {
    choice(
      {"cluster.role",
       "--role",
       {"GLEANER_ROLE"},
       "What this process is: all in one, a coordinator without fetchers, or fetchers alone"},
      {"all", "coordinator", "fetcher"}, [](Config & c) -> auto& { return c.cluster.role; }),
    text(
      {"cluster.listen",
       "--cluster-listen",
       {},
       "Address at which fetchers join; port 0 picks one"},
      "host:port, or off", [](Config & c) -> auto& { return c.cluster.listen; },
      [](Text address) { return address == "off" || is_address(address); }),
    make(
      {"cluster.join", "--join", {}, "Coordinators that a fetcher joins"},
      "host:port, or several with commas", [](Config & c) -> auto& { return c.cluster.join; },
      parse_coordinators, show_coordinators),
    text(
      {"cluster.node", "--node", {}, "Name of a fetcher; else that of the machine"},
      "up to 64 letters, digits, '-', '_' and '.', or nothing",
      [](Config & c) -> auto& { return c.cluster.node; }, is_node_name),
    file(
      {"cluster.tls_ca", "--cluster-tls-ca", {}, "CA of all nodes of the cluster"}, "PEM",
      [](Config & c) -> auto& { return c.cluster.tls_ca; }),
    file(
      {"cluster.tls_cert", "--cluster-tls-cert", {}, "Certificate of this node, by that CA"}, "PEM",
      [](Config & c) -> auto& { return c.cluster.tls_cert; }),
    file(
      {"cluster.tls_key", "--cluster-tls-key", {}, "Key of that certificate"}, "PEM",
      [](Config & c) -> auto& { return c.cluster.tls_key; }),
    toggle(
      {"cluster.plain", "--cluster-plain", {}, "Join without TLS, on this machine only"},
      [](Config & c) -> auto& { return c.cluster.plain; }),
  };
}

} // namespace gleaner
