#include "adapters/hunter/error_body.hpp"
#include "tests/adapters/hunter/page_reading.hpp"
#include "tests/support/print_error.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;
using namespace gleaner::hunter;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace error_body {

ApiAnswer read(std::string_view body) {
  ApiAnswer answer;
  read_error_body(body, answer);
  return answer;
}

/// 2026-11-23 12:00:00 GMT, a Monday.
const auto noon = std::chrono::system_clock::from_time_t(1795435200);

/// The wait in seconds; -1 for none.
std::int64_t wait(std::string_view text) {
  return parse_retry_after(text, noon).value_or(-1s).count();
}

std::string details_of(const std::string& text) {
  return read(R"({"errors":[{"details":")" + text + R"("}]})").error_details;
}

} // namespace error_body

BOOST_AUTO_TEST_SUITE(error_body)

BOOST_AUTO_TEST_CASE(the_first_of_the_errors_is_read) {
  const auto answer = read(R"({"errors":[{"id":"too_many_requests","code":429,)"
                           R"("details":"Slow down."},{"id":"other","details":"no"}]})");
  BOOST_TEST(answer.is_json);
  BOOST_TEST(answer.error_id == "too_many_requests");
  BOOST_TEST(answer.error_details == "Slow down.");
}

BOOST_AUTO_TEST_CASE(errors_may_be_a_single_object) {
  const auto answer = read(R"({"errors":{"id":"wrong","code":400,"details":"why"}})");
  BOOST_TEST(answer.error_id == "wrong");
  BOOST_TEST(answer.error_details == "why");
}

BOOST_AUTO_TEST_CASE(json_without_a_readable_error_is_json_all_the_same) {
  for (const auto* body :
       {"{}", R"({"errors":[]})", R"({"errors":null})", R"({"errors":"text"})", R"({"errors":[7]})",
        R"({"errors":[[]]})", R"({"errors":{}})", R"({"errors":[{"id":7,"details":null}]})",
        R"({"message":"API rate limit exceeded"})"}) {
    BOOST_TEST_CONTEXT(body) {
      const auto answer = read(body);
      BOOST_TEST(answer.is_json);
      BOOST_TEST(answer.error_id == "");
      BOOST_TEST(answer.error_details == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_not_json) {
  for (const std::string body :
       {"", " ", "<html><title>502</title></html>", "null", "[]", "\"text\"", "7", "{",
        R"({"errors":[{"id":"cut)", R"({"errors":[{"id":"two"}]}{})", "\xff\xfe",
        "{\"errors\":[{\"id\":\"bad \xff utf-8\"}]}", R"({"errors":[{"id":"x","code":1e999}]})"}) {
    BOOST_TEST_CONTEXT(body) {
      const auto answer = read(body);
      BOOST_TEST(!answer.is_json);
      BOOST_TEST(answer.error_id == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_huge_body_is_not_read) {
  const std::string head = R"({"errors":[{"id":"here"}],"x":")";
  const auto body_of = [&](std::size_t size) {
    return head + std::string(size - head.size() - 2, 'x') + "\"}";
  };
  BOOST_TEST(read(body_of(64 * 1024)).error_id == "here");
  BOOST_TEST(read(body_of(64 * 1024 + 1)).error_id == "");
  BOOST_TEST(!read(body_of(64 * 1024 + 1)).is_json);
}

BOOST_AUTO_TEST_CASE(a_deep_body_is_not_read) {
  const auto nested = [](std::size_t depth) {
    return R"({"errors":[{"id":"here"}],"x":)" + repeat("[", depth) + repeat("]", depth) + "}";
  };
  BOOST_TEST(read(nested(5)).error_id == "here");
  BOOST_TEST(read(nested(20)).error_id == "");
  BOOST_TEST(!read(nested(30000)).is_json);
}

BOOST_AUTO_TEST_CASE(texts_are_cut_at_300_bytes) {
  BOOST_TEST(details_of(std::string(300, 'x')) == std::string(300, 'x'));
  BOOST_TEST(details_of(std::string(301, 'x')) == std::string(300, 'x'));
}

BOOST_AUTO_TEST_CASE(a_cut_leaves_no_half_character) {
  BOOST_TEST(details_of(std::string(299, 'x') + "\xC3\xA9") == std::string(299, 'x'));
  BOOST_TEST(details_of(std::string(298, 'x') + "\xE2\x82\xAC") == std::string(298, 'x'));
  BOOST_TEST(details_of(std::string(297, 'x') + "\xF0\x9F\x98\x80") == std::string(297, 'x'));
  BOOST_TEST(details_of(std::string(298, 'x') + "\xC3\xA9") == std::string(298, 'x') + "\xC3\xA9");
}

BOOST_AUTO_TEST_CASE(texts_lose_control_characters) {
  BOOST_TEST(details_of(R"(a\nb\u001b[31mc\u0000d\u007fe)") == "a b [31mc d e");
}

BOOST_AUTO_TEST_CASE(retry_after_is_seconds) {
  BOOST_TEST(wait("0") == 0);
  BOOST_TEST(wait("120") == 120);
  BOOST_TEST(wait(" \t120 \r\n") == 120);
  BOOST_TEST(wait("-5") == 0);
}

BOOST_AUTO_TEST_CASE(retry_after_is_a_date) {
  BOOST_TEST(wait("Mon, 23 Nov 2026 12:00:30 GMT") == 30);
  BOOST_TEST(wait(" Mon, 23 Nov 2026 13:00:00 GMT\r\n") == 3600);
  BOOST_TEST(wait("Monday, 23-Nov-26 12:00:30 GMT") == 30); // RFC 9110 section 5.6.7: obsolete
  BOOST_TEST(wait("Mon Nov 23 12:00:30 2026") == 30);       // forms that must still be read
}

BOOST_AUTO_TEST_CASE(a_date_in_the_past_is_now) {
  BOOST_TEST(wait("Mon, 23 Nov 2026 11:59:00 GMT") == 0);
  BOOST_TEST(wait("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
}

BOOST_AUTO_TEST_CASE(part_of_a_second_counts_as_one) {
  BOOST_TEST((parse_retry_after("Mon, 23 Nov 2026 12:00:30 GMT", noon + 1ms).value_or(-1s) == 30s));
}

BOOST_AUTO_TEST_CASE(no_wait_is_longer_than_a_year) {
  BOOST_TEST(wait("9223372036854775807") == 366 * 86400);
  BOOST_TEST(wait("99999999999999999999") == 366 * 86400);
  BOOST_TEST(wait("-99999999999999999999") == 0);
  BOOST_TEST(wait("Fri, 31 Dec 9999 23:59:59 GMT") == 366 * 86400);
}

BOOST_AUTO_TEST_CASE(what_is_neither_seconds_nor_a_date_is_nothing) {
  for (const auto* text : {"", " ", "\r\n", "soon", "1.5"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(wait(text) == -1);
}

BOOST_AUTO_TEST_CASE(an_account_is_its_plan_and_its_credits) {
  const auto account = read_account(
    R"({"data":{"first_name":"Ann","plan_name":"Starter","plan_level":1,"reset_date":"2026-12-01",)"
    R"("requests":{"credits":{"used":12.5,"available":500,"remaining":487.5}}}})");
  BOOST_REQUIRE(bool(account));
  BOOST_TEST(account->plan_name == "Starter");
  BOOST_TEST(account->plan_level == 1);
  BOOST_TEST(account->reset_date == "2026-12-01");
  BOOST_TEST(account->credits_used.value_or(-1) == 12.5);
  BOOST_TEST(account->credits_available.value_or(-1) == 500);
  BOOST_TEST(account->credits_remaining.value_or(-1) == 487.5);
}

BOOST_AUTO_TEST_CASE(what_remains_is_worked_out_where_it_is_not_sent) {
  const auto remaining = [](const std::string& bucket) {
    return read_account(R"({"data":{"requests":{"searches":)" + bucket + "}}}")
      ->credits_remaining.value_or(-1);
  };
  BOOST_TEST(remaining(R"({"used":10,"available":25})") == 15);
  BOOST_TEST(remaining(R"({"used":30,"available":25})") == 0);
  BOOST_TEST(!has_no_credits(
    *read_account(R"({"data":{"requests":{"searches":{"used":30,"available":25}}}})")));
  BOOST_TEST(has_no_credits(*read_account(R"({"data":{"requests":{"credits":{"remaining":0}}}})")));
  BOOST_TEST(remaining(R"({"used":30})") == -1);
  BOOST_TEST(remaining(R"({"used":"1","available":25})") == -1);
}

BOOST_AUTO_TEST_CASE(the_bucket_of_credits_goes_before_that_of_searches) {
  const auto account = read_account(R"({"data":{"requests":{"searches":{"remaining":1},)"
                                    R"("credits":{"remaining":2}}}})");
  BOOST_TEST(account->credits_remaining.value_or(-1) == 2);
}

BOOST_AUTO_TEST_CASE(the_allowances_of_old_plans_tell_frozen_accounts) {
  const auto standing = [](int level, const std::string& searches, const std::string& others) {
    return read_account(R"({"data":{"plan_level":)" + std::to_string(level) +
                        R"(,"requests":{"searches":{"used":0,"available":)" + searches +
                        R"(},"verifications":{"used":0,"available":)" + others + "}}}}")
      ->standing;
  };
  BOOST_TEST((standing(0, "0", "0") == AccountStanding::incomplete));
  BOOST_TEST((standing(2, "0", "0.0") == AccountStanding::frozen));
  BOOST_TEST((standing(2, "250", "250") == AccountStanding::soft_frozen));
  BOOST_TEST((standing(2, "250", "500") == AccountStanding::ordinary));
  BOOST_TEST((standing(2, "0", "500") == AccountStanding::ordinary));
  BOOST_TEST((standing(2, "null", "null") == AccountStanding::ordinary));
  const auto frozen = read_account(
    R"({"data":{"plan_level":2,"requests":{"searches":{"available":0},"verifications":{"available":0}}}})");
  BOOST_TEST(has_no_credits(*frozen));
  BOOST_TEST(why_no_credits(*frozen).find("frozen") != std::string::npos);
  const auto one_bucket =
    read_account(R"({"data":{"plan_level":2,"requests":{"credits":{"available":50,"remaining":7},)"
                 R"("searches":{"available":0},"verifications":{"available":0}}}})");
  BOOST_TEST(!has_no_credits(*one_bucket));
  BOOST_TEST((one_bucket->standing == AccountStanding::ordinary));
}

BOOST_AUTO_TEST_CASE(a_reset_date_is_midnight_of_its_day_and_an_odd_one_is_none) {
  const auto reset = [](const std::string& date) {
    ApiAccount account;
    account.reset_date = date;
    return reset_time(account);
  };
  BOOST_TEST(reset("1970-01-02").value_or(-1) == 86400);
  BOOST_TEST(reset("2027-01-15").value_or(-1) == 1799971200);
  for (const auto* odd :
       {"", "2027-13-01", "2027-02-30", "2027-1-1", "2027-01-15T00:00", "tomorrow-x"})
    BOOST_TEST(!reset(odd), odd);
}

BOOST_AUTO_TEST_CASE(a_bare_account_is_one_without_figures) {
  for (const auto* body : {R"({"data":{}})", R"({"data":{"requests":null,"plan_name":null}})",
                           R"({"data":{"requests":{"credits":7,"searches":[]}}})"}) {
    BOOST_TEST_CONTEXT(body) {
      const auto account = read_account(body);
      BOOST_REQUIRE(bool(account));
      BOOST_TEST(account->plan_name == "");
      BOOST_TEST(!account->credits_remaining.has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(an_absurd_plan_level_is_bounded) {
  BOOST_TEST(read_account(R"({"data":{"plan_level":1e300}})")->plan_level == 99);
  BOOST_TEST(read_account(R"({"data":{"plan_level":-1e300}})")->plan_level == 0);
}

BOOST_AUTO_TEST_CASE(an_account_without_data_is_malformed) {
  for (const auto* body : {"", "{}", "[]", R"({"data":null})", R"({"data":[1]})", "<html>"}) {
    BOOST_TEST_CONTEXT(body) {
      const auto account = read_account(body);
      BOOST_REQUIRE(!bool(account));
      BOOST_TEST(account.error().code == Errc::body_malformed);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
