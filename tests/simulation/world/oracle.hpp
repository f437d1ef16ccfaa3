#pragma once

#include "core/api_answer.hpp"
#include "tests/simulation/world/disk.hpp"
#include "tests/simulation/world/redis_host.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gleaner::simulation {

/// Sees everything in a world and says what must not be.
class Oracle {
public:
  /// A run of a process: how the tokens of its locks begin, and the disk that it stores on.
  struct Run {
    std::string token_seed;
    const Disk* disk = nullptr;
    bool disturbed = false; ///< It may have lost a job without a fault of its own.
  };
  struct Figures {
    std::size_t pages_served = 0, pages_again = 0, commands = 0, completed = 0, failed = 0;
    std::size_t lost = 0; ///< Jobs that Redis has lost.
  };

  Oracle(const Swarm& swarm, Timeline& timeline, RedisHost& redis, Trace& trace)
      : swarm_(swarm), timeline_(timeline), redis_(redis), trace_(trace) {}

  void expect_job(const std::string& id, const std::string& domain, std::size_t rows);
  void add_run(std::uint64_t sender, Run run) { runs_[sender] = std::move(run); }
  void disturb(std::uint64_t sender) { runs_[sender].disturbed = true; }
  void disturb_all();
  /// Locks have vanished before their time.
  void excuse_leases(std::chrono::milliseconds span);

  /// Redis lost grants, or its clock stepped: only processes that saw it before can know.
  void unsettle_pace();
  /// Until one of them says so, permits of those that did not are given as if nothing was.
  void clock_stepped();
  /// Such a process is gone, or can't tell.
  void lose_witness();

  /// Redis has another state than before, a whole one: jobs, pages and stalls are as it says.
  void forget_what_redis_forgot();

  void before_command(const RedisHost::Words& words);
  void after_command(std::uint64_t sender, const RedisHost::Words& words,
                     const redis::RedisValue& answer);
  void on_request(std::uint64_t sender, const PageRequest& request);
  void on_page(std::uint64_t sender, const PageRequest& request);

  bool all_ended();
  /// Once everything is quiet.
  void check_end();

  void fail(const std::string& what);
  const std::string& failure() const { return failure_; } ///< "" when there is none.
  const Figures& figures() const { return figures_; }

private:
  struct Job {
    std::string domain;
    std::size_t rows = 0;
    std::string place;                 ///< The structure that it is in.
    std::string lock;                  ///< Before the present command.
    std::optional<std::string> holder; ///< By the token of the take, "" for none; else unknown.
    std::size_t stalls = 0;            ///< Since a page was kept.
    std::string sure_lock;   ///< Was there when leases were excused: its holder needs no excuse.
    std::string shown_lock;  ///< Its holder has used it, so it goes by what came with it.
    bool pages_lost = false; ///< Redis had kept some that it knows no more.
    bool ledger_unseen =
      false; ///< Some of them were kept by what Redis has lost, as far as is known.
  };

  std::string key(const std::string& suffix) const { return "bull:q:" + suffix; }
  std::string text_of(const RedisHost::Words& words) { return redis_.look(words).text; }
  std::string lock_of(const std::string& id);
  void note_holders(bool taken_from_the_dead);
  std::string find_place(const std::string& id, std::size_t& places);
  void note_kept(const RedisHost::Words& words);
  std::string own_lock(std::uint64_t sender, const std::string& id);
  bool is_sure(const std::string& lock, const Job& job) const;
  void check_answer(const redis::RedisValue& answer);
  void check_places(std::uint64_t sender);
  void check_lost_jobs();
  bool is_in_redis(const std::string& id, const Job& job);
  void adopt(const std::string& id, Job job);
  void note_lost_permits();
  void hear_of_lost_permits(const RedisHost::Words& words);
  void hear_of_step(const std::string& exchange);
  const List* granted();
  void check_pace();
  void check_fence(const RedisHost::Words& words, const redis::RedisValue& answer);
  void check_events();
  void check_copies(const std::string& id, const Job& job);
  void check_stalled(const redis::RedisValue& answer);
  void check_collection(const std::string& id, const Job& job, const std::string& content);
  void check_completion(std::uint64_t sender, const std::string& id, const Job& job);
  void check_failure(const std::string& id);
  const std::string* job_of(const std::string& domain) const;

  const Swarm& swarm_;
  Timeline& timeline_;
  RedisHost& redis_;
  Trace& trace_;
  std::map<std::string, Job> jobs_;
  std::vector<std::pair<std::string, Job>> lost_; ///< By ids that others may have by now.
  std::set<std::string> given_up_;                ///< Locks of takes that are over.
  std::map<std::uint64_t, Run> runs_;
  using Page = std::pair<std::string, std::uint32_t>; ///< Domain and offset.
  /// Locks under which a process asked for a page, of requests that are not served yet.
  std::map<std::pair<std::uint64_t, Page>, std::deque<std::string>> asked_;
  /// Who has paid for the page last, by the token of the lock under which.
  std::map<Page, std::string> paid_;
  void excuse_pace();
  Timeline::Time pace_unsettled_until_{}, witness_missing_until_{}, pace_excused_until_{};
  bool step_untold_ = false;
  std::set<std::string> strangers_; ///< Sharers of the pace that came after the step.
  std::string budget_key_;          ///< "" until it is used.
  List granted_before_;             ///< What Redis knew of permits before it lost something.
  std::size_t permits_lost_ = 0;
  Timeline::Time permits_lost_until_{};
  std::deque<Timeline::Time> requests_; ///< Within the longest window of the API.
  std::map<Page, std::string> kept_; ///< A holder was told that the ledger has it; whose that is.
  Timeline::Time excused_until_{};
  std::string failure_;
  Figures figures_;
};

} // namespace gleaner::simulation
