#include "adapters/redis/tls_context.hpp"

#include "adapters/address/ip_address.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gleaner::redis {

namespace {

Error unusable(const char* setting, const std::string& file, const char* expected) {
  std::string why = access(file.c_str(), R_OK) != 0
                      ? std::strerror(errno)
                      : std::string{"holds no "} + expected + " that can be used";
  ERR_clear_error();
  return {Errc::usage,
          std::string{setting} + ": " + file + ": " + why + "; name a readable PEM file"};
}

Status load_files(SSL_CTX* context, const RedisConfig& config) {
  if (config.tls_ca.empty())
    SSL_CTX_set_default_verify_paths(context);
  else if (SSL_CTX_load_verify_file(context, config.tls_ca.c_str()) != 1)
    return unusable("redis.tls_ca", config.tls_ca, "CA certificate");
  if (config.tls_cert.empty())
    return Done{};
  if (SSL_CTX_use_certificate_chain_file(context, config.tls_cert.c_str()) != 1)
    return unusable("redis.tls_cert", config.tls_cert, "certificate");
  if (SSL_CTX_use_PrivateKey_file(context, config.tls_key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    return unusable("redis.tls_key", config.tls_key, "key of redis.tls_cert");
  return Done{};
}

} // namespace

void FreeTlsContext::operator()(SSL_CTX* context) const {
  SSL_CTX_free(context);
}

Result<TlsContext> make_tls_context(const RedisConfig& config) {
  TlsContext context{SSL_CTX_new(TLS_client_method())};
  if (!context)
    return Error{Errc::internal, "OpenSSL: out of memory"};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // What is not sent yet stays where its owner wants it, and goes piece by piece.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // A key with a passphrase is refused: nobody is there to type it.
  SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return 0; });
  if (auto loaded = load_files(context.get(), config); !loaded)
    return loaded.error();
  return context;
}

Status expect_name(SSL* ssl, const std::string& name) {
  auto* rules = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // RFC 6066 section 3: no addresses in SNI.
  const bool ip_address = address::is_ip_address(name);
  const bool accepted = ip_address ? X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str()) == 1
                                   : X509_VERIFY_PARAM_set1_host(rules, name.c_str(), 0) == 1 &&
                                       SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
  if (accepted)
    return Done{};
  return Error{Errc::usage, '\'' + name +
                              "' is no name that a certificate can have; check the "
                              "host in REDIS_URL, or redis.tls_server_name"};
}

} // namespace gleaner::redis
