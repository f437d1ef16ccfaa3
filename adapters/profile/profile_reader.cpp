#include "adapters/profile/profile_reader.hpp"

#include "adapters/profile/rule_reader.hpp"
#include "adapters/profile/search_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace gleaner::profile {

namespace {

constexpr std::size_t largest_file = 256u << 10;

ProviderProfile read_root(const toml::table& root, Problems& problems) {
  ProviderProfile profile;
  Section section{root, "", problems};
  profile.name = section.text("name").value_or("");
  if (const auto* search = section.table("search"))
    read_search(*search, problems, profile);
  if (const auto* count = section.table("count"))
    read_count(*count, problems, profile);
  if (const auto* answers = section.array("answer", "rules: write [[answer]] above each"))
    profile.rules = read_rules(*answers, problems);
  section.finish();
  return profile;
}

Result<std::string> read_open(int file, const std::string& path) {
  struct stat info {};
  if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode))
    return Error{Errc::usage, path + ": not a file; name a TOML file"};
  std::string text(largest_file + 1, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const auto got = read(file, text.data() + length, text.size() - length);
    if (got < 0 && errno != EINTR)
      return Error{Errc::usage, path + ": " + std::strerror(errno) + "; name a readable file"};
    if (got == 0)
      break;
    length += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  if (length > largest_file)
    return Error{Errc::usage, path + ": larger than 256 KiB: not a profile"};
  text.resize(length);
  return text;
}

} // namespace

ProfileReading parse_profile(std::string_view text, const std::string& file) {
  Problems problems{file};
  ProfileReading reading;
  try {
    reading.profile = read_root(toml::parse(text), problems);
  } catch (const toml::parse_error& error) {
    problems.add(error.source(), std::string{error.description()});
  }
  reading.problems = std::move(problems).take();
  return reading;
}

Result<std::string> read_profile_file(const std::string& path) {
  // Not blocking: the name could be a pipe that nobody writes to.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return Error{Errc::usage, path + ": " + std::strerror(errno) + "; name a readable TOML file"};
  auto text = read_open(file, path);
  close(file);
  return text;
}

const ProviderProfile& builtin_profile() {
  static const auto profile = [] {
    auto reading = parse_profile(builtin_text(), "hunter.toml");
    if (!reading.problems.empty())
      throw std::logic_error{reading.problems.front()};
    return std::move(reading.profile);
  }();
  return profile;
}

} // namespace gleaner::profile
