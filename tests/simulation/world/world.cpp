#include "tests/simulation/world/world.hpp"

#include "adapters/bullmq/scripts.hpp"
#include "adapters/ledger/page_codec.hpp"

#include <algorithm>
#include <utility>

namespace gleaner::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string domain_of(std::size_t job) {
  return "d" + std::to_string(job + 1) + ".test";
}

/// Which script, its arguments as far as a line holds them, and the answer.
std::string remark(const RedisHost::Words& words, const redis::RedisValue& answer) {
  static const auto names = [] {
    std::map<std::string, std::string> made;
    for (const auto* name :
         {"take", "renew", "progress", "log", "checkpoint", "ledger", "finish", "retry", "release",
          "park", "reclaim", "orphan", "was_ended", "stalled", "reconcile", "ghosts", "counts"})
      made[bullmq::script(name).sha] = name;
    return made;
  }();
  std::string line;
  for (std::size_t i = 1; i < words.size(); ++i)
    if (const auto name = names.find(words[i]); i == 1 && name != names.end())
      line += name->second;
    else if (i > 3)
      line += ' ' + words[i].substr(0, 40);
  line.resize(std::min<std::size_t>(line.size(), 160));
  std::replace_if(
    line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c > '~'; }, '.');
  return line + " -> " + std::to_string(answer.integer) + " (" +
         std::to_string(answer.items.size()) + ')';
}

constexpr std::chrono::minutes longest_recovery{12}, longest_world{20};
constexpr seconds aftermath{40}; ///< In which nobody may spoil what has ended.
constexpr std::uint64_t most_steps = 300'000;

} // namespace

World::World(const Swarm& swarm, bool traced)
    : swarm_(swarm), chance_(swarm.seed), trace_(traced),
      redis_(swarm_, timeline_, trace_, chance_), source_(swarm_, timeline_, trace_, chance_),
      oracle_(swarm_, timeline_, redis_, trace_), outside_{swarm_, timeline_, chance_, trace_,
                                                           redis_, source_,   oracle_, log_} {
  if (changes_scripts(swarm_.mutant))
    redis_.server().patch_scripts(
      std::to_string(static_cast<int>(swarm_.mutant)),
      [mutant = swarm_.mutant](const auto& script) { return mutate(mutant, script); });
  redis_.before_command = [this](const auto& words) { oracle_.before_command(words); };
  redis_.after_command = [this](auto sender, const auto& words, const auto& answer) {
    trace_.add(words[0], answer.text, sender, trace_.shown() ? remark(words, answer) : "");
    oracle_.after_command(sender, words, answer);
    if (outside_.troubled && chance_.happens(swarm_.crash_after_command))
      dying_.push_back(sender);
  };
  redis_.on_restart = [this] {
    for (auto& node : nodes_)
      if (node->running())
        node->cut_connections();
  };
  source_.on_request = [this](auto sender, const auto& request) {
    oracle_.on_request(sender, request);
    if (swarm_.poison && request.domain == domain_of(0))
      dying_.push_back(sender);
  };
  source_.on_page = [this](auto sender, const auto& request) { oracle_.on_page(sender, request); };
}

void World::add_jobs() {
  for (const auto rows : swarm_.rows)
    add_job(rows);
}

void World::add_job(std::size_t rows) {
  const auto domain = domain_of(domains_++);
  const auto delay = chance_.happens(0.2) ? chance_.between(1, 20000) : 0;
  const auto priority = chance_.happens(0.2) ? chance_.between(1, 3) : 0;
  const auto added = redis_.look(
    {"EVAL", bullmq::script("add").text, "1", "bull:q:", "collect-domain", std::to_string(delay),
     std::to_string(priority), "0", R"({"domain":")" + domain + R"("})",
     R"({"attempts":3,"backoff":{"type":"exponential","delay":2000}})", ""});
  const auto& id = added.items.at(0).items.at(0).text;
  source_.put(domain, rows);
  oracle_.expect_job(id, domain, rows);
  if (swarm_.stale_ledgers)
    leave_stale_ledger(id);
}

/// As soon as Redis takes it.
void World::add_job_later(milliseconds delay) {
  timeline_.after(delay, [this] {
    if (!redis_.answers() || redis_.server().refusal() != Refusal::none)
      return add_job_later(seconds{1});
    --announced_;
    add_job(swarm_.rows[chance_.below(swarm_.rows.size())]);
  });
}

/// As after a stock client has removed a job of this id, and another one came.
void World::leave_stale_ledger(const std::string& id) {
  NormalizedPage page;
  page.header.total = page.header.rows = 1;
  ContactView old;
  old.email = "old@elsewhere.test";
  page.contacts.push_back(old);
  redis_.look({"HSET", "bull:q:" + id + ":ledger", "job", "1700000000000 elsewhere.test", "at",
               "1700000000000", "0",
               std::to_string(swarm_.page_size) + ' ' + ledger::pack_page(page)});
}

bool World::run_something() {
  std::size_t ready = 0;
  for (const auto& node : nodes_)
    ready += node->ready();
  const bool due = timeline_.next() && *timeline_.next() <= timeline_.now();
  if (ready == 0 && !due)
    return false;
  auto choice = chance_.below(ready + (due ? 1 : 0));
  for (auto& node : nodes_) {
    const auto here = node->ready();
    if (choice < here) {
      trace_.add("step", {}, node->sender() * 100 + choice);
      node->step(choice);
      return true;
    }
    choice -= here;
  }
  return timeline_.run_one();
}

bool World::pass_time() {
  auto next = timeline_.next();
  for (const auto& node : nodes_)
    if (const auto timer = node->next_timer(); timer && (!next || *timer < *next))
      next = timer;
  if (!next)
    return false;
  timeline_.advance_to(*next);
  trace_.set_time(timeline_.since_start().count());
  for (auto& node : nodes_)
    node->advance();
  return true;
}

void World::look_after_nodes() {
  for (auto& node : nodes_) {
    if (!node->running())
      continue;
    const bool dying = std::find(dying_.begin(), dying_.end(), node->sender()) != dying_.end();
    if (dying || node->must_crash()) {
      node->lose_power();
      start_later(*node, chance_.milliseconds(100, chance_.happens(0.7) ? 2000 : 60000));
    } else if (node->stepping() && (node->draining() || steps_ % 64 == 0)) {
      node->hear();
      if (!node->running())
        start_later(*node, chance_.milliseconds(100, 10000));
    }
  }
  dying_.clear();
}

bool World::step() {
  ++steps_;
  const bool rushed = chance_.happens(swarm_.slow_actors);
  if ((rushed && pass_time()) || run_something() || pass_time()) {
    look_after_nodes();
    return true;
  }
  oracle_.fail("nothing will ever happen any more");
  return false;
}

bool World::is_over() {
  if (!oracle_.failure().empty())
    return true;
  if (announced_ > 0 || !oracle_.all_ended())
    ended_at_.reset(); // also when Redis has forgotten it
  else if (!ended_at_)
    ended_at_ = timeline_.now();
  if (ended_at_ && timeline_.now() > *ended_at_ + aftermath)
    return true;
  if (steps_ > most_steps)
    oracle_.fail("no end after " + std::to_string(most_steps) + " steps");
  const auto age = timeline_.since_start();
  if (!swarm_.liveness)
    return age > longest_world;
  if (age > most_trouble + longest_recovery + stepped_back_)
    oracle_.fail("no end after so much time");
  return !oracle_.failure().empty();
}

Outcome World::run() {
  trace_.add("world", describe(swarm_), swarm_.seed);
  add_jobs();
  for (std::size_t i = 0; i < swarm_.nodes; ++i)
    nodes_.push_back(std::make_unique<Node>(outside_, i + 1));
  for (auto& node : nodes_)
    start_later(*node, chance_.milliseconds(0, 100));
  start_trouble();
  while (!is_over() && step()) {
  }
  if (oracle_.failure().empty())
    oracle_.check_end();
  Outcome outcome{oracle_.failure(), trace_.hash(), steps_, timeline_.since_start(),
                  oracle_.figures(), trace_.text(), log_};
  nodes_.clear();
  return outcome;
}

} // namespace gleaner::simulation
