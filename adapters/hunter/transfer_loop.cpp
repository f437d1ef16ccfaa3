#include "adapters/hunter/transfer_loop.hpp"

#include "adapters/hunter/authorization.hpp"
#include "adapters/hunter/curl_memory.hpp"

#include <utility>

namespace gleaner::hunter {

using std::chrono::steady_clock;

TransferLoop::~TransferLoop() = default;

TransferLoop::TransferLoop(const ApiConfig& config, std::string user_agent)
    : config_(config), user_agent_(std::move(user_agent)),
      authorization_(std::make_shared<Authorization>(config.key)) {
  init_curl_once();
  multi_.reset(curl_multi_init());
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(config_.max_fetchers));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(config_.max_fetchers));
  thread_ = std::thread{[this] { run(); }};
}

void TransferLoop::close() {
  {
    const std::lock_guard guard{inbox_mutex_};
    stopping_ = true;
  }
  curl_multi_wakeup(multi_.get());
  thread_.join();
  fail_all();
}

void TransferLoop::submit(ApiCall call) {
  bool was_empty = false;
  {
    const std::lock_guard guard{inbox_mutex_};
    was_empty = inbox_.empty();
    inbox_.push_back(std::move(call));
  }
  if (was_empty)
    curl_multi_wakeup(multi_.get());
}

std::vector<ApiCall> TransferLoop::take_inbox(bool& stopping) {
  const std::lock_guard guard{inbox_mutex_};
  stopping = stopping_;
  return std::exchange(inbox_, {});
}

void TransferLoop::run() {
  constexpr int idle_poll_ms = 60000; // only a bound: wakeups and sockets end the poll
  for (;;) {
    bool stopping = false;
    for (auto& call : take_inbox(stopping))
      start(std::move(call));
    if (stopping)
      return;
    int still_running = 0;
    curl_multi_perform(multi_.get(), &still_running);
    collect_finished();
    curl_multi_poll(multi_.get(), nullptr, 0, idle_poll_ms, nullptr);
  }
}

std::shared_ptr<Authorization> TransferLoop::authorization() {
  const std::lock_guard guard{inbox_mutex_};
  return authorization_;
}

void TransferLoop::replace_key(const Secret& key) {
  auto next = std::make_shared<Authorization>(key);
  const std::lock_guard guard{inbox_mutex_};
  authorization_ = std::move(next);
}

void TransferLoop::start(ApiCall call) {
  if (steady_clock::now() >= call.send_before) {
    ApiAnswer late;
    late.transport = ApiAnswer::Transport::unsent;
    late.problem = "it was too late to send the request";
    return call.finished(std::move(late));
  }
  Keyed next{authorization(), nullptr};
  while (!idle_.empty() && !next.transfer) { // those with an older key are let go
    if (idle_.back().authorization == next.authorization)
      next.transfer = std::move(idle_.back().transfer);
    idle_.pop_back();
  }
  if (!next.transfer)
    next.transfer = std::make_unique<Transfer>(config_, user_agent_, next.authorization->header());
  next.transfer->prepare(call.url, std::move(call.finished));
  auto* handle = next.transfer->handle();
  curl_multi_add_handle(multi_.get(), handle);
  running_.emplace(handle, std::move(next));
}

void TransferLoop::collect_finished() {
  int left = 0;
  while (auto* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE)
      continue;
    auto* handle = message->easy_handle;
    const auto code = message->data.result;
    curl_multi_remove_handle(multi_.get(), handle);
    auto node = running_.extract(handle);
    node.mapped().transfer->finish(code, node.mapped().authorization != authorization());
    idle_.push_back(std::move(node.mapped()));
  }
}

void TransferLoop::fail_all() {
  ApiAnswer answer;
  answer.problem = "the client was closed";
  for (auto& [handle, keyed] : running_) {
    curl_multi_remove_handle(multi_.get(), handle);
    keyed.transfer->finish(CURLE_ABORTED_BY_CALLBACK, false);
  }
  bool stopping = true;
  for (auto rest = take_inbox(stopping); !rest.empty(); rest = take_inbox(stopping))
    for (auto& call : rest) // each answer may lead to another request
      call.finished(answer);
}

} // namespace gleaner::hunter
