#include "adapters/address/ip_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

namespace gleaner::address {

namespace {

struct Network {
  std::uint32_t base;
  int bits;
};

constexpr Network not_public[] = {
  {0x00000000, 8},  // 0.0.0.0: this machine, to many systems
  {0x0A000000, 8},  // 10.0.0.0: private
  {0x64400000, 10}, // 100.64.0.0: shared by a provider's customers
  {0x7F000000, 8},  // 127.0.0.0: loopback
  {0xA9FE0000, 16}, // 169.254.0.0: the link
  {0xAC100000, 12}, // 172.16.0.0: private
  {0xC0000000, 24}, // 192.0.0.0: protocols
  {0xC0A80000, 16}, // 192.168.0.0: private
  {0xC6120000, 15}, // 198.18.0.0: measurements
  {0xE0000000, 3},  // 224.0.0.0 and all above: groups, reserved, broadcast
};

bool is_public_v4(std::uint32_t address) {
  return std::none_of(std::begin(not_public), std::end(not_public), [address](const auto& network) {
    return (address ^ network.base) >> (32 - network.bits) == 0;
  });
}

using Bytes = std::array<std::uint8_t, 16>;

std::uint32_t v4_at(const Bytes& bytes, std::size_t place) {
  std::uint32_t address = 0;
  for (std::size_t i = 0; i < 4; ++i)
    address = address << 8 | bytes[place + i];
  return address;
}

bool begins_with(const Bytes& bytes, std::string_view start) {
  return std::memcmp(bytes.data(), start.data(), start.size()) == 0;
}

bool is_public_v6(const Bytes& bytes) {
  using namespace std::string_view_literals;
  constexpr auto mapped = "\0\0\0\0\0\0\0\0\0\0\xFF\xFF"sv; // ::ffff:a.b.c.d
  constexpr auto compatible = "\0\0\0\0\0\0\0\0\0\0\0\0"sv; // ::a.b.c.d, among them :: and ::1
  constexpr auto translated = "\0\x64\xFF\x9B\0\0\0\0\0\0\0\0"sv; // 64:ff9b::a.b.c.d
  for (const auto prefix : {mapped, compatible, translated})
    if (begins_with(bytes, prefix))
      return is_public_v4(v4_at(bytes, prefix.size()));
  if (begins_with(bytes, "\x20\x02"sv)) // 2002: 6to4
    return is_public_v4(v4_at(bytes, 2));
  const bool unique_local = (bytes[0] & 0xFE) == 0xFC;
  const bool link_or_site = bytes[0] == 0xFE && (bytes[1] & 0x80) != 0;
  return !unique_local && !link_or_site && bytes[0] != 0xFF;
}

std::uint32_t v4_of(const sockaddr& address) {
  sockaddr_in v4{};
  std::memcpy(&v4, &address, sizeof v4);
  return ntohl(v4.sin_addr.s_addr);
}

Bytes v6_of(const sockaddr& address) {
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  Bytes bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return bytes;
}

} // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET)
    return is_public_v4(v4_of(address));
  return address.sa_family == AF_INET6 && is_public_v6(v6_of(address));
}

bool is_loopback(const sockaddr& address) {
  using namespace std::string_view_literals;
  if (address.sa_family == AF_INET)
    return v4_of(address) >> 24 == 127;
  if (address.sa_family != AF_INET6)
    return false;
  const auto bytes = v6_of(address);
  return begins_with(bytes, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"sv) ||
         begins_with(bytes, "\0\0\0\0\0\0\0\0\0\0\xFF\xFF\x7F"sv);
}

std::string to_text(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "unknown";
  const void* bytes = address.sa_data + 2; // behind the port
  if (address.sa_family == AF_INET6)
    bytes = address.sa_data + 6; // and the flow label
  inet_ntop(address.sa_family, bytes, text, sizeof text);
  return text;
}

bool is_ip_address(const std::string& text) {
  in6_addr parsed{};
  return inet_pton(AF_INET, text.c_str(), &parsed) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

} // namespace gleaner::address
