#include "actors/hunter_fetcher.hpp"
#include "actors/node_link.hpp"
#include "actors/normalizer.hpp"
#include "actors/page_server.hpp"
#include "actors/store_writer.hpp"
#include "adapters/profile/profile_reader.hpp"
#include "tests/support/coordinator_fixture.hpp"
#include "tests/support/fetcher_fixture.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/recording_tracer.hpp"
#include "tests/support/scripted_api.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace traces {

struct WithTracer {
  RecordingTracer tracer;
};

struct WorkingFakes : WithTracer {
  prometheus::Registry registry;
  SilentLog log;
};

struct Working : WorkingFakes, DeterministicSystem {};

struct Coordinating : WithTracer, CoordinatorFixture {
  Coordinating()
      : CoordinatorFixture([this](JobCoordinatorDeps& deps) {
          deps.tracing = {&tracer, "q", "node1"};
        }) {}

  void take_traced(const JobId& id, bool sampled = true) {
    auto taken = job(id);
    taken.trace = foreign_span(sampled);
    take(std::move(taken));
  }
  /// To its end, which the queue has not answered.
  void collect(const JobId& id) {
    serve(id, 0, page(3, 3));
    send_as(writer.handle, coordinator, CollectionStored{lock_of(id)});
  }
};

} // namespace traces

BOOST_AUTO_TEST_SUITE(traces)

BOOST_FIXTURE_TEST_CASE(all_parts_of_a_job_are_told_of_its_span, Coordinating) {
  take_traced("1");
  serve("1", 0, page(3, 3));
  const auto asked = fetchers[0].last<FetchPage>().request.trace;
  BOOST_TEST(asked.sampled);
  BOOST_TEST((normalizer.last<NormalizePage>().trace == asked));
  BOOST_TEST((writer.last<StoreCollection>().trace == asked));
  send_as(writer.handle, coordinator, CollectionStored{lock_of("1")});
  BOOST_TEST(tracer.names() == std::vector<std::string>{"receive q"},
             boost::test_tools::per_element());
  answer_end("1");
  BOOST_TEST((tracer.only("process q").context == asked));
  BOOST_TEST(tracer.only("process q").parent == foreign_span().span_id);
  BOOST_TEST(attribute(tracer.only("settle q"), "messaging.operation.name") == "complete");
}

BOOST_FIXTURE_TEST_CASE(a_job_that_nobody_records_has_no_spans, Coordinating) {
  take_traced("1", false);
  collect("1");
  answer_end("1");
  BOOST_TEST(!fetchers[0].last<FetchPage>().request.trace.sampled);
  BOOST_TEST(tracer.spans().empty());
}

BOOST_FIXTURE_TEST_CASE(a_failure_has_its_class_and_a_retry_its_name, Coordinating) {
  take_traced("1");
  fail_page("1", 0, {Errc::api_unavailable, "timeout"});
  answer_end("1");
  BOOST_TEST(tracer.only("process q").error == "api_unavailable");
  BOOST_TEST(attribute(tracer.only("settle q"), "messaging.operation.name") == "retry");
}

BOOST_FIXTURE_TEST_CASE(a_job_that_goes_back_is_released_without_a_failure, Coordinating) {
  take_traced("1");
  send_as(supervisor.handle, coordinator, Drain{0ms});
  give_back("1", 0);
  run();
  advance(0ms);
  answer_end("1");
  BOOST_TEST(attribute(tracer.only("settle q"), "messaging.operation.name") == "release");
  BOOST_TEST(tracer.only("process q").error == "");
}

BOOST_FIXTURE_TEST_CASE(a_lost_lock_ends_the_span_and_nothing_is_settled, Coordinating) {
  take_traced("1");
  send_as(keeper.handle, coordinator, LockLost{lock_of("1")});
  BOOST_TEST(tracer.only("process q").error == "lock_lost");
  BOOST_TEST(tracer.spans().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_normalizer_tells_of_traced_pages_alone, Working) {
  ContactMetrics metrics{registry};
  Recorder<JobCoordinatorActor> coordinator{*this};
  Result<PageHeader> header{PageHeader{}};
  const auto actor =
    spawn(normalizer, NormalizerDeps{[&](const SharedBody&, const auto& entry, const auto&) {
                                       RawContact raw;
                                       raw.email = "ann@acme.test";
                                       entry(raw);
                                       return header;
                                     },
                                     {[](const NormalizedPage&) { return std::string{}; },
                                      [](std::string_view) { return NormalizedPage{}; }},
                                     &metrics,
                                     &log,
                                     &tracer});
  NormalizePage message{{"7", "t"}, 100, SharedBody{"body"}};
  send_as(coordinator.handle, actor, message);
  BOOST_TEST(tracer.spans().empty());
  message.trace = foreign_span();
  send_as(coordinator.handle, actor, message);
  const auto span = tracer.only("normalize");
  BOOST_TEST(span.parent == foreign_span().span_id);
  BOOST_TEST(attribute(span, "gleaner.contacts") == "1");
  message.normalized = true; // the node has told of it
  send_as(coordinator.handle, actor, message);
  BOOST_TEST(tracer.spans().size() == 1u);
  message.normalized = false;
  header = Error{Errc::body_malformed, "no JSON"};
  send_as(coordinator.handle, actor, message);
  BOOST_TEST(tracer.spans().back().error == "body_malformed");
}

BOOST_FIXTURE_TEST_CASE(a_store_writer_tells_of_each_traced_collection, Working) {
  StoreMetrics metrics{registry};
  ReconcileMetrics reconciled{registry};
  Recorder<JobCoordinatorActor> coordinator{*this};
  MemoryStore store;
  const auto actor = spawn(store_writer, StoreWriterDeps{&store, &metrics, &reconciled, &tracer});
  StoreCollection message{{"7", "t"}, {}, now() + 1h};
  message.collection.domain = "acme.test";
  send_as(coordinator.handle, actor, message);
  BOOST_TEST(tracer.spans().empty());
  message.trace = foreign_span();
  send_as(coordinator.handle, actor, message);
  BOOST_TEST(tracer.only("store").parent == foreign_span().span_id);
  BOOST_TEST(tracer.only("store").error == "");
  message.valid_until = now() - 1h;
  send_as(coordinator.handle, actor, message);
  BOOST_TEST(tracer.spans().back().error == "lease_expired");
}

BOOST_FIXTURE_TEST_CASE(a_request_says_how_many_came_before_it, FetcherFixture) {
  api.script = {ScriptedApi::status(503), ScriptedApi::status(503), ScriptedApi::page("body")};
  ask();
  grant();
  for (int i = 0; i < 2; ++i) {
    advance(30s);
    grant();
  }
  BOOST_REQUIRE(api.requests.size() == 3u);
  for (std::uint32_t i = 0; i < 3; ++i)
    BOOST_TEST(api.requests[i].resends == i);
}

BOOST_FIXTURE_TEST_CASE(an_order_to_a_node_is_a_span_whose_context_goes_along, Working) {
  Recorder<PageServerActor> server{*this};
  NodeLinkDeps deps;
  deps.server = server.handle;
  deps.name = "far";
  deps.begun = [](const NodeLinkActor&) {};
  deps.served = [](std::uint64_t, const ApiAnswer&) {};
  deps.slots_changed = [](std::uint32_t) {};
  deps.gone = [](bool) {};
  deps.keys = [] { return std::string{}; };
  deps.log = &log;
  deps.tracer = &tracer;
  const auto link = spawn(node_link, deps);
  run();
  send_as(server.handle, link, Pong{server.last<Ping>().number, now(), 4, ""});
  const auto order = [&](std::uint64_t number, const TraceContext& trace) {
    caf::anon_send(link, PageOrdered{number, "default", {"acme.test", 100, 50, trace}, now() + 5s});
    run();
    return server.last<ServePage>().request.trace;
  };
  BOOST_TEST(!order(1, {}).sampled);
  const auto second = order(2, foreign_span()), third = order(3, foreign_span());
  send_as(server.handle, link, PageServed{2, ScriptedApi::status(200)});
  const auto answered = tracer.only("order page");
  BOOST_TEST((answered.context == second));
  BOOST_TEST(answered.parent == foreign_span().span_id);
  BOOST_TEST(answered.error == "");
  BOOST_TEST(attribute(answered, "gleaner.node") == "far");
  advance(1h); // without an answer
  BOOST_REQUIRE(tracer.spans().size() == 2u);
  BOOST_TEST((tracer.spans()[1].context == third));
  BOOST_TEST(tracer.spans()[1].error == "node_lost");
}

BOOST_FIXTURE_TEST_CASE(a_server_of_pages_hands_on_the_context_of_the_order, Working) {
  Recorder<NodeLinkActor> link{*this};
  Recorder<NormalizerActor> normalizer{*this};
  ScriptedApi api;
  ClusterMetrics metrics{registry};
  PageServerDeps deps;
  deps.metrics = &metrics;
  deps.apis = {{"default", &api}};
  deps.normalizers = {normalizer.handle};
  deps.profile = &profile::builtin_profile();
  deps.slots = [] { return 2u; };
  deps.keys = [] { return std::string{}; };
  deps.log = &log;
  const auto server = spawn(page_server, deps);
  send_as(link.handle, server,
          ServePage{7, "default", {"acme.test", 0, 10, foreign_span(), 2}, now() + 1s});
  BOOST_REQUIRE(api.requests.size() == 1u);
  BOOST_TEST((api.requests[0].trace == foreign_span()));
  BOOST_TEST(api.requests[0].resends == 2u);
  api.answer(ScriptedApi::page("body"));
  run();
  BOOST_REQUIRE(normalizer.count<PackPage>() == 1u);
  BOOST_TEST((normalizer.last<PackPage>().trace == foreign_span()));
}

BOOST_AUTO_TEST_SUITE_END()
