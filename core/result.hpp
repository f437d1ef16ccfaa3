#pragma once

#include "core/error.hpp"

#include <utility>
#include <variant>

namespace gleaner {

/// A value or the Error that prevented it. Asking for the wrong one throws std::bad_variant_access:
/// that is a bug, not an error to handle.
template <class T>
class [[nodiscard]] Result {
public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const noexcept { return held_.index() == 0; }
  T& value() { return std::get<0>(held_); }
  const T& value() const { return std::get<0>(held_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<1>(held_); }

private:
  std::variant<T, Error> held_;
};

/// Success without a value.
struct Done {};
using Status = Result<Done>;

} // namespace gleaner
