// What answers in Redis's place: bytes of a socket, bodies of the REST form.
#include "adapters/bullmq/job_codec.hpp"
#include "adapters/redis/resp_reader.hpp"
#include "adapters/redis/rest_codec.hpp"
#include "tests/fuzz/fuzzing.hpp"

#include <algorithm>

namespace gleaner::fuzz {

namespace {

std::size_t size_of(const redis::RedisValue& value) {
  auto size = value.text.size() + 1;
  for (const auto& item : value.items)
    size += size_of(item);
  return size;
}

void use(const redis::RedisValue& value) {
  const auto taken = bullmq::read_take(value);
  require(taken.jobs.size() <= size_of(value), "a take brings no more jobs than were sent");
  require(!taken.rate_limited_for || taken.rate_limited_for->count() > 0, "a pause is one");
}

/// All at once, or byte after byte: it must come to the same.
std::size_t read_all(std::string_view input, std::size_t step) {
  redis::RespReader reader;
  std::size_t answers = 0;
  for (std::size_t at = 0; at < input.size(); at += step) {
    reader.feed(input.substr(at, step));
    for (;;) {
      const auto next = reader.next();
      if (!next)
        return answers; // the connection is closed
      if (!*next)
        break;
      ++answers;
      use(**next);
    }
  }
  return answers;
}

} // namespace

void try_input(std::string_view input) {
  const auto whole = read_all(input, std::max<std::size_t>(input.size(), 1));
  require(read_all(input, 1) == whole, "answers are the same however they arrive");
  for (const std::size_t count : {0u, 1u, 2u})
    if (const auto answers = redis::read_rest_answers(input, count)) {
      require(answers->size() == count, "a pipeline has as many answers as commands");
      for (const auto& answer : *answers)
        use(answer);
    }
  (void)redis::rest_error_text(input);
}

} // namespace gleaner::fuzz
