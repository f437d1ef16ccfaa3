#pragma once

#include "adapters/redis/redis_value.hpp"
#include "tests/simulation/redis/keyspace.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gleaner::simulation {

/// An answer as scripts see it: they tell a status such as OK from a text.
struct Answer {
  redis::RedisValue value;
  bool is_status = false;
};

using Args = std::span<const std::string>; ///< The name of the command first.

/// Which commands a server refuses for a while, and why.
enum class Refusal : std::uint8_t {
  none,
  out_of_memory, ///< Its memory is full: what may need more.
  read_only,     ///< It has become a replica: what writes.
  disk_fails,    ///< It could not save: what writes.
};

/// What a command works on.
struct Database {
  Keyspace keys;
  std::mt19937_64 random; ///< For SPOP.
  Refusal refusal = Refusal::none;
  bool written = false; ///< By the present command, or script: then nothing is refused any more.
};

using Command = Answer (*)(Database&, Args);

/// By the flags of Redis's own table: "write", and "denyoom" with it.
enum class Access : std::uint8_t { reads, writes, grows };

/// A command and how many words it has at least, its name included.
struct CommandSpec {
  Command run;
  std::size_t least_words;
  Access access = Access::reads;
};
using CommandTable = std::map<std::string, CommandSpec, std::less<>>;

void add_key_commands(CommandTable& table);
void add_list_commands(CommandTable& table);
void add_set_commands(CommandTable& table);
void add_sorted_set_commands(CommandTable& table);
void add_hash_commands(CommandTable& table);
void add_stream_commands(CommandTable& table);

/// Everything but scripts and what blocks.
const CommandTable& commands();

/// What Redis refuses such a command with, if it does. Within a script only the first write can
/// be refused, as Redis 7 has it for scripts without flags.
std::optional<Answer> refuse(const Database& database, Access access);

/// Carries out one command; what is wrong with it becomes an error answer.
Answer run_command(Database& database, Args args);

Answer nil();
Answer integer(std::int64_t number);
Answer text(std::string value);
Answer status(std::string value);
Answer error(std::string value);
Answer texts(std::vector<std::string> values);
Answer array(std::vector<redis::RedisValue> values);

std::int64_t parse_integer(const std::string& word); ///< CommandError when it is none.
double parse_number(const std::string& word, const char* complaint);
std::string to_text(double score); ///< As Redis writes scores.
bool is_word(const std::string& given, std::string_view upper_case);

/// The half-open range of places that `first` and `last` (negative from the end) name.
std::pair<std::size_t, std::size_t> places(const std::string& first, const std::string& last,
                                           std::size_t size);

} // namespace gleaner::simulation
