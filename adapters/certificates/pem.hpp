#pragma once

#include "core/result.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace gleaner::certificates {

template <auto FreeFunction>
struct FreeBy {
  template <class T>
  void operator()(T* object) const {
    FreeFunction(object);
  }
};
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;

/// What OpenSSL says about its last failure; forgets it.
Error openssl_failure(const char* doing);

/// As PEM.
std::string to_pem(X509* certificate);
std::string to_pem(EVP_PKEY* key);

/// The first of a text; null when there is none. A key with a passphrase counts as none.
Certificate certificate_of(const std::string& pem);
PrivateKey key_of(const std::string& pem);

} // namespace gleaner::certificates
