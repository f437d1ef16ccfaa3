// What the parts of a job cost at least, for limits.py and growth.py:
//   bench_limits pages API CONTACTS PAGES PARALLEL   {"seconds", "cpu_seconds", "bytes"}
//   bench_limits scripts REDIS_PORT PAGES CONTACTS   {"seconds", "jobs"}
//   bench_limits takes REDIS_PORT COUNT              {}
#include "tests/bench/page_fetching.hpp"
#include "tests/bench/script_calls.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Json = nlohmann::json;

template <class Number = std::uint32_t>
Number number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0)
    throw std::runtime_error("'" + std::string{text} + "' is no number above 0");
  return value;
}

Json measure(const std::vector<std::string>& words) {
  using namespace gleaner::bench;
  if (words.size() == 5 && words[0] == "pages") {
    const auto fetched =
      fetch_pages({words[1], number(words[2]), number(words[3]), number(words[4])});
    return {
      {"seconds", fetched.seconds}, {"cpu_seconds", fetched.cpu_seconds}, {"bytes", fetched.bytes}};
  }
  if (words.size() == 4 && words[0] == "scripts") {
    const auto ended =
      end_all_jobs({number<std::uint16_t>(words[1]), number(words[2]), number(words[3])});
    return {{"seconds", ended.seconds}, {"jobs", ended.jobs}};
  }
  if (words.size() == 3 && words[0] == "takes") {
    take_jobs(number<std::uint16_t>(words[1]), number(words[2]));
    return Json::object();
  }
  throw std::runtime_error("there are pages, scripts and takes: see limits.cpp");
}

} // namespace

int main(int argc, char** argv) {
  try {
    std::cout << measure({argv + 1, argv + argc}) << '\n';
    return 0;
  } catch (const std::exception& problem) {
    std::cerr << "bench_limits: " << problem.what() << '\n';
    return 1;
  }
}
