#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::profile {

/// Of 1 to 200 characters without control characters, not all of them spaces.
bool is_one_line(std::string_view text);

/// What is wrong with one file; each problem names file, line, column, key and remedy.
class Problems {
public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  void add(const toml::source_region& where, const std::string& what);
  bool none() const noexcept { return found_.empty(); }
  std::vector<std::string> take() && { return std::move(found_); }

private:
  std::string file_;
  std::vector<std::string> found_;
};

/// One table of the file while it is read. A value that is missing or wrong is reported and comes
/// as nothing; finish() reports the keys that nobody has asked for.
class Section {
public:
  /// `path` is what problems call it: "search.cost". @pre `table` and `problems` outlive it
  Section(const toml::table& table, std::string path, Problems& problems)
      : table_(table), path_(std::move(path)), problems_(problems) {}

  /// Whether a key that may be left out is there.
  bool has(std::string_view key);

  std::optional<std::string> text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);
  /// Whole or not, above 0.
  std::optional<double> positive(std::string_view key, double most);
  std::optional<bool> flag(std::string_view key);
  /// One of `words`, as its place among them.
  std::optional<std::size_t> word(std::string_view key, const std::vector<std::string_view>& words);
  std::optional<std::vector<std::string>> texts(std::string_view key);
  const toml::table* table(std::string_view key);
  /// nullptr when it is missing or no array; an array may be empty.
  const toml::array* array(std::string_view key, const std::string& accepts);

  /// Reports keys that nobody asked for, each with the one that it may be meant to be.
  void finish();
  /// Reports the value at `key`, or the whole table when there is none.
  void refuse(std::string_view key, const std::string& why);

private:
  void know(std::string_view key);
  const toml::node* get(std::string_view key, const std::string& accepts);
  std::string name_of(std::string_view key) const;

  const toml::table& table_;
  std::string path_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

} // namespace gleaner::profile
