#include "app/command.hpp"
namespace gleaner {
__attribute__((weak)) void add_enqueue_command(CLI::App&, Command&) {}
__attribute__((weak)) void add_jobs_command(CLI::App&, Command&) {}
__attribute__((weak)) void add_watch_command(CLI::App&, Command&) {}
__attribute__((weak)) void add_results_command(CLI::App&, Command&) {}
__attribute__((weak)) void add_doctor_command(CLI::App&, Command&) {}
} // namespace gleaner
