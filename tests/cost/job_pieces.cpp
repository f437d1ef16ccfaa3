#include "adapters/bullmq/bullmq_queue.hpp"
#include "adapters/profile/profile_reader.hpp"
#include "adapters/store/collection_json.hpp"
#include "app/pipeline.hpp"
#include "tests/cost/pages.hpp"
#include "tests/cost/piece.hpp"
#include "tests/cost/redis_line.hpp"
#include "tests/support/memory_store.hpp"

#include <caf/scheduler/test_coordinator.hpp>
#include <prometheus/registry.h>

#include <stdexcept>
#include <utility>

namespace gleaner::cost {

namespace {

class NoLog final : public EventLog {
public:
  void write(LogLevel, std::string_view, std::string_view, std::span<const LogField>) override {}
  bool enabled(LogLevel) const noexcept override { return true; }
};

/// Has the pages of one domain.
class PagesApi final : public HunterApi {
public:
  PagesApi(const std::string& domain, std::uint32_t pages) {
    for (std::uint32_t i = 0; i < pages; ++i)
      bodies_.push_back(page_body(domain, i * 100));
  }
  void search(const PageRequest& request, std::chrono::steady_clock::time_point,
              std::function<void(ApiAnswer)> reply) override {
    ApiAnswer answer;
    answer.transport = ApiAnswer::Transport::answered;
    answer.status = 200;
    answer.body = bodies_.at(request.offset / 100);
    reply(std::move(answer));
  }
  void count(const std::string&, CountReply) override {}
  void account(std::function<void(Result<ApiAccount>)>) override {}

private:
  std::vector<SharedBody> bodies_;
};

/// Makes the files' text.
class TextStore final : public test::MemoryStore {
public:
  std::vector<Status> save(std::span<const Collection> group, const MayReplace& may) override {
    std::vector<Status> results;
    for (std::size_t i = 0; i < group.size(); ++i) {
      store::write_json(group[i], text_);
      results.emplace_back(may(i) ? Status{Done{}} : Status{Error{Errc::lease_expired, ""}});
    }
    contacts += group.front().items.size();
    return results;
  }
  std::size_t contacts = 0; ///< In all saves.

private:
  std::string text_;
};

Config settings() {
  Config config;
  config.queue.concurrency = 1;
  config.api.limits.clear();
  return config;
}

PipelineSetup by_hand() {
  PipelineSetup setup;
  setup.stepwise = true;
  setup.normalizers = 1;
  setup.wall_clock_ms = [] { return std::int64_t{1767225600000}; };
  setup.random = [] { return 0.0; };
  return setup;
}

/// The worker with one job after the other; between runs the last one's end is on its way.
class JobPiece final : public Piece {
public:
  JobPiece(const std::string& domain, std::uint32_t contacts)
      : contacts_(contacts), commands_(new RedisLine{domain}),
        queue_(std::unique_ptr<redis::CommandPort>{commands_}, std::make_unique<RedisLine>(domain),
               config_.queue, "gl1:0b9c6d2e:1:30000", log_),
        api_(domain, (contacts + 99) / 100),
        pipeline_(config_,
                  PipelinePorts{queue_,
                                {{"default", {&api_, nullptr, nullptr, {}, {}}}},
                                profile::builtin_profile(),
                                store_,
                                metrics_,
                                log_},
                  by_hand()),
        supervisor_(pipeline_.system(), true) {
    pipeline_.begin(supervisor_);
    work();
  }
  ~JobPiece() override {
    pipeline_.end();
    scheduler().clock().cancel_all();
    work();
  }

  void prepare() override { store_.contacts = 0; }
  void run() override {
    commands_->answer_end();
    work();
    if (store_.contacts != contacts_)
      throw std::runtime_error{"the job has not stored what it should"};
  }

private:
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(pipeline_.system().scheduler());
  }
  void work() {
    while (scheduler().try_run_once()) {
    }
  }

  std::size_t contacts_;
  Config config_ = settings();
  NoLog log_;
  prometheus::Registry registry_;
  Metrics metrics_{registry_, config_, "0"};
  RedisLine* commands_; ///< The queue's.
  bullmq::BullmqQueue queue_;
  PagesApi api_;
  TextStore store_;
  Pipeline pipeline_;
  caf::scoped_actor supervisor_;
};

} // namespace

std::unique_ptr<Piece> small_job_piece() {
  return std::make_unique<JobPiece>("c5.sim.test", 5);
}
std::unique_ptr<Piece> job_piece() {
  return std::make_unique<JobPiece>("c250.sim.test", 250);
}

} // namespace gleaner::cost
