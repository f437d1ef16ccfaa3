#include "adapters/redis/rest_session.hpp"

#include "adapters/redis/redis_error.hpp"
#include "adapters/redis/rest_codec.hpp"

#include <algorithm>
#include <utility>

namespace gleaner::redis {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

// Upstash takes requests of 1 MB on its smallest plan.
constexpr std::size_t largest_request = 768 * 1024;
constexpr std::size_t most_commands = 1000;
constexpr std::size_t largest_answer = 64 * 1024 * 1024;

void initialise_curl() {
  static const auto result = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)result;
}

template <class Commands>
void fail(Commands commands, const Error& why) {
  for (auto& command : commands)
    command.reply(why);
}

} // namespace

RestSession::RestSession(const RedisConfig& config, const std::string& base, ServerScripts scripts,
                         RedisObserver* observer)
    : RedisSession(observer), base_(base), command_timeout_(config.command_timeout),
      scripts_(std::move(scripts)) {
  initialise_curl();
  multi_.reset(curl_multi_init());
  easy_.reset(curl_easy_init());
  for (const auto& header :
       {"Authorization: Bearer " + config.rest_token, std::string{"Content-Type: application/json"},
        std::string{"Upstash-Encoding: base64"}, std::string{"Expect:"}})
    headers_.reset(curl_slist_append(headers_.release(), header.c_str()));
  set_options(config);
}

RestSession::~RestSession() {
  curl_multi_remove_handle(multi_.get(), easy_.get());
}

void RestSession::set_options(const RedisConfig& config) {
  auto* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, (base_ + "/pipeline").c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, base_.starts_with("https") ? "https" : "http");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); // the token is for this server alone
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "gleaner");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(config.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &RestSession::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem_);
  if (!config.tls_ca.empty())
    curl_easy_setopt(easy, CURLOPT_CAINFO, config.tls_ca.c_str());
  if (!config.tls_cert.empty()) {
    curl_easy_setopt(easy, CURLOPT_SSLCERT, config.tls_cert.c_str());
    curl_easy_setopt(easy, CURLOPT_SSLKEY, config.tls_key.c_str());
  }
}

std::size_t RestSession::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& session = *static_cast<RestSession*>(self);
  const auto bytes = size * count;
  if (session.body_.size() + bytes > largest_answer)
    return 0;
  session.body_.append(data, bytes);
  return bytes;
}

void RestSession::send(std::vector<Command> commands) {
  if (!commands.empty())
    for (auto& script : std::exchange(scripts_, {}))
      waiting_.push_back({{"SCRIPT", "LOAD", std::move(script.text)},
                          [](const auto&) {},
                          Clock::now() + command_timeout_,
                          command_timeout_});
  std::move(commands.begin(), commands.end(), std::back_inserter(waiting_));
  start();
}

/// Sends what waits, unless a request is under way or the server is to be left alone for a while.
void RestSession::start() {
  if (!sent_.empty() || waiting_.empty())
    return;
  if (!reconnect_.is_due(Clock::now()))
    return fail(std::exchange(waiting_, {}), last_failure_);
  const auto request = fill_request();
  if (sent_.empty())
    return;
  const auto left = std::max( // 0 would mean without end
    milliseconds{1}, std::chrono::ceil<milliseconds>(sent_.front().deadline - Clock::now()));
  curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request.size()));
  curl_easy_setopt(easy_.get(), CURLOPT_COPYPOSTFIELDS, request.c_str());
  body_.clear();
  problem_[0] = '\0';
  // Not performed here: a transfer that ended at once would be seen only after the next event.
  curl_multi_add_handle(multi_.get(), easy_.get());
}

/// Moves commands from `waiting_` to `sent_`; those that can't go are answered.
std::string RestSession::fill_request() {
  std::string request;
  while (!waiting_.empty() && sent_.size() < most_commands && request.size() < largest_request) {
    auto command = std::move(waiting_.front());
    waiting_.pop_front();
    const bool late = command.deadline <= Clock::now();
    const auto added = late
                         ? Status{Error{Errc::redis_unavailable, base_ + " did not answer in time"}}
                         : append_rest_command(request, command.args);
    if (added)
      sent_.push_back(std::move(command));
    else
      command.reply(added.error());
  }
  request += ']';
  return request;
}

void RestSession::await_events(CommandInbox& inbox) {
  curl_waitfd woken{inbox.descriptor(), CURL_WAIT_POLLIN, 0};
  constexpr int longest_ms = 60000; // a bound only: transfers and the inbox wake it
  curl_multi_poll(multi_.get(), &woken, 1, longest_ms, nullptr);
  inbox.clear_wakeup();
  int running = 0;
  curl_multi_perform(multi_.get(), &running);
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi_.get(), &left))
    if (message->msg == CURLMSG_DONE)
      finish(message->data.result); // send() goes on, with what the inbox has by then
}

void RestSession::finish(CURLcode code) {
  curl_multi_remove_handle(multi_.get(), easy_.get());
  auto answers = read_answer(code);
  set_connected(bool(answers));
  auto sent = std::exchange(sent_, {});
  if (!answers) {
    last_failure_ = answers.error();
    tell_of_refusal(last_failure_);
    reconnect_.failed(Clock::now());
    for (const auto& command : sent)
      tell_of_answer(operation_of(command.args), command.deadline, command.patience, false);
    return fail(std::move(sent), last_failure_);
  }
  reconnect_.succeeded();
  for (std::size_t i = 0; i < sent.size(); ++i) {
    auto& command = sent[i];
    auto result = result_of(std::move((*answers)[i]));
    tell_of_answer(operation_of(command.args), command.deadline, command.patience, bool(result));
    command.reply(std::move(result));
  }
}

Result<std::vector<RedisValue>> RestSession::read_answer(CURLcode code) {
  if (code == CURLE_OPERATION_TIMEDOUT)
    return Error{Errc::redis_unavailable, base_ + " did not answer in time"};
  if (code != CURLE_OK)
    return Error{Errc::redis_unavailable,
                 base_ + ": " + (problem_[0] ? problem_ : curl_easy_strerror(code))};
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200)
    return refusal(status);
  auto answers = read_rest_answers(body_, sent_.size());
  if (!answers)
    return Error{answers.error().code, base_ + ' ' + answers.error().detail};
  return answers;
}

/// What a status other than 200 says about the whole request.
Error RestSession::refusal(long status) const {
  auto text = rest_error_text(body_);
  if (text.empty())
    text = "HTTP status " + std::to_string(status);
  if (status == 401 || status == 403)
    return {Errc::redis_denied,
            base_ + " refuses the token (" + text + "); check UPSTASH_REDIS_REST_TOKEN"};
  if (status == 429 || status >= 500)
    return {Errc::redis_unavailable, base_ + ": " + text};
  return {Errc::redis_refused, base_ + ": " + text + "; is that the REST URL of a database?"};
}

void RestSession::drop(const Error& why) {
  curl_multi_remove_handle(multi_.get(), easy_.get());
  set_connected(false);
  fail(std::exchange(sent_, {}), why);
  fail(std::exchange(waiting_, {}), why);
}

} // namespace gleaner::redis
