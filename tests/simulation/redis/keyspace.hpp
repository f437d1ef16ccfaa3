#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace gleaner::simulation {

/// An error answer, on its way to whoever sent the command.
class CommandError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Shorter ones first: so numbers are in their order, as in the small sets of numbers that Redis
/// keeps.
struct ByLength {
  bool operator()(const std::string& a, const std::string& b) const {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }
};

using List = std::deque<std::string>;
using Set = std::set<std::string, ByLength>;

/// Fields in the order in which they were made, as Redis keeps small hashes.
class Hash {
public:
  const std::string* find(const std::string& field) const;
  bool set(const std::string& field, std::string value); ///< True when the field is new.
  bool erase(const std::string& field);
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }
  bool empty() const { return fields_.empty(); }

private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

class SortedSet {
public:
  std::optional<double> score(const std::string& member) const;
  bool set(const std::string& member, double score); ///< True when the member is new.
  bool erase(const std::string& member);
  const std::set<std::pair<double, std::string>>& order() const { return order_; }
  bool empty() const { return order_.empty(); }

private:
  std::map<std::string, double> scores_;
  std::set<std::pair<double, std::string>> order_;
};

struct Stream {
  using Id = std::pair<std::uint64_t, std::uint64_t>;
  std::deque<std::pair<Id, std::vector<std::string>>> entries;
  Id last{0, 0};
};

/// What Redis keeps: values of its types by key, some with an end. Copies are snapshots.
class Keyspace {
public:
  using Data = std::variant<std::string, List, Set, SortedSet, Hash, Stream>;
  struct Entry {
    Data data;
    std::optional<std::int64_t> expires_at_ms;
  };

  void set_time(std::int64_t now_ms) { now_ms_ = now_ms; }
  std::int64_t now_ms() const { return now_ms_; }

  /// Null when there is none, or no longer.
  Entry* find(const std::string& key);

  /// Null when there is none; CommandError when it is of another type.
  template <class T>
  T* get(const std::string& key) {
    auto* entry = find(key);
    if (!entry)
      return nullptr;
    if (auto* data = std::get_if<T>(&entry->data))
      return data;
    throw CommandError{"WRONGTYPE Operation against a key holding the wrong kind of value"};
  }
  /// Made when there is none.
  template <class T>
  T& make(const std::string& key) {
    if (auto* data = get<T>(key))
      return *data;
    return std::get<T>((entries_[key] = Entry{T{}, std::nullopt}).data);
  }

  void put(const std::string& key, Entry entry) { entries_[key] = std::move(entry); }
  bool erase(const std::string& key);
  void erase_if_empty(const std::string& key);
  void clear() { entries_.clear(); }
  std::vector<std::string> keys();

private:
  std::map<std::string, Entry> entries_;
  std::int64_t now_ms_ = 0;
};

} // namespace gleaner::simulation
