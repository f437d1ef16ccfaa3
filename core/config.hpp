#pragma once

#include "core/credits.hpp"
#include "core/secret.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gleaner {

/// So many requests in any stretch of so much time.
struct RateWindow {
  std::uint32_t requests = 0;
  std::chrono::milliseconds period{0};
};

struct RedisConfig {
  /// redis://[user[:password]@]host[:port][/database], rediss:// likewise (TLS),
  /// unix:///path?db=N, or https://host (Upstash's REST protocol); empty: the embedded one.
  std::string url;
  std::string rest_token;                     ///< Token of the REST form.
  std::chrono::milliseconds rest_poll{15000}; ///< Longest pause between looks for jobs over REST.
  /// Where plain TCP may go besides this machine: never, private (addresses that are not public),
  /// any.
  std::string plaintext = "private";
  std::string tls_ca;          ///< File of the CAs trusted; empty: the system's.
  std::string tls_cert;        ///< File of the client certificate (chain); empty: none.
  std::string tls_key;         ///< File of its key.
  std::string tls_server_name; ///< Name that the certificate must have; empty: the host's.
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds command_timeout{5000};
};

struct QueueConfig {
  std::string name = "domain-collection";
  std::string prefix = "bull";
  std::string accept_version;     ///< A library version in the queue's meta that is known to fit.
  std::string worker_name;        ///< Shown by getWorkers() and as `processedBy`; empty: unnamed.
  std::uint32_t concurrency = 32; ///< Jobs at once, 1..10000.
  std::chrono::milliseconds lock_duration{30000};
  std::chrono::milliseconds stalled_interval{30000};
  std::uint32_t max_stalled_count = 2;
  bool ledger = true; ///< Finished pages are kept in Redis until their job has ended.
  std::chrono::milliseconds ledger_ttl{std::chrono::hours{7 * 24}}; ///< From the last page on.
  std::chrono::milliseconds reconcile_interval{60000};
  std::vector<RateWindow> limiter; ///< BullMQ's limit of job starts over all workers: one, or none.
  std::chrono::milliseconds drain_delay{5000}; ///< Longest wait for work in one blocking call.
  std::int64_t keep_completed = -1; ///< Jobs kept when the job itself does not say; -1: all.
  std::int64_t keep_failed = -1;
  std::uint32_t metrics_points = 20160; ///< Minutes kept of BullMQ's own charts; 0: off.
};

/// A further API key.
struct NamedKey {
  Secret secret;
  std::string secret_file; ///< Where the secret came from; empty: not from a file.
  std::vector<RateWindow> limits;
  CreditCaps caps;
  std::vector<std::string> tenants; ///< Whose jobs it is for.
};

struct ApiConfig {
  std::string url = "https://api.hunter.io/v2";
  Secret key;
  std::string key_file;           ///< Where it came from; empty: not from a file.
  std::string credentials_folder; ///< systemd's, in which such files may be root's; empty: none.
  std::map<std::string, NamedKey> named_keys;
  /// Collections younger than this are not made again; 0: all are.
  std::chrono::milliseconds fresh_for{0};
  bool count_first = false; ///< Ask the free count whether there is anybody.
  bool pool_keys = false;   ///< Jobs without a choice are spread over all keys.
  CreditCaps caps;
  std::string profile;              ///< File of the provider's profile; empty: the built-in one.
  std::uint32_t page_size = 100;    ///< 1 to the most of the profile.
  std::uint32_t max_collect = 5000; ///< Contacts per job.
  std::vector<RateWindow> limits{{15, std::chrono::seconds{1}}, {500, std::chrono::minutes{1}}};
  std::uint32_t min_fetchers = 2;
  std::uint32_t max_fetchers = 64;
  std::uint32_t pages_per_job = 8; ///< Pages of one job in flight at once.
  std::uint32_t max_tries = 6;     ///< Requests for one page before the job's attempt fails.
  std::chrono::milliseconds quota_probe{
    std::chrono::hours{1}}; ///< Pause between looks for credits.
  std::chrono::milliseconds account_interval{
    std::chrono::minutes{5}}; ///< Pause between looks at the account.
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds timeout{30000};
  std::uint64_t max_body_bytes = 8u << 20;
};

/// A key with everything that holds for it.
struct ApiKey {
  std::string name;
  Secret secret;
  std::string secret_file; ///< As in NamedKey.
  std::vector<RateWindow> limits;
  CreditCaps caps;
  std::vector<std::string> tenants;
};

/// All keys: first "default", if it is set or there is no other, then the named ones by name.
std::vector<ApiKey> api_keys(const ApiConfig& config);

struct StoreConfig {
  std::string folder = "data/collections";
  std::uint32_t file_mode = 0600;
  std::uint32_t folder_mode = 0700;
};

struct HttpConfig {
  std::string listen = "127.0.0.1:9464"; ///< host:port; port 0 picks one.
  bool bullmq_metrics = false; ///< Also the series of BullMQ's own export, under its names.
};

/// Several processes as one worker.
struct ClusterConfig {
  std::string role = "all";      ///< all, coordinator, fetcher.
  std::string listen = "off";    ///< Where nodes join: off, or host:port; port 0 picks one.
  std::vector<std::string> join; ///< Coordinators of a fetcher, host:port each.
  std::string node;              ///< Name of a fetcher; empty: the machine's.
  bool plain = false;            ///< Without TLS, on this machine's loopback only.
  std::string tls_ca;            ///< File of the CA of all nodes.
  std::string tls_cert;          ///< File of this node's certificate.
  std::string tls_key;           ///< File of its key.
};

/// Where spans go, if anywhere; as OpenTelemetry's variables say it.
struct TracingConfig {
  std::string endpoint;        ///< Base URL of a collector, to which /v1/traces is added.
  std::string traces_endpoint; ///< The whole URL instead.
  Secret headers;              ///< name=value, with commas between; values percent-encoded.
  std::string protocol = "http/json";
  std::string tls_ca; ///< File of the CAs that may sign the collector's certificate.
  std::chrono::milliseconds timeout{10000}; ///< Of one request.
  bool disabled = false;
  std::string exporter = "otlp"; ///< otlp, none.
  std::string service_name = "gleaner";
  std::string resource_attributes; ///< As headers.
  std::string sampler = "parentbased_always_on";
  double sampler_ratio = 1; ///< Of the samplers with traceidratio.
  std::uint32_t queue_size = 2048;
  std::uint32_t batch_size = 512;
  std::chrono::milliseconds schedule_delay{5000};  ///< Longest wait for a batch to be full.
  std::chrono::milliseconds export_timeout{30000}; ///< Of a batch, with all its tries.

  bool has_collector() const { return !endpoint.empty() || !traces_endpoint.empty(); }
  /// Spans are made at all.
  bool on() const {
    return has_collector() && !disabled && exporter != "none" && sampler != "always_off";
  }
};

struct LogConfig {
  std::string level = "info";
  std::string format = "auto"; ///< auto, text, json, logfmt.
  std::uint32_t repeats = 20;  ///< Lines of one code and message a minute; 0: no limit.
};

/// Every setting with the default that production runs on.
struct Config {
  RedisConfig redis;
  QueueConfig queue;
  ApiConfig api;
  StoreConfig store;
  HttpConfig http;
  LogConfig log;
  ClusterConfig cluster;
  TracingConfig tracing;
  std::string state_folder = "data"; ///< Embedded Redis and the lock of this node.
  std::chrono::milliseconds shutdown_grace{25000};
  std::chrono::milliseconds startup_timeout{30000}; ///< For Redis to answer at start.
};

} // namespace gleaner
