#include "adapters/ledger/page_codec.hpp"
#include "tests/support/contact_copy.hpp"
#include "tests/support/print_error.hpp"
#include "tests/support/sample_contacts.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <random>
#include <string>

using namespace gleaner;
using namespace gleaner::ledger;

namespace {

NormalizedPage sample_page(std::size_t contacts) {
  NormalizedPage page;
  page.header = {250, 100, "Example Works", "{first}.{last}", true, false, true};
  page.rejected = 3;
  for (std::size_t i = 0; i < contacts; ++i)
    page.contacts.push_back(test::sample_contact(i));
  return page;
}

/// Every field, told apart by place, so that two pages are equal when their texts are.
std::string written_out(const NormalizedPage& page) {
  const auto& header = page.header;
  std::string text = header.organization + '|' + header.pattern;
  for (const auto number :
       {header.total, header.rows, std::uint32_t{header.accept_all}, std::uint32_t{header.webmail},
        std::uint32_t{header.disposable}, page.rejected})
    text += '|' + std::to_string(number);
  return text + '|' + page.contacts.bytes();
}

/// The sample page with a contact that is changed.
template <class Change>
NormalizedPage changed_page(Change change) {
  auto page = sample_page(0);
  auto contact = test::sample_contact();
  change(contact);
  page.contacts.push_back(contact);
  return page;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_page_comes_back_as_it_was) {
  const auto page = sample_page(100);
  const auto back = unpack_page(pack_page(page));
  BOOST_REQUIRE(back);
  BOOST_TEST(written_out(*back) == written_out(page));
  BOOST_TEST(back->header.total == 250u);
  BOOST_TEST(back->header.organization == "Example Works");
  BOOST_TEST(back->header.disposable);
  BOOST_TEST(back->rejected == 3u);
  BOOST_REQUIRE(back->contacts.size() == 100u);
  const auto& contact = back->contacts[99];
  BOOST_TEST(contact.email == page.contacts[99].email);
  BOOST_TEST(contact.confidence == 0.94);
  BOOST_TEST(contact.verification_date == "2026-06-19");
  BOOST_REQUIRE(contact.sources.size() == 2u);
  BOOST_TEST(contact.sources[0].still_on_page);
  BOOST_TEST(contact.sources[1].uri == "https://news.test/works?x=1&y=2");
}

BOOST_AUTO_TEST_CASE(an_empty_page_and_odd_texts_come_back) {
  BOOST_TEST(unpack_page(pack_page({}))->contacts.empty());
  auto page = changed_page([](Contact& contact) {
    contact.name = std::string("nul \0 and \xc3\xa9", 12);
    contact.title = std::string(70000, 'x');
  });
  page.header.total = std::numeric_limits<std::uint32_t>::max();
  const auto back = unpack_page(pack_page(page));
  BOOST_REQUIRE(back);
  BOOST_TEST(written_out(*back) == written_out(page));
}

BOOST_AUTO_TEST_CASE(a_page_comes_back_from_text_too) {
  for (std::size_t contacts = 0; contacts < 4; ++contacts) { // all remainders of base64
    const auto page = sample_page(contacts);
    const auto text = pack_page_as_text(page);
    BOOST_TEST(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; }));
    const auto back = page_codec(true).unpack(text);
    BOOST_REQUIRE(back);
    BOOST_TEST(written_out(*back) == written_out(page));
    BOOST_TEST(!unpack_page(std::string_view{text}.substr(0, text.size() - 4)));
  }
  for (const auto* odd : {"t", "t====", "tAAA", "tdA==", "t\xff\xff\xff\xff"})
    BOOST_TEST(!unpack_page(odd));
}

BOOST_AUTO_TEST_CASE(a_full_page_takes_a_fraction_of_its_size) {
  const auto page = sample_page(100);
  BOOST_TEST(pack_page(page).size() * 4 < written_out(page).size());
}

BOOST_AUTO_TEST_CASE(a_page_that_was_damaged_anywhere_is_refused) {
  const auto packed = pack_page(sample_page(5));
  for (std::size_t i = 0; i < packed.size(); ++i) {
    auto damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    const auto back = unpack_page(damaged);
    if (back) // a bit that means nothing to LZ4
      BOOST_TEST(written_out(*back) == written_out(sample_page(5)), "byte " << i);
    else
      BOOST_TEST(back.error().code == Errc::body_malformed);
  }
  for (std::size_t size = 0; size < packed.size(); ++size)
    BOOST_TEST(!unpack_page(std::string_view{packed}.substr(0, size)), "cut at " << size);
  BOOST_TEST(!unpack_page(packed + "x"));
}

BOOST_AUTO_TEST_CASE(bytes_that_were_never_a_page_are_refused) {
  std::mt19937 random{7};
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 300, '\0');
    for (auto& byte : bytes)
      byte = static_cast<char>(random());
    if (!bytes.empty())
      bytes[0] = '\1';
    BOOST_TEST(!unpack_page(bytes));
  }
}

BOOST_AUTO_TEST_CASE(a_confidence_that_is_none_is_refused) {
  for (const double value : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    const auto page = changed_page([&](Contact& contact) { contact.confidence = value; });
    BOOST_TEST(!unpack_page(pack_page(page)));
  }
}

BOOST_AUTO_TEST_CASE(lists_longer_than_a_page_can_have_are_refused) {
  NormalizedPage page;
  page.contacts = test::blank_contacts(10'000);
  BOOST_TEST(bool{unpack_page(pack_page(page))});
  page.contacts = test::blank_contacts(10'001);
  BOOST_TEST(!unpack_page(pack_page(page)));
  const auto with_sources = [](std::size_t count) {
    return changed_page([&](Contact& contact) { contact.sources.resize(count); });
  };
  BOOST_TEST(bool{unpack_page(pack_page(with_sources(20)))});
  BOOST_TEST(!unpack_page(pack_page(with_sources(21))));
}
