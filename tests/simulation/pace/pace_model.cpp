#include "tests/simulation/pace/pace_model.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace gleaner::simulation {

namespace {

constexpr Milliseconds epoch{1'700'000'000'000};
constexpr std::size_t fetchers = 64;

/// Commands are carried out at once.
class InstantPort final : public redis::CommandPort {
public:
  explicit InstantPort(SimulatedRedis& server) : server_(server) {}
  void submit(std::vector<std::string> args, redis::RedisReply reply,
              std::optional<Milliseconds>) override {
    reply(server_.execute(args));
  }
  void interrupt() override {}
  bool connected() const noexcept override { return true; }
  bool can_block() const noexcept override { return false; }

private:
  SimulatedRedis& server_;
};

struct Event {
  std::size_t process;
  Permit permit;
  bool refused = false;
};

class Model {
public:
  explicit Model(const PaceScene& scene) : scene_(scene), random_(scene.seed) {
    for (std::size_t i = 0; i < scene.processes; ++i)
      processes_.push_back(std::make_unique<Process>(scene.configured, port_, i));
  }

  PaceFigures run() {
    const auto given_up = now_ + 2 * scene_.length; // if nothing is ever sent
    while (first_ ? now_ - *first_ < scene_.length : now_ < given_up) {
      redis_.set_time((epoch + now_).count() * 1000);
      others();
      arrive();
      answer();
      for (; !redis_work_.empty() && redis_work_.begin()->first <= now_;
           redis_work_.erase(redis_work_.begin()))
        redis_work_.begin()->second();
      for (std::size_t i = 0; i < processes_.size(); ++i)
        work(i);
      now_ += Milliseconds{1};
    }
    return std::move(figures_);
  }

private:
  struct Process {
    Process(const std::vector<RateWindow>& windows, redis::CommandPort& port, std::size_t number)
        : pace(windows), gate(watch_own(windows)),
          budget(port, budget::state_key(Secret{"key"}), windows, {},
                 "p" + std::to_string(number)) {}
    SharedPace pace;
    RateWindows gate;
    budget::RedisBudget budget;
    std::size_t in_flight = 0;
  };

  SharedPace::Time clock() const { return SharedPace::Time{now_}; }

  const std::vector<RateWindow>& limits() const {
    const auto* windows = &scene_.configured;
    for (const auto& change : scene_.changes)
      if (first_ && now_ - *first_ >= change.from)
        windows = &change.windows;
    return *windows;
  }

  void others() {
    if (!first_ || scene_.others_per_second == 0)
      return;
    const auto since = now_ - *first_;
    const auto gap = Milliseconds{static_cast<std::int64_t>(1000 / scene_.others_per_second)};
    if (since >= scene_.others_from && since < scene_.others_until && since % gap == since.zero())
      server_.admit(limits(), now_);
  }

  void arrive() {
    for (; !arriving_.empty() && arriving_.begin()->first <= now_;
         arriving_.erase(arriving_.begin())) {
      auto event = arriving_.begin()->second;
      event.refused = !server_.admit(limits(), now_);
      first_ = first_.value_or(now_);
      (event.refused ? figures_.refused : figures_.admitted).push_back(now_ - *first_);
      answers_.emplace(now_ + scene_.answer_after, event);
    }
  }

  void answer() {
    for (; !answers_.empty() && answers_.begin()->first <= now_; answers_.erase(answers_.begin())) {
      const auto& event = answers_.begin()->second;
      auto& process = *processes_[event.process];
      --process.in_flight;
      if (event.refused)
        process.pace.refused(event.permit, Milliseconds{0});
      else
        process.pace.honoured(event.permit);
    }
  }

  void work(std::size_t number) {
    auto& process = *processes_[number];
    while (process.in_flight < fetchers && process.gate.wait(clock()) == RateWindows::Duration{}) {
      const auto permit = process.pace.take(clock());
      if (!permit)
        break;
      process.gate.acquire(clock());
      ++process.in_flight;
      arriving_.emplace(now_ + late(scene_.jitter), Event{number, permit->permit});
    }
    while (auto request = process.pace.request(fetchers - process.in_flight, clock()))
      exchange(number, std::move(*request));
  }

  /// At once where there is no way to go.
  void later(Milliseconds way, std::function<void()> what) {
    if (way == way.zero())
      return what();
    redis_work_.emplace(now_ + way, std::move(what));
  }

  void exchange(std::size_t number, BudgetRequest request) {
    auto& process = *processes_[number];
    auto there = scene_.to_redis, back = scene_.from_redis;
    if (number % 2 == 1)
      std::swap(there, back);
    back += late(scene_.redis_jitter);
    later(there, [this, &process, back, request = std::move(request)] {
      process.budget.exchange(request, [&](const Result<BudgetAnswer>& answer) {
        later(back, [this, &process, answer = *answer] { process.pace.answered(answer, clock()); });
      });
    });
  }

  Milliseconds late(Milliseconds most) {
    if (most == most.zero())
      return most;
    std::uniform_int_distribution<std::int64_t> spread{0, most.count()};
    return Milliseconds{spread(random_)};
  }

  const PaceScene& scene_;
  std::mt19937_64 random_;
  Milliseconds now_{3'600'000};
  std::optional<Milliseconds> first_; ///< When the first request arrived.
  SimulatedRedis redis_{1};
  InstantPort port_{redis_};
  std::vector<std::unique_ptr<Process>> processes_;
  StrictWindows server_;
  std::multimap<Milliseconds, Event> arriving_, answers_;
  std::multimap<Milliseconds, std::function<void()>> redis_work_;
  PaceFigures figures_;
};

/// How many requests greedy use of the windows allows from `begin` to `end` after `earlier` ones.
std::size_t allowed(std::deque<Milliseconds> times, Milliseconds begin, Milliseconds end,
                    const std::vector<RateWindow>& windows) {
  std::size_t count = 0;
  for (auto now = begin;; ++count) {
    for (const auto& window : windows)
      if (times.size() >= window.requests)
        now = std::max(now, times[times.size() - window.requests] + window.period);
    if (now >= end)
      return count;
    times.push_back(now);
  }
}

} // namespace

bool StrictWindows::admit(const std::vector<RateWindow>& windows, Milliseconds now) {
  for (const auto& window : windows)
    if (admitted_.size() >= window.requests &&
        admitted_[admitted_.size() - window.requests] + window.period > now)
      return false;
  admitted_.push_back(now);
  return true;
}

double PaceFigures::used(Milliseconds begin, Milliseconds end,
                         const std::vector<RateWindow>& windows) const {
  std::deque<Milliseconds> earlier;
  std::copy_if(admitted.begin(), admitted.end(), std::back_inserter(earlier),
               [&](auto at) { return at < begin; });
  const auto count = std::count_if(admitted.begin(), admitted.end(),
                                   [&](auto at) { return at >= begin && at < end; });
  return static_cast<double>(count) / static_cast<double>(allowed(earlier, begin, end, windows));
}

std::size_t PaceFigures::refused_from(Milliseconds begin, Milliseconds end) const {
  return static_cast<std::size_t>(std::count_if(refused.begin(), refused.end(),
                                                [&](auto at) { return at >= begin && at < end; }));
}

PaceFigures run(const PaceScene& scene) {
  return Model{scene}.run();
}

} // namespace gleaner::simulation
