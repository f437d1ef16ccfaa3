#pragma once

#include "core/contact.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// Contacts as packed fields in one block of memory, so that a list takes two allocations and not a
/// dozen for each contact. Views into it last until it is changed; moving the list changes nothing.
class ContactList {
public:
  /// Gives each contact in turn; a reference lasts until the next step.
  class Iterator {
  public:
    Iterator(const ContactList& list, std::size_t index) : list_(&list), index_(index) { read(); }
    const ContactView& operator*() const noexcept { return contact_; }
    Iterator& operator++() {
      ++index_;
      read();
      return *this;
    }
    bool operator==(const Iterator& other) const noexcept { return index_ == other.index_; }

  private:
    void read();

    const ContactList* list_;
    std::size_t index_;
    ContactView contact_;
  };

  /// What bytes() of a list of `count` contacts were, from wherever; nothing when they can't be
  /// that.
  static std::optional<ContactList> from_bytes(std::string bytes, std::size_t count);

  template <class Text>
  void push_back(const BasicContact<Text>& contact);
  /// Appends a copy of one of another list.
  void append(const ContactList& from, std::size_t index);
  void append(const ContactList& all);

  std::size_t size() const noexcept { return places_.size(); }
  bool empty() const noexcept { return places_.empty(); }
  ContactView operator[](std::size_t index) const;
  std::string_view email(std::size_t index) const;
  /// richness() of the contact.
  unsigned richness(std::size_t index) const { return places_[index].richness; }
  const std::string& bytes() const noexcept { return bytes_; }

  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

private:
  struct Place {
    std::size_t begin = 0;
    unsigned richness = 0;
  };
  std::string_view bytes_of(std::size_t index) const;
  void read(std::size_t index, ContactView& contact) const;

  std::string bytes_;
  std::vector<Place> places_;
};

/// How much a record says; of two with one address the higher wins, on a tie the earlier.
template <class Text>
unsigned richness(const BasicContact<Text>& contact) noexcept;

} // namespace gleaner
