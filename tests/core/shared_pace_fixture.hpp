#pragma once

#include "core/shared_pace.hpp"

#include <boost/test/unit_test.hpp>

namespace gleaner::test {

using namespace std::chrono_literals;

/// A budget whose clock shows ours plus 1,000,000 ms.
struct SharedPaceFixture {
  SharedPace pace{{{15, 1s}, {500, 60s}}}; // a permit may be 200 ms late
  SharedPace::Time now{1h};
  std::int64_t offset_ms = 1'000'000;
  BudgetMark mark{"one", 0};

  std::int64_t queue_ms(std::chrono::milliseconds ahead = 0ms) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() +
           offset_ms + ahead.count();
  }

  BudgetAnswer answer(std::initializer_list<std::chrono::milliseconds> ahead = {}) {
    BudgetAnswer answer;
    answer.now_ms = queue_ms();
    answer.next = 120ms;
    for (const auto each : ahead)
      answer.permits.push_back({queue_ms(each), false});
    mark.count += static_cast<std::int64_t>(ahead.size());
    answer.mark = mark;
    return answer;
  }

  /// One exchange without delay. @pre there is something to say
  BudgetRequest exchange(std::size_t waiting,
                         std::initializer_list<std::chrono::milliseconds> ahead = {}) {
    auto request = pace.request(waiting, now);
    BOOST_REQUIRE(request.has_value());
    pace.answered(answer(ahead), now);
    return *request;
  }

  bool has_request(std::size_t waiting) { return pace.request(waiting, now).has_value(); }
};

} // namespace gleaner::test
