#include "app/cluster_view.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace gleaner {

namespace {

using Told = nlohmann::json;

std::string text_at(const Told& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::uint64_t count_at(const Told& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

NodeView node_of(const Told& json) {
  return {text_at(json, "name"),    text_at(json, "version"), count_at(json, "slots"),
          count_at(json, "busy"),   count_at(json, "pages"),  json.value("drained", Told{}) == true,
          text_at(json, "standing")};
}

/// Nothing when the text is not what a coordinator tells.
std::optional<CoordinatorView> coordinator_of(const std::string& text) {
  const auto json = Told::parse(text, nullptr, false);
  if (!json.is_object())
    return std::nullopt;
  CoordinatorView view{text_at(json, "id"),
                       text_at(json, "version"),
                       text_at(json, "address"),
                       text_at(json, "certificateEnds"),
                       {}};
  const auto nodes = json.find("nodes");
  if (nodes != json.end() && nodes->is_array())
    for (const auto& node : *nodes)
      if (node.is_object())
        view.nodes.push_back(node_of(node));
  return view;
}

} // namespace

Result<ClusterView> read_cluster(redis::CommandPort& redis, const ClusterKeys& keys) {
  ClusterView view;
  const auto ids = redis.call({"SMEMBERS", keys.coordinators()});
  if (!ids)
    return ids.error();
  for (const auto& id : ids->items) {
    const auto told = redis.call({"GET", keys.coordinator(id.text)});
    if (!told && told.error().code == Errc::redis_refused)
      continue; // somebody else keeps something there
    if (!told)
      return told.error();
    if (told->is_nil())
      view.gone.push_back(id.text);
    else if (auto coordinator = coordinator_of(told->text))
      view.coordinators.push_back(std::move(*coordinator));
  }
  std::sort(view.coordinators.begin(), view.coordinators.end(),
            [](const auto& one, const auto& other) { return one.address < other.address; });
  const auto drained = redis.call({"SMEMBERS", keys.drained()});
  if (!drained)
    return drained.error();
  for (const auto& name : drained->items)
    view.drained.insert(name.text);
  return view;
}

void forget_gone(redis::CommandPort& redis, const ClusterKeys& keys, const ClusterView& view) {
  for (const auto& id : view.gone) // what is refused is tried by the next who looks
    static_cast<void>(redis.call({"SREM", keys.coordinators(), id}));
}

std::vector<NodeTotals> nodes_of(const ClusterView& view) {
  std::map<std::string, NodeTotals> totals;
  for (const auto& coordinator : view.coordinators)
    for (const auto& node : coordinator.nodes) {
      auto& [sum, coordinators] = totals[node.name];
      sum.name = node.name;
      sum.version = node.version;
      sum.slots += node.slots;
      sum.busy += node.busy;
      sum.pages += node.pages;
      sum.drained = node.drained;
      if (node.is_there() || !sum.is_there())
        sum.standing = node.standing;
      coordinators += node.is_there() ? 1 : 0;
    }
  for (const auto& name : view.drained)
    if (totals.count(name) == 0)
      totals[name].sum = {name, "", 0, 0, 0, true, "drained, away"};
  std::vector<NodeTotals> nodes;
  for (auto& [name, node] : totals)
    nodes.push_back(std::move(node));
  return nodes;
}

std::string state_of(const NodeView& node) {
  if (!node.is_there())
    return node.standing;
  if (node.drained)
    return node.busy > 0 ? "draining" : "drained";
  return node.slots > 0 ? "ready" : "no room";
}

} // namespace gleaner
