#include "app/commands/cluster_show.hpp"

#include "app/commands/job_json.hpp"
#include "app/exit_code.hpp"
#include "app/terminal.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace gleaner {

namespace {

using Json = nlohmann::ordered_json;

struct CoordinatorTotals {
  NodeView sum;
  std::uint64_t nodes = 0;
};

CoordinatorTotals sum_of(const CoordinatorView& coordinator) {
  CoordinatorTotals totals;
  auto& sum = totals.sum;
  for (const auto& node : coordinator.nodes) {
    totals.nodes += node.is_there() ? 1 : 0;
    sum.slots += node.drained ? 0 : node.slots;
    sum.busy += node.busy;
    sum.pages += node.pages;
  }
  return totals;
}

int none_there() {
  std::cerr << "gleaner: no coordinator works on this queue; they are started by `gleaner run "
               "--cluster-listen host:port`, with the same REDIS_URL and queue\n";
  return static_cast<int>(ExitCode::not_found);
}

} // namespace

int list_nodes(const ClusterView& view, bool json) {
  const auto totals = nodes_of(view);
  if (json) {
    Json nodes = Json::array();
    for (const auto& node : totals)
      nodes.push_back({{"name", node.sum.name},
                       {"version", node.sum.version},
                       {"state", state_of(node.sum)},
                       {"slots", node.sum.slots},
                       {"busy", node.sum.busy},
                       {"pages", node.sum.pages},
                       {"coordinators", node.coordinators}});
    std::cout << dump({{"schema", "gleaner.cluster_nodes/1"}, {"nodes", nodes}}) << '\n';
    return 0;
  }
  std::vector<std::vector<std::string>> rows{
    {"NODE", "STATE", "SLOTS", "BUSY", "PAGES", "COORDINATORS", "VERSION"}};
  for (const auto& node : totals)
    rows.push_back({harmless(node.sum.name), harmless(state_of(node.sum)),
                    std::to_string(node.sum.slots), std::to_string(node.sum.busy),
                    std::to_string(node.sum.pages), std::to_string(node.coordinators),
                    harmless(node.sum.version)});
  std::cout << table(rows);
  return 0;
}

int show_status(const ClusterView& view, bool json) {
  if (view.coordinators.empty() && !json)
    return none_there();
  Json all = Json::array();
  std::vector<std::vector<std::string>> rows{
    {"COORDINATOR", "VERSION", "NODES", "SLOTS", "BUSY", "PAGES", "CERTIFICATE ENDS"}};
  for (const auto& each : view.coordinators) {
    const auto [sum, nodes] = sum_of(each);
    all.push_back(
      {{"id", each.id},
       {"address", each.address},
       {"version", each.version},
       {"nodes", nodes},
       {"slots", sum.slots},
       {"busy", sum.busy},
       {"pages", sum.pages},
       {"certificateEnds", each.certificate_ends.empty() ? Json() : Json(each.certificate_ends)}});
    rows.push_back(
      {harmless(each.address), harmless(each.version), std::to_string(nodes),
       std::to_string(sum.slots), std::to_string(sum.busy), std::to_string(sum.pages),
       each.certificate_ends.empty() ? "none: plain" : harmless(each.certificate_ends)});
  }
  if (json)
    std::cout << dump({{"schema", "gleaner.cluster_status/1"}, {"coordinators", all}}) << '\n';
  else
    std::cout << table(rows);
  return static_cast<int>(view.coordinators.empty() ? ExitCode::not_found : ExitCode::ok);
}

} // namespace gleaner
