#include "actors/normalizer.hpp"

#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>

#include <utility>
#include <vector>

namespace gleaner {

NormalizerActor::behavior_type normalizer(NormalizerState::Self self, NormalizerDeps deps) {
  self->state.deps = std::move(deps);
  return {
    [self](const NormalizePage& msg) { self->state.normalize_page(msg); },
    [self](UnpackPage& msg) { self->state.unpack_page(msg); },
  };
}

void NormalizerState::normalize_page(const NormalizePage& msg) {
  const auto coordinator = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  NormalizedPage page;
  std::vector<ContactReject> rejects;
  auto header = deps.read_page(
    msg.body,
    [&](const RawContact& raw) {
      if (const auto* contact = normalization.apply(raw, rejects))
        page.contacts.push_back(*contact);
      else
        ++page.rejected;
    },
    [&](const ContactReject& reject) {
      rejects.push_back(reject);
      ++page.rejected;
    });
  if (!header) {
    deps.metrics->pages_unreadable.Increment();
    return self->send(coordinator, PageUnreadable{msg.lock, msg.offset, header.error()});
  }
  page.header = std::move(*header);
  for (const auto& reject : rejects)
    deps.metrics->count_reject(reject);
  deps.metrics->rejected.Increment(page.rejected);
  if (page.rejected > 0 && !rejects.empty())
    deps.log->info("norm.rejected", "entries of a page were left out",
                   {{"job_id", msg.lock.job_id},
                    {"offset", std::int64_t{msg.offset}},
                    {"rejected", std::int64_t{page.rejected}},
                    {"field", rejects.front().field},
                    {"reason", rejects.front().reason}});
  (page.header.rows == 0 ? deps.metrics->pages_empty : deps.metrics->pages_fetched).Increment();
  auto packed = deps.codec.pack(page);
  self->send(coordinator, PageNormalized{msg.lock, msg.offset, std::move(page), std::move(packed)});
}

void NormalizerState::unpack_page(UnpackPage& msg) {
  auto page = deps.codec.unpack(msg.page.packed);
  if (!page)
    deps.metrics->pages_damaged.Increment();
  self->send(caf::actor_cast<JobCoordinatorActor>(self->current_sender()),
             PageUnpacked{std::move(msg.lock), msg.page.offset, msg.page.limit,
                          page ? std::optional{std::move(*page)} : std::nullopt});
}

} // namespace gleaner
