#include "app/signals.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>

using namespace gleaner;

namespace signals {

/// A process that runs `work` and tells the test what it has come to, one character each time.
class Child {
public:
  explicit Child(const std::function<void(int out)>& work) {
    BOOST_REQUIRE(pipe2(ends_, O_CLOEXEC) == 0);
    process_ = fork();
    if (process_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(ends_[0]);
      work(ends_[1]);
      _exit(0);
    }
    close(ends_[1]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    close(ends_[0]);
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
  }

  /// The next character, or '\0' when the process has ended.
  char told() {
    char character = 0;
    return read(ends_[0], &character, 1) == 1 ? character : '\0';
  }
  void send(int signal) const { ::kill(process_, signal); }

  /// Its exit code once it has ended, or minus the number of the signal that ended it.
  int end() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

private:
  int ends_[2] = {-1, -1};
  pid_t process_ = -1;
};

void tell(int out, char what) {
  if (write(out, &what, 1) != 1)
    _exit(99);
}

char letter_of(int signal) {
  return signal == SIGTERM ? 't' : signal == SIGINT ? 'i' : '?';
}

/// Tells "r" when it listens and the letter of the first signal, then works until it is ended.
void work_until_ended(int out) {
  block_signals();
  const SignalThread signals{[out](int number) { tell(out, letter_of(number)); }};
  tell(out, 'r');
  for (;;)
    pause();
}

} // namespace signals

BOOST_AUTO_TEST_SUITE(signals)

BOOST_AUTO_TEST_CASE(the_first_signal_is_handed_over_and_ends_nothing) {
  for (const int number : {SIGTERM, SIGINT}) {
    Child child{work_until_ended};
    BOOST_TEST(child.told() == 'r');
    child.send(number);
    BOOST_TEST(child.told() == letter_of(number));
    child.send(SIGKILL);
    BOOST_TEST(child.end() == -SIGKILL);
  }
}

BOOST_AUTO_TEST_CASE(the_second_signal_ends_the_process_at_once) {
  for (const int number : {SIGTERM, SIGINT}) {
    Child child{work_until_ended};
    BOOST_TEST(child.told() == 'r');
    child.send(SIGTERM);
    BOOST_TEST(child.told() == 't');
    child.send(number);
    BOOST_TEST(child.end() == 128 + number);
  }
}

BOOST_AUTO_TEST_CASE(other_signals_change_nothing_about_that) {
  Child child{work_until_ended};
  BOOST_TEST(child.told() == 'r');
  child.send(SIGUSR2);
  child.send(SIGTERM);
  BOOST_TEST(child.told() == 't');
  child.send(SIGUSR2);
  child.send(SIGINT);
  BOOST_TEST(child.end() == 128 + SIGINT);
}

BOOST_AUTO_TEST_CASE(a_signal_thread_ends_without_any_signal) {
  Child child{[](int out) {
    block_signals();
    {
      const SignalThread signals{[out](int) { tell(out, 'x'); }};
    }
    tell(out, 'e');
  }};
  BOOST_TEST(child.told() == 'e');
  BOOST_TEST(child.end() == 0);
}

BOOST_AUTO_TEST_CASE(a_signal_thread_ends_after_the_first_signal) {
  Child child{[](int out) {
    block_signals();
    {
      const SignalThread signals{[out](int) { tell(out, 'f'); }};
      kill(getpid(), SIGTERM);
    }
    tell(out, 'e');
  }};
  const auto first = child.told(); // the signal may come too late for the thread
  BOOST_TEST((first == 'f' ? child.told() : first) == 'e');
  BOOST_TEST(child.end() == 0);
}

BOOST_AUTO_TEST_CASE(a_pending_signal_is_seen_once) {
  Child child{[](int out) {
    block_signals();
    tell(out, pending_signal() == 0 ? 'n' : 'x');
    for (const int number : {SIGINT, SIGTERM}) {
      kill(getpid(), number);
      tell(out, letter_of(pending_signal()));
      tell(out, pending_signal() == 0 ? 'n' : 'x');
    }
  }};
  std::string told;
  for (char next = child.told(); next != '\0'; next = child.told())
    told += next;
  BOOST_TEST(told == "nintn");
  BOOST_TEST(child.end() == 0);
}

BOOST_AUTO_TEST_CASE(a_reader_that_has_gone_ends_no_process) {
  Child child{[](int out) {
    int ends[2];
    if (pipe(ends) != 0)
      _exit(99);
    close(ends[0]);
    ignore_broken_pipes();
    tell(out, write(ends[1], "x", 1) == -1 && errno == EPIPE ? 'p' : 'x');
  }};
  BOOST_TEST(child.told() == 'p');
  BOOST_TEST(child.end() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
