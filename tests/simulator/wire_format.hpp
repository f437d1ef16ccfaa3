#pragma once

#include "tests/simulator/answer.hpp"

namespace gleaner::sim {

/// Status line and headers. Where a fault asks for it, they announce another body than follows.
std::string answer_head(const Answer& answer, bool keep_alive);

/// Whether the connection can't be used after such a delivery.
bool ends_connection(Delivery delivery) noexcept;

/// `body` in chunks of 16 kB with the end mark (RFC 9112, section 7.1).
std::string chunked(const std::string& body);

/// One chunk of the body that never ends.
const std::string& endless_part();

} // namespace gleaner::sim
