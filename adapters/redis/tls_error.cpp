#include "adapters/redis/tls_error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <cstring>

namespace gleaner::redis {

namespace {

Error untrusted(const SSL* ssl, const std::string& place) {
  const long verdict = SSL_get_verify_result(ssl);
  const std::string whose = "the certificate of Redis at " + place;
  const auto because = [verdict] {
    return std::string{" ("} + X509_verify_cert_error_string(verdict) + ')';
  };
  switch (verdict) {
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH:
    return {Errc::redis_refused, whose + " is for another name; check the host in REDIS_URL, or "
                                         "set redis.tls_server_name to the certificate's"};
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return {Errc::redis_refused, whose + " has expired; renew it"};
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return {Errc::redis_refused, whose + " is not valid yet; check the clocks"};
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    return {Errc::redis_refused, whose + " is of an unknown CA" + because() +
                                   "; name the file of the CA with redis.tls_ca"};
  default:
    return {Errc::redis_refused, whose + " can't be trusted" + because()};
  }
}

const char* refused_certificate(int reason) {
  switch (reason) {
  case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    return " asks for a client certificate; set redis.tls_cert and redis.tls_key";
  case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE: // what TLS 1.2 has for the same
    return " refuses the TLS handshake; if it asks for a client certificate, set redis.tls_cert "
           "and redis.tls_key";
  case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
  case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
  case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    return " refuses our client certificate; check redis.tls_cert";
  default:
    return nullptr;
  }
}

bool is_no_tls(int reason) {
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
         reason == SSL_R_HTTP_REQUEST || reason == SSL_R_BAD_RECORD_TYPE;
}

bool is_too_old(int reason) {
  return reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION;
}

Error of_library(const SSL* ssl, const std::string& place) {
  const auto code = ERR_get_error();
  const int reason = ERR_GET_REASON(code);
  const auto who = "Redis at " + place;
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return untrusted(ssl, place);
  if (const auto* refused = refused_certificate(reason))
    return {Errc::redis_denied, who + refused};
  if (is_no_tls(reason))
    return {Errc::redis_refused,
            "what answers at " + place + " speaks no TLS; write redis:// in REDIS_URL"};
  if (is_too_old(reason))
    return {Errc::redis_refused, who + " speaks no TLS 1.2 or newer; update it"};
  if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return {Errc::redis_unavailable, who + " closed the connection"};
  const auto* text = ERR_reason_error_string(code);
  return {Errc::redis_unavailable, who + ": TLS: " + (text ? text : "unknown error")};
}

} // namespace

Error tls_error(const SSL* ssl, int outcome, const std::string& place) {
  const int system = errno;
  const int kind = SSL_get_error(ssl, outcome);
  if (kind == SSL_ERROR_SSL)
    return of_library(ssl, place);
  if (kind == SSL_ERROR_SYSCALL && system != 0)
    return {Errc::redis_unavailable, "Redis at " + place + ": " + std::strerror(system)};
  return {Errc::redis_unavailable, "Redis at " + place + " closed the connection"};
}

} // namespace gleaner::redis
