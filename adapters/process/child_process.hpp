#pragma once

#include "core/result.hpp"

#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace gleaner::process {

/// What a program is started with.
struct ChildSetup {
  std::vector<std::string> words;     ///< The program, sought in PATH, and its arguments.
  std::vector<int> inherited;         ///< Descriptors that it gets under the same numbers.
  int error_output = -1;              ///< Its stderr; -1: nowhere.
  std::optional<unsigned> most_files; ///< Descriptors that it may have open.
  int orphan_signal = SIGTERM;        ///< What it gets when we are killed.
};

/// A program that we run for our own use. It gets SIGTERM when this object goes, and when the
/// thread that started it ends, by whatever: start it from one that lives as long as the program
/// shall. It inherits nothing but what its setup names, and Ctrl-C on our terminal does not reach
/// it.
class ChildProcess {
public:
  /// Errc::internal when there can be no more processes. That no such program is installed shows
  /// only in how it ends.
  static Result<ChildProcess> start(ChildSetup setup);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) = delete;
  ~ChildProcess(); ///< Asks it to end, waits until it has.

  pid_t id() const noexcept { return id_; }

  /// The wait status, as of waitpid(2), once it has ended.
  std::optional<int> ended();

  /// The same, waits for it. @pre it was not told by ended() or wait() before
  int wait();

  /// Whether a process that ended so never was: its program could not be started.
  static bool was_not_found(int status);

private:
  explicit ChildProcess(pid_t id) : id_(id) {}
  pid_t id_; ///< -1: ended.
};

} // namespace gleaner::process
