#pragma once

#include "core/contact_fields.hpp"
#include "core/contact_list.hpp"

#include <initializer_list>
#include <string>
#include <utility>

namespace gleaner::test {

inline Contact copy_of(const ContactView& contact) {
  std::string bytes;
  FieldWriter written{bytes};
  archive_contact(written, contact);
  FieldReader read{bytes};
  Contact copy;
  archive_contact(read, copy);
  return copy;
}

template <class Contacts = std::initializer_list<Contact>>
ContactList list_of(const Contacts& contacts) {
  ContactList list;
  for (const auto& contact : contacts)
    list.push_back(contact);
  return list;
}

/// Changes one of the contacts; a list itself only grows.
template <class Change>
void change(ContactList& contacts, std::size_t index, Change change_one) {
  ContactList changed;
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    auto contact = copy_of(contacts[i]);
    if (i == index)
      change_one(contact);
    changed.push_back(contact);
  }
  contacts = std::move(changed);
}

/// That many without any field.
inline ContactList blank_contacts(std::size_t count) {
  ContactList list;
  for (std::size_t i = 0; i < count; ++i)
    list.push_back(Contact{});
  return list;
}

} // namespace gleaner::test
