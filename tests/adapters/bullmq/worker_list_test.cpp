#include "adapters/bullmq/worker_connection.hpp"
#include "adapters/bullmq/worker_list.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace worker_lists {

std::string line(const std::string& name, const std::string& address, int age) {
  return "id=7 addr=" + address + " laddr=127.0.0.1:6379 fd=8 name=" + name +
         " age=" + std::to_string(age) + " idle=0 flags=N db=0 lib-name=\n";
}

} // namespace worker_lists

BOOST_FIXTURE_TEST_SUITE(worker_list, QueueFixture)

using namespace worker_lists;

BOOST_AUTO_TEST_CASE(workers_are_told_by_the_names_of_their_connections) {
  // "cQ==" is the queue's name, "q", as BullMQ writes it.
  const auto workers =
    workers_in(line("bull:cQ==:w:bob", "10.0.0.2:1", 61) + line("bull:cQ==", "10.0.0.1:1", 5) +
                 line("bull:cQ==:w:ann", "[::1]:2", 7) + line("", "10.0.0.3:1", 1) +
                 line("bull:cQ==x", "10.0.0.4:1", 1) + line("bull:cQ==:qe", "10.0.0.5:1", 1) +
                 line("other:cQ==", "10.0.0.6:1", 1),
               queue);
  BOOST_REQUIRE(workers.size() == 3u);
  BOOST_TEST(workers[0].name == "");
  BOOST_TEST(workers[0].address == "10.0.0.1:1");
  BOOST_TEST(workers[0].age_s == 5);
  BOOST_TEST(workers[1].name == "ann");
  BOOST_TEST(workers[1].address == "[::1]:2");
  BOOST_TEST(workers[2].name == "bob");
  BOOST_TEST(workers[2].age_s == 61);
}

BOOST_AUTO_TEST_CASE(the_name_of_the_worker_here_is_not_that_of_all) {
  queue.worker_name = "here";
  BOOST_TEST(workers_in(line("bull:cQ==:w:there", "10.0.0.1:1", 5), queue).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_of_ours_is_found_on_a_server) {
  queue.worker_name = "ann";
  redis::RedisClient worker{shared_redis().config(), worker_connection_name(queue)};
  BOOST_REQUIRE(bool(worker.call({"PING"})));
  const auto workers = list_workers(client, queue);
  BOOST_REQUIRE(bool(workers));
  BOOST_REQUIRE(workers->size() == 1u);
  BOOST_TEST(workers->front().name == "ann");
  BOOST_TEST(!workers->front().address.empty());
}

BOOST_AUTO_TEST_CASE(text_of_another_form_has_no_workers) {
  for (const std::string text : {"", "\n", "name", "name=\n\n", "x name=bull:cQ"})
    BOOST_TEST(workers_in(text, queue).empty());
}

BOOST_AUTO_TEST_SUITE_END()
