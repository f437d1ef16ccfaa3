#include "adapters/redis/resp_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;
using namespace gleaner::redis;

BOOST_AUTO_TEST_SUITE(resp_reader)

BOOST_AUTO_TEST_CASE(an_answer_is_there_with_its_last_byte) {
  const std::string bytes = "*3\r\n$2\r\nOK\r\n:-7\r\n*1\r\n-ERR no\r\n";
  RespReader reader;
  for (const char byte : bytes) {
    const auto none = reader.next();
    BOOST_REQUIRE((none && !*none));
    reader.feed({&byte, 1});
  }
  const auto answer = reader.next();
  BOOST_REQUIRE((answer && *answer));
  const auto& items = (*answer)->items;
  BOOST_REQUIRE(items.size() == 3u);
  BOOST_TEST(items[0].text == "OK");
  BOOST_TEST(items[1].integer == -7);
  BOOST_TEST((items[2].items.at(0).kind == RedisValue::Kind::error));
}

BOOST_AUTO_TEST_CASE(what_is_no_resp_ends_the_reading) {
  for (const auto* bytes :
       {"HTTP/1.1 200 OK\r\n", "*x\r\n", "$-2\r\n", ":1.5\r\n", "*-2\r\n", "\r\n"}) {
    RespReader reader;
    reader.feed(bytes);
    BOOST_TEST(!reader.next(), bytes);
  }
}

BOOST_AUTO_TEST_CASE(no_room_is_made_for_an_array_that_nobody_asked_for) {
  RespReader reader;
  reader.feed("*4194304\r\n"); // may still come
  const auto none = reader.next();
  BOOST_TEST((none && !*none));
  for (const auto* bytes : {"*4194305\r\n", "*2147483647\r\n", "*1\r\n*4194305\r\n"}) {
    RespReader other;
    other.feed(bytes);
    BOOST_TEST(!other.next(), bytes);
  }
}

BOOST_AUTO_TEST_CASE(nesting_has_an_end) {
  std::string bytes;
  for (int depth = 0; depth < 1000; ++depth)
    bytes += "*1\r\n";
  RespReader reader;
  reader.feed(bytes);
  BOOST_TEST(!reader.next());
}

BOOST_AUTO_TEST_SUITE_END()
