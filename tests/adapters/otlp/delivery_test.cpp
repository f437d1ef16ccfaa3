#include "adapters/otlp/delivery.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner::otlp;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(delivery)

BOOST_AUTO_TEST_CASE(only_what_may_pass_is_sent_again) {
  for (const long status : {429, 502, 503, 504}) {
    const auto found = judge(status, "", 7s);
    BOOST_TEST(!found.taken);
    BOOST_TEST(found.again);
    BOOST_TEST(found.wait.count() == 7);
    BOOST_TEST(found.why == "the collector answers " + std::to_string(status));
  }
  for (const long status : {100, 301, 400, 401, 404, 413, 500, 501})
    BOOST_TEST((!judge(status, "", 0s).taken && !judge(status, "", 0s).again));
}

BOOST_AUTO_TEST_CASE(the_usual_mistakes_have_a_remedy) {
  BOOST_TEST(judge(401, "", 0s).why.find("OTEL_EXPORTER_OTLP_HEADERS") != std::string::npos);
  BOOST_TEST(judge(404, "", 0s).why.find("path") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_collector_may_leave_some_out) {
  for (const auto* body : {R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}})",
                           R"({"partialSuccess":{"rejectedSpans":3,"errorMessage":"too old"}})"}) {
    const auto found = judge(200, body, 0s);
    BOOST_TEST(found.taken);
    BOOST_TEST(found.rejected == 3u);
    BOOST_TEST(found.why == "the collector left out 3 spans: too old");
  }
}

BOOST_AUTO_TEST_CASE(an_odd_body_of_a_success_is_a_success) {
  for (const auto* body :
       {"", "{}", "null", "[]", "{", "<html>", R"({"partialSuccess":null})",
        R"({"partialSuccess":{}})", R"({"partialSuccess":{"rejectedSpans":"many"}})",
        R"({"partialSuccess":{"rejectedSpans":-1,"errorMessage":{}}})"}) {
    const auto found = judge(202, body, 0s);
    BOOST_TEST((found.taken && found.rejected == 0), body);
  }
}

BOOST_AUTO_TEST_CASE(nobody_is_waited_for_longer_than_an_hour) {
  BOOST_TEST((judge(503, "", 3600s).wait == 3600s));
  for (const auto wait : {3601s, std::chrono::seconds{10000000000}, std::chrono::seconds::max()})
    BOOST_TEST((judge(503, "", wait).wait == 3600s));
  BOOST_TEST((judge(503, "", -5s).wait == 0s));
}

BOOST_AUTO_TEST_CASE(pauses_grow_to_five_seconds_and_are_not_the_same_everywhere) {
  BOOST_TEST(pause_after(1, 0).count() == 1000);
  BOOST_TEST(pause_after(2, 0).count() == 2000);
  BOOST_TEST(pause_after(4, 0).count() == 5000);
  BOOST_TEST(pause_after(1000000, 0).count() == 5000);
  BOOST_TEST(pause_after(2, 0.5).count() == 1500);
}

BOOST_AUTO_TEST_SUITE_END()
