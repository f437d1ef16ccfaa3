#include "adapters/process/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

namespace gleaner::process {

namespace {

constexpr int cannot_start = 127; // as shells say it

void limit_files(unsigned most) {
  const rlimit limit{most, most};
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const std::vector<char*>& arguments, const ChildSetup& setup,
                         pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0); // Ctrl-C is ours to handle
  umask(077);    // of the files that it makes
  prctl(PR_SET_PDEATHSIG, setup.orphan_signal);
  if (getppid() != parent)
    _exit(1); // we were killed before the kernel knew what to do about it
  const int null = open("/dev/null", O_RDWR);
  dup2(null, STDIN_FILENO);
  dup2(null, STDOUT_FILENO);
  dup2(setup.error_output < 0 ? null : setup.error_output, STDERR_FILENO);
  close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC);
  for (const int descriptor : setup.inherited)
    fcntl(descriptor, F_SETFD, 0);
  if (setup.most_files)
    limit_files(*setup.most_files);
  execvp(arguments.front(), arguments.data());
  _exit(cannot_start);
}

} // namespace

Result<ChildProcess> ChildProcess::start(ChildSetup setup) {
  std::vector<char*> arguments;
  for (auto& word : setup.words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto parent = getpid();
  const auto child = fork();
  if (child == 0)
    become(arguments, setup, parent);
  if (child < 0)
    return Error{Errc::internal, std::string{"cannot fork: "} + std::strerror(errno)};
  return ChildProcess{child};
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : id_(std::exchange(other.id_, -1)) {}

std::optional<int> ChildProcess::ended() {
  int status = 0;
  if (id_ < 0 || waitpid(id_, &status, WNOHANG) != id_)
    return std::nullopt;
  id_ = -1;
  return status;
}

bool ChildProcess::was_not_found(int status) {
  return WIFEXITED(status) && WEXITSTATUS(status) == cannot_start;
}

int ChildProcess::wait() {
  int status = 0;
  while (waitpid(id_, &status, 0) < 0 && errno == EINTR)
    continue;
  id_ = -1;
  return status;
}

ChildProcess::~ChildProcess() {
  if (id_ < 0)
    return;
  kill(id_, SIGTERM);
  wait();
}

} // namespace gleaner::process
