#include "core/contact_list.hpp"

#include "core/contact_fields.hpp"

#include <algorithm>
#include <utility>

namespace gleaner {

std::optional<ContactList> ContactList::from_bytes(std::string bytes, std::size_t count) {
  ContactList list;
  list.bytes_ = std::move(bytes);
  FieldReader fields{list.bytes_};
  ContactView contact;
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = list.bytes_.size() - fields.rest().size();
    archive_contact(fields, contact);
    const bool sound = contact.confidence >= 0 && contact.confidence <= 1; // not so for NaN
    if (!fields.intact() || !sound)
      return std::nullopt;
    list.places_.push_back({begin, gleaner::richness(contact)});
  }
  return fields.valid() ? std::optional{std::move(list)} : std::nullopt;
}

template <class Text>
void ContactList::push_back(const BasicContact<Text>& contact) {
  places_.push_back({bytes_.size(), gleaner::richness(contact)});
  FieldWriter fields{bytes_};
  archive_contact(fields, contact);
}
template void ContactList::push_back(const Contact&);
template void ContactList::push_back(const ContactView&);

void ContactList::append(const ContactList& from, std::size_t index) {
  places_.push_back({bytes_.size(), from.places_[index].richness});
  bytes_ += from.bytes_of(index);
}

void ContactList::append(const ContactList& all) {
  for (const auto& place : all.places_)
    places_.push_back({bytes_.size() + place.begin, place.richness});
  bytes_ += all.bytes_;
}

ContactView ContactList::operator[](std::size_t index) const {
  ContactView contact;
  read(index, contact);
  return contact;
}

std::string_view ContactList::email(std::size_t index) const {
  FieldReader fields{bytes_of(index)};
  std::string_view email;
  fields.text(email); // the first field
  return email;
}

std::string_view ContactList::bytes_of(std::size_t index) const {
  const auto begin = places_[index].begin;
  const auto end = index + 1 < places_.size() ? places_[index + 1].begin : bytes_.size();
  return std::string_view{bytes_}.substr(begin, end - begin);
}

void ContactList::read(std::size_t index, ContactView& contact) const {
  const auto bytes = bytes_of(index);
  FieldReader fields{bytes, bytes.size()}; // of a file that others wrote, it may have many sources
  archive_contact(fields, contact);
}

void ContactList::Iterator::read() {
  if (index_ < list_->size())
    list_->read(index_, contact_);
}

template <class Text>
unsigned richness(const BasicContact<Text>& contact) noexcept {
  unsigned known = contact.confidence > 0 ? 1 : 0;
  for (const auto* text :
       {&contact.first_name, &contact.last_name, &contact.title, &contact.type, &contact.seniority,
        &contact.department, &contact.linkedin, &contact.twitter, &contact.phone_number,
        &contact.verification_status, &contact.verification_date})
    known += text->empty() ? 0 : 1;
  // A field more says more than any number of pages that show the address.
  return known * 100 + static_cast<unsigned>(std::min<std::size_t>(contact.sources.size(), 99));
}
template unsigned richness(const Contact&) noexcept;
template unsigned richness(const ContactView&) noexcept;

} // namespace gleaner
