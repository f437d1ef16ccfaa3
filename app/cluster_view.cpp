#include "app/cluster_view.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

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
      static_cast<void>(redis.call({"SREM", keys.coordinators(), id.text}));
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

} // namespace gleaner
