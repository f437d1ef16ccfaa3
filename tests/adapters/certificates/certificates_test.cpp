#include "adapters/certificates/certificate_authority.hpp"
#include "adapters/certificates/identity_files.hpp"
#include "tests/support/cluster_files.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>

using namespace gleaner;
using namespace gleaner::certificates;
using gleaner::test::ClusterFiles;
using gleaner::test::write_file;

namespace cluster_certificates {

struct Fixture {
  ClusterFiles files;

  Fixture() {
    files.issue("coordinator", {"coordinator.internal", "127.0.0.1", "::1"});
    files.issue("fetcher");
  }
  /// What openssl itself says of it; it ends with `status`.
  bool openssl(const std::string& arguments) const {
    const auto command = "cd " + files.path("") + " && openssl " + arguments + " >said 2>&1";
    return std::system(command.c_str()) == 0;
  }
  bool is_refused(const ClusterConfig& config, Purpose purpose, const std::string& setting,
                  const std::string& why) const {
    const auto checked = check_identity(config, purpose);
    if (checked)
      return false;
    const auto& detail = checked.error().detail;
    BOOST_TEST_INFO(detail);
    return detail.find(setting + ": ") == 0 && detail.find(why) != std::string::npos;
  }
};

CertificateRequest request(const std::string& name, std::vector<std::string> hosts, int days) {
  CertificateRequest made;
  made.name = name;
  made.purpose = Purpose::coordinator;
  made.hosts = std::move(hosts);
  made.days = days;
  return made;
}

} // namespace cluster_certificates

BOOST_FIXTURE_TEST_SUITE(cluster_certificates, Fixture)

BOOST_AUTO_TEST_CASE(openssl_takes_them_for_their_purpose_and_name_alone) {
  const std::string verify = "verify -x509_strict -CAfile ca.pem ";
  BOOST_TEST(openssl(verify + "-purpose sslserver -verify_hostname coordinator.internal "
                              "coordinator.pem"));
  BOOST_TEST(openssl(verify + "-purpose sslserver -verify_ip 127.0.0.1 coordinator.pem"));
  BOOST_TEST(openssl(verify + "-purpose sslserver -verify_ip ::1 coordinator.pem"));
  BOOST_TEST(openssl(verify + "-purpose sslclient fetcher.pem"));
  BOOST_TEST(!openssl(verify + "-purpose sslserver -verify_hostname other coordinator.pem"));
  BOOST_TEST(!openssl(verify + "-purpose sslclient coordinator.pem"));
  BOOST_TEST(!openssl(verify + "-purpose sslserver fetcher.pem"));
}

BOOST_AUTO_TEST_CASE(what_they_issue_issues_nothing) {
  const auto issued =
    issue({test::read_file(files.path("fetcher.pem")), test::read_file(files.path("fetcher.key"))},
          request("x", {"x"}, 1));
  BOOST_REQUIRE(!issued);
  BOOST_TEST((issued.error().code == Errc::usage));
}

BOOST_AUTO_TEST_CASE(requests_that_make_no_sense_are_refused) {
  BOOST_TEST(!make_authority("", 10));
  BOOST_TEST(!make_authority("a/b", 10));
  BOOST_TEST(!make_authority("a", 0));
  BOOST_TEST(!make_authority("a", 40000));
  const auto authority = make_authority("a", 10);
  BOOST_REQUIRE(authority);
  for (const std::string host : {"", "a b", "a,DNS:b", "a\nb", "fe80::1%eth0"})
    BOOST_TEST(!issue(*authority, request("n", {host}, 1)), host);
  BOOST_TEST(!issue(*authority, request("n", {}, 1)));
  BOOST_TEST(!issue(*authority, request("n,m", {"h"}, 1)));
  BOOST_TEST(!issue({authority->certificate, make_authority("b", 1)->key}, request("n", {"h"}, 1)));
  BOOST_TEST(!issue({"", ""}, request("n", {"h"}, 1)));
  auto of_fetcher = request("n", {"h"}, 1);
  of_fetcher.purpose = Purpose::fetcher;
  BOOST_TEST(!issue(*authority, of_fetcher));
}

BOOST_AUTO_TEST_CASE(files_that_fit_tell_when_the_certificate_ends) {
  using namespace std::chrono;
  const auto ends = check_identity(files.settings("fetcher"), Purpose::fetcher);
  BOOST_REQUIRE(ends);
  const auto left = milliseconds{*ends} - system_clock::now().time_since_epoch();
  BOOST_TEST((left > hours{4 * 24} && left <= hours{5 * 24}));
  BOOST_TEST(bool{check_identity(files.settings("coordinator"), Purpose::coordinator)});
}

BOOST_AUTO_TEST_CASE(files_that_do_not_fit_are_named_with_the_reason) {
  const auto good = files.settings("fetcher");
  BOOST_TEST(is_refused(good, Purpose::coordinator, "cluster.tls_cert", "not a coordinator's"));
  BOOST_TEST(is_refused(files.settings("coordinator"), Purpose::fetcher, "cluster.tls_cert",
                        "not a fetcher's"));
  auto config = good;
  config.tls_key = files.path("coordinator.key");
  BOOST_TEST(is_refused(config, Purpose::fetcher, "cluster.tls_key", "not the key of"));
  config = good;
  config.tls_ca = files.path("none.pem");
  BOOST_TEST(is_refused(config, Purpose::fetcher, "cluster.tls_ca", "No such file"));
  config.tls_ca = files.path("fetcher.key");
  BOOST_TEST(is_refused(config, Purpose::fetcher, "cluster.tls_ca", "holds no certificate"));
  const ClusterFiles other;
  config.tls_ca = other.path("ca.pem");
  BOOST_TEST(is_refused(config, Purpose::fetcher, "cluster.tls_cert", "issuer"));
  std::filesystem::permissions(good.tls_key, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  BOOST_TEST(is_refused(good, Purpose::fetcher, "cluster.tls_key", "chmod 600"));
  write_file(good.tls_cert, "");
  BOOST_TEST(is_refused(good, Purpose::fetcher, "cluster.tls_cert", "empty"));
}

BOOST_AUTO_TEST_SUITE_END()
