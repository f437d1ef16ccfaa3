#include "core/contact_list.hpp"
#include "tests/support/sample_contacts.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>
#include <utility>

namespace gleaner::test::contact_list {

ContactList samples(std::size_t count) {
  return sample_collection("acme.test", count).items;
}

BOOST_AUTO_TEST_CASE(a_list_gives_back_what_was_put_in) {
  const auto list = samples(3);
  BOOST_TEST(list.size() == 3u);
  std::size_t number = 0;
  for (const auto& contact : list) {
    const auto sample = sample_contact(number);
    BOOST_TEST(contact.email == sample.email);
    BOOST_TEST(contact.confidence == sample.confidence);
    BOOST_TEST(contact.verification_date == sample.verification_date);
    BOOST_REQUIRE(contact.sources.size() == 2u);
    BOOST_TEST(contact.sources[1].uri == sample.sources[1].uri);
    BOOST_TEST(contact.sources[0].still_on_page);
    BOOST_TEST(list.email(number) == sample.email);
    BOOST_TEST(list.richness(number) == richness(sample));
    ++number;
  }
  BOOST_TEST(number == 3u);
}

BOOST_AUTO_TEST_CASE(a_list_keeps_more_sources_than_a_page_may_have) {
  auto contact = sample_contact();
  contact.sources.resize(50, contact.sources.front());
  const auto list = list_of({contact});
  BOOST_TEST(list[0].sources.size() == 50u); // of a file that others wrote
  BOOST_TEST(!ContactList::from_bytes(list.bytes(), 1));
}

BOOST_AUTO_TEST_CASE(an_empty_list_has_nothing) {
  const ContactList list;
  BOOST_TEST(list.empty());
  BOOST_TEST((list.begin() == list.end()));
  BOOST_TEST(ContactList::from_bytes("", 0).has_value());
}

BOOST_AUTO_TEST_CASE(views_outlive_a_move_of_the_list) {
  auto list = blank_contacts(1); // the shortest
  const auto contact = list[0];
  const auto* const bytes = list.bytes().data();
  const auto moved = std::move(list);
  BOOST_TEST(moved.bytes().data() == bytes);
  BOOST_TEST(contact.email.empty());
}

BOOST_AUTO_TEST_CASE(copies_of_other_lists_are_appended) {
  const auto from = samples(3);
  ContactList list;
  list.append(from, 2);
  list.append(from);
  list.append(from, 0);
  BOOST_REQUIRE(list.size() == 5u);
  BOOST_TEST(list.email(0) == from.email(2));
  BOOST_TEST(list[2].name == from[1].name);
  BOOST_TEST(list.richness(3) == from.richness(2));
  BOOST_TEST(list[4].title == from[0].title);
}

BOOST_AUTO_TEST_CASE(bytes_become_the_list_again_or_nothing) {
  const auto list = samples(2);
  const auto& bytes = list.bytes();
  const auto again = ContactList::from_bytes(bytes, 2);
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST((*again)[1].linkedin == list[1].linkedin);
  BOOST_TEST(again->richness(1) == list.richness(1));
  BOOST_TEST(!ContactList::from_bytes(bytes, 1));
  BOOST_TEST(!ContactList::from_bytes(bytes, 3));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    BOOST_TEST(!ContactList::from_bytes(bytes.substr(0, size), 2), "cut at " << size);
  auto contact = sample_contact();
  contact.confidence = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(!ContactList::from_bytes(list_of({contact}).bytes(), 1));
}

} // namespace gleaner::test::contact_list
