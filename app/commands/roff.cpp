#include "app/commands/roff.hpp"

#include <algorithm>
#include <string_view>

namespace gleaner::roff {

namespace {

/// The character as roff writes it when it is to stay what it is.
std::string_view kept(char c) {
  switch (c) {
  case '\\':
    return R"(\(rs)";
  case '-':
    return R"(\-)";
  case '\'':
    return R"(\(aq)";
  case '`':
    return R"(\(ga)";
  case '"':
    return R"(\(dq)";
  case '^':
    return R"(\(ha)";
  case '~':
    return R"(\(ti)";
  default:
    return {};
  }
}

} // namespace

std::string plain(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '.' && safe.empty())
      safe += R"(\&)"; // else it would be a request
    if (const auto name = kept(c); !name.empty())
      safe += name;
    else
      safe += c;
  }
  return safe;
}

std::string prose(const std::string& text) {
  std::string all;
  bool code = false;
  for (std::size_t begin = 0; begin <= text.size(); code = !code) {
    const auto end = std::min(text.find('`', begin), text.size());
    if (end > begin) {
      const auto piece = plain(text.substr(begin, end - begin));
      all += code ? R"(\fB)" + piece + R"(\fR)" : piece;
    }
    begin = end + 1;
  }
  return all;
}

std::string bold(const std::string& text) {
  return R"(\fB)" + plain(text) + R"(\fR)";
}

std::string italic(const std::string& text) {
  return R"(\fI)" + plain(text) + R"(\fR)";
}

std::string section(const std::string& title) {
  return ".SH " + plain(title) + '\n';
}

std::string part(const std::string& title) {
  return ".SS " + plain(title) + '\n';
}

std::string paragraph(const std::string& text) {
  return ".PP\n" + text + '\n';
}

std::string lines(const std::vector<std::string>& text) {
  if (text.empty())
    return {};
  std::string all = ".PP\n.RS 4\n.nf\n";
  for (const auto& line : text)
    all += plain(line) + '\n';
  return all + ".fi\n.RE\n";
}

std::string term(const std::string& name, const std::string& text) {
  return ".TP\n" + name + '\n' + text + '\n';
}

} // namespace gleaner::roff
