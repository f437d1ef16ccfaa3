#include "tests/simulator/sim_client.hpp"

#include "tests/support/wait_until.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace gleaner::sim {

namespace {

struct Sink {
  Got* got;
  std::size_t most;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* to) {
  const auto* sink = static_cast<Sink*>(to);
  sink->got->body.append(data, size);
  return sink->got->body.size() > sink->most ? 0 : size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* to) {
  const std::string line{data, size};
  const auto colon = line.find(": ");
  if (colon == std::string::npos)
    return size;
  auto name = line.substr(0, colon);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static_cast<Got*>(to)->headers[name] = line.substr(colon + 2, line.find('\r') - colon - 2);
  return size;
}

} // namespace

SimulatorOptions SimFixture::without_limits() {
  SimulatorOptions options;
  options.switches.limits.clear();
  return options;
}

SimFixture::SimFixture(SimulatorOptions options) : curl_(curl_easy_init()) {
  sim.start(options);
}

Got SimFixture::get(const std::string& target, const std::vector<std::string>& headers) {
  auto* curl = curl_.get();
  curl_easy_reset(curl);
  Got got;
  Sink sink{&got, most_bytes};
  curl_slist* lines = nullptr;
  if (!key.empty())
    lines = curl_slist_append(lines, ("Authorization: Bearer " + key).c_str());
  for (const auto& line : headers)
    lines = curl_slist_append(lines, line.c_str());
  const auto url = sim.api_url() + target;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "simulator-test/1");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &got);
  if (unzip)
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  got.code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &got.status);
  curl_slist_free_all(lines);
  return got;
}

Got SimFixture::search(const std::string& domain, std::uint32_t offset, std::uint32_t limit,
                       const std::string& more) {
  return get("/domain-search?domain=" + domain + "&offset=" + std::to_string(offset) +
             "&limit=" + std::to_string(limit) + more);
}

Json SimFixture::last_call() {
  Json all;
  const auto has_ended = [&] {
    all = calls();
    return !all.empty() && all.back()["ended"] != "open";
  };
  if (!test::wait_until(has_ended))
    throw std::runtime_error("the last call stays open: " + all.dump());
  return all.back();
}

} // namespace gleaner::sim
