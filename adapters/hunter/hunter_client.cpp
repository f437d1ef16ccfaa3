#include "adapters/hunter/hunter_client.hpp"

#include "adapters/hunter/api_urls.hpp"
#include "adapters/hunter/error_body.hpp"
#include "adapters/hunter/transfer_loop.hpp"
#include "core/answer_class.hpp"
#include "core/suspension.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace gleaner::hunter {

namespace {

using std::chrono::steady_clock;

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

/// The loop, and what the account said last.
class HunterClient::Impl {
public:
  Impl(const ApiConfig& config, ProviderProfile with, std::string user_agent)
      : base(config.url), profile(std::move(with)), loop(config, std::move(user_agent)) {}

  const std::string base;
  const ProviderProfile profile;
  TransferLoop loop;
  std::mutex account_mutex;
  std::optional<std::pair<steady_clock::time_point, ApiAccount>> last_account; ///< Guarded by it.
};

HunterClient::HunterClient(const ApiConfig& config, const ProviderProfile& profile,
                           const std::string& user_agent)
    : impl_(std::make_unique<Impl>(config, profile, user_agent)) {}

HunterClient::~HunterClient() {
  impl_->loop.close(); // answers may still call us
}

void HunterClient::replace_key(const Secret& key) {
  impl_->loop.replace_key(key);
  forget_account();
}

void HunterClient::search(const PageRequest& request, steady_clock::time_point send_before,
                          std::function<void(ApiAnswer)> reply) {
  impl_->loop.submit({search_url(impl_->base, request),
                      [this, reply = std::move(reply)](ApiAnswer answer) {
                        if (suspension_reason(classify(impl_->profile, answer).code))
                          forget_account();
                        reply(std::move(answer));
                      },
                      send_before});
}

void HunterClient::count(const std::string& domain, CountReply reply) {
  impl_->loop.submit(
    {count_url(impl_->base, domain), [this, reply = std::move(reply)](const ApiAnswer& answer) {
       reply(read_free_page(impl_->profile, answer, read_count),
             classify(impl_->profile, answer).wait);
     }});
}

void HunterClient::recent_account(std::function<void(Result<ApiAccount>)> reply) {
  constexpr std::chrono::seconds fresh{10};
  std::unique_lock lock{impl_->account_mutex};
  const auto known = impl_->last_account;
  lock.unlock();
  if (known && steady_clock::now() - known->first < fresh)
    return reply(known->second);
  account(std::move(reply));
}

void HunterClient::forget_account() {
  const std::lock_guard guard{impl_->account_mutex};
  impl_->last_account.reset();
}

void HunterClient::account(std::function<void(Result<ApiAccount>)> reply) {
  impl_->loop.submit({account_url(impl_->base), [this, asked_at = steady_clock::now(),
                                                 reply = std::move(reply)](ApiAnswer answer) {
                        auto account = read_free_page(impl_->profile, answer, read_account);
                        if (account) {
                          account->asked_at = asked_at;
                          const std::lock_guard guard{impl_->account_mutex};
                          impl_->last_account.emplace(steady_clock::now(), *account);
                        }
                        reply(std::move(account));
                      }});
}

} // namespace gleaner::hunter
