#include "adapters/hunter/address_guard.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string>

namespace gleaner::hunter {

bool names_an_address(std::string_view url) {
  const auto scheme = url.find("://");
  auto host = url.substr(scheme == url.npos ? 0 : scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.starts_with('['))
    return true;
  host = host.substr(0, host.find(':'));
  in_addr ignored{};
  return host == "localhost" || inet_pton(AF_INET, std::string{host}.c_str(), &ignored) == 1;
}

} // namespace gleaner::hunter
