#include "adapters/bullmq/job_holding.hpp"

#include "adapters/bullmq/job_codec.hpp"
#include "adapters/bullmq/script_answer.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;

bool read_number(std::string_view text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

/// A field of the ledger: its name is the offset, its value "<limit> <page>". Nothing when the name
/// is none: another version's, or somebody else's. A value that can't be read is a damaged page.
std::optional<LedgerPage> read_page(std::string_view name, std::string_view value) {
  LedgerPage page;
  const auto space = std::min(value.find(' '), value.size());
  if (!read_number(name, page.offset))
    return std::nullopt;
  if (!read_number(value.substr(0, space), page.limit))
    return LedgerPage{page.offset, 0, std::string{value}};
  page.packed = value.substr(std::min(space + 1, value.size()));
  return page;
}

std::string page_value(const LedgerPage& page) {
  return std::to_string(page.limit) + ' ' + page.packed;
}

Ledger read_ledger_answer(const RedisValue& fields) {
  Ledger ledger;
  for (std::size_t i = 0; i + 1 < fields.items.size(); i += 2) {
    const auto& name = fields.items[i].text;
    const auto& value = fields.items[i + 1].text;
    if (name == "at")
      std::from_chars(value.data(), value.data() + value.size(), ledger.at_ms);
    else if (auto page = read_page(name, value))
      ledger.pages.push_back(std::move(*page));
  }
  std::sort(ledger.pages.begin(), ledger.pages.end(),
            [](const auto& a, const auto& b) { return a.offset < b.offset; });
  return ledger;
}

Renewal read_renewal(const RedisValue& answer) {
  if (answer.items.size() < 2)
    return {};
  return {read_ids(answer.items[1]), answer.items[0].integer};
}

} // namespace

JobHolding::JobHolding(redis::CommandPort& client, const QueueConfig& config)
    : scripts_(client, QueueKeys{config.prefix, config.name}), config_(config) {}

void JobHolding::renew(const std::vector<JobLock>& locks, Reply<Renewal> reply) {
  std::vector<std::string> args{std::to_string(config_.lock_duration.count())};
  for (const auto& [job_id, token] : locks) {
    args.push_back(job_id);
    args.push_back(token);
  }
  scripts_.run("renew", std::move(args), reading(std::move(reply), read_renewal));
}

void JobHolding::report_progress(const JobLock& lock, std::string progress, Reply<Done> reply) {
  scripts_.run("progress", arguments(lock.job_id, lock.token, std::move(progress)),
               done(std::move(reply)));
}

void JobHolding::add_log(const JobLock& lock, const std::string& row, Reply<Done> reply) {
  scripts_.run("log", {lock.job_id, lock.token, row}, done(std::move(reply)));
}

void JobHolding::claim_domain(const JobLock& lock, const std::string& domain,
                              Reply<DomainClaim> reply) {
  // Longer than anything takes from a look into the store to the claim that follows it.
  constexpr std::chrono::milliseconds remembered = std::chrono::hours{24};
  scripts_.run("claim", {lock.job_id, lock.token, domain, std::to_string(remembered.count())},
               reading(std::move(reply), [](const RedisValue& value) {
                 return static_cast<DomainClaim>(value.integer);
               }));
}

void JobHolding::checkpoint(const JobLock& lock, const std::string& identity,
                            const LedgerPage& page, const std::vector<Progress>& progress,
                            Reply<std::int64_t> reply) {
  auto args =
    arguments(lock.job_id, lock.token, std::to_string(config_.lock_duration.count()), identity,
              std::to_string(config_.ledger_ttl.count()), std::to_string(page.offset),
              config_.ledger ? page_value(page) : std::string{});
  for (const auto& each : progress)
    args.push_back(to_json(each));
  scripts_.run("checkpoint", std::move(args),
               reading(std::move(reply), [](const RedisValue& value) { return value.integer; }));
}

void JobHolding::read_ledger(const JobLock& lock, const std::string& identity,
                             Reply<Ledger> reply) {
  scripts_.run("ledger", {lock.job_id, lock.token, identity},
               reading(std::move(reply), read_ledger_answer));
}

} // namespace gleaner::bullmq
