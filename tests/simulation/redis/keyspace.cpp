#include "tests/simulation/redis/keyspace.hpp"

#include <algorithm>

namespace gleaner::simulation {

namespace {

/// Lists, sets and hashes vanish with their last element.
struct IsEmpty {
  bool operator()(const std::string&) const { return false; }
  bool operator()(const Stream&) const { return false; }
  bool operator()(const auto& data) const { return data.empty(); }
};

} // namespace

const std::string* Hash::find(const std::string& field) const {
  for (const auto& [name, value] : fields_)
    if (name == field)
      return &value;
  return nullptr;
}

bool Hash::set(const std::string& field, std::string value) {
  for (auto& [name, old] : fields_) {
    if (name != field)
      continue;
    old = std::move(value);
    return false;
  }
  fields_.emplace_back(field, std::move(value));
  return true;
}

bool Hash::erase(const std::string& field) {
  return std::erase_if(fields_, [&](const auto& each) { return each.first == field; }) > 0;
}

std::optional<double> SortedSet::score(const std::string& member) const {
  const auto found = scores_.find(member);
  return found == scores_.end() ? std::nullopt : std::optional{found->second};
}

bool SortedSet::set(const std::string& member, double score) {
  const bool is_new = !erase(member);
  scores_[member] = score;
  order_.emplace(score, member);
  return is_new;
}

bool SortedSet::erase(const std::string& member) {
  const auto found = scores_.find(member);
  if (found == scores_.end())
    return false;
  order_.erase({found->second, member});
  scores_.erase(found);
  return true;
}

Keyspace::Entry* Keyspace::find(const std::string& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end())
    return nullptr;
  if (found->second.expires_at_ms && now_ms_ > *found->second.expires_at_ms) {
    entries_.erase(found);
    return nullptr;
  }
  return &found->second;
}

bool Keyspace::erase(const std::string& key) {
  return find(key) != nullptr && entries_.erase(key) > 0;
}

void Keyspace::erase_if_empty(const std::string& key) {
  const auto* entry = find(key);
  if (!entry)
    return;
  if (std::visit(IsEmpty{}, entry->data))
    entries_.erase(key);
}

std::vector<std::string> Keyspace::keys() {
  std::vector<std::string> found;
  for (const auto& [key, entry] : entries_)
    if (!entry.expires_at_ms || now_ms_ <= *entry.expires_at_ms)
      found.push_back(key);
  return found;
}

} // namespace gleaner::simulation
