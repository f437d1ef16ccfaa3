#pragma once

#include "core/credits.hpp"
#include "core/permit.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gleaner {

/// Which state of the budget someone has seen. A state that others do not know, or whose count is
/// behind, has lost grants.
struct BudgetMark {
  std::string generation;
  std::int64_t count = 0; ///< Of permits ever granted.
};

/// A permit whose request the API refused for the pace.
struct RefusedPermit {
  Permit permit;
  std::chrono::milliseconds wait{0}; ///< What the API asks to wait, 0 when it does not say.
};

/// What a sharer reports and asks for.
struct BudgetRequest {
  std::uint32_t wanted = 0;            ///< Permits.
  double page_cost = 0;                ///< The most of each page; 0, or too much: the budget's.
  std::chrono::milliseconds lead{0};   ///< How far ahead permits have to be, to come in time.
  std::chrono::milliseconds spread{0}; ///< So much later they may be used, for want of a clock.
  bool account_read = false;           ///< It just was, and says that it has `remaining`.
  std::optional<double> remaining;     ///< What the account has left; nothing: it does not say.
  std::string reset_date;              ///< When it gets new ones, YYYY-MM-DD; "": it does not say.
  std::int64_t remaining_at_ms = 0;    ///< By the queue's clock, asked for then or later; 0: now.
  std::uint32_t failures = 0;          ///< So many right before this one had no answer.
  std::optional<BudgetMark> known;     ///< Set while requests of ours are within the windows.
  bool clock_stepped = false;          ///< The queue's clock did, as seen from here.
  std::vector<Permit> unused;          ///< For others.
  std::vector<RefusedPermit> refused;
  std::int64_t honoured_ms = 0; ///< The newest permit whose request was not refused; 0: none.
  bool probe_honoured = false;
  std::vector<Charge> charges; ///< For pages that were asked for; others count as `page_cost`.
};

struct BudgetAnswer {
  std::int64_t now_ms = 0; ///< The queue's clock.
  BudgetMark mark;
  std::vector<Permit> permits;         ///< In order of time; at most 2.5 s ahead.
  std::chrono::milliseconds next{0};   ///< When fewer came than were wanted: ask again after this.
  std::chrono::milliseconds closed{0}; ///< Nothing is granted for so long.
  double share = 1;                    ///< Of the windows' requests that is used at present.
  CreditState credits;
};

/// The requests that the API allows one key and the credits that may be spent with it, shared by
/// all who use it. Thread-safe.
class Budget {
public:
  virtual ~Budget() = default;

  /// Replies exactly once, on the budget's I/O thread; after an error the exchange may have taken
  /// place.
  virtual void exchange(BudgetRequest request, std::function<void(Result<BudgetAnswer>)> reply) = 0;
};

} // namespace gleaner
