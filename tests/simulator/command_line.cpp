#include "tests/simulator/command_line.hpp"

#include "tests/simulator/accounts.hpp"
#include "tests/simulator/domain_traits.hpp"
#include "tests/simulator/fault_rules.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <stdexcept>
#include <vector>

namespace gleaner::sim {

namespace {

/// The flags whose text needs more than a type.
struct RawFlags {
  std::string limits, throttle_style, faults_file;
  std::uint32_t delay_ms = 0;
  std::vector<std::string> settings, fault_rates;
};

std::string help_text() {
  return "Examples:\n"
         "  gleaner-simulator --limits off\n"
         "  gleaner-simulator --port 8080 --key my-key:level=0 --set gzip=true\n"
         "  curl -H 'Authorization: Bearer sim-key' "
         "'http://127.0.0.1:8080/v2/domain-search?domain=c250.sim.test&limit=100'\n"
         "  curl -X POST -d '{\"match\":{\"page\":2},\"answer\":{\"kind\":\"reset\"}}' "
         "http://127.0.0.1:8080/admin/faults\n\n"
         "Domains: the first label's parts, joined by '-', say how the domain behaves\n"
         "(c250.sim.test, throttle2-p3-c500.sim.test); what is not understood ends the list:\n" +
         domain_name_help() + "\nSwitches (--set NAME=VALUE, or POST /admin/switches):\n" +
         switch_help() +
         "\nAdmin: GET /admin/calls stats switches faults account; POST /admin/switches faults\n"
         "account clock reset; DELETE /admin/calls faults. tests/simulator/README.md tells more.\n";
}

std::pair<std::string, Json> assignment(const std::string& text, std::string_view flag) {
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    throw std::invalid_argument(std::string{flag} + ": \"" + text + "\" is no NAME=VALUE");
  const auto value = text.substr(equals + 1);
  auto parsed = Json::parse(value, nullptr, false);
  return {text.substr(0, equals), parsed.is_discarded() ? Json(value) : parsed};
}

Json read_faults(const std::string& file) {
  std::ifstream in{file};
  auto parsed = Json::parse(in, nullptr, false);
  if (!in || parsed.is_discarded())
    throw std::invalid_argument("--faults: " + file + " can't be read or is no JSON");
  FaultRules trial;
  trial.add(parsed);
  return parsed;
}

void apply(const RawFlags& raw, CommandLine& line) {
  auto& switches = line.simulator.switches;
  for (const auto& text : raw.settings) {
    const auto [name, value] = assignment(text, "--set");
    set_switch(switches, name, value);
  }
  auto rates = to_json(switches)["fault_rates"];
  for (const auto& text : raw.fault_rates) {
    const auto [name, value] = assignment(text, "--fault-rate");
    rates[name] = value;
  }
  set_switch(switches, "fault_rates", rates);
  if (!raw.limits.empty())
    switches.limits = parse_limits(raw.limits);
  if (!raw.throttle_style.empty())
    set_switch(switches, "throttle_style", raw.throttle_style);
  if (raw.delay_ms > 0)
    switches.delay_ms = raw.delay_ms;
  if (!raw.faults_file.empty())
    line.simulator.faults = read_faults(raw.faults_file);
  Accounts trial;
  for (const auto& key : line.simulator.keys)
    trial.configure(key);
}

void define(CLI::App& app, CommandLine& line, RawFlags& raw) {
  app.footer(help_text());
  app.add_option("--port", line.simulator.port, "Port on 127.0.0.1; 0 picks one (default)");
  app.add_option("--port-file", line.port_file, "Write the port into this file");
  app.add_option("--seed", line.simulator.seed, "Seed of all data (1)");
  app.add_option(
    "--key", line.simulator.keys,
    "NAME[:option=value...]: only such keys are valid; options level, plan, available, "
    "used, reset, valid, restricted, buckets, remaining, frozen. Without --key every "
    "key is valid that does not begin with bad-");
  app.add_option("--limits", raw.limits, "Strict sliding windows per key (15/s,500/min), or off");
  app.add_option("--throttle-style", raw.throttle_style,
                 "403 (default), 429, retry-after, http-date, hours");
  app.add_option("--delay-ms", raw.delay_ms, "Wait before each answer");
  app.add_option("--set", raw.settings, "NAME=VALUE: a switch, see below");
  app.add_option("--fault-rate", raw.fault_rates, "KIND=SHARE: e.g. fail500=0.01");
  app.add_option("--faults", raw.faults_file, "File with fault rules, as POST /admin/faults takes");
  app.add_option("--call-log", line.simulator.call_log, "Calls kept in the log (1000000)");
  app.add_flag("--die-with-parent", line.die_with_parent, "Stop when the parent process ends");
}

} // namespace

std::optional<CommandLine> parse_command_line(int argc, char** argv, int& exit_code) {
  CommandLine line;
  RawFlags raw;
  CLI::App app{"The Hunter v2 API, simulated on loopback for tests"};
  define(app, line, raw);
  try {
    app.parse(argc, argv);
    apply(raw, line);
    return line;
  } catch (const CLI::ParseError& end) {
    exit_code = app.exit(end) == 0 ? 0 : 2;
  } catch (const std::exception& problem) {
    std::cerr << "gleaner-simulator: " << problem.what() << '\n';
    exit_code = 2;
  }
  return std::nullopt;
}

} // namespace gleaner::sim
