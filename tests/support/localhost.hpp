#pragma once

#include <boost/test/unit_test.hpp>
#include <netdb.h>

namespace gleaner::test {

/// Whether this machine resolves "localhost"; a root without /etc/hosts, as debootstrap leaves it,
/// does not.
inline boost::test_tools::assertion_result knows_localhost(boost::unit_test::test_unit_id) {
  addrinfo* found = nullptr;
  const bool known = getaddrinfo("localhost", nullptr, nullptr, &found) == 0;
  if (known)
    freeaddrinfo(found);
  boost::test_tools::assertion_result result{known};
  result.message() << "localhost can't be resolved here";
  return result;
}

} // namespace gleaner::test
