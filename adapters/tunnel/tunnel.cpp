#include "adapters/tunnel/tunnel.hpp"

#include "adapters/address/ip_address.hpp"
#include "adapters/process/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

namespace gleaner::tunnel {

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto patience = 10s;          // for its start
constexpr auto pause_after_end = 1s;    // before it is started again
constexpr std::size_t most_words = 400; // bytes of what it said before it ended
constexpr auto time_to_end = 2s;
constexpr unsigned most_files = 700; // some 340 connections, by stunnel's own rule

/// Both ends of a pipe; what is not handed on is closed.
struct Pipe {
  int reading = -1;
  int writing = -1;

  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) == 0)
      reading = ends[0], writing = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(reading);
    close_end(writing);
  }
  static void close_end(int& end) {
    if (end >= 0)
      close(std::exchange(end, -1));
  }
};

/// As stunnel and certificates have it: without the brackets of an IPv6 address.
std::string host_of(const std::string& address) {
  const auto host = address.substr(0, address.rfind(':'));
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

std::string for_stunnel(const std::string& address) {
  return host_of(address) + address.substr(address.rfind(':'));
}

bool write_all(int to, const std::string& text) {
  return write(to, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

/// Until the other side is closed.
template <class Heed>
void for_each_line(int from, const Heed& heed) {
  constexpr std::size_t longest_line = 4096;
  std::array<char, 4096> block{};
  std::string text;
  for (;;) {
    const auto got = read(from, block.data(), block.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return;
    text.append(block.data(), static_cast<std::size_t>(got));
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      heed(std::string_view{text}.substr(0, end));
      text.erase(0, end + 1);
    }
    if (text.size() > longest_line)
      text.clear();
  }
}

} // namespace

std::string stunnel_configuration(const TunnelConfig& config) {
  const bool client = config.end == TunnelConfig::End::client;
  std::string text = "foreground = yes\n"
                     "syslog = no\n"
                     "pid =\n"
                     "debug = info\n" // tells the port
                     "[cluster]\n"
                     "sslVersionMin = TLSv1.3\n"
                     "ciphersuites = TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256\n"
                     "verifyChain = yes\n"
                     "TIMEOUTbusy = 5\n" // handshakes among other things
                     "TIMEOUTconnect = 4\n"
                     "TIMEOUTidle = 60\n" // nodes and coordinators talk each second
                     "TIMEOUTclose = 1\n";
  // A coordinator's name is looked up at each connection: it may move.
  text += client ? "client = yes\ndelay = yes\n" : "requireCert = yes\n";
  text += "accept = " + for_stunnel(config.accept) + "\nconnect = " + for_stunnel(config.connect) +
          "\ncert = " + config.files.certificate + "\nkey = " + config.files.key +
          "\nCAfile = " + config.files.ca + '\n';
  if (!client)
    return text;
  const auto host = host_of(config.connect);
  return text + (address::is_ip_address(host) ? "checkIP = " : "checkHost = ") + host + '\n';
}

Tunnel::Tunnel(TunnelConfig config, Report report)
    : config_(std::move(config)), reports_(std::move(report)) {}

Result<std::unique_ptr<Tunnel>> Tunnel::start(TunnelConfig config, Report report) {
  std::unique_ptr<Tunnel> tunnel{new Tunnel{std::move(config), std::move(report)}};
  tunnel->thread_ = std::thread{[me = tunnel.get()] { me->keep(); }};
  std::unique_lock lock{tunnel->mutex_};
  tunnel->changed_.wait_for(lock, patience, [&] { return tunnel->started_.has_value(); });
  const auto started = tunnel->started_.value_or(
    Error{Errc::timed_out, "stunnel does not take connections within 10 s of its start"});
  lock.unlock();
  if (!started)
    return started.error();
  return tunnel;
}

Tunnel::~Tunnel() {
  {
    std::unique_lock lock{mutex_};
    stopping_ = true;
    if (process_ >= 0)
      kill(process_, SIGTERM);
    changed_.notify_all();
    // One that hangs has nothing to save.
    if (!changed_.wait_for(lock, time_to_end, [this] { return process_ < 0; }))
      kill(process_, SIGKILL);
  }
  thread_.join();
}

std::uint16_t Tunnel::port() const {
  const std::lock_guard guard{mutex_};
  return port_;
}

/// The tunnel's thread: stunnel would end with it.
void Tunnel::keep() {
  for (;;) {
    const auto ended = run_once();
    std::unique_lock lock{mutex_};
    if (stopping_)
      return;
    if (!started_) { // and never did
      started_ = ended;
      changed_.notify_all();
      return;
    }
    lock.unlock();
    reports_.problem(describe(ended.error()) + "; it is started again", Clock::now());
    lock.lock();
    if (changed_.wait_for(lock, pause_after_end, [this] { return stopping_; }))
      return;
  }
}

/// From its start to its end; says how it ended.
Status Tunnel::run_once() {
  Pipe configuration;
  Pipe log;
  if (!write_all(configuration.writing, stunnel_configuration(config_)))
    return Error{Errc::internal, std::string{"stunnel: a pipe: "} + std::strerror(errno)};
  Pipe::close_end(configuration.writing);
  auto program =
    process::ChildProcess::start({{"stunnel", "-fd", std::to_string(configuration.reading)},
                                  {configuration.reading},
                                  log.writing,
                                  most_files,
                                  SIGKILL});
  if (!program)
    return program.error();
  Pipe::close_end(log.writing);
  {
    const std::lock_guard guard{mutex_};
    if (stopping_)
      return Done{};
    process_ = program->id();
  }
  last_words_.clear();
  taking_ = false;
  for_each_line(log.reading, [this](std::string_view line) { heed(read_line(line)); });
  {
    const std::lock_guard guard{mutex_};
    process_ = -1; // it has closed its log: it ends by itself
    changed_.notify_all();
  }
  if (process::ChildProcess::was_not_found(program->wait()))
    return Error{Errc::usage, "stunnel is not installed: install it (Debian's stunnel4)"};
  return Error{Errc::usage,
               "stunnel has ended" + (last_words_.empty() ? last_words_ : ": " + last_words_)};
}

void Tunnel::heed(const TunnelLine& line) {
  std::unique_lock lock{mutex_};
  taking_ = taking_ || line.port;
  if (line.port && !started_) {
    port_ = *line.port;
    // From now on it is this one: peers know it.
    config_.accept = host_of(config_.accept) + ':' + std::to_string(port_);
    started_ = Done{};
    changed_.notify_all();
  }
  lock.unlock();
  if (!line.is_problem)
    return;
  if (taking_)
    return reports_.problem(line.text, Clock::now());
  if (last_words_.size() < most_words)
    last_words_ += (last_words_.empty() ? "" : "; ") + line.text;
}

} // namespace gleaner::tunnel
