#include "core/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

using namespace gleaner;

namespace secret {

/// The kernel's flags of the mapping that holds `address`, such as "rd wr dd lo".
std::string flags_of(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps{"/proc/self/smaps"};
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t first = 0, last = 0;
    char dash = 0;
    std::istringstream range{line};
    if (range >> std::hex >> first >> dash >> last && dash == '-')
      inside = first <= wanted && wanted < last;
    else if (inside && line.starts_with("VmFlags:"))
      return line.substr(line.find(':') + 1) + ' ';
  }
  return {};
}

} // namespace secret

BOOST_AUTO_TEST_SUITE(secret)

BOOST_AUTO_TEST_CASE(it_gives_back_its_text_with_a_nul_behind) {
  const std::string text{"with\0NUL and so on", 18};
  const Secret held{text};
  BOOST_TEST(held.view() == text);
  BOOST_TEST(held.c_str()[text.size()] == '\0');
  BOOST_TEST(Secret("Bearer ", Secret{"key"}).view() == "Bearer key");
}

BOOST_AUTO_TEST_CASE(nothing_is_an_empty_text) {
  for (const Secret& held : {Secret{}, Secret{""}, Secret("", Secret{})}) {
    BOOST_TEST(held.empty());
    BOOST_TEST(held.view() == "");
    BOOST_TEST(std::string{held.c_str()} == "");
  }
  Secret cleared{"key"};
  cleared.clear();
  BOOST_TEST(cleared.empty());
}

BOOST_AUTO_TEST_CASE(copies_share_the_one_text_and_outlive_each_other) {
  auto first = std::make_unique<Secret>("key");
  const Secret second = *first;
  BOOST_TEST(static_cast<const void*>(second.c_str()) == static_cast<const void*>(first->c_str()));
  first.reset();
  BOOST_TEST(second.view() == "key");
}

BOOST_AUTO_TEST_CASE(its_pages_are_left_out_of_core_dumps_and_of_children) {
  for (const std::size_t size : {1u, 40u, 4095u, 4096u, 10000u}) {
    const Secret held{std::string(size, 'k')};
    for (const auto* address : {held.c_str(), held.c_str() + size}) {
      const auto flags = flags_of(address);
      BOOST_TEST(flags.find(" dd ") != std::string::npos, flags); // MADV_DONTDUMP
      BOOST_TEST(flags.find(" wf ") != std::string::npos, flags); // MADV_WIPEONFORK
    }
  }
  const auto ordinary = std::make_unique<std::string>(40, 'k');
  BOOST_TEST(flags_of(ordinary->data()).find(" dd ") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wiped_copy_is_empty_and_its_bytes_are_gone) {
  std::string copy(100, 'k');
  const char* bytes = copy.data();
  wipe(copy);
  BOOST_TEST(copy.empty());
  for (std::size_t i = 0; i < 100; ++i) // still the string's own buffer
    BOOST_TEST(bytes[i] == '\0');
}

BOOST_AUTO_TEST_SUITE_END()
