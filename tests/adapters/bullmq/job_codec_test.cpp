#include "adapters/bullmq/job_codec.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::bullmq;

namespace job_codec {

TakenJob options(std::string_view json) {
  TakenJob job;
  read_options(json, job);
  return job;
}

} // namespace job_codec

BOOST_AUTO_TEST_SUITE(job_codec)

BOOST_AUTO_TEST_CASE(the_domain_is_read_as_the_producer_wrote_it) {
  const auto read = read_data(R"({"domain":" Acme.TEST ","more":[1,{"x":null}]})");
  BOOST_TEST(!read.refusal.has_value());
  BOOST_TEST(read.domain == " Acme.TEST ");
}

BOOST_AUTO_TEST_CASE(data_without_a_usable_domain_is_refused_with_what_it_was) {
  const std::string deep(40000, '[');
  for (const std::string& data :
       {std::string{}, std::string{"nonsense"}, std::string{"[]"}, std::string{"{}"},
        std::string{R"({"domain":7})"}, std::string{R"({"domain":null})"},
        std::string{"\"acme.test\""}, deep, std::string{"{\"domain\":\"\xff\"}"}}) {
    const auto read = read_data(data);
    BOOST_REQUIRE(read.refusal.has_value());
    BOOST_TEST(read.domain.empty());
    BOOST_TEST(read.refusal->size() < 200u);
  }
  BOOST_TEST(read_data("nonsense").refusal->find("'nonsense'") != std::string::npos);
  BOOST_TEST(read_data("\x1b[31m").refusal->find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(backoff_comes_as_number_or_object) {
  const auto number = options(R"({"attempts":3,"backoff":300})").retry;
  BOOST_TEST((number.kind == BackoffKind::fixed));
  BOOST_TEST(number.delay.count() == 300);
  const auto object =
    options(R"({"attempts":4,"backoff":{"type":"exponential","delay":2000,"jitter":0.5}})").retry;
  BOOST_TEST((object.kind == BackoffKind::exponential));
  BOOST_TEST(object.attempts == 4u);
  BOOST_TEST(object.jitter == 0.5);
  BOOST_TEST((options(R"({"backoff":{"type":"mine"}})").retry.kind == BackoffKind::unknown));
}

BOOST_AUTO_TEST_CASE(every_form_of_retention_is_understood) {
  BOOST_TEST(!options("{}").keep_completed.has_value());
  BOOST_TEST(options(R"({"removeOnComplete":true})").keep_completed->count.value() == 0);
  BOOST_TEST(!options(R"({"removeOnComplete":false})").keep_completed->count.has_value());
  BOOST_TEST(options(R"({"removeOnFail":7})").keep_failed->count.value() == 7);
  const auto object =
    *options(R"({"removeOnComplete":{"age":60,"count":5,"limit":9}})").keep_completed;
  BOOST_TEST(object.age_seconds.value() == 60);
  BOOST_TEST(object.count.value() == 5);
  BOOST_TEST(object.limit.value() == 9);
}

BOOST_AUTO_TEST_CASE(strange_options_are_tolerated) {
  for (const auto* opts : {"", "[]", "nonsense", R"({"attempts":"3"})", R"({"backoff":[]})",
                           R"({"attempts":-5,"removeOnFail":"yes","stackTraceLimit":{}})"}) {
    const auto job = options(opts);
    BOOST_TEST(job.retry.attempts == 0u);
    BOOST_TEST(!job.keep_failed.has_value());
  }
  BOOST_TEST(options(R"({"attempts":1e15})").retry.attempts == 1000000000u);
  BOOST_TEST(options(R"({"attempts":2,"repeat":{},"path":"a\/b","parent":null})").retry.attempts ==
             2u);
}

BOOST_AUTO_TEST_CASE(options_that_nest_absurdly_deep_are_ignored) {
  const auto job = options("{\"attempts\":3,\"deep\":" + std::string(100000, '[') +
                           std::string(100000, ']') + "}");
  BOOST_TEST(job.retry.attempts == 0u);
  BOOST_TEST(
    options(R"({"attempts":3,"text":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[["})").retry.attempts ==
    3u);
}

BOOST_AUTO_TEST_CASE(a_description_that_is_cut_is_refused) {
  redis::RedisValue description;
  description.kind = redis::RedisValue::Kind::array;
  BOOST_TEST(read_job(description).refusal.has_value());
  BOOST_TEST(read_take(description).jobs.empty());
}

BOOST_AUTO_TEST_CASE(progress_has_the_keys_that_its_readers_know) {
  Progress progress;
  progress.domain = "acme.test";
  BOOST_TEST(to_json(progress) == R"({"status":"starting","domain":"acme.test"})");
  progress.status = ProgressStatus::fetching;
  progress.page = 2;
  progress.collected = 150;
  progress.total = 250;
  progress.percent = 60;
  BOOST_TEST(to_json(progress) ==
             R"({"status":"fetching","page":2,"collected":150,"total":250,"progress":60})");
  progress.status = ProgressStatus::rate_limited;
  progress.backoff = std::chrono::milliseconds{4000};
  BOOST_TEST(to_json(progress) ==
             R"({"status":"rate_limited","page":2,"backoffMs":4000,"collected":150})");
  progress.status = ProgressStatus::normalizing;
  BOOST_TEST(to_json(progress) ==
             R"({"status":"normalizing","domain":"acme.test","collected":150,"total":250})");
  progress.status = ProgressStatus::completed;
  progress.items_saved = 149;
  BOOST_TEST(to_json(progress) ==
             R"({"status":"completed","domain":"acme.test","itemsSaved":149,"total":250})");
  progress.status = ProgressStatus::failed;
  progress.error = "HTTP 401";
  progress.code = "key_rejected";
  BOOST_TEST(to_json(progress) == R"({"status":"failed","domain":"acme.test","error":"HTTP 401",)"
                                  R"("code":"key_rejected"})");
}

BOOST_AUTO_TEST_CASE(the_result_has_the_keys_that_its_readers_know) {
  JobResult result{"acme.test", 149, 250, "2026-01-01T00:00:00.000Z", ""};
  BOOST_TEST(to_json(result) == R"({"success":true,"domain":"acme.test","itemsCollected":149,)"
                                R"("total":250,"collectedAt":"2026-01-01T00:00:00.000Z"})");
  result.truncated = "max_collect";
  BOOST_TEST(to_json(result).ends_with(R"("truncated":"max_collect"})"));
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_still_becomes_json) {
  Progress progress;
  progress.domain = "\xff";
  BOOST_TEST(to_json(progress).find("\xEF\xBF\xBD") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
