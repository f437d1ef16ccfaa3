#include "app/node.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string_view>
#include <system_error>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t id_length = 16;
constexpr std::string_view id_digits = "0123456789abcdef";

std::string random_digits(std::size_t length) {
  std::random_device device;
  std::string digits;
  while (digits.size() < length)
    digits += id_digits[device() % id_digits.size()];
  return digits;
}

/// In so many digits, so that texts are in the order of their numbers.
std::string hex(std::uint32_t number) {
  std::string digits;
  for (int shift = 28; shift >= 0; shift -= 4)
    digits += id_digits[(number >> shift) & 15];
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
  const auto text = lock->read();
  auto id = text.substr(0, id_length);
  std::uint32_t starts = 0;
  if (!is_id(id))
    id = random_digits(id_length);
  else if (text.size() > id_length)
    std::from_chars(text.data() + id_length + 1, text.data() + text.size(), starts, 16);
  Node node{std::move(*lock), std::move(id), starts};
  node.start_again();
  return node;
}

void Node::start_again() {
  const auto start = hex(++starts_);
  lock_.write(id_ + ' ' + start);
  start_ = start + random_digits(start.size());
}

std::string Node::token_seed(std::chrono::milliseconds lock_duration) const {
  return "gl1:" + id_ + ':' + start_ + ':' + std::to_string(lock_duration.count());
}

} // namespace gleaner
