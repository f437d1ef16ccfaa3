#pragma once

#include <string_view>

namespace gleaner::hunter {

/// Whether the operator wrote an address, or this machine's name, into the URL: then it may lead
/// there. A name may lead to public addresses only, whatever its DNS says.
bool names_an_address(std::string_view url);

} // namespace gleaner::hunter
