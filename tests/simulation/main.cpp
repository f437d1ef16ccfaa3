#include "tests/simulation/world/world.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

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

/// Of all worlds of a call.
struct Sum {
  std::uint64_t seeds = 0, failures = 0, steps = 0;
  double lasted_s = 0;
  Oracle::Figures figures;
  std::map<std::string, std::size_t> log;

  void add(const Outcome& outcome) {
    ++seeds;
    failures += outcome.failure.empty() ? 0 : 1;
    steps += outcome.steps;
    lasted_s += std::chrono::duration<double>{outcome.lasted}.count();
    figures.commands += outcome.figures.commands;
    figures.completed += outcome.figures.completed;
    figures.failed += outcome.figures.failed;
    figures.lost += outcome.figures.lost;
    figures.pages_served += outcome.figures.pages_served;
    figures.pages_again += outcome.figures.pages_again;
    for (const auto& [code, count] : outcome.log)
      log[code] += count;
  }
};

void show_figures(const Sum& sum, double took_s) {
  std::cout << std::fixed << std::setprecision(1) << "figures simulation seeds=" << sum.seeds
            << " failed=" << sum.failures
            << " seeds_per_s=" << static_cast<double>(sum.seeds) / took_s
            << " days_of_worlds=" << sum.lasted_s / 86400 << " steps=" << sum.steps
            << " redis_commands=" << sum.figures.commands
            << " jobs_completed=" << sum.figures.completed << " jobs_failed=" << sum.figures.failed
            << " jobs_lost=" << sum.figures.lost << " pages_paid=" << sum.figures.pages_served
            << " pages_paid_again=" << sum.figures.pages_again << "\nlogged";
  for (const auto& [code, count] : sum.log)
    std::cout << ' ' << code << '=' << count;
  std::cout << '\n';
}

int run_many(const Options& options) {
  const auto begin = std::chrono::steady_clock::now();
  Sum sum;
  for (auto seed = options.first; seed < options.first + options.count; ++seed) {
    const auto swarm = draw(options, seed);
    const auto outcome = World{swarm, false}.run();
    sum.add(outcome);
    if (!outcome.failure.empty() && sum.failures <= options.shown)
      show_failure(swarm, outcome);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  show_figures(sum, took.count());
  return sum.failures == 0 ? 0 : 1;
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
