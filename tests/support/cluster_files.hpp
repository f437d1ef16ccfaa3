#pragma once

#include "adapters/certificates/certificate_authority.hpp"
#include "core/config.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace gleaner::test {

/// A folder with a CA (ca.pem) and the certificates that it has issued.
class ClusterFiles {
public:
  ClusterFiles() {
    const auto made = certificates::make_authority("test-cluster", 10);
    BOOST_REQUIRE(made);
    authority_ = *made;
    write("ca", authority_);
  }

  /// `name`.pem and `name`.key; with hosts for a coordinator.
  void issue(const std::string& name, const std::vector<std::string>& hosts = {}) {
    certificates::CertificateRequest request;
    request.name = name;
    request.purpose =
      hosts.empty() ? certificates::Purpose::fetcher : certificates::Purpose::coordinator;
    request.hosts = hosts;
    request.days = 5;
    const auto made = certificates::issue(authority_, request);
    BOOST_REQUIRE(made);
    write(name, *made);
  }

  std::string path(const std::string& name) const { return folder_ / name; }

  /// Settings with the certificate of that name.
  ClusterConfig settings(const std::string& name) const {
    ClusterConfig config;
    config.tls_ca = path("ca.pem");
    config.tls_cert = path(name + ".pem");
    config.tls_key = path(name + ".key");
    return config;
  }

private:
  void write(const std::string& name, const certificates::Identity& identity) {
    write_file(path(name + ".pem"), identity.certificate);
    write_file(path(name + ".key"), identity.key);
    std::filesystem::permissions(path(name + ".key"), std::filesystem::perms::owner_read |
                                                        std::filesystem::perms::owner_write);
  }

  TemporaryFolder folder_;
  certificates::Identity authority_;
};

} // namespace gleaner::test
