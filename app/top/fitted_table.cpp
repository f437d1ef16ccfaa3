#include "app/top/fitted_table.hpp"

#include "app/terminal.hpp"
#include "core/text_width.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace gleaner::top {

namespace {

constexpr std::size_t gap = 2;

std::size_t total_of(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
}

/// What each column takes up when nothing is cut.
std::vector<std::size_t> natural_widths(const std::vector<Column>& shape,
                                        const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    auto width = columns_of(shape[i].title);
    for (const auto& row : rows)
      width = std::max(width, columns_of(row[i]));
    widths.push_back(width);
  }
  return widths;
}

std::vector<std::size_t> least_widths(const std::vector<Column>& shape,
                                      const std::vector<std::size_t>& natural) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < shape.size(); ++i)
    widths.push_back(std::min(natural[i], shape[i].least));
  return widths;
}

void drop_column(std::size_t place, std::vector<Column>& shape,
                 std::vector<std::vector<std::string>>& rows) {
  const auto at = static_cast<std::ptrdiff_t>(place);
  shape.erase(shape.begin() + at);
  for (auto& row : rows)
    row.erase(row.begin() + at);
}

std::size_t most_dispensable(const std::vector<Column>& shape) {
  const auto found =
    std::max_element(shape.begin(), shape.end(),
                     [](const auto& one, const auto& other) { return one.rank < other.rank; });
  return static_cast<std::size_t>(std::distance(shape.begin(), found));
}

/// Takes from the widest that can give, until all fit.
void shrink(std::vector<std::size_t>& widths, const std::vector<std::size_t>& least,
            std::size_t columns) {
  while (total_of(widths) > columns) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (widths[i] > least[i] && (widest == widths.size() || widths[i] > widths[widest]))
        widest = i;
    if (widest == widths.size())
      return;
    --widths[widest];
  }
}

std::string line_of(const std::vector<Column>& shape, const std::vector<std::string>& cells,
                    const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    line += (i == 0 ? "" : std::string(gap, ' ')) + padded(cells[i], widths[i], shape[i].right);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

} // namespace

std::vector<std::string> fitted_table(std::vector<Column> shape,
                                      std::vector<std::vector<std::string>> rows,
                                      std::size_t columns) {
  for (auto& row : rows)
    for (auto& cell : row)
      cell = harmless(std::move(cell));
  auto widths = natural_widths(shape, rows);
  if (columns > 0) {
    while (shape.size() > 1 && total_of(least_widths(shape, widths)) > columns) {
      drop_column(most_dispensable(shape), shape, rows);
      widths = natural_widths(shape, rows);
    }
    shrink(widths, least_widths(shape, widths), columns);
  }
  std::vector<std::string> titles;
  for (const auto& column : shape)
    titles.push_back(column.title);
  std::vector<std::string> lines{line_of(shape, titles, widths)};
  for (const auto& row : rows)
    lines.push_back(line_of(shape, row, widths));
  if (columns > 0)
    for (auto& line : lines)
      line = cut_to(line, columns);
  return lines;
}

} // namespace gleaner::top
