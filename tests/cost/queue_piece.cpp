#include "adapters/bullmq/bullmq_queue.hpp"
#include "adapters/ledger/page_codec.hpp"
#include "tests/cost/pages.hpp"
#include "tests/cost/piece.hpp"
#include "tests/cost/redis_line.hpp"
#include "tests/support/silent_log.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace gleaner::cost {

namespace {

const std::string queued_domain = "c250.sim.test";

class QueuePiece final : public Piece {
public:
  QueuePiece()
      : commands_(new RedisLine{queued_domain}),
        queue_(std::unique_ptr<redis::CommandPort>{commands_},
               std::make_unique<RedisLine>(queued_domain), QueueConfig{}, "gl1:0b9c6d2e:1:30000",
               log_) {
    Progress progress;
    progress.domain = end_.result.domain = queued_domain;
    progress.status = ProgressStatus::fetching;
    fetching_ = last_page_ = {progress};
    progress.status = ProgressStatus::normalizing;
    last_page_.push_back(progress);
    end_.kind = JobEnd::Kind::completed;
    end_.result.items_collected = end_.result.total = 250;
    end_.result.collected_at = "2026-11-23T18:13:20.123Z";
    progress.status = ProgressStatus::completed;
    end_.progress = progress;
  }

  void run() override {
    TakenJob job;
    queue_.take(1, [&](Result<TakeResult> taken) { job = std::move(taken.value().jobs.at(0)); });
    for (std::uint32_t i = 0; i < 3; ++i) {
      page_.offset = i * page_.limit;
      queue_.checkpoint(job.lock, "1767225599000 c250.sim.test", page_,
                        i < 2 ? fetching_ : last_page_,
                        [](const Result<std::int64_t>& at) { at.value(); });
    }
    queue_.end(job, end_, true, [&](Result<TakeResult> next) { job = next.value().jobs.at(0); });
    commands_->answer_end();
  }

private:
  test::SilentLog log_;
  RedisLine* commands_; ///< The queue's.
  bullmq::BullmqQueue queue_;
  LedgerPage page_{0, 100, ledger::pack_page(read_page("c100.sim.test", 0))};
  std::vector<Progress> fetching_;
  std::vector<Progress> last_page_;
  JobEnd end_;
};

} // namespace

std::unique_ptr<Piece> queue_piece() {
  return std::make_unique<QueuePiece>();
}

} // namespace gleaner::cost
