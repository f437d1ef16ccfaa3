#include "app/key_watch.hpp"

#include "app/secret_file.hpp"
#include "app/setting_kinds.hpp"

#include <algorithm>
#include <utility>

namespace gleaner {

KeyWatch::KeyWatch(std::vector<ApiKey> keys, std::string credentials, EventLog& log,
                   Replaced replaced, Looked looked, std::chrono::milliseconds interval)
    : keys_(std::move(keys)), credentials_(std::move(credentials)), log_(log),
      replaced_(std::move(replaced)), looked_(std::move(looked)), interval_(interval) {
  std::erase_if(keys_, [](const auto& key) { return key.secret_file.empty(); });
  if (!keys_.empty())
    thread_ = std::thread{[this] { run(); }};
}

KeyWatch::~KeyWatch() {
  {
    const std::lock_guard guard{mutex_};
    ending_ = true;
  }
  ended_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

void KeyWatch::run() {
  std::unique_lock lock{mutex_};
  while (!ended_.wait_for(lock, interval_, [this] { return ending_; })) {
    lock.unlock();
    for (auto& key : keys_)
      look(key);
    looked_(told_.empty());
    lock.lock();
  }
}

void KeyWatch::look(ApiKey& key) {
  auto text = read_secret_file(key.secret_file, credentials_);
  if (text && !setting_kinds::is_plain_name(*text)) {
    wipe(*text);
    text = Error{Errc::usage, "it must hold one key without spaces"};
  }
  if (!text) {
    if (auto& told = told_[key.name]; told != text.error().detail) {
      told = text.error().detail;
      log_.warn("auth.key_unreadable", "the file of an API key can't be read; its key stays",
                {{"key", key.name}, {"err", told}});
    }
    return;
  }
  told_.erase(key.name);
  Secret secret{*text};
  wipe(*text);
  if (secret.view() == key.secret.view())
    return;
  key.secret = secret;
  replaced_(key.name, std::move(secret));
  log_.info("auth.key_replaced", "an API key was replaced", {{"key", key.name}});
}

} // namespace gleaner
