#include "adapters/certificates/certificate_authority.hpp"

#include "adapters/address/ip_address.hpp"
#include "adapters/certificates/pem.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <optional>

namespace gleaner::certificates {

namespace {

constexpr int longest_days = 36500;
constexpr long clock_skew_seconds = 3600; ///< A node's clock may be behind that of the CA.
constexpr std::size_t longest_name = 64;  // RFC 5280, ub-common-name

Error refused(std::string why) {
  return {Errc::usage, std::move(why)};
}

bool is_name(const std::string& name, std::size_t longest) {
  return !name.empty() && name.size() <= longest &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

std::optional<Error> objection(const std::string& name, int days) {
  if (!is_name(name, longest_name))
    return refused("'" + name + "' is no name: 1 to 64 letters, digits, '-', '_' and '.'");
  if (days < 1 || days > longest_days)
    return refused(std::to_string(days) + " days: a certificate is good for 1 to " +
                   std::to_string(longest_days));
  return std::nullopt;
}

/// As X509V3_EXT_conf_nid(3) takes it.
Result<std::string> alternative_names(const std::vector<std::string>& hosts) {
  constexpr std::size_t longest_host = 253;
  std::string all;
  for (const auto& host : hosts) {
    const bool ip_address = address::is_ip_address(host);
    if (!ip_address && !is_name(host, longest_host))
      return refused("'" + host + "' is neither a host name nor an address");
    all += (all.empty() ? "" : ",") + std::string{ip_address ? "IP:" : "DNS:"} + host;
  }
  return all;
}

bool set_random_serial(X509* certificate) {
  constexpr int bits = 159; // RFC 5280 section 4.1.2.2: positive, at most 20 octets
  const std::unique_ptr<BIGNUM, FreeBy<BN_free>> number{BN_new()};
  return BN_rand(number.get(), bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_name(X509* certificate, const std::string& name) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1;
}

/// A certificate for `key` that nobody has signed.
Certificate draft(EVP_PKEY* key, const std::string& name, int days) {
  Certificate made{X509_new()};
  const bool done =
    made && X509_set_version(made.get(), X509_VERSION_3) == 1 && set_random_serial(made.get()) &&
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -clock_skew_seconds) != nullptr &&
    X509_time_adj_ex(X509_getm_notAfter(made.get()), days, 0, nullptr) != nullptr &&
    X509_set_pubkey(made.get(), key) == 1 && set_name(made.get(), name);
  return done ? std::move(made) : Certificate{};
}

bool extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, FreeBy<X509_EXTENSION_free>> extension{
    X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// Names its issuer and says what it is for, then gets the signature.
bool sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key, const std::string& constraints,
          const std::string& usage) {
  return X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
         extend(certificate, issuer, NID_basic_constraints, constraints) &&
         extend(certificate, issuer, NID_key_usage, usage) &&
         extend(certificate, issuer, NID_subject_key_identifier, "hash") &&
         extend(certificate, issuer, NID_authority_key_identifier, "keyid") &&
         X509_sign(certificate, issuer_key, EVP_sha256()) > 0;
}

} // namespace

Result<Identity> make_authority(const std::string& name, int days) {
  if (const auto no = objection(name, days))
    return *no;
  const PrivateKey key{EVP_EC_gen("P-256")};
  const auto certificate = key ? draft(key.get(), name, days) : Certificate{};
  if (!certificate || !sign(certificate.get(), certificate.get(), key.get(),
                            "critical,CA:TRUE,pathlen:0", "critical,keyCertSign,cRLSign"))
    return openssl_failure("making a CA");
  return Identity{to_pem(certificate.get()), to_pem(key.get())};
}

Result<Identity> issue(const Identity& authority, const CertificateRequest& request) {
  if (const auto no = objection(request.name, request.days))
    return *no;
  const bool joined = request.purpose == Purpose::coordinator;
  if (joined && request.hosts.empty())
    return refused("a coordinator's certificate names the hosts by which fetchers join it");
  if (!joined && !request.hosts.empty())
    return refused("nobody joins a fetcher: its certificate names no hosts");
  const auto names = alternative_names(request.hosts);
  if (!names)
    return names.error();
  const auto issuer = certificate_of(authority.certificate);
  const auto issuer_key = key_of(authority.key);
  if (!issuer || !issuer_key || X509_check_private_key(issuer.get(), issuer_key.get()) != 1 ||
      X509_check_ca(issuer.get()) == 0)
    return refused("no CA's certificate and its key");
  const PrivateKey key{EVP_EC_gen("P-256")};
  const auto certificate = key ? draft(key.get(), request.name, request.days) : Certificate{};
  if (!certificate ||
      (joined && !extend(certificate.get(), issuer.get(), NID_subject_alt_name, *names)) ||
      !extend(certificate.get(), issuer.get(), NID_ext_key_usage,
              joined ? "serverAuth" : "clientAuth") ||
      !sign(certificate.get(), issuer.get(), issuer_key.get(), "critical,CA:FALSE",
            "critical,digitalSignature"))
    return openssl_failure("making a certificate");
  return Identity{to_pem(certificate.get()), to_pem(key.get())};
}

} // namespace gleaner::certificates
