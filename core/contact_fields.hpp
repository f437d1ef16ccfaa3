#pragma once

#include "core/contact.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The fields of a contact in the order in which they are packed, named once for both directions.
namespace gleaner {

/// Of a contact of the API.
inline constexpr std::size_t most_sources = 20;

/// Appends fields: integers in groups of 7 bits, the lowest first; texts behind their length.
class FieldWriter {
public:
  explicit FieldWriter(std::string& bytes) : bytes_(bytes) {}

  void number(const std::uint32_t& value) {
    auto rest = value;
    for (; rest >= 0x80; rest >>= 7)
      bytes_ += static_cast<char>((rest & 0x7f) | 0x80);
    bytes_ += static_cast<char>(rest);
  }
  void flag(const bool& value) { bytes_ += value ? '\1' : '\0'; }
  void fraction(const double& value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8)
      bytes_ += static_cast<char>((bits >> shift) & 0xff);
  }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_ += value;
  }
  template <class T, class Each>
  void list(const std::vector<T>& values, Each each) {
    number(static_cast<std::uint32_t>(values.size()));
    for (const auto& value : values)
      each(value);
  }

private:
  std::string& bytes_;
};

/// Reads what FieldWriter wrote. Bytes that end early or say nonsense leave the rest of the fields
/// empty; valid() tells.
class FieldReader {
public:
  /// A list that is longer is nonsense: a few bytes from elsewhere must not become much memory.
  explicit FieldReader(std::string_view bytes, std::size_t longest_list = most_sources)
      : rest_(bytes), longest_list_(longest_list) {}

  /// Everything was there so far.
  bool intact() const noexcept { return !broken_; }
  /// And nothing is left.
  bool valid() const noexcept { return !broken_ && rest_.empty(); }
  /// What is left.
  std::string_view rest() const noexcept { return rest_; }

  void number(std::uint32_t& value) {
    std::uint64_t read = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const auto byte = next();
      read |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0 && read <= UINT32_MAX) {
        value = static_cast<std::uint32_t>(read);
        return;
      }
    }
    broken_ = true;
  }
  void flag(bool& value) { value = next() != 0; }
  void fraction(double& value) {
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 64; shift += 8)
      bits |= static_cast<std::uint64_t>(next()) << shift;
    value = std::bit_cast<double>(bits);
  }
  /// `value` is a std::string, or a view into the bytes that are read.
  template <class Text>
  void text(Text& value) {
    std::uint32_t size = 0;
    number(size);
    if (broken_ || size > rest_.size()) {
      broken_ = true;
      return;
    }
    value = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  template <class T, class Each>
  void list(std::vector<T>& values, Each each) {
    values.clear();
    std::uint32_t size = 0;
    number(size);
    if (size > longest_list_ || size > rest_.size()) // every element has a byte at least
      broken_ = true;
    for (std::uint32_t i = 0; i < size && !broken_; ++i)
      each(values.emplace_back());
  }

private:
  unsigned char next() {
    if (rest_.empty()) {
      broken_ = true;
      return 0;
    }
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  std::string_view rest_;
  std::size_t longest_list_;
  bool broken_ = false;
};

/// `Source` is a BasicContactSource, const for a writer; likewise below.
template <class Archive, class Source>
void archive_source(Archive& archive, Source& source) {
  archive.text(source.domain);
  archive.text(source.uri);
  archive.text(source.extracted_on);
  archive.text(source.last_seen_on);
  archive.flag(source.still_on_page);
}

template <class Archive, class Person>
void archive_contact(Archive& archive, Person& contact) {
  archive.text(contact.email);
  archive.text(contact.name);
  archive.text(contact.title);
  archive.fraction(contact.confidence);
  archive.text(contact.source);
  archive.text(contact.first_name);
  archive.text(contact.last_name);
  archive.text(contact.type);
  archive.text(contact.seniority);
  archive.text(contact.department);
  archive.text(contact.linkedin);
  archive.text(contact.twitter);
  archive.text(contact.phone_number);
  archive.text(contact.verification_status);
  archive.text(contact.verification_date);
  archive.list(contact.sources, [&](auto& source) { archive_source(archive, source); });
}

} // namespace gleaner
