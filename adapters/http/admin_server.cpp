#include "adapters/http/admin_server.hpp"

#include "adapters/http/hang_up.hpp"
#include "adapters/http/http_metrics.hpp"
#include "adapters/http/knocker.hpp"
#include "adapters/http/process_figures.hpp"
#include "adapters/http/version_page.hpp"

#include <CivetServer.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

namespace gleaner::http {

namespace {

struct Page {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

const char* reason(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  default:
    return "Service Unavailable";
  }
}

Page health(const std::vector<ReadinessCheck>& checks, bool verbose) {
  const bool ok = std::all_of(checks.begin(), checks.end(), [](const auto& c) { return c.ok; });
  Page page{ok ? 200 : 503, {}, {}};
  page.type = "text/plain; charset=utf-8";
  for (const auto& check : checks)
    if (verbose || !check.ok)
      page.body += (check.ok ? "ok " : "failed ") + check.name +
                   (check.detail.empty() ? "" : ": " + check.detail) + '\n';
  if (page.body.empty())
    page.body = "ok\n";
  return page;
}

/// The library would also take a list, and a port alone for all interfaces.
bool is_one_address(const std::string& listen) {
  const auto colon = listen.rfind(':');
  return colon != std::string::npos && colon != 0 && listen.find(',') == std::string::npos;
}

Error cannot_listen(const std::string& listen, const std::string& why) {
  return {Errc::usage, "cannot listen on " + listen + ": " + why +
                         "; set http.listen (GLEANER_LISTEN), port 0 picks a free one"};
}

} // namespace

/// Answers every path itself, so that unknown ones are counted too.
class AdminServer::Impl : public CivetHandler {
public:
  explicit Impl(AdminRoutes routes) : routes_(std::move(routes)) {
    routes_.registry->Collect(); // fails early on a clash of names
  }

  bool handleGet(CivetServer*, mg_connection* c) override { return serve(c, true); }
  bool handleHead(CivetServer*, mg_connection* c) override { return serve(c, false); }
  bool handlePost(CivetServer*, mg_connection* c) override { return refuse(c); }
  bool handlePut(CivetServer*, mg_connection* c) override { return refuse(c); }
  bool handleDelete(CivetServer*, mg_connection* c) override { return refuse(c); }
  bool handlePatch(CivetServer*, mg_connection* c) override { return refuse(c); }
  bool handleOptions(CivetServer*, mg_connection* c) override { return refuse(c); }

  std::unique_ptr<CivetServer> server;
  int port = 0;
  std::string listen; ///< As in the settings.

private:
  bool serve(mg_connection* connection, bool with_body) {
    const auto begin = std::chrono::steady_clock::now();
    const auto* info = mg_get_request_info(connection);
    const std::string path = info->local_uri ? info->local_uri : "";
    const bool verbose = info->query_string && std::string{info->query_string} == "verbose";
    return send(connection, path, page_for(path, verbose), with_body, begin);
  }

  Page page_for(const std::string& path, bool verbose) {
    if (path == "/metrics")
      return {200, "text/plain; version=0.0.4; charset=utf-8", metrics()};
    if (path == "/livez" || path == "/healthz")
      return health({{"scheduler", routes_.alive(), "no actor has run for a minute"}}, false);
    if (path == "/readyz")
      return health(routes_.checks(), verbose);
    if (path == "/version")
      return {200, "application/json", version_page(routes_.version) + '\n'};
    return {404, "text/plain; charset=utf-8",
            "no such page; try /metrics /livez /readyz /healthz /version\n"};
  }

  std::string metrics() {
    process_.refresh();
    (void)routes_.checks(); // they set the gauges of readiness
    std::ostringstream text;
    prometheus::TextSerializer{}.Serialize(text, routes_.registry->Collect());
    return text.str();
  }

  bool refuse(mg_connection* connection) {
    return send(connection, "other",
                {405, "text/plain; charset=utf-8", "only GET and HEAD are served\n"}, true,
                std::chrono::steady_clock::now());
  }

  bool send(mg_connection* connection, const std::string& path, const Page& page, bool with_body,
            std::chrono::steady_clock::time_point begin) {
    // RFC 9110 section 15.5.6 wants Allow, RFC 9112 section 9.6 the announcement of the end.
    mg_printf(connection,
              "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s"
              "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
              "Connection: close\r\n\r\n",
              page.status, reason(page.status), page.type.c_str(), page.body.size(),
              page.status == 405 ? "Allow: GET, HEAD\r\n" : "");
    if (with_body)
      mg_write(connection, page.body.data(), page.body.size());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    figures_.count(path, page.status, took.count());
    const auto* info = mg_get_request_info(connection);
    if (info->content_length > 0 || mg_get_header(connection, "Transfer-Encoding"))
      hang_up(port, info->remote_port);
    return true;
  }

  AdminRoutes routes_;
  ProcessFigures process_{*routes_.registry};
  HttpMetrics figures_{*routes_.registry};
};

AdminServer::AdminServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

AdminServer::~AdminServer() {
  if (!impl_)
    return;
  const Knocker knocker{impl_->listen, impl_->port};
  impl_->server.reset(); // joins its threads before what they use goes
}

int AdminServer::port() const noexcept {
  return impl_->port;
}

Result<std::unique_ptr<AdminServer>> AdminServer::start(const HttpConfig& config,
                                                        AdminRoutes routes) {
  if (!is_one_address(config.listen))
    return cannot_listen(config.listen, "it is not host:port");
  auto impl = std::make_unique<Impl>(std::move(routes));
  try {
    // A connection holds a thread until its request is there: many threads that wait little keep
    // the pages within reach of a scraper, even if hundreds of connections say nothing.
    impl->server = std::make_unique<CivetServer>(std::vector<std::string>{
      "listening_ports", config.listen, "num_threads", "64", "request_timeout_ms", "400",
      "keep_alive_timeout_ms", "0", "max_request_size", "16384", "enable_directory_listing", "no",
      "connection_queue", "64"});
  } catch (const CivetException&) {
    if (config.listen.starts_with('[') && !mg_check_feature(MG_FEATURES_IPV6))
      return cannot_listen(config.listen, "the HTTP library was built without IPv6");
    return cannot_listen(config.listen, "the address is in use, not ours or not host:port");
  }
  const auto ports = impl->server->getListeningPorts();
  impl->port = ports.empty() ? 0 : ports.front();
  impl->listen = config.listen;
  impl->server->addHandler("/", impl.get());
  return std::unique_ptr<AdminServer>{new AdminServer{std::move(impl)}};
}

} // namespace gleaner::http
