#include "adapters/http/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace gleaner::http {

namespace {

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double count_entries(const char* folder) {
  std::error_code error;
  const std::filesystem::directory_iterator entries{folder, error};
  return error ? 0 : static_cast<double>(std::distance(begin(entries), end(entries)));
}

} // namespace

ProcessFigures::ProcessFigures(prometheus::Registry& registry)
    : resident_bytes_(gauge(registry, "process_resident_memory_bytes", "Resident memory")),
      virtual_bytes_(gauge(registry, "process_virtual_memory_bytes", "Address space in use")),
      cpu_seconds_(prometheus::BuildCounter()
                     .Name("process_cpu_seconds_total")
                     .Help("User and system CPU time")
                     .Register(registry)
                     .Add({})),
      open_files_(gauge(registry, "process_open_fds", "Open file descriptors")),
      threads_(gauge(registry, "process_threads", "Threads")) {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  gauge(registry, "process_start_time_seconds", "Start, seconds since the epoch").Set(now.count());
  rlimit most{};
  if (getrlimit(RLIMIT_NOFILE, &most) == 0)
    gauge(registry, "process_max_fds", "Open file descriptors that the process may have")
      .Set(static_cast<double>(most.rlim_cur));
}

void ProcessFigures::refresh() {
  const std::lock_guard guard{refreshing_};
  std::ifstream statm{"/proc/self/statm"};
  double size = 0, resident = 0;
  if (statm >> size >> resident) {
    virtual_bytes_.Set(size * static_cast<double>(sysconf(_SC_PAGESIZE)));
    resident_bytes_.Set(resident * static_cast<double>(sysconf(_SC_PAGESIZE)));
  }
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0)
    cpu_seconds_.Increment(seconds(usage.ru_utime) + seconds(usage.ru_stime) -
                           cpu_seconds_.Value());
  open_files_.Set(count_entries("/proc/self/fd"));
  threads_.Set(count_entries("/proc/self/task"));
}

} // namespace gleaner::http
