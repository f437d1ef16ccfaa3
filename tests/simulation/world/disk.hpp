#pragma once

#include "core/ports/collection_store.hpp"
#include "tests/simulation/world/chance.hpp"
#include "tests/simulation/world/swarm.hpp"
#include "tests/simulation/world/trace.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace gleaner::simulation {

/// A node's disk: what programs see, and what a power cut leaves of it. A name that was changed and
/// a content that was written are safe only after a sync, of the folder and of the file.
class Disk {
public:
  void write(const std::string& name, std::string content);
  void sync(const std::string& name);
  void rename(const std::string& from, const std::string& to);
  void remove(const std::string& name) { names_.erase(name); }
  void sync_folder() { durable_ = names_; }

  /// Only what is safe stays; of an unsafe file its name may stay, with half of its content.
  void lose_power();

  /// Null when there is none.
  const std::string* content(const std::string& name) const;
  /// What a power cut would leave.
  std::optional<std::string> durable_content(const std::string& name) const;
  std::vector<std::string> names() const;

private:
  struct File {
    std::string content;
    std::string safe;
  };
  using Names = std::map<std::string, std::shared_ptr<File>>;
  Names names_, durable_;
};

/// The steps of the file store, on such a disk; any of them may fail, or be the last one.
class DiskStore final : public CollectionStore {
public:
  DiskStore(Disk& disk, const Swarm& swarm, Chance& chance, Trace& trace, const bool* troubled)
      : disk_(disk), swarm_(swarm), chance_(chance), trace_(trace), troubled_(troubled) {}

  std::vector<Status> save(std::span<const Collection> collections,
                           const MayReplace& may_replace) override;
  Result<Collection> load(std::string_view domain) override;
  Result<CollectionInfo> describe(std::string_view domain) override {
    return Error{Errc::not_found, std::string{domain}};
  }
  Status list(const std::function<bool(const CollectionInfo&)>&,
              const std::function<void(const Error&)>&) override {
    return Done{};
  }
  bool exists(std::string_view domain) override;
  Status remove(std::string_view domain) override;
  Status check_writable() override;
  std::size_t remove_leftovers() override;
  Result<std::uint64_t> free_bytes() override { return std::uint64_t{1} << 40; }

  /// The process died during a save: the machine is to be taken down.
  bool died() const { return died_; }

private:
  Status write_one(const std::string& name, const Collection& collection);
  Status replace_one(const std::string& name, bool may_replace);
  bool happens(double probability);

  Disk& disk_;
  const Swarm& swarm_;
  Chance& chance_;
  Trace& trace_;
  const bool* troubled_;
  bool died_ = false;
};

} // namespace gleaner::simulation
