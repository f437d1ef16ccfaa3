#include "app/collector.hpp"
#include "app/command.hpp"
#include "app/config_loader.hpp"
#include "app/fetcher_node.hpp"
#include "app/signals.hpp"

#include <CLI/CLI.hpp>

namespace gleaner {

void add_run_command(CLI::App& app, Command& chosen) {
  constexpr const char* text =
    R"(Takes jobs from the queue and works on them until SIGTERM or SIGINT.

Examples:
  HUNTER_API_KEY=... REDIS_URL=redis://localhost:6379 gleaner run
  HUNTER_API_KEY=... gleaner run --concurrency 64     starts a private Redis
  HUNTER_API_KEY=... gleaner run --role fetcher --join 127.0.0.1:9470 \
      --cluster-plain on --listen 127.0.0.1:0

A fetcher has neither Redis nor a store: it gets pages for the coordinators
that it joins, which are started with --cluster-listen. Between machines both
need certificates, which `gleaner cluster issue` makes.

A first signal finishes the jobs at hand and puts back what would take longer
than the grace; a second one ends at once.)";
  app.add_subcommand("run", text)->callback([&chosen] {
    chosen = [](const CommandEnvironment& environment) {
      block_signals();
      if (environment.config.cluster.role == "fetcher")
        return FetcherNode{environment.config, environment.loaded.profile, environment.log,
                           environment.version}
          .run();
      return Collector{environment.config, environment.loaded.profile, environment.log,
                       environment.version}
        .run();
    };
  });
}

} // namespace gleaner
