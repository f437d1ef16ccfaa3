#include "adapters/store/group_writer.hpp"

#include "adapters/store/collection_json.hpp"
#include "adapters/store/io_error.hpp"
#include "core/domain.hpp"

namespace gleaner::store {

namespace {

/// Stands among errno values for a refusal by the one who asked for the save.
constexpr int not_allowed = -1;

} // namespace

/// All are written before the first is synced, and synced before the first is renamed: so the disk
/// has work while we write, and a journal commit serves many.
bool GroupWriter::write(std::size_t begin, std::size_t end) {
  std::vector<Write> writes;
  writes.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i)
    writes.push_back({std::make_unique<TempFile>(target_.folder, target_.calls),
                      collection_file_name(request_.collections[i].domain), i});
  advance(writes, [this](Write& write) { return fill(write); });
  advance(writes, [](Write& write) { return write.file->sync(); });
  advance(writes, [this](Write& write) { return replace(write); });
  return !writes.empty();
}

int GroupWriter::fill(Write& write) {
  write_json(request_.collections[write.index], json_);
  const int error = write.file->create(target_.file_mode);
  return error != 0 ? error : write.file->write(json_);
}

int GroupWriter::replace(Write& write) {
  return request_.may_replace(write.index) ? write.file->rename_to(write.name) : not_allowed;
}

/// Takes every write through a step, which returns 0 or why not; those that fail are done.
template <class Step>
void GroupWriter::advance(std::vector<Write>& writes, Step step) {
  for (auto& write : writes)
    if (const int error = step(write); error != 0) {
      const auto path = target_.place.path_of(write.name);
      request_.results[write.index] =
        error == not_allowed
          ? Error{Errc::lease_expired, path + " was left as it is: the job's lock may be lost"}
          : io_error(error, "write", path);
      write.file.reset();
    }
  std::erase_if(writes, [](const Write& write) { return !write.file; });
}

} // namespace gleaner::store
