#include "tests/simulation/world/contact_source.hpp"

#include <algorithm>
#include <utility>

namespace gleaner::simulation {

namespace {

ApiAnswer answered(int status, std::string body) {
  ApiAnswer answer;
  answer.transport = ApiAnswer::Transport::answered;
  answer.status = status;
  answer.is_json = true;
  answer.body = SharedBody{std::move(body)};
  return answer;
}

ApiAnswer refused(int status, std::string id, std::string details) {
  auto answer = answered(status, {});
  answer.error_id = std::move(id);
  answer.error_details = std::move(details);
  return answer;
}

} // namespace

std::string ContactSource::address(const std::string& domain, std::size_t row) {
  return "p" + std::to_string(row) + "@" + domain;
}

ApiAnswer ContactSource::page(const PageRequest& request) {
  const auto total = rows_.at(request.domain);
  const auto end = std::min<std::size_t>(total, request.offset + request.limit);
  std::string body = R"({"data":{"domain":")" + request.domain + R"(","emails":[)";
  for (std::size_t row = request.offset; row < end; ++row) {
    body += row > request.offset ? "," : "";
    body += R"({"value":")" + address(request.domain, row) +
            R"(","type":"personal","confidence":90,"sources":[]})";
  }
  return answered(200, body + R"(]},"meta":{"results":)" + std::to_string(total) + "}}");
}

ApiAnswer ContactSource::serve(std::uint64_t sender, const PageRequest& request) {
  if (troubled && chance_.happens(swarm_.throttle))
    return refused(429, "too_many_requests", "You have reached the rate limit");
  if (troubled && chance_.happens(swarm_.server_error))
    return refused(500, "internal", "Something went wrong");
  on_page(sender, request);
  if (troubled && chance_.happens(swarm_.malformed))
    return answered(200, R"({"data":{"emails":[)");
  return page(request);
}

void ContactSource::search(std::uint64_t sender, const std::shared_ptr<Host>& host,
                           const PageRequest& request, std::function<void(ApiAnswer)> reply) {
  if (!host->alive())
    return;
  trace_.add("request", request.domain, request.offset);
  on_request(sender, request);
  if (swarm_.mutant == Mutant::requests_repeated)
    timeline_.after(std::chrono::seconds{40},
                    [this, sender, request] { on_request(sender, request); });
  ApiAnswer answer;
  auto span = chance_.milliseconds(20, 400);
  if (troubled && chance_.happens(swarm_.timeout)) {
    answer.transport = ApiAnswer::Transport::timed_out;
    answer.problem = "no answer within 30 s";
    span = std::chrono::seconds{30};
  } else {
    answer = serve(sender, request);
    if (troubled && chance_.happens(swarm_.slow_api))
      span = chance_.milliseconds(400, 29000);
  }
  timeline_.after(span, [host, reply = std::move(reply), answer = std::move(answer)] {
    host->deliver([reply, answer] { reply(answer); });
  });
}

void ContactSource::account(const std::shared_ptr<Host>& host,
                            std::function<void(Result<ApiAccount>)> reply) {
  timeline_.after(chance_.milliseconds(20, 400), [host, reply = std::move(reply)] {
    host->deliver([reply] { reply(ApiAccount{}); });
  });
}

} // namespace gleaner::simulation
