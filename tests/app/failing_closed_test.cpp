// No check lets something pass because it fails itself: memory that runs out at the first, the
// second ... call of a check ends in an exception (the actor dies, nothing goes on) or in a
// refusal, never in consent.
#include "adapters/bullmq/job_codec.hpp"
#include "adapters/hunter/page_parser.hpp"
#include "adapters/ledger/page_codec.hpp"
#include "adapters/redis/redis_url.hpp"
#include "app/config_loader.hpp"
#include "app/redaction.hpp"
#include "app/secret_file.hpp"
#include "core/domain.hpp"
#include "core/rate_windows.hpp"
#include "tests/support/contact_copy.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace {

/// Calls of this thread until one fails; negative: none does.
thread_local long calls_left = -1;

bool fails_now() noexcept {
  return calls_left >= 0 && calls_left-- == 0;
}

} // namespace

// All forms, since a sanitizer brings its own of those that are missing, and what one of them gave
// must not go back to another. Not inlined: g++ would take malloc and delete for a wrong pair.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return fails_now() ? nullptr : std::malloc(size > 0 ? size : 1);
}
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (auto* memory = operator new(size, std::nothrow))
    return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
  return operator new(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept {
  return operator new(size, nothrow);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

namespace gleaner::test {

namespace {

/// Runs `check` with its first allocation failing, its second ... until none fails; whether it gave
/// its consent must be `consents` then, and never before unless that is true.
template <class Check>
void sweep(const char* what, bool consents, Check check) {
  constexpr long most_calls = 5000;
  for (long failing = 0; failing < most_calls; ++failing) {
    std::optional<bool> consent;
    calls_left = failing;
    try {
      consent = check();
    } catch (const std::bad_alloc&) {
      consent = std::nullopt; // whoever asked goes no further
    }
    const bool reached = calls_left < 0;
    calls_left = -1;
    if (consents || !consent.value_or(false)) {
      if (!reached) {
        BOOST_REQUIRE_MESSAGE(consent.has_value() && *consent == consents, what);
        return;
      }
      continue;
    }
    BOOST_FAIL(what << " consents when allocation " << failing << " fails");
  }
  BOOST_FAIL(what << " never ends");
}

/// What `check` says in a process of its own; one that ends otherwise has not consented. Whether
/// the allocation that was to fail was reached is known afterwards here too.
template <class Check>
bool in_child(Check check) {
  const auto failing = std::exchange(calls_left, -1);
  const auto child = fork();
  if (child == 0) {
    std::set_terminate([] { _exit(2); });
    calls_left = failing;
    int code = 2;
    try {
      code = check() ? 1 : 0;
    } catch (const std::bad_alloc&) {
      code = 2;
    }
    _exit(code + (calls_left < 0 ? 0 : 4)); // 4: none had to fail any more
  }
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  BOOST_REQUIRE(WIFEXITED(status));
  calls_left = (WEXITSTATUS(status) & 4) != 0 ? 0 : -1;
  return (WEXITSTATUS(status) & 3) == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(failing_closed)

BOOST_AUTO_TEST_CASE(no_bad_domain_passes) {
  for (const auto* text :
       {"", "localhost", "127.0.0.1", "../../etc/passwd", "a_b.com", "five.test\r\nX-Evil: 1",
        "user@x@y.com", "exa mple.com", "xn--.com", "moc.\u202Eelpmaxe"})
    sweep(text, false, [&] { return to_query_domain(text) || clean_domain(text); });
  sweep("a good domain", true, [] { return bool{to_query_domain("example.com")}; });
}

BOOST_AUTO_TEST_CASE(no_bad_job_data_passes) {
  // The JSON library's destructors need memory too, and end the process when there is none.
  for (const auto* data : {"", "[]", "{}", "{\"domain\":7}", "{\"domain\":\"x.test\"", "null"})
    sweep(data, false, [&] { return in_child([&] { return !bullmq::read_data(data).refusal; }); });
}

BOOST_AUTO_TEST_CASE(no_body_that_is_no_page_passes) {
  for (const auto* body :
       {"{}", "[]", R"({"errors":[{"id":"x"}]})", R"({"data":{"emails":[{"value":"a@x.test"}]}})",
        R"({"data":{"emails":[]},"meta":{"results":-1}})"})
    sweep(body, false, [&] {
      hunter::PageParser parser;
      return bool{parser.parse(
        SharedBody{std::string{body}}, [](const RawContact&) {}, [](const ContactReject&) {})};
    });
}

BOOST_AUTO_TEST_CASE(no_damaged_page_of_a_ledger_passes) {
  NormalizedPage page;
  page.contacts = test::blank_contacts(3);
  auto packed = ledger::pack_page(page);
  packed.back() = static_cast<char>(packed.back() ^ 1);
  sweep("a page with a wrong checksum", false, [&] { return bool{ledger::unpack_page(packed)}; });
}

BOOST_AUTO_TEST_CASE(no_open_secret_file_and_no_wrong_setting_passes) {
  const TemporaryFolder folder;
  const auto path = folder / "key";
  write_file(path, "secret\n");
  chmod(path.c_str(), 0644);
  sweep("a secret that others can read", false, [&] { return bool{read_secret_file(path)}; });
  sweep("the same as a credential", false,
        [&] { return bool{read_secret_file(path, folder.path())}; });
  ConfigSources sources;
  sources.default_file = folder / "none.toml";
  sources.environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "HUNTER_API_URL" ? std::optional<std::string>{"http://192.0.2.1/v2"}
                                    : std::nullopt;
  };
  sweep("http to another machine", false, [&] { return load_config(sources).problems.empty(); });
  sweep("a port that is none", false,
        [] { return bool{redis::parse_redis_url("redis://h:99999")}; });
}

BOOST_AUTO_TEST_CASE(no_secret_and_no_address_gets_through_to_the_log) {
  const Redaction redaction{{"top-secret-key"}};
  const std::string text = "the key top-secret-key of ann.lind@acme.test, again top-secret-key";
  sweep("a line with a secret", false, [&] {
    const auto line = redaction.apply(text);
    return line.find("top-secret-key") != line.npos || line.find("ann.lind@") != line.npos;
  });
}

BOOST_AUTO_TEST_CASE(no_permit_is_granted_beyond_the_limit) {
  const RateWindows::Time now{std::chrono::hours{1}};
  sweep("a permit too many", false, [&] {
    RateWindows windows{{{2, std::chrono::seconds{1}}}};
    int granted = 0;
    for (int asked = 0; asked < 10; ++asked) {
      try {
        granted += windows.acquire(now) == RateWindows::Duration::zero() ? 1 : 0;
      } catch (const std::bad_alloc&) {
        continue; // the caller got none
      }
    }
    return granted > 2;
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
