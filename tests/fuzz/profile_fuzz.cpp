// A provider's profile: whatever a file says, it is refused by a line that names the place, or each
// answer is judged by one of its rules.
#include "adapters/profile/profile_reader.hpp"
#include "core/answer_class.hpp"
#include "tests/fuzz/fuzzing.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace gleaner::fuzz {

namespace {

ApiAnswer answered(int status) {
  ApiAnswer answer;
  answer.transport = ApiAnswer::Transport::answered;
  answer.status = status;
  return answer;
}

void judge(const ProviderProfile& profile, const ApiAnswer& answer) {
  const auto verdict = classify(profile, answer);
  require(!verdict.rule.empty(), "some rule decides");
  require(verdict.verdict != AnswerClass::Verdict::page ||
            (answer.status >= 200 && answer.status <= 299),
          "only a success is a page");
  require(verdict.verdict != AnswerClass::Verdict::plan_cap || verdict.plan_cap > 0,
          "a cap of the plan is a number");
  require(verdict.wait <= std::chrono::seconds{120}, "no wait is longer than two minutes");
}

void judge_all(const ProviderProfile& profile) {
  for (int status = 95; status <= 1005; ++status)
    judge(profile, answered(status));
  for (const auto status : {400, 403, 429})
    for (const auto* details : {"", "Limited to 10 emails", "per second"})
      for (const auto wait : {-1, 0, 120, 3600}) {
        auto answer = answered(status);
        answer.is_json = true;
        answer.error_id = "no_access";
        answer.error_details = details;
        if (wait >= 0)
          answer.retry_after = std::chrono::seconds{wait};
        judge(profile, answer);
      }
}

} // namespace

void try_input(std::string_view input) {
  const auto reading = profile::parse_profile(input, "my.toml");
  for (const auto& problem : reading.problems) {
    require(problem.starts_with("my.toml:"), "a problem names its place");
    require(is_one_line(problem), "and is one line");
  }
  if (!reading.problems.empty())
    return;
  const auto& profile = reading.profile;
  require(profile.page_size >= 1 && profile.page_size <= profile.page_size_most,
          "pages have a size");
  require(profile.cost.most_credits(profile.page_size_most) > 0, "a full page costs something");
  judge_all(profile);
}

} // namespace gleaner::fuzz
