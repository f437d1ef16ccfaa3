#include "adapters/hunter/hunter_client.hpp"

#include "adapters/hunter/api_urls.hpp"
#include "adapters/hunter/authorization.hpp"
#include "adapters/hunter/curl_memory.hpp"
#include "adapters/hunter/error_body.hpp"
#include "adapters/hunter/transfer.hpp"
#include "core/answer_class.hpp"
#include "core/suspension.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace gleaner::hunter {

namespace {

using std::chrono::steady_clock;

struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

struct Request {
  std::string url;
  Transfer::Finished finished;
};

/// Errors of the free pages have the same shape as those of a search.
template <class Read>
auto read_free_page(const ProviderProfile& profile, const ApiAnswer& answer, Read read)
  -> decltype(read(std::string_view{})) {
  const auto verdict = classify(profile, answer);
  if (answer.key_is_old)
    return Error{Errc::api_unavailable, "the key was replaced meanwhile"};
  if (verdict.verdict != AnswerClass::Verdict::page)
    return Error{verdict.code, verdict.reason};
  return read(answer.body.view());
}

} // namespace

/// Callers put requests into the inbox; the thread owns all else.
class HunterClient::Impl {
public:
  Impl(const ApiConfig& config, ProviderProfile profile, std::string user_agent);
  void close(); ///< Ends the thread and answers every request.

  void submit(Request request);
  const std::string& base() const noexcept { return config_.url; }
  void replace_key(const Secret& key);
  const ProviderProfile& profile() const noexcept { return profile_; }

  std::mutex account_mutex;
  std::optional<std::pair<steady_clock::time_point, ApiAccount>> last_account;

private:
  /// A transfer, and the header that it borrows.
  struct Keyed {
    std::shared_ptr<Authorization> authorization;
    std::unique_ptr<Transfer> transfer;
  };
  void run();
  std::vector<Request> take_inbox(bool& stopping);
  std::shared_ptr<Authorization> authorization();
  void start(Request request);
  void collect_finished();
  void fail_all();

  ApiConfig config_;
  const ProviderProfile profile_;
  std::string user_agent_;
  std::shared_ptr<Authorization> authorization_; ///< Guarded by inbox_mutex_.
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::map<CURL*, Keyed> running_;
  std::vector<Keyed> idle_;

  std::mutex inbox_mutex_;
  std::vector<Request> inbox_;
  bool stopping_ = false;
  std::thread thread_;
};

HunterClient::Impl::Impl(const ApiConfig& config, ProviderProfile profile, std::string user_agent)
    : config_(config), profile_(std::move(profile)), user_agent_(std::move(user_agent)),
      authorization_(std::make_shared<Authorization>(config.key)) {
  init_curl_once();
  multi_.reset(curl_multi_init());
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(config_.max_fetchers));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(config_.max_fetchers));
  thread_ = std::thread{[this] { run(); }};
}

void HunterClient::Impl::close() {
  {
    const std::lock_guard guard{inbox_mutex_};
    stopping_ = true;
  }
  curl_multi_wakeup(multi_.get());
  thread_.join();
  fail_all();
}

void HunterClient::Impl::submit(Request request) {
  bool was_empty = false;
  {
    const std::lock_guard guard{inbox_mutex_};
    was_empty = inbox_.empty();
    inbox_.push_back(std::move(request));
  }
  if (was_empty)
    curl_multi_wakeup(multi_.get());
}

std::vector<Request> HunterClient::Impl::take_inbox(bool& stopping) {
  const std::lock_guard guard{inbox_mutex_};
  stopping = stopping_;
  return std::exchange(inbox_, {});
}

void HunterClient::Impl::run() {
  constexpr int idle_poll_ms = 60000; // only a bound: wakeups and sockets end the poll
  for (;;) {
    bool stopping = false;
    for (auto& request : take_inbox(stopping))
      start(std::move(request));
    if (stopping)
      return;
    int still_running = 0;
    curl_multi_perform(multi_.get(), &still_running);
    collect_finished();
    curl_multi_poll(multi_.get(), nullptr, 0, idle_poll_ms, nullptr);
  }
}

std::shared_ptr<Authorization> HunterClient::Impl::authorization() {
  const std::lock_guard guard{inbox_mutex_};
  return authorization_;
}

void HunterClient::Impl::replace_key(const Secret& key) {
  auto next = std::make_shared<Authorization>(key);
  const std::lock_guard guard{inbox_mutex_};
  authorization_ = std::move(next);
}

void HunterClient::Impl::start(Request request) {
  Keyed next{authorization(), nullptr};
  while (!idle_.empty() && !next.transfer) { // those with an older key are let go
    if (idle_.back().authorization == next.authorization)
      next.transfer = std::move(idle_.back().transfer);
    idle_.pop_back();
  }
  if (!next.transfer)
    next.transfer = std::make_unique<Transfer>(config_, user_agent_, next.authorization->header());
  next.transfer->prepare(request.url, std::move(request.finished));
  auto* handle = next.transfer->handle();
  curl_multi_add_handle(multi_.get(), handle);
  running_.emplace(handle, std::move(next));
}

void HunterClient::Impl::collect_finished() {
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

void HunterClient::Impl::fail_all() {
  ApiAnswer answer;
  answer.problem = "the client was closed";
  for (auto& [handle, keyed] : running_) {
    curl_multi_remove_handle(multi_.get(), handle);
    keyed.transfer->finish(CURLE_ABORTED_BY_CALLBACK, false);
  }
  bool stopping = true;
  for (auto rest = take_inbox(stopping); !rest.empty(); rest = take_inbox(stopping))
    for (auto& request : rest) // each answer may lead to another request
      request.finished(answer);
}

HunterClient::HunterClient(const ApiConfig& config, const ProviderProfile& profile,
                           const std::string& user_agent)
    : impl_(std::make_unique<Impl>(config, profile, user_agent)) {}

HunterClient::~HunterClient() {
  impl_->close(); // answers may still call us
}

void HunterClient::replace_key(const Secret& key) {
  impl_->replace_key(key);
  const std::lock_guard guard{impl_->account_mutex};
  impl_->last_account.reset();
}

void HunterClient::search(const PageRequest& request, std::function<void(ApiAnswer)> reply) {
  impl_->submit(
    {search_url(impl_->base(), request), [this, reply = std::move(reply)](ApiAnswer answer) {
       if (suspension_reason(classify(impl_->profile(), answer).code)) {
         // What the account said before no longer counts.
         const std::lock_guard guard{impl_->account_mutex};
         impl_->last_account.reset();
       }
       reply(std::move(answer));
     }});
}

void HunterClient::count(const std::string& domain,
                         std::function<void(Result<std::uint32_t>)> reply) {
  impl_->submit(
    {count_url(impl_->base(), domain), [this, reply = std::move(reply)](const ApiAnswer& answer) {
       reply(read_free_page(impl_->profile(), answer, read_count));
     }});
}

void HunterClient::account(std::function<void(Result<ApiAccount>)> reply) {
  constexpr std::chrono::seconds fresh{10};
  std::unique_lock lock{impl_->account_mutex};
  const auto known = impl_->last_account;
  lock.unlock();
  if (known && steady_clock::now() - known->first < fresh)
    return reply(known->second);
  impl_->submit({account_url(impl_->base()), [this, asked_at = steady_clock::now(),
                                              reply = std::move(reply)](ApiAnswer answer) {
                   auto account = read_free_page(impl_->profile(), answer, read_account);
                   if (account) {
                     account->asked_at = asked_at;
                     const std::lock_guard guard{impl_->account_mutex};
                     impl_->last_account.emplace(steady_clock::now(), *account);
                   }
                   reply(std::move(account));
                 }});
}

} // namespace gleaner::hunter
