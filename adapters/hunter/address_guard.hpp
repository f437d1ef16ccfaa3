#pragma once

#include <string>
#include <string_view>

struct sockaddr;

namespace gleaner::hunter {

/// Whether an address is one of the public Internet: not of this machine, a private or shared
/// network, a link (where clouds keep their credentials) or a group. IPv4 within IPv6 counts as the
/// IPv4 address that it is.
bool is_public(const sockaddr& address);

/// The address as people write it, without the port.
std::string to_text(const sockaddr& address);

/// Whether the operator wrote an address, or this machine's name, into the URL: then it may lead
/// there. A name may lead to public addresses only, whatever its DNS says.
bool names_an_address(std::string_view url);

} // namespace gleaner::hunter
