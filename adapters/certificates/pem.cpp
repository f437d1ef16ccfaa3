#include "adapters/certificates/pem.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

namespace gleaner::certificates {

namespace {

using Memory = std::unique_ptr<BIO, FreeBy<BIO_free>>;

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

Memory reading(const std::string& text) {
  return Memory{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

/// Nobody is there to type a passphrase.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

} // namespace

Error openssl_failure(const char* doing) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return {Errc::internal, std::string{doing} + ": " + text.data()};
}

std::string to_pem(X509* certificate) {
  const Memory memory{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(memory.get(), certificate);
  return text_of(memory.get());
}

std::string to_pem(EVP_PKEY* key) {
  const Memory memory{BIO_new(BIO_s_mem())};
  PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(memory.get());
}

Certificate certificate_of(const std::string& pem) {
  Certificate found{PEM_read_bio_X509(reading(pem).get(), nullptr, no_passphrase, nullptr)};
  ERR_clear_error();
  return found;
}

PrivateKey key_of(const std::string& pem) {
  PrivateKey found{PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, no_passphrase, nullptr)};
  ERR_clear_error();
  return found;
}

} // namespace gleaner::certificates
