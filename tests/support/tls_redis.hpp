#pragma once

#include "core/config.hpp"
#include "tests/support/wait_until.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace gleaner::test {

/// Certificates made by the openssl program in a folder that goes with it: "ca" and what it signs.
class CertificateFolder {
public:
  CertificateFolder() {
    char pattern[] = "/tmp/gleaner-tls-XXXXXX";
    folder_ = mkdtemp(pattern);
    make_ca("ca");
    make_ca("other-ca");
  }
  ~CertificateFolder() { std::filesystem::remove_all(folder_); }

  /// A certificate `name`.pem with its `name`.key for `subject`, such as "IP:127.0.0.1".
  void make(const std::string& name, const std::string& subject, int days = 2,
            const std::string& ca = "ca") {
    std::ofstream{path(name + ".ext")} << "subjectAltName=" << subject << '\n';
    run("req " + key_options + " -keyout " + name + ".key -out " + name + ".csr -subj /CN=x");
    run("x509 -req -in " + name + ".csr -CA " + ca + ".pem -CAkey " + ca + ".key -set_serial " +
        std::to_string(++serial_) + " -days " + std::to_string(days) + " -extfile " + name +
        ".ext -out " + name + ".pem");
  }

  std::string path(const std::string& file) const { return folder_ + '/' + file; }

private:
  void make_ca(const std::string& name) {
    run("req -x509 " + key_options + " -keyout " + name + ".key -out " + name +
        ".pem -subj /CN=" + name + " -days 2");
  }
  void run(const std::string& arguments) {
    const auto command = "cd " + folder_ + " && openssl " + arguments + " 2>openssl.log";
    BOOST_REQUIRE_MESSAGE(std::system(command.c_str()) == 0, command);
  }

  const std::string key_options = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  std::string folder_;
  int serial_ = 0;
};

/// A redis-server on a loopback port, with `certificate` of `files`; without one it speaks no TLS.
class TlsRedis {
public:
  TlsRedis(const CertificateFolder& files, const std::string& certificate,
           const std::vector<std::string>& more = {}) {
    for (int tries = 0; tries < 5 && !answers(); ++tries) { // somebody may take the port in between
      stop();
      port = free_port();
      start(files, certificate, more);
    }
    BOOST_REQUIRE_MESSAGE(answers(), "no redis-server with TLS");
  }
  ~TlsRedis() { stop(); }
  TlsRedis(const TlsRedis&) = delete;
  TlsRedis& operator=(const TlsRedis&) = delete;

  int port = 0;

private:
  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  static int free_port() {
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t length = sizeof address;
    bind(probe, reinterpret_cast<sockaddr*>(&address), length);
    getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length);
    close(probe);
    return ntohs(address.sin_port);
  }

  bool answers() const {
    if (process_ < 0)
      return false;
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    const bool connected =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(probe);
    return connected;
  }

  void start(const CertificateFolder& files, const std::string& certificate,
             const std::vector<std::string>& more) {
    std::vector<std::string> words{"redis-server", "--bind", "127.0.0.1", "--save", ""};
    const auto add = [&words](const std::string& option, const std::string& value) {
      words.push_back("--" + option);
      words.push_back(value);
    };
    add("dir", files.path(""));
    add("logfile", files.path("redis.log"));
    add("port", certificate.empty() ? std::to_string(port) : "0");
    if (!certificate.empty()) {
      add("tls-port", std::to_string(port));
      add("tls-cert-file", files.path(certificate + ".pem"));
      add("tls-key-file", files.path(certificate + ".key"));
      add("tls-ca-cert-file", files.path("ca.pem"));
    }
    words.insert(words.end(), more.begin(), more.end());
    process_ = fork();
    if (process_ == 0) {
      std::vector<char*> arguments;
      for (auto& word : words)
        arguments.push_back(word.data());
      arguments.push_back(nullptr);
      prctl(PR_SET_PDEATHSIG, SIGKILL); // also when a test crashes
      execvp(arguments.front(), arguments.data());
      _exit(127);
    }
    wait_until([this] { return answers() || waitpid(process_, nullptr, WNOHANG) != 0; });
  }

  void stop() {
    if (process_ < 0)
      return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
  }

  pid_t process_ = -1;
};

} // namespace gleaner::test
