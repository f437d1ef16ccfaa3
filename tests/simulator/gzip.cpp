#include "tests/simulator/gzip.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>

namespace gleaner::sim {

namespace {

namespace zlib = boost::beast::zlib;

constexpr std::size_t megabyte = 1u << 20;

/// RFC 1952: magic, deflate, no flags, no time, fastest, unknown system.
std::string gzip_head() {
  return {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff", 10};
}

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(value >> shift & 0xff);
}

void deflate(zlib::deflate_stream& stream, std::string_view text, zlib::Flush flush,
             std::string& out) {
  const auto old = out.size();
  out.resize(old + stream.upper_bound(text.size()) + 64);
  zlib::z_params params;
  params.next_in = text.data();
  params.avail_in = text.size();
  params.next_out = out.data() + old;
  params.avail_out = out.size() - old;
  boost::beast::error_code ignored; // end_of_stream after Flush::finish
  stream.write(params, flush, ignored);
  out.resize(out.size() - params.avail_out);
}

} // namespace

std::string gzipped(std::string_view text) {
  zlib::deflate_stream stream;
  stream.reset(1, 15, 8, zlib::Strategy::normal);
  auto out = gzip_head();
  deflate(stream, text, zlib::Flush::finish, out);
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  append_little_endian(out, crc.checksum());
  append_little_endian(out, static_cast<std::uint32_t>(text.size()));
  return out;
}

Body gzip_bomb(std::size_t megabytes) {
  static Body kept;
  static std::size_t kept_size = 0;
  if (kept && kept_size == megabytes)
    return kept;
  // A full flush ends a block that refers to nothing before it, so the block can be repeated.
  const std::string_view open = "{\"data\":\"";
  const std::string_view close = "\"}";
  const std::string filler(megabyte, 'A');
  zlib::deflate_stream stream;
  stream.reset(9, 15, 8, zlib::Strategy::normal);
  auto out = gzip_head();
  deflate(stream, open, zlib::Flush::full, out);
  std::string block;
  deflate(stream, filler, zlib::Flush::full, block);
  boost::crc_32_type crc;
  crc.process_bytes(open.data(), open.size());
  for (std::size_t i = 0; i < megabytes; ++i) {
    out += block;
    crc.process_bytes(filler.data(), filler.size());
  }
  deflate(stream, close, zlib::Flush::finish, out);
  crc.process_bytes(close.data(), close.size());
  append_little_endian(out, crc.checksum());
  append_little_endian(
    out, static_cast<std::uint32_t>(megabytes * megabyte + open.size() + close.size()));
  kept_size = megabytes;
  return kept = std::make_shared<const std::string>(std::move(out));
}

} // namespace gleaner::sim
