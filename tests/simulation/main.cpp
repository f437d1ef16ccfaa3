#include "tests/simulation/world/world.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <iostream>

namespace gleaner::simulation {

namespace {

struct Options {
  std::uint64_t first = 1, count = 20'000;
  std::optional<std::uint64_t> seed;
  std::uint64_t shown = 5;
  std::string mutant;
  bool traced = false;
};

/// The last lines, which led to the end.
std::string tail(const std::string& text, std::size_t lines) {
  auto at = text.size();
  for (std::size_t i = 0; i <= lines && at != std::string::npos && at > 0; ++i)
    at = text.rfind('\n', at - 1);
  return at == std::string::npos ? text : text.substr(at + 1);
}

/// Again, to see how it came.
void show_failure(const Swarm& swarm, const Outcome& outcome) {
  const auto again = World{swarm, true}.run();
  std::cout << tail(again.trace, 60) << "\nFAILED " << describe(swarm) << "\n  " << outcome.failure
            << "\n  hash " << std::hex << outcome.hash << std::dec
            << (again.hash == outcome.hash ? "" : ", BUT THE REPLAY TOOK ANOTHER COURSE")
            << "\n  replay: simulation --seed " << swarm.seed << " --trace\n";
}

std::vector<std::string> mutant_names() {
  std::vector<std::string> names;
  for (const auto& each : mutants())
    names.emplace_back(each.name);
  return names;
}

/// @pre the name is that of a mutant, or empty
Swarm draw(const Options& options, std::uint64_t seed) {
  auto swarm = draw_swarm(seed);
  for (const auto& [mutant, name] : mutants())
    if (name == options.mutant)
      swarm.mutant = mutant;
  return swarm;
}

int run_one(const Options& options) {
  const auto swarm = draw(options, *options.seed);
  const auto outcome = World{swarm, options.traced}.run();
  std::cout << outcome.trace << describe(swarm) << "\nhash " << std::hex << outcome.hash << std::dec
            << ", " << outcome.steps << " steps, " << outcome.lasted.count() / 1000 << " ms\n"
            << (outcome.failure.empty() ? "nothing went wrong" : "FAILED: " + outcome.failure)
            << '\n';
  return outcome.failure.empty() ? 0 : 1;
}

int run_many(const Options& options) {
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t failures = 0, steps = 0;
  double lasted = 0;
  Oracle::Figures sum;
  std::map<std::string, std::size_t> log;
  for (auto seed = options.first; seed < options.first + options.count; ++seed) {
    const auto swarm = draw(options, seed);
    const auto outcome = World{swarm, false}.run();
    steps += outcome.steps;
    lasted += std::chrono::duration<double>{outcome.lasted}.count();
    for (const auto& [code, count] : outcome.log)
      log[code] += count;
    sum.commands += outcome.figures.commands;
    sum.completed += outcome.figures.completed;
    sum.failed += outcome.figures.failed;
    sum.pages_served += outcome.figures.pages_served;
    sum.pages_again += outcome.figures.pages_again;
    if (!outcome.failure.empty() && ++failures <= options.shown)
      show_failure(swarm, outcome);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf(
    "%llu seeds from %llu in %.1f s (%.0f a second), %llu failed\n"
    "%.1f days of worlds, %llu steps, %zu Redis commands, %zu jobs completed, %zu failed, "
    "%zu pages paid for, of which %zu again after a fault\n",
    static_cast<unsigned long long>(options.count), static_cast<unsigned long long>(options.first),
    took.count(), static_cast<double>(options.count) / took.count(),
    static_cast<unsigned long long>(failures), lasted / 86400,
    static_cast<unsigned long long>(steps), sum.commands, sum.completed, sum.failed,
    sum.pages_served, sum.pages_again);
  for (const auto& [code, count] : log)
    std::printf("%s %zu  ", code.c_str(), count);
  std::printf("\n");
  return failures == 0 ? 0 : 1;
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Runs the worker in simulated worlds, one for each seed"};
  app.add_option("--first", options.first, "first seed");
  app.add_option("--count", options.count, "number of seeds");
  app.add_option("--seed", options.seed, "this one only");
  app.add_option("--show", options.shown, "so many failures at most");
  app.add_option("--mutant", options.mutant, "with this defect")
    ->check(CLI::IsMember(mutant_names()));
  app.add_flag("--trace", options.traced, "show everything that happens (with --seed)");
  CLI11_PARSE(app, argc, argv);
  return options.seed ? run_one(options) : run_many(options);
}

} // namespace

} // namespace gleaner::simulation

int main(int argc, char** argv) {
  return gleaner::simulation::run(argc, argv);
}
