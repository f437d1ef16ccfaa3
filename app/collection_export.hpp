#pragma once

#include "core/collection.hpp"

#include <ostream>
#include <string>
#include <string_view>

namespace gleaner {

/// A cell of a CSV file after RFC 4180: quoted only when it must be. With `guard`, a cell that a
/// spreadsheet would run as a formula (it begins with = + - @, tab or CR) gets a leading
/// apostrophe.
std::string csv_cell(std::string_view text, bool guard);

/// The columns, with CRLF.
std::string csv_header();

/// One line per contact, with CRLF.
void write_csv(std::ostream& out, const Collection& collection, bool guard);

/// One JSON object per line and contact, with its domain and job.
void write_ndjson(std::ostream& out, const Collection& collection);

} // namespace gleaner
