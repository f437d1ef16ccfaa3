#include "actors/normalizer.hpp"
#include "core/normalize.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;

namespace normalizer_actor {

struct Fakes {
  prometheus::Registry registry;
  ContactMetrics metrics{registry};
  SilentLog log;
};

struct Fixture : Fakes, DeterministicSystem {
  Recorder<JobCoordinatorActor> coordinator{*this};

  PageCodec codec{
    [](const NormalizedPage& page) { return "packed " + std::string{page.contacts.email(0)}; },
    [](std::string_view packed) -> Result<NormalizedPage> {
      if (packed != "whole")
        return Error{Errc::body_malformed, "damaged"};
      return NormalizedPage{};
    }};

  void normalize_with(PageReader reader) {
    const auto actor = spawn(normalizer, NormalizerDeps{std::move(reader), codec, &metrics, &log});
    send_as(coordinator.handle, actor, NormalizePage{{"7", "t"}, 100, SharedBody{"body"}});
  }
};

RawContact raw(std::string_view email) {
  RawContact contact;
  contact.email = email;
  return contact;
}

} // namespace normalizer_actor

BOOST_FIXTURE_TEST_SUITE(normalizer_actor, Fixture)

BOOST_AUTO_TEST_CASE(usable_entries_become_contacts_and_the_others_are_counted) {
  normalize_with([](const SharedBody& body, const auto& entry, const auto& unreadable) {
    BOOST_TEST(body.view() == "body");
    entry(raw("Ann@Acme.test"));
    entry(raw("no address"));
    unreadable(contact_rejects[0]);
    PageHeader header;
    header.total = 250;
    header.rows = 3;
    return Result<PageHeader>{header};
  });
  BOOST_REQUIRE(coordinator.count<PageNormalized>() == 1u);
  const auto& answer = coordinator.last<PageNormalized>();
  BOOST_TEST(answer.lock.job_id == "7");
  BOOST_TEST(answer.offset == 100u);
  BOOST_TEST(answer.page.header.total == 250u);
  BOOST_TEST(answer.page.rejected == 2u);
  BOOST_REQUIRE(answer.page.contacts.size() == 1u);
  BOOST_TEST(answer.page.contacts[0].email == "ann@acme.test");
  BOOST_TEST(answer.packed == "packed ann@acme.test");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_page_is_reported_without_its_contacts) {
  normalize_with([](const SharedBody&, const auto& entry, const auto&) {
    entry(raw("ann@acme.test"));
    return Result<PageHeader>{Error{Errc::body_malformed, "no meta.results"}};
  });
  BOOST_TEST(coordinator.count<PageNormalized>() == 0u);
  BOOST_REQUIRE(coordinator.count<PageUnreadable>() == 1u);
  BOOST_TEST(coordinator.last<PageUnreadable>().error.detail == "no meta.results");
}

BOOST_AUTO_TEST_CASE(pages_of_a_ledger_are_unpacked_and_damaged_ones_counted) {
  const auto actor = spawn(normalizer, NormalizerDeps{{}, codec, &metrics, &log});
  send_as(coordinator.handle, actor, UnpackPage{{"7", "t"}, {100, 50, "whole"}});
  BOOST_REQUIRE(coordinator.count<PageUnpacked>() == 1u);
  BOOST_TEST(coordinator.last<PageUnpacked>().page.has_value());
  BOOST_TEST(coordinator.last<PageUnpacked>().offset == 100u);
  BOOST_TEST(coordinator.last<PageUnpacked>().limit == 50u);
  send_as(coordinator.handle, actor, UnpackPage{{"7", "t"}, {200, 50, "spoilt"}});
  BOOST_TEST(!coordinator.last<PageUnpacked>().page);
  BOOST_TEST(metrics.pages_damaged.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_page_that_a_node_has_read_is_only_unpacked) {
  const auto actor = spawn(normalizer, NormalizerDeps{{}, codec, &metrics, &log});
  send_as(coordinator.handle, actor, NormalizePage{{"7", "t"}, 100, SharedBody{"whole"}, true});
  BOOST_REQUIRE(coordinator.count<PageNormalized>() == 1u);
  BOOST_TEST(coordinator.last<PageNormalized>().packed == "whole");
  send_as(coordinator.handle, actor, NormalizePage{{"7", "t"}, 100, SharedBody{"torn"}, true});
  BOOST_REQUIRE(coordinator.count<PageUnreadable>() == 1u);
  BOOST_TEST(metrics.pages_unreadable.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_server_of_pages_gets_contacts_in_the_form_of_the_ledger) {
  Recorder<PageServerActor> server{*this};
  const auto actor = spawn(
    normalizer, NormalizerDeps{[](const SharedBody& body, const auto& entry, const auto&) {
                                 if (body.view() != "body")
                                   return Result<PageHeader>{Error{Errc::body_malformed, "?"}};
                                 entry(raw("ann@acme.test"));
                                 return Result<PageHeader>{PageHeader{}};
                               },
                               codec, &metrics, &log});
  send_as(server.handle, actor, PackPage{7, SharedBody{"body"}});
  send_as(server.handle, actor, PackPage{8, SharedBody{"<html>"}});
  BOOST_REQUIRE(server.count<PagePacked>() == 2u);
  BOOST_TEST(server.all<PagePacked>()[0].number == 7u);
  BOOST_TEST((server.all<PagePacked>()[0].packed == "packed ann@acme.test"));
  BOOST_TEST(server.all<PagePacked>()[1].number == 8u);
  BOOST_TEST(!server.all<PagePacked>()[1].packed);
}

BOOST_AUTO_TEST_SUITE_END()
