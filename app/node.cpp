#include "app/node.hpp"

#include <algorithm>
#include <filesystem>
#include <random>
#include <string_view>
#include <system_error>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t id_length = 16;
constexpr std::string_view id_digits = "0123456789abcdef";

std::string random_digits() {
  std::random_device device;
  std::string digits;
  while (digits.size() < id_length)
    digits += id_digits[device() % id_digits.size()];
  return digits;
}

bool is_id(std::string_view text) {
  return text.size() == id_length && text.find_first_not_of(id_digits) == std::string_view::npos;
}

Status make_folder(const std::string& folder) {
  std::error_code problem;
  const bool made = std::filesystem::create_directories(folder, problem);
  if (made)
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, problem);
  if (problem)
    return Error{Errc::store_unwritable, "cannot create the state folder " + folder + ": " +
                                           problem.message() + "; choose another state_folder"};
  return Done{};
}

} // namespace

Result<Node> Node::claim(const std::string& folder) {
  if (auto made = make_folder(folder); !made)
    return made.error();
  auto lock = embedded::FileLock::open(folder + "/node");
  if (!lock)
    return lock.error();
  if (!lock->try_lock())
    return Error{Errc::state_in_use, "another worker uses the state folder " + folder +
                                       ": stop it, or give this one another by state_folder"};
  auto id = lock->read();
  if (!is_id(id)) {
    id = random_digits();
    lock->write(id);
  }
  return Node{std::move(*lock), std::move(id)};
}

std::string Node::token_seed(std::chrono::milliseconds lock_duration) const {
  return "gl1:" + id_ + ':' + random_digits() + ':' + std::to_string(lock_duration.count());
}

} // namespace gleaner
