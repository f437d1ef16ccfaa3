#include "app/client_redis.hpp"
#include "app/command.hpp"
#include "app/commands/key_session.hpp"
#include "app/setting_table.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace gleaner {

namespace {

/// Marks the key's budget, which all workers that use the key share.
int set_drained(const std::string& name, bool drained, const CommandEnvironment& environment) {
  const auto key = find_named_key(environment.config, name);
  if (!key)
    return report_failure(key.error());
  if (key->secret.empty())
    return report_failure({Errc::key_rejected, "the API key '" + key->name + "' is not set; set " +
                                                 key_variable(key->name)});
  if (drained && key->limits.empty() && !key->caps.shared())
    return report_failure(
      {Errc::usage, "the API key '" + key->name +
                      "' has neither limits nor caps, so workers do not look whether it is "
                      "drained; set api.limits or a cap of credits for the workers and here, or "
                      "stop the workers"});
  const auto where = client_redis(environment.config);
  if (!where)
    return report_failure(where.error());
  redis::RedisClient client{*where, ""};
  const auto state = budget::state_key(key->secret);
  auto done = drained ? client.call({"HSET", state, "drained", "1"})
                      : client.call({"HDEL", state, "drained"});
  if (done && drained)
    done = client.call({"PERSIST", state}); // idle queues let their state expire
  if (!done)
    return report_failure(done.error());
  std::cout << harmless(key->name)
            << (drained ? " is drained: pages under way are finished, jobs with "
                          "it wait\n"
                        : " is in use again within half a minute\n");
  return 0;
}

void add_verb(CLI::App& keys, Command& chosen, bool drained) {
  const auto name = std::make_shared<std::string>();
  auto* verb = keys.add_subcommand(
    drained ? "drain" : "resume",
    drained ? "Takes an API key out of use, for all workers, without a restart.\n\nExamples:\n"
              "  gleaner keys drain team-a"
            : "Puts a drained API key into use again.\n\nExamples:\n  gleaner keys resume team-a");
  verb->add_option("name", *name, "Name of the key; that of HUNTER_API_KEY is default")->required();
  verb->callback([&chosen, name, drained] {
    chosen = [name, drained](const CommandEnvironment& environment) {
      return set_drained(*name, drained, environment);
    };
  });
}

} // namespace

void add_keys_command(CLI::App& app, Command& chosen) {
  auto* keys =
    app.add_subcommand("keys", R"(Takes API keys out of use and back; `gleaner quota show`
lists them.

Examples:
  gleaner keys drain team-a
  gleaner keys resume team-a)");
  keys->require_subcommand(1);
  add_verb(*keys, chosen, true);
  add_verb(*keys, chosen, false);
}

} // namespace gleaner
