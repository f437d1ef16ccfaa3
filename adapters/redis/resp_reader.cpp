#include "adapters/redis/resp_reader.hpp"

#include <hiredis/hiredis.h>

#include <charconv>

namespace gleaner::redis {

namespace {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

RedisValue to_value(const redisReply& reply) {
  RedisValue value;
  switch (reply.type) {
  case REDIS_REPLY_STRING:
  case REDIS_REPLY_STATUS:
    value.kind = RedisValue::Kind::text;
    value.text.assign(reply.str, reply.len);
    break;
  case REDIS_REPLY_ERROR:
    value.kind = RedisValue::Kind::error;
    value.text.assign(reply.str, reply.len);
    break;
  case REDIS_REPLY_INTEGER:
    value.kind = RedisValue::Kind::integer;
    value.integer = reply.integer;
    break;
  case REDIS_REPLY_ARRAY:
    value.kind = RedisValue::Kind::array;
    value.items.reserve(reply.elements);
    for (std::size_t i = 0; i < reply.elements; ++i)
      value.items.push_back(to_value(*reply.element[i]));
    break;
  default:
    break; // REDIS_REPLY_NIL
  }
  return value;
}

void append_size(std::string& out, char kind, std::size_t size) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, size).ptr;
  out += kind;
  out.append(digits, end);
  out += "\r\n";
}

/// hiredis makes room for all elements that an array announces before the first has come. More
/// than this no command of ours asks for; its answer then counts as no RESP.
constexpr int most_elements = 4 << 20;

redisReplyObjectFunctions* limited(const redisReader& reader) {
  static const auto standard = *reader.fn;
  static auto functions = [] {
    auto changed = standard;
    changed.createArray = [](const redisReadTask* task, int elements) -> void* {
      return elements > most_elements ? nullptr : standard.createArray(task, elements);
    };
    return changed;
  }();
  return &functions;
}

} // namespace

void RespReader::Free::operator()(redisReader* reader) const {
  redisReaderFree(reader);
}

RespReader::RespReader() : reader_(redisReaderCreate()) {
  reader_->fn = limited(*reader_);
}

void RespReader::feed(std::string_view bytes) {
  redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

Result<std::optional<RedisValue>> RespReader::next() {
  void* raw = nullptr;
  if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK)
    return Error{Errc::redis_refused, reader_->errstr};
  const std::unique_ptr<redisReply, FreeReply> reply{static_cast<redisReply*>(raw)};
  return reply ? std::optional{to_value(*reply)} : std::nullopt;
}

void append_command(std::string& out, std::span<const std::string> args) {
  append_size(out, '*', args.size());
  for (const auto& arg : args) {
    append_size(out, '$', arg.size());
    out += arg;
    out += "\r\n";
  }
}

} // namespace gleaner::redis
