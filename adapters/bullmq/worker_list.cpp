#include "adapters/bullmq/worker_list.hpp"

#include "adapters/bullmq/worker_connection.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>
#include <tuple>

namespace gleaner::bullmq {

namespace {

/// Of a line such as "id=3 addr=127.0.0.1:50000 name=x age=12"; "" when it is not there.
std::string member_of(const std::string& line, const std::string& name) {
  const auto key = name + '=';
  auto at = line.starts_with(key) ? 0 : line.find(' ' + key);
  if (at == std::string::npos)
    return {};
  at = line.find('=', at) + 1;
  return line.substr(at, line.find_first_of(" \r", at) - at);
}

/// What stands behind the part that all workers of the queue share; nothing for other connections.
std::optional<std::string> worker_name(const std::string& connection, const std::string& shared) {
  constexpr std::string_view before_name = ":w:";
  if (!connection.starts_with(shared))
    return std::nullopt;
  const auto rest = connection.substr(shared.size());
  if (rest.empty())
    return rest;
  return rest.starts_with(before_name) ? std::optional{rest.substr(before_name.size())}
                                       : std::nullopt;
}

} // namespace

std::vector<WorkerConnection> workers_in(const std::string& clients, const QueueConfig& queue) {
  auto unnamed = queue;
  unnamed.worker_name.clear();
  const auto shared = worker_connection_name(unnamed);
  std::vector<WorkerConnection> workers;
  std::istringstream lines{clients};
  for (std::string line; std::getline(lines, line);) {
    const auto name = worker_name(member_of(line, "name"), shared);
    if (!name)
      continue;
    WorkerConnection worker{*name, member_of(line, "addr"), 0};
    const auto age = member_of(line, "age");
    std::from_chars(age.data(), age.data() + age.size(), worker.age_s);
    workers.push_back(std::move(worker));
  }
  std::sort(workers.begin(), workers.end(), [](const auto& one, const auto& other) {
    return std::tie(one.name, one.address) < std::tie(other.name, other.address);
  });
  return workers;
}

Result<std::vector<WorkerConnection>> list_workers(redis::CommandPort& client,
                                                   const QueueConfig& queue) {
  const auto clients = client.call({"CLIENT", "LIST"});
  if (!clients)
    return clients.error();
  return workers_in(clients->text, queue);
}

} // namespace gleaner::bullmq
