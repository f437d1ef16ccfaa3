#include "adapters/store/collection_json.hpp"
#include "core/contact_merge.hpp"
#include "core/job_run.hpp"
#include "tests/cost/pages.hpp"
#include "tests/cost/piece.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::cost {

namespace {

constexpr std::uint32_t page_size = 100;

std::vector<NormalizedPage> read_pages(const std::string& domain, std::uint32_t count) {
  std::vector<NormalizedPage> pages;
  for (std::uint32_t i = 0; i < count; ++i)
    pages.push_back(read_page(domain, i * page_size));
  return pages;
}

void expect(bool true_in_each_run) {
  if (!true_in_each_run)
    throw std::runtime_error{"the piece does not do what it did"};
}

class MergePiece final : public Piece {
public:
  void prepare() override { coming_ = pages_; }
  void run() override {
    ContactMerge merge;
    for (std::uint32_t i = 0; i < coming_.size(); ++i)
      merge.add(i * page_size, std::move(coming_[i].contacts));
    expect(merge.take().size() == 50 * page_size);
  }

private:
  std::vector<NormalizedPage> pages_ = read_pages("c5000.sim.test", 50);
  std::vector<NormalizedPage> coming_;
};

class RunPiece final : public Piece {
public:
  void prepare() override { coming_ = pages_; }
  void run() override {
    TakenJob taken;
    taken.lock = {"17", "gl1:node:1:30000:17:1767225600000"};
    taken.domain = "c250.sim.test";
    JobRun job{std::move(taken), "c250.sim.test", PageLimits{}};
    std::vector<std::uint32_t> asked;
    while (!job.complete()) {
      while (const auto slice = job.next_page())
        asked.push_back(slice->offset);
      for (const auto offset : std::exchange(asked, {})) {
        expect(bool(job.add_page(offset, std::move(coming_[offset / page_size]))));
        expect(job.kept(offset, 1767225600000));
      }
    }
    job.normalizing();
    expect(job.collect().items.size() == 250);
    expect(job.succeed().kind == JobEnd::Kind::completed);
  }

private:
  std::vector<NormalizedPage> pages_ = read_pages("c250.sim.test", 3);
  std::vector<NormalizedPage> coming_;
};

class CollectionPiece final : public Piece {
public:
  CollectionPiece() {
    collection_.domain = "c250.sim.test";
    collection_.collected_at = collection_.metadata.processed_at = "2026-11-23T18:13:20.123Z";
    collection_.total = 250;
    for (const auto& page : read_pages(collection_.domain, 3))
      collection_.items.append(page.contacts);
  }
  void run() override {
    store::write_json(collection_, json_);
    expect(json_.ends_with("}"));
  }

private:
  Collection collection_;
  std::string json_;
};

} // namespace

std::unique_ptr<Piece> merge_piece() {
  return std::make_unique<MergePiece>();
}
std::unique_ptr<Piece> run_piece() {
  return std::make_unique<RunPiece>();
}
std::unique_ptr<Piece> collection_piece() {
  return std::make_unique<CollectionPiece>();
}

} // namespace gleaner::cost
