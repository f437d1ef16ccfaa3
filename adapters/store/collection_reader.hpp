#pragma once

#include "core/collection.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::store {

/// Fills a Collection while a file is parsed. Nothing is kept of what is not stored, nesting is
/// limited: a tree of hostile JSON would be fatal to copy or destroy.
class CollectionReader : public nlohmann::json_sax<nlohmann::json> {
public:
  /// Without items only their number is kept.
  explicit CollectionReader(bool with_items) : with_items_(with_items) {}

  /// What was read, valid when problem() is empty.
  Collection& collection() { return collection_; }
  std::uint32_t item_count() const { return item_count_; }
  /// Why what was parsed is no collection, e.g. "is not JSON at byte 17", or "".
  std::string problem() const;

  bool null() override { return true; }
  bool boolean(bool value) override;
  bool number_integer(number_integer_t value) override;
  bool number_unsigned(number_unsigned_t value) override;
  bool number_float(number_float_t value, const string_t& text) override;
  bool string(string_t& value) override;
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override;
  bool key(string_t& name) override;
  bool end_object() override;
  bool start_array(std::size_t) override;
  bool end_array() override;
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override;

private:
  enum class Place : std::uint8_t {
    outside,
    root,
    items,
    item,
    verification,
    sources,
    source,
    metadata,
    skipped
  };

  Place place() const { return places_.empty() ? Place::outside : places_.back(); }
  Place object_place();
  Place array_place();
  bool enter(Place place);
  bool leave();
  bool number(double value);
  std::string* text_target();

  bool with_items_;
  Collection collection_;
  Contact item_; ///< That is being read.
  std::uint32_t item_count_ = 0;
  std::vector<Place> places_;
  std::string key_;
  std::string problem_;
  bool has_domain_ = false;
  bool has_items_ = false;
};

} // namespace gleaner::store
