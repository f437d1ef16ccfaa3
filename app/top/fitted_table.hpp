#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace gleaner::top {

struct Column {
  std::string title;
  std::size_t least = 1; ///< Is shrunk to this before a column goes.
  int rank = 0;          ///< Those of the highest rank go first.
  bool right = false;    ///< Its cells stand at its right end.
};

/// The titles and the rows as lines of at most `columns` (0: as long as they are). Cells are made
/// harmless() first. Where it is narrow, the longest cells are cut, then whole columns go. @pre
/// each row has a cell for each column
std::vector<std::string> fitted_table(std::vector<Column> shape,
                                      std::vector<std::vector<std::string>> rows,
                                      std::size_t columns);

} // namespace gleaner::top
