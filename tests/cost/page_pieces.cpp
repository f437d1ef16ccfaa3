#include "adapters/ledger/page_codec.hpp"
#include "tests/cost/pages.hpp"
#include "tests/cost/piece.hpp"

#include <stdexcept>

namespace gleaner::cost {

namespace {

const std::string whole_page = "c100.sim.test";

class PagePiece final : public Piece {
public:
  void run() override {
    if (read_page(parser_, body_).contacts.size() != 100)
      throw std::runtime_error{"the page is not as it was"};
  }

private:
  SharedBody body_ = page_body(whole_page, 0);
  hunter::PageParser parser_;
};

class LedgerPiece final : public Piece {
public:
  void run() override {
    if (!ledger::unpack_page(ledger::pack_page(page_)))
      throw std::runtime_error{"the page can't be unpacked"};
  }

private:
  NormalizedPage page_ = read_page(whole_page, 0);
};

} // namespace

std::unique_ptr<Piece> page_piece() {
  return std::make_unique<PagePiece>();
}
std::unique_ptr<Piece> ledger_piece() {
  return std::make_unique<LedgerPiece>();
}

} // namespace gleaner::cost
