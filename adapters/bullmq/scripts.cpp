#include "adapters/bullmq/scripts.hpp"

#include "adapters/bullmq/lua_source.hpp"

#include <openssl/evp.h>

#include <array>
#include <condition_variable>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <utility>

namespace gleaner::bullmq {

namespace {

using ScriptsByName = std::map<std::string, redis::ServerScript, std::less<>>;

std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr);
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < length; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

/// A file of lua/, or files whose functions are made when one of them is first called.
class Part {
public:
  Part(const char* file) : text_(lua_source(file)) {}
  Part(std::initializer_list<std::string_view> rarely_used,
       std::initializer_list<std::string_view> functions);
  const std::string& text() const { return text_; }

private:
  std::string text_;
};

/// Whoever calls one of `functions` need not know: it has a stand-in by its name.
Part::Part(std::initializer_list<std::string_view> rarely_used,
           std::initializer_list<std::string_view> functions)
    : text_("local rarely_used = rarely(function()\n") {
  std::string stand_ins;
  std::string made = "return {";
  for (const auto file : rarely_used)
    text_.append(lua_source(file));
  for (const auto name : functions) {
    made.append(name).append(" = ").append(name).append(", ");
    stand_ins.append("local function ").append(name).append("(...)\n  return rarely_used().");
    stand_ins.append(name).append("(...)\nend\n");
  }
  text_.append(made).append("}\nend)\n").append(stand_ins);
}

redis::ServerScript build(std::initializer_list<Part> parts) {
  redis::ServerScript script;
  for (const auto& part : parts)
    script.text.append(part.text());
  script.sha = sha1_hex(script.text);
  return script;
}

/// Which script is made of which files: helpers first, the operation last.
// NOLINTNEXTLINE(readability-function-size): a table
ScriptsByName build_all() {
  return {
    {"add", build({"queue", "queue_state", "enqueue", "insert", "deduplication", "add"})},
    {"schedule", build({"queue", "schedule"})},
    {"iterate", build({"queue", "queue_state", "enqueue", "insert", "iterate"})},
    {"take", build({"queue", "queue_state", {{"enqueue"}, {"promote_delayed"}}, "taking", "take"})},
    {"reclaim", build({"queue", "queue_state", "enqueue", "taking", "reclaim"})},
    {"orphan", build({"queue", "orphan"})},
    {"renew", build({"queue", "fence", "renew"})},
    {"progress", build({"queue", "fence", "progress"})},
    {"checkpoint", build({"queue", "fence", "checkpoint"})},
    {"ledger", build({"queue", "fence", "ledger"})},
    {"was_ended", build({"queue", "was_ended"})},
    {"claim", build({"queue", "fence", "claim"})},
    {"log", build({"queue", "fence", "log"})},
    {"release", build({"queue", "queue_state", "enqueue", "fence", "release"})},
    {"park", build({"queue", "fence", "park"})},
    {"finish", build({"queue",
                      "queue_state",
                      {{"enqueue", "insert", "deduplication", "parents"},
                       {"promote_delayed", "release_deduplication", "add_kept_back",
                        "tell_parent_of_value", "tell_parent_of_failure", "remove_job"}},
                      "fence",
                      "taking",
                      "failure",
                      "ending",
                      "finish"})},
    {"retry", build({"queue", "queue_state", "enqueue", "fence", "taking", "failure", "retry"})},
    {"stalled", build({"queue", "queue_state", "enqueue", "insert", "deduplication", "parents",
                       "ending", "stalled"})},
    {"reconcile", build({"queue", "queue_state", "enqueue", "reconcile"})},
    {"ghosts", build({"queue", "ghosts"})},
    {"counts", build({"queue", "counts"})},
    {"overview", build({"queue", "overview"})},
    {"inspect", build({"queue", "inspect"})},
    {"pause", build({"queue", "queue_state", "enqueue", "moving", "pause"})},
    {"resume", build({"queue", "queue_state", "enqueue", "moving", "resume"})},
    {"rerun",
     build({"queue", "queue_state", "enqueue", "insert", "deduplication", "parents", "rerun"})},
    {"promote", build({"queue", "queue_state", "enqueue", "promote"})},
    {"remove", build({"queue", "queue_state", "enqueue", "insert", "deduplication", "parents",
                      "removing", "remove"})},
    {"drain", build({"queue", "queue_state", "enqueue", "insert", "deduplication", "parents",
                     "removing", "drain"})},
    {"clean", build({"queue", "queue_state", "enqueue", "insert", "deduplication", "parents",
                     "removing", "clean"})},
    {"obliterate", build({"queue", "queue_state", "enqueue", "insert", "deduplication", "parents",
                          "removing", "obliterate"})},
    {"schedule_add", build({"queue", "queue_state", "enqueue", "insert", "deduplication", "parents",
                            "removing", "schedule_add"})},
    {"schedule_remove", build({"queue", "queue_state", "enqueue", "insert", "deduplication",
                               "parents", "removing", "schedule_remove"})},
  };
}

const ScriptsByName& scripts_by_name() {
  static const auto scripts = build_all();
  return scripts;
}

std::vector<std::string> command(const char* verb, const std::string& what, const std::string& base,
                                 const std::vector<std::string>& args) {
  std::vector<std::string> words{verb, what, "1", base};
  words.insert(words.end(), args.begin(), args.end());
  return words;
}

/// Collects the answers of one pipeline, which come on the client's thread.
class Answers {
public:
  explicit Answers(std::size_t count) : values_(count), missing_(count) {}

  void put(std::size_t place, Result<redis::RedisValue> value) {
    const std::lock_guard guard{mutex_};
    if (value)
      values_[place] = std::move(*value);
    else if (!error_)
      error_ = value.error();
    if (--missing_ == 0)
      complete_.notify_one();
  }

  Result<std::vector<redis::RedisValue>> wait() {
    std::unique_lock guard{mutex_};
    complete_.wait(guard, [this] { return missing_ == 0; });
    if (error_)
      return *error_;
    return std::move(values_);
  }

private:
  std::mutex mutex_;
  std::condition_variable complete_;
  std::vector<redis::RedisValue> values_;
  std::size_t missing_;
  std::optional<Error> error_;
};

} // namespace

const redis::ServerScript& script(std::string_view name) {
  return scripts_by_name().find(name)->second;
}

redis::ServerScripts all_scripts() {
  redis::ServerScripts scripts;
  for (const auto& [name, each] : scripts_by_name())
    scripts.push_back(each);
  return scripts;
}

void ScriptRunner::run(std::string_view name, std::vector<std::string> args,
                       redis::RedisReply reply) {
  const auto& wanted = script(name);
  auto words = command("EVALSHA", wanted.sha, base_, args);
  client_.submit(std::move(words),
                 [&client = client_, &wanted, base = base_, args = std::move(args),
                  reply = std::move(reply)](Result<redis::RedisValue> value) {
                   const bool unknown = !value && value.error().detail.starts_with("NOSCRIPT");
                   if (!unknown)
                     return reply(std::move(value));
                   client.submit(command("EVAL", wanted.text, base, args), reply);
                 });
}

Result<std::vector<redis::RedisValue>>
ScriptRunner::call_each(std::string_view name, std::vector<std::vector<std::string>> calls) {
  if (calls.empty())
    return std::vector<redis::RedisValue>{};
  Answers answers{calls.size()}; // outlives the replies: wait() is for them all
  // Were the script unknown, its healing would mix up the order of the pipeline.
  client_.submit({"SCRIPT", "LOAD", script(name).text}, [](const Result<redis::RedisValue>&) {});
  for (std::size_t i = 0; i < calls.size(); ++i)
    run(name, std::move(calls[i]),
        [&answers, i](Result<redis::RedisValue> value) { answers.put(i, std::move(value)); });
  return answers.wait();
}

Result<redis::RedisValue> ScriptRunner::call(std::string_view name, std::vector<std::string> args) {
  auto values = call_each(name, {std::move(args)});
  if (!values)
    return values.error();
  return std::move(values->front());
}

} // namespace gleaner::bullmq
