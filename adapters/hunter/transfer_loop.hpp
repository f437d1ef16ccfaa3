#pragma once

#include "adapters/hunter/transfer.hpp"
#include "core/config.hpp"
#include "core/secret.hpp"

#include <curl/curl.h>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gleaner::hunter {

class Authorization;

/// One GET request.
struct ApiCall {
  std::string url;
  Transfer::Finished finished; ///< Called exactly once, on the loop's thread.
  /// From then on it is not sent: `finished` gets Transport::unsent.
  std::chrono::steady_clock::time_point send_before = std::chrono::steady_clock::time_point::max();
};

/// A thread with a curl multi handle that carries out calls. Callers put them into the inbox; the
/// thread owns all else. Thread-safe.
class TransferLoop {
public:
  TransferLoop(const ApiConfig& config, std::string user_agent);
  ~TransferLoop(); ///< @pre closed
  /// Ends the thread and answers every call, also those to which an answer led.
  void close();

  void submit(ApiCall call);
  /// Calls that begin from now on go out with this key.
  void replace_key(const Secret& key);

private:
  struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  /// A transfer, and the header that it borrows.
  struct Keyed {
    std::shared_ptr<Authorization> authorization;
    std::unique_ptr<Transfer> transfer;
  };
  void run();
  std::vector<ApiCall> take_inbox(bool& stopping);
  std::shared_ptr<Authorization> authorization();
  void start(ApiCall call);
  void collect_finished();
  void fail_all();

  ApiConfig config_;
  std::string user_agent_;
  std::shared_ptr<Authorization> authorization_; ///< Guarded by inbox_mutex_.
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::map<CURL*, Keyed> running_;
  std::vector<Keyed> idle_;

  std::mutex inbox_mutex_;
  std::vector<ApiCall> inbox_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace gleaner::hunter
