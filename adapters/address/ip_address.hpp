#pragma once

#include <string>

struct sockaddr;

/// What kinds of addresses there are. Both are told of the numbers that a name was resolved to.
namespace gleaner::address {

/// Whether an address is one of the public Internet: not of this machine, a private or shared
/// network, a link (where clouds keep their credentials) or a group. IPv4 within IPv6 counts as the
/// IPv4 address that it is.
bool is_public(const sockaddr& address);

/// Whether what is sent there stays on this machine.
bool is_loopback(const sockaddr& address);

/// The address as people write it, without the port.
std::string to_text(const sockaddr& address);

/// Whether a text is an address, of either kind, rather than a name.
bool is_ip_address(const std::string& text);

} // namespace gleaner::address
