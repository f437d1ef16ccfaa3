#include "core/domain.hpp"
#include "tests/support/print_error.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

namespace domain_suite {

struct Cleaned {
  std::string_view text;
  std::string_view domain;
};

const std::vector<Cleaned> good{
  {"example.com", "example.com"},
  {"EXAMPLE.COM", "example.com"},
  {"  example.com\t\r\n", "example.com"},
  {"\u00A0example.com\uFEFF", "example.com"},
  {"example.com.", "example.com"},
  {"www.example.com", "example.com"},
  {"WWW.Example.com", "example.com"},
  {"www.www.example.com", "www.example.com"},
  {"www.com", "www.com"},
  {"www2.example.com", "www2.example.com"},
  {"mail.example.co.uk", "mail.example.co.uk"},
  {"http://example.com", "example.com"},
  {"HTTPS://Example.com/", "example.com"},
  {"https://example.com/a/b?c=d#e", "example.com"},
  {"https://example.com?x=1", "example.com"},
  {"https://example.com#x", "example.com"},
  {"//example.com/x", "example.com"},
  {"ftp://example.com", "example.com"},
  {"example.com/about us", "example.com"},
  {"example.com:8080", "example.com"},
  {"example.com:", "example.com"},
  {"example.com:443/x", "example.com"},
  {"https://user@example.com", "example.com"},
  {"https://user:pw@example.com:1/x", "example.com"},
  {"https://a@b:pw@example.com", "example.com"},
  {"https://user:pw@WWW.B\u00FCcher.example:8443/x?y#z", "xn--bcher-kva.example"},
  {"ann@example.com", "example.com"},
  {"Ann.Lind@Mail.Example.com", "mail.example.com"},
  {"mailto:ann@example.com", "example.com"},
  {"MAILTO:ann@example.com?subject=Hi", "example.com"},
  {"@example.com", "example.com"},
  {"b\u00FCcher.example", "xn--bcher-kva.example"},
  {"B\u00DCCHER.example", "xn--bcher-kva.example"},
  {"bu\u0308cher.example", "xn--bcher-kva.example"},
  {"xn--bcher-kva.example", "xn--bcher-kva.example"},
  {"XN--BCHER-KVA.example", "xn--bcher-kva.example"},
  {"fa\u00DF.de", "xn--fa-hia.de"},
  {"\u0434\u043E\u043C\u0435\u043D.\u0440\u0444", "xn--d1acufc.xn--p1ai"},
  {"\u4F8B\u3048.\u30C6\u30B9\u30C8", "xn--r8jz45g.xn--zckzah"},
  {"\u0645\u062B\u0627\u0644.\u0625\u062E\u062A\u0628\u0627\u0631", "xn--mgbh0fb.xn--kgbechtv"},
  {"\u4F8B\u3048\u3002\u30C6\u30B9\u30C8", "xn--r8jz45g.xn--zckzah"},
  {"\uFF45\uFF58\uFF41\uFF4D\uFF50\uFF4C\uFF45.com", "example.com"},
  {"exam\u00ADple.com", "example.com"},
  {"r3---sn.example.com", "r3---sn.example.com"},
  {"1and1.com", "1and1.com"},
  {"163.com", "163.com"},
  {"a.b.c.d.e.f.example", "a.b.c.d.e.f.example"},
  {"x.y", "x.y"},
};

struct Refused {
  std::string_view text;
  std::string_view why;
};

const std::vector<Refused> bad{
  {"", "empty"},
  {"   ", "empty"},
  {"https://", "empty"},
  {"https:///etc/passwd", "empty"},
  {"/etc/passwd", "empty"},
  {"user@", "empty"},
  {"mailto:", "empty"},
  {".", "empty"},
  {"..", "empty part"},
  {"../../etc/passwd", "empty part"},
  {"example.com..", "empty part"},
  {".example.com", "empty part"},
  {"a..b.com", "empty part"},
  {"a\u3002\u3002b.com", "empty part"},
  {"localhost", "no dot"},
  {"com", "no dot"},
  {"http://http://example.com", "no dot"},
  {"1234", "a number"},
  {"1.2.3.4", "IP address"},
  {"http://127.0.0.1:80/", "IP address"},
  {"1.2.3", "IP address"},
  {"example.123", "IP address"},
  {"example.0x7f", "IP address"},
  {"::1", "IP address"},
  {"[::1]", "IP address"},
  {"2001:DB8::ffff:1.2.3.4", "IP address"},
  {"http://[2001:db8::1]:8080/", "IP address"},
  {"exa mple.com", "a space"},
  {"exa\u00A0mple.com", "space"},
  {"a_b.com", "an underscore"},
  {"_dmarc.example.com", "an underscore"},
  {"caf\u00E9_x.com", "an underscore"},
  {"-a.com", "hyphen"},
  {"a-.com", "hyphen"},
  {"a.com-", "hyphen"},
  {"example.com:x", "contains \":\""},
  {"example.com:123456", "contains \":\""},
  {"a@b@c.com", "contains \"@\""},
  {"ex%61mple.com", "contains \"%\""},
  {"a\\b.com", "contains \"\\\""},
  {"<script>.com", "contains \"<\""},
  {"\"example.com\"", "contains \"\"\""},
  {"*.example.com", "contains \"*\""},
  {"example,com", "contains \",\""},
  {"a.com b.com", "a space"},
  {"\u2100.com", "contains \"/\""}, // "a/c" after UTS 46 mapping
  {"a\u2488com.de", "can't be used"},
  {"\u0301a.com", "can't be used"},
  {"i\u2764.ws", "can't be used"},
  {"\u00AD.com", "empty part"},
  {"xn--a.com", "no valid internationalised name"},
  {"xn--abc-.com", "hyphen"},
  {"xn--example-.com", "hyphen"},
  {"xn--i-7iq.ws", "no valid internationalised name"},
  {"xn--.com", "hyphen"},
  {"exam\nple.com", "control characters"},
  {"five.test\r\nX-Evil: 1", "control characters"},
  {std::string_view{"five.test\0.evil.test", 20}, "control characters"},
  {"\x1B[31mred.com", "control characters"},
  {"moc.\u202Eelpmaxe", "control characters"},
  {"a\u2028b.com", "control characters"},
  {"caf\xE9.com", "no valid UTF-8"},
  {"\xED\xA0\x80.test", "no valid UTF-8"},
  {"\xC0\xAE.com", "no valid UTF-8"},
};

} // namespace domain_suite

BOOST_AUTO_TEST_SUITE(domain_suite)

BOOST_AUTO_TEST_CASE(what_people_paste_becomes_the_domain_they_meant) {
  BOOST_TEST(good.size() + bad.size() >= 80u);
  for (const auto& [text, domain] : good) {
    const auto cleaned = clean_domain(text);
    BOOST_TEST_CONTEXT(quote(text)) {
      BOOST_REQUIRE_MESSAGE(bool(cleaned), (cleaned ? *cleaned : cleaned.error().detail));
      BOOST_TEST(*cleaned == domain);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cleaned_domain_stays_as_it_is) {
  for (const auto& [text, domain] : good)
    BOOST_TEST_CONTEXT(quote(text)) {
      BOOST_TEST(to_query_domain(domain).value() == domain);
      if (!domain.starts_with("www."))
        BOOST_TEST(clean_domain(domain).value() == domain);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_domain_is_refused_with_the_reason_and_a_remedy) {
  for (const auto& [text, why] : bad) {
    const auto cleaned = clean_domain(text);
    BOOST_TEST_CONTEXT(quote(text)) {
      BOOST_REQUIRE_MESSAGE(!cleaned, (cleaned ? *cleaned : cleaned.error().detail));
      const auto& error = cleaned.error();
      BOOST_TEST(error.code == Errc::domain_invalid);
      BOOST_TEST(error.detail.find(why) != std::string::npos, error.detail);
      BOOST_TEST(error.detail.find("write it like example.com") != std::string::npos);
      BOOST_TEST(is_utf8(error.detail));
      for (const char c : error.detail)
        BOOST_TEST((static_cast<unsigned char>(c) >= 0x20));
    }
  }
}

BOOST_AUTO_TEST_CASE(names_and_parts_may_be_as_long_as_dns_lets_them_and_no_longer) {
  const std::string part(63, 'a');
  const auto longest = part + '.' + part + '.' + part + '.' + std::string(61, 'b');
  BOOST_TEST(longest.size() == 253u);
  BOOST_TEST(clean_domain(longest).value() == longest);
  BOOST_TEST(!clean_domain(longest + 'b'));
  BOOST_TEST(clean_domain(part + ".test").value() == part + ".test");
  BOOST_TEST(!clean_domain(part + "a.test"));
  std::string wide; // 60 characters that need more than 63 in the A-label
  for (int i = 0; i < 60; ++i)
    wide += i % 2 ? "\u00FC" : "\u4F8B";
  BOOST_TEST(!clean_domain(wide + ".test"));
}

BOOST_AUTO_TEST_CASE(a_huge_text_is_refused_with_a_short_error) {
  BOOST_TEST(clean_domain(std::string(70'000, 'a')).error().detail.find("it is 70000 bytes long") !=
             std::string::npos);
  for (const auto& huge : {std::string(70'000, 'a') + ".test", std::string(70'000, '.'),
                           std::string(70'000, '\x01'), std::string(70'000, '\xFF')}) {
    for (const auto& refused : {clean_domain(huge), to_query_domain(huge)}) {
      BOOST_TEST(!refused);
      BOOST_TEST(refused.error().detail.size() < 500u);
      BOOST_TEST(refused.error().detail.find("(700") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_job_must_name_a_bare_domain) {
  BOOST_TEST(to_query_domain(" Example.COM ").value() == "example.com");
  BOOST_TEST(to_query_domain("www.example.com").value() == "www.example.com");
  BOOST_TEST(to_query_domain("B\u00FCcher.example").value() == "xn--bcher-kva.example");
  const auto url = to_query_domain("https://www.example.com/team");
  BOOST_TEST(!url);
  BOOST_TEST(url.error().detail == "\"https://www.example.com/team\" is not a bare domain name: it "
                                   "contains \":\"; queue \"example.com\" instead");
  for (const auto* text :
       {"five.test?api_key=x&limit=1", "ann@five.test", "five.test/", "five.test."})
    BOOST_TEST_CONTEXT(text) {
      const auto refused = to_query_domain(text);
      BOOST_TEST(!refused);
      BOOST_TEST(refused.error().detail.find("queue \"five.test\" instead") != std::string::npos);
    }
  BOOST_TEST(to_query_domain("../../etc/passwd").error().detail.find("one like") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner
