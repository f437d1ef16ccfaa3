#include "tests/simulation/world/disk.hpp"

#include "adapters/store/collection_json.hpp"
#include "core/domain.hpp"

#include <utility>

namespace gleaner::simulation {

void Disk::write(const std::string& name, std::string content) {
  auto file = std::make_shared<File>();
  file->content = std::move(content);
  names_[name] = std::move(file);
}

void Disk::sync(const std::string& name) {
  auto& file = *names_.at(name);
  file.safe = file.content;
}

void Disk::rename(const std::string& from, const std::string& to) {
  names_[to] = names_.at(from);
  names_.erase(from);
}

void Disk::lose_power() {
  // The name may be safe before the content is.
  for (const auto& [name, file] : names_)
    if (file->safe.size() < file->content.size()) {
      file->safe = file->content.substr(0, file->content.size() / 2);
      durable_[name] = file;
    }
  names_ = durable_;
  for (const auto& [name, file] : names_)
    file->content = file->safe;
}

const std::string* Disk::content(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : &found->second->content;
}

std::optional<std::string> Disk::durable_content(const std::string& name) const {
  const auto found = durable_.find(name);
  return found == durable_.end() ? std::nullopt : std::optional{found->second->safe};
}

std::vector<std::string> Disk::names() const {
  std::vector<std::string> found;
  for (const auto& [name, file] : names_)
    found.push_back(name);
  return found;
}

bool DiskStore::happens(double probability) {
  return *troubled_ && chance_.happens(probability);
}

Status DiskStore::write_one(const std::string& name, const Collection& collection) {
  if (happens(swarm_.disk_full))
    return Error{Errc::store_full, "no space left"};
  disk_.write(name, store::to_json(collection));
  if (happens(swarm_.sync_fails))
    return Error{Errc::store_io, "sync failed"};
  if (swarm_.mutant == Mutant::rename_before_sync || swarm_.mutant == Mutant::sync_lies)
    return Done{};
  disk_.sync(name);
  return Done{};
}

Status DiskStore::replace_one(const std::string& name, bool may_replace) {
  if (!may_replace)
    return Error{Errc::lease_expired, "the lock may be someone else's"};
  disk_.rename(name + ".tmp", name);
  return Done{};
}

std::vector<Status> DiskStore::save(std::span<const Collection> collections,
                                    const MayReplace& may_replace) {
  std::vector<Status> results;
  for (std::size_t i = 0; i < collections.size(); ++i) {
    const auto name = collection_file_name(collections[i].domain);
    trace_.add("save", collections[i].domain);
    died_ = died_ || happens(swarm_.crash_while_saving);
    results.push_back(died_ ? Status{Error{Errc::store_io, "dying"}}
                            : write_one(name + ".tmp", collections[i]));
  }
  for (std::size_t i = 0; i < collections.size(); ++i) {
    const auto name = collection_file_name(collections[i].domain);
    died_ = died_ || happens(swarm_.crash_while_saving);
    if (!died_ && results[i])
      results[i] = replace_one(name, may_replace(i));
    if (!died_ && results[i] && swarm_.mutant == Mutant::rename_before_sync) {
      died_ = happens(swarm_.crash_while_saving);
      if (!died_)
        disk_.sync(name);
    }
  }
  died_ = died_ || happens(swarm_.crash_while_saving);
  if (!died_ && swarm_.mutant != Mutant::folder_unsynced)
    disk_.sync_folder();
  return results;
}

Result<Collection> DiskStore::load(std::string_view domain) {
  return Error{Errc::not_found, std::string{domain}};
}

bool DiskStore::exists(std::string_view domain) {
  return disk_.content(collection_file_name(domain)) != nullptr;
}

Status DiskStore::remove(std::string_view domain) {
  return Error{Errc::not_found, std::string{domain}};
}

std::size_t DiskStore::remove_leftovers() {
  std::size_t removed = 0;
  for (const auto& name : disk_.names())
    if (name.ends_with(".tmp")) {
      disk_.remove(name);
      ++removed;
    }
  return removed;
}

Status DiskStore::check_writable() {
  if (happens(swarm_.disk_full))
    return Error{Errc::store_full, "no space left"};
  return Done{};
}

} // namespace gleaner::simulation
