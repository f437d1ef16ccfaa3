#include "adapters/store/group_writer.hpp"

#include "adapters/store/collection_json.hpp"
#include "adapters/store/io_error.hpp"
#include "core/domain.hpp"

#include <cerrno>

namespace gleaner::store {

namespace {

/// Stands among errno values for a refusal by the one who asked for the save.
constexpr int not_allowed = -1;

} // namespace

/// All are written before the first is synced, so that the syncs go side by side, and synced before
/// the first is renamed.
bool GroupWriter::write(std::size_t begin, std::size_t end) {
  std::vector<Write> writes;
  writes.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i)
    if (request_.results[i])
      writes.push_back({nullptr, collection_file_name(request_.collections[i].domain), i});
  advance(writes, [this](Write& write) {
    const int error = fill(write);
    return error == EIO ? fill_again(write) : error;
  });
  target_.syncs.run(writes.size(),
                    [&](std::size_t i) { writes[i].sync_error = writes[i].file->sync(); });
  advance(writes, [this](Write& write) { return make_durable(write); });
  advance(writes, [this](Write& write) { return replace(write); });
  return !writes.empty();
}

int GroupWriter::fill(Write& write) {
  write.file.reset(); // its space may be needed
  write.file = std::make_unique<TempFile>(target_.folder, target_.calls);
  write_json(request_.collections[write.index], json_);
  int error = write.file->create(target_.file_mode);
  if (error == 0)
    error = write.file->write(json_);
  if (error == 0)
    target_.written(json_.size());
  return count(StoreOp::write, error);
}

int GroupWriter::fill_again(Write& write) {
  write.rewritten = true;
  return fill(write);
}

/// A sync that failed has dropped what it could not write, and the next sync of the same file would
/// succeed without it. So there is none: the content goes into a new file, once.
int GroupWriter::make_durable(Write& write) {
  const int error = count(StoreOp::sync, write.sync_error);
  if (error != EIO || write.rewritten)
    return error;
  const int again = fill_again(write);
  return again != 0 ? again : count(StoreOp::sync, write.file->sync());
}

int GroupWriter::replace(Write& write) {
  if (!request_.may_replace(write.index))
    return not_allowed;
  return count(StoreOp::rename, write.file->rename_to(write.name));
}

int GroupWriter::count(StoreOp op, int error) const {
  if (error != 0)
    target_.failed(op);
  return error;
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
