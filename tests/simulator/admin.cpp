#include "tests/simulator/admin.hpp"

#include "tests/simulator/query_params.hpp"

#include <charconv>
#include <stdexcept>

namespace gleaner::sim {

namespace {

Answer shown(const Json& value) {
  return json_answer(value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Answer refused(int status, std::string_view why) {
  return json_answer("{\"error\":" + json_quoted(why) + "}\n", status);
}

Json body_of(const Request& request) {
  auto parsed = Json::parse(request.body.begin(), request.body.end(), nullptr, false);
  if (parsed.is_discarded())
    throw std::invalid_argument("the body of POST " + std::string{request.path} +
                                " is no JSON: " + std::string{request.body.substr(0, 80)});
  return parsed;
}

std::uint64_t number_or(const QueryParams& params, std::string_view name, std::uint64_t otherwise) {
  const auto text = params.get(name);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty())
    return otherwise;
  if (error != std::errc{} || end != text.data() + text.size())
    throw std::invalid_argument(std::string{name} + "=" + std::string{text} +
                                " is no whole number");
  return value;
}

Answer calls(SimState& state, const Request& request) {
  const QueryParams params{request.query};
  CallSelection selection;
  selection.since = number_or(params, "since", 0);
  selection.most = number_or(params, "limit", selection.most);
  selection.domain = params.get("domain");
  auto answer = json_answer(state.log.to_json_array(selection));
  answer.headers = "X-Calls-Dropped: " + std::to_string(state.log.dropped()) + "\r\n";
  return answer;
}

Json accounts(SimState& state) {
  auto out = Json::array();
  for (const auto& [key, account] : state.accounts.all())
    out.push_back(to_json(key, account));
  return out;
}

Answer change_clock(SimState& state, const Json& object) {
  if (!object.is_object() || !object.contains("advance_s") ||
      !object["advance_s"].is_number_unsigned() || object["advance_s"] > 4'000'000'000u)
    throw std::invalid_argument(R"(expected {"advance_s": seconds to move the clock forward})");
  state.clock.advance(std::chrono::seconds{object["advance_s"].get<std::int64_t>()});
  return shown({{"today", date_of(state.clock.now())}});
}

Answer get(SimState& state, const Request& request) {
  if (request.path == "/admin/calls")
    return calls(state, request);
  if (request.path == "/admin/stats")
    return shown(state.stats.to_json(state.switches, state.log.dropped()));
  if (request.path == "/admin/switches")
    return shown(to_json(state.switches));
  if (request.path == "/admin/faults")
    return shown(state.faults.to_json());
  if (request.path == "/admin/account")
    return shown(accounts(state));
  return refused(404, "GET knows /admin/calls, stats, switches, faults, account");
}

Answer post(SimState& state, const Request& request) {
  if (request.path == "/admin/reset") {
    state.reset();
    return shown({{"reset", true}});
  }
  if (request.path == "/admin/switches") {
    set_switches(state.switches, body_of(request));
    state.cache.clear();
    return shown(to_json(state.switches));
  }
  if (request.path == "/admin/faults") {
    state.faults.add(body_of(request));
    return shown(state.faults.to_json());
  }
  if (request.path == "/admin/account") {
    const auto body = body_of(request);
    auto& account = state.accounts.change(body, state.clock.now());
    return shown(to_json(body["key"].get<std::string>(), account));
  }
  if (request.path == "/admin/clock")
    return change_clock(state, body_of(request));
  return refused(404, "POST knows /admin/switches, faults, account, clock, reset");
}

Answer remove(SimState& state, const Request& request) {
  if (request.path == "/admin/calls") {
    state.log.clear();
    state.stats.clear();
    return shown({{"cleared", true}});
  }
  if (request.path == "/admin/faults") {
    state.faults.clear();
    return shown(state.faults.to_json());
  }
  return refused(404, "DELETE knows /admin/calls and /admin/faults");
}

} // namespace

Answer admin_answer(SimState& state, const Request& request) {
  try {
    if (request.method == "GET")
      return get(state, request);
    if (request.method == "POST")
      return post(state, request);
    if (request.method == "DELETE")
      return remove(state, request);
    return refused(405, "admin calls are GET, POST or DELETE");
  } catch (const std::exception& problem) {
    return refused(400, problem.what());
  }
}

} // namespace gleaner::sim
