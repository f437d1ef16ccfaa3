#include "tests/bench/page_fetching.hpp"

#include <curl/curl.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <vector>

namespace gleaner::bench {

namespace {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct FreeCurl {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

/// One of the transfers that run side by side, again and again.
struct Transfer {
  std::unique_ptr<CURL, FreeCurl> easy{curl_easy_init()};
  std::string body;
};

std::size_t keep(char* data, std::size_t size, std::size_t count, void* transfer) {
  static_cast<Transfer*>(transfer)->body.append(data, size * count);
  return size * count;
}

class Fetching {
public:
  explicit Fetching(const PagesWanted& wanted);
  PagesFetched run();

private:
  void start(Transfer& transfer);
  void collect();

  const PagesWanted& wanted_;
  std::unique_ptr<curl_slist, FreeCurl> headers_{
    curl_slist_append(nullptr, "Authorization: Bearer bench-key")};
  std::vector<Transfer> transfers_;
  std::unique_ptr<CURLM, FreeMulti> multi_{curl_multi_init()};
  std::uint32_t started_ = 0;
  std::uint64_t bytes_ = 0;
};

Fetching::Fetching(const PagesWanted& wanted) : wanted_(wanted), transfers_(wanted.parallel) {
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(wanted.parallel));
  for (auto& transfer : transfers_) {
    auto* easy = transfer.easy.get();
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  }
}

void Fetching::start(Transfer& transfer) {
  const auto url = wanted_.api + "/domain-search?domain=c" + std::to_string(wanted_.contacts) +
                   "-x" + std::to_string(started_++) + ".test&limit=100&offset=0";
  transfer.body.clear();
  curl_easy_setopt(transfer.easy.get(), CURLOPT_URL, url.c_str());
  curl_multi_add_handle(multi_.get(), transfer.easy.get());
}

void Fetching::collect() {
  int left = 0;
  while (auto* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE)
      continue;
    auto* easy = message->easy_handle;
    const auto code = message->data.result;
    Transfer* transfer = nullptr;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200)
      throw std::runtime_error("a page did not come: " + std::string{curl_easy_strerror(code)} +
                               ", status " + std::to_string(status));
    bytes_ += transfer->body.size();
    curl_multi_remove_handle(multi_.get(), easy);
    if (started_ < wanted_.pages)
      start(*transfer);
  }
}

PagesFetched Fetching::run() {
  const auto begun = std::chrono::steady_clock::now();
  const auto cpu = cpu_seconds();
  const auto at_once = std::min(wanted_.parallel, wanted_.pages);
  for (std::uint32_t i = 0; i < at_once; ++i)
    start(transfers_[i]);
  int running = static_cast<int>(at_once);
  while (running > 0) {
    curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
    curl_multi_perform(multi_.get(), &running);
    const auto before = started_;
    collect();
    running += static_cast<int>(started_ - before);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  return {took.count(), cpu_seconds() - cpu, bytes_};
}

} // namespace

PagesFetched fetch_pages(const PagesWanted& wanted) {
  return Fetching{wanted}.run();
}

} // namespace gleaner::bench
