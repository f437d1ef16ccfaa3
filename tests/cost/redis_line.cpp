#include "tests/cost/redis_line.hpp"

#include "adapters/bullmq/scripts.hpp"
#include "adapters/redis/redis_error.hpp"

#include <stdexcept>
#include <utility>

namespace gleaner::cost {

namespace {

std::string bulk(const std::string& text) {
  return '$' + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

/// What lua/taking.lua answers with a job that a stock client has queued.
std::string taken(const std::string& domain) {
  const std::string data = R"({"domain":")" + domain + R"("})";
  const std::string opts =
    R"({"attempts":3,"backoff":{"type":"exponential","delay":2000},"removeOnComplete":{"count":1000}})";
  return "*3\r\n*1\r\n*14\r\n" + bulk("123456") + bulk("gl1:0b9c6d2e:1:30000:17:1767225600000") +
         bulk("1767225600000") + bulk("collect-domain") + bulk(data) + ":" +
         std::to_string(data.size()) + "\r\n" + bulk(opts) + ":" + std::to_string(opts.size()) +
         "\r\n" + bulk("1767225599000") + bulk("0") + bulk("") + bulk("") +
         ":0\r\n:1\r\n:-1\r\n:0\r\n";
}

} // namespace

RedisLine::RedisLine(const std::string& domain)
    : taken_(taken(domain)), take_(bullmq::script("take").sha), end_(bullmq::script("finish").sha),
      checkpoint_(bullmq::script("checkpoint").sha) {}

void RedisLine::submit(std::vector<std::string> args, redis::RedisReply reply,
                       std::optional<std::chrono::milliseconds>) {
  static const std::string nothing = ":0\r\n", time_of_page = ":1767225601000\r\n";
  sent_.clear();
  redis::append_command(sent_, args);
  const auto& script = args.at(1);
  if (script == end_)
    waiting_ = std::move(reply);
  else
    answer(script == take_ ? taken_ : script == checkpoint_ ? time_of_page : nothing, reply);
}

void RedisLine::answer_end() {
  const auto reply = std::exchange(waiting_, nullptr);
  if (!reply)
    throw std::runtime_error{"no end of a job has been sent"};
  answer(taken_, reply);
}

void RedisLine::answer(const std::string& bytes, const redis::RedisReply& reply) {
  reader_.feed(bytes);
  auto value = reader_.next();
  reply(redis::to_result(std::move(value->value())));
}

} // namespace gleaner::cost
