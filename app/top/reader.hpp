#pragma once

#include "adapters/bullmq/job_browser.hpp"
#include "adapters/bullmq/worker_list.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/cluster_keys.hpp"
#include "app/top/figures.hpp"
#include "app/top/throughput.hpp"
#include "core/config.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::top {

/// Looks at Redis and nothing else, and changes nothing there. A look takes five commands, one for
/// each API key and one for each coordinator of a cluster; the list of workers is asked for once
/// only when Redis refuses it. Of one thread.
class Reader {
public:
  /// The arguments outlive it; `page_cost` is the most credits that a page may cost.
  Reader(redis::RedisClient& client, const Config& config, double page_cost);

  /// Blocks. An error is about Redis or the queue itself; what else Redis refuses to tell is left
  /// out.
  Result<Figures> look();

private:
  Status add_queue(Figures& figures);
  Status add_keys(Figures& figures);
  Status add_nodes(Figures& figures);
  Status add_workers(Figures& figures);

  redis::RedisClient& client_;
  const Config& config_;
  double page_cost_;
  bullmq::QueueKeys queue_;
  bullmq::JobBrowser browser_;
  Throughput completed_, failed_;
  bool may_list_clients_ = true;
};

/// A job as its progress, in any form, tells of it.
JobFigures job_figures(const bullmq::JobView& job, std::int64_t now_ms);

/// As KeyFigures::state.
std::string state_of_key(const budget::BudgetView& budget, const CreditCaps& caps,
                         double page_cost);

/// With the number of jobs that each of them works on.
std::vector<WorkerFigures> worker_figures(const std::vector<bullmq::WorkerConnection>& workers,
                                          const std::vector<JobFigures>& jobs);

} // namespace gleaner::top
