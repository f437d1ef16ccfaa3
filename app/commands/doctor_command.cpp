#include "app/client_redis.hpp"
#include "app/command.hpp"
#include "app/config_loader.hpp"
#include "app/health_checks.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace gleaner {

namespace {

const char* name_of(HealthCheck::Verdict verdict) {
  switch (verdict) {
  case HealthCheck::Verdict::ok:
    return "ok";
  case HealthCheck::Verdict::warn:
    return "warn";
  case HealthCheck::Verdict::fail:
    return "fail";
  }
  return "fail";
}

int doctor(bool json, const CommandEnvironment& environment) {
  const auto checks =
    check_health(environment.config, environment.loaded.profile, environment.version);
  int code = 0;
  nlohmann::ordered_json document{{"schema", "gleaner.doctor/1"},
                                  {"checks", nlohmann::ordered_json::array()}};
  std::vector<std::vector<std::string>> rows;
  for (const auto& check : checks) {
    if (check.verdict == HealthCheck::Verdict::fail && code == 0)
      code = static_cast<int>(exit_code_of(check.code));
    document["checks"].push_back(
      {{"verdict", name_of(check.verdict)}, {"name", check.name}, {"detail", check.detail}});
    rows.push_back({name_of(check.verdict), check.name, check.detail});
  }
  if (json)
    std::cout << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  else
    std::cout << table(rows);
  return code;
}

} // namespace

void add_doctor_command(CLI::App& app, Command& chosen) {
  const auto json = std::make_shared<bool>(false);
  auto* command = app.add_subcommand(
    "doctor", R"(Checks key, plan, Redis, queue, clock, folders, ports, certificate.

Examples:
  gleaner doctor
  gleaner doctor --json

Exit code: 0 when nothing failed (warnings aside), else that of the first failure.)");
  command->add_flag("--json", *json, "As one JSON document");
  command->callback([&chosen, json] {
    chosen = [json](const CommandEnvironment& environment) { return doctor(*json, environment); };
  });
}

} // namespace gleaner
