#include "adapters/certificates/identity_files.hpp"

#include "adapters/certificates/pem.hpp"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>

namespace gleaner::certificates {

namespace {

constexpr std::size_t largest_file = 1u << 20;

/// A setting that names a file.
struct Named {
  const char* setting;
  const std::string& file;
};

Error refused(const Named& named, const std::string& why) {
  return {Errc::usage, std::string{named.setting} + ": " + named.file + ": " + why};
}

Result<std::string> read(const Named& named) {
  struct stat info {};
  if (::stat(named.file.c_str(), &info) != 0)
    return refused(named, std::strerror(errno));
  if (!S_ISREG(info.st_mode) || static_cast<std::size_t>(info.st_size) > largest_file)
    return refused(named, "no PEM file");
  std::ifstream file{named.file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (file.bad() || text.empty())
    return refused(named, "can't be read, or is empty");
  return text;
}

Result<PrivateKey> read_key(const Named& named) {
  const auto text = read(named);
  if (!text)
    return text.error();
  struct stat info {};
  if (::stat(named.file.c_str(), &info) == 0 && (info.st_mode & 077) != 0)
    return refused(named, "readable by others; chmod 600 it");
  auto key = key_of(*text);
  if (!key)
    return refused(named, "holds no key without a passphrase; `gleaner cluster issue` makes one");
  return key;
}

/// Why the certificate is not to be trusted; an empty text when it is.
std::string distrust(X509* certificate, const std::string& ca_file, Purpose purpose) {
  const std::unique_ptr<X509_STORE, FreeBy<X509_STORE_free>> store{X509_STORE_new()};
  if (X509_STORE_load_file(store.get(), ca_file.c_str()) != 1)
    return "cluster.tls_ca holds no certificate";
  const std::unique_ptr<X509_STORE_CTX, FreeBy<X509_STORE_CTX_free>> check{X509_STORE_CTX_new()};
  X509_STORE_CTX_init(check.get(), store.get(), certificate, nullptr);
  X509_STORE_CTX_set_purpose(check.get(), purpose == Purpose::coordinator
                                            ? X509_PURPOSE_SSL_SERVER
                                            : X509_PURPOSE_SSL_CLIENT);
  if (X509_verify_cert(check.get()) == 1)
    return {};
  const auto code = X509_STORE_CTX_get_error(check.get());
  if (code == X509_V_ERR_INVALID_PURPOSE)
    return purpose == Purpose::coordinator ? "not a coordinator's certificate"
                                           : "not a fetcher's certificate";
  return X509_verify_cert_error_string(code);
}

std::int64_t end_of(X509* certificate) {
  constexpr std::int64_t ms_per_second = 1000;
  std::tm time{};
  ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time);
  return timegm(&time) * ms_per_second;
}

} // namespace

Result<std::int64_t> check_identity(const ClusterConfig& config, Purpose purpose) {
  const Named ca{"cluster.tls_ca", config.tls_ca};
  const Named cert{"cluster.tls_cert", config.tls_cert};
  const Named key{"cluster.tls_key", config.tls_key};
  if (const auto text = read(ca); !text)
    return text.error();
  else if (!certificate_of(*text))
    return refused(ca, "holds no certificate; `gleaner cluster init-ca` makes a CA");
  const auto text = read(cert);
  if (!text)
    return text.error();
  const auto certificate = certificate_of(*text);
  if (!certificate)
    return refused(cert, "holds no certificate; `gleaner cluster issue` makes one");
  const auto private_key = read_key(key);
  if (!private_key)
    return private_key.error();
  if (X509_check_private_key(certificate.get(), private_key->get()) != 1)
    return refused(key, "not the key of cluster.tls_cert");
  if (const auto why = distrust(certificate.get(), config.tls_ca, purpose); !why.empty())
    return refused(cert, why + "; `gleaner cluster issue` makes one by the CA of cluster.tls_ca");
  return end_of(certificate.get());
}

} // namespace gleaner::certificates
