#include "adapters/redis/redis_client.hpp"
#include "app/client_redis.hpp"
#include "app/cluster_view.hpp"
#include "app/command.hpp"
#include "app/commands/cluster_certificates.hpp"
#include "app/commands/cluster_show.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace gleaner {

namespace {

using View = int (*)(const ClusterView& view, bool json);

int show(View how, bool json, const CommandEnvironment& environment) {
  const auto where = client_redis(environment.config);
  if (!where)
    return report_failure(where.error());
  redis::RedisClient client{*where, ""};
  const auto& queue = environment.config.queue;
  const ClusterKeys keys{{queue.prefix, queue.name}};
  const auto view = read_cluster(client, keys);
  if (!view)
    return report_failure(view.error());
  forget_gone(client, keys, *view);
  return how(*view, json);
}

void add_view(CLI::App& cluster, Command& chosen, const char* name, const char* help, View how) {
  const auto json = std::make_shared<bool>(false);
  auto* verb = cluster.add_subcommand(name, help);
  verb->add_flag("--json", *json, "As one JSON document");
  verb->callback([&chosen, json, how] {
    chosen = [json, how](const CommandEnvironment& environment) {
      return show(how, *json, environment);
    };
  });
}

/// "a, b, c", or "none".
std::string names_of(const ClusterView& view) {
  std::set<std::string> names;
  for (const auto& coordinator : view.coordinators)
    for (const auto& node : coordinator.nodes)
      if (node.is_there())
        names.insert(node.name);
  std::string all;
  for (const auto& name : names)
    all += (all.empty() ? "" : ", ") + name;
  return all.empty() ? "none" : all;
}

bool has_node(const ClusterView& view, const std::string& name) {
  return std::any_of(view.coordinators.begin(), view.coordinators.end(), [&](const auto& each) {
    return std::any_of(each.nodes.begin(), each.nodes.end(),
                       [&](const auto& node) { return node.is_there() && node.name == name; });
  });
}

/// Coordinators look at the set of names every few seconds.
int set_drained(const std::string& name, bool drained, const CommandEnvironment& environment) {
  const auto where = client_redis(environment.config);
  if (!where)
    return report_failure(where.error());
  redis::RedisClient client{*where, ""};
  const ClusterKeys keys{{environment.config.queue.prefix, environment.config.queue.name}};
  const auto view = read_cluster(client, keys);
  if (!view)
    return report_failure(view.error());
  forget_gone(client, keys, *view);
  if (drained && !has_node(*view, name))
    return report_failure(
      {Errc::not_found, "no node '" + name + "' has joined; there are: " + names_of(*view)});
  if (!drained && view->drained.count(name) == 0)
    return report_failure({Errc::not_found, "the node '" + name + "' is not drained"});
  const auto done = client.call({drained ? "SADD" : "SREM", keys.drained(), name});
  if (!done)
    return report_failure(done.error());
  std::cout << harmless(name)
            << (drained ? " gets no more pages within 5 s; stop it when `gleaner cluster ls` shows "
                          "it as drained\n"
                        : " gets pages again within 5 s\n");
  return 0;
}

void add_drain(CLI::App& cluster, Command& chosen, bool drained) {
  const auto name = std::make_shared<std::string>();
  auto* verb = cluster.add_subcommand(
    drained ? "drain" : "resume",
    drained ? "Gives a node no more pages, until it is resumed.\n\nExamples:\n"
              "  gleaner cluster drain fetcher-a"
            : "Gives a drained node pages again.\n\nExamples:\n  gleaner cluster resume fetcher-a");
  verb->add_option("node", *name, "Name of the node, as `gleaner cluster ls` shows it")->required();
  verb->callback([&chosen, name, drained] {
    chosen = [name, drained](const CommandEnvironment& environment) {
      return set_drained(*name, drained, environment);
    };
  });
}

} // namespace

void add_cluster_command(CLI::App& app, Command& chosen) {
  auto* cluster = app.add_subcommand("cluster", R"(Certificates of nodes that fetch for others,
and what they do.

Examples:
  gleaner cluster init-ca
  gleaner cluster issue coordinator-1 --host coordinator.internal
  gleaner cluster issue fetcher-a
  gleaner cluster ls)");
  cluster->require_subcommand(1);
  add_certificate_commands(*cluster, chosen);
  add_view(*cluster, chosen, "ls", R"(Lists the nodes of the cluster.

Examples:
  gleaner cluster ls
  gleaner cluster ls --json

What is shown is at most some 5 s old.)",
           list_nodes);
  add_view(*cluster, chosen, "status", R"(Shows each coordinator and what its nodes do.

Examples:
  gleaner cluster status
  gleaner cluster status --json

Exit code 3 when no coordinator is there.)",
           show_status);
  add_drain(*cluster, chosen, true);
  add_drain(*cluster, chosen, false);
}

} // namespace gleaner
