#pragma once

#include <array>
#include <memory>
#include <string_view>

namespace gleaner::cost {

/// A part of the hot path on given input: the same work in every run.
class Piece {
public:
  virtual ~Piece() = default;
  /// Makes what the next run uses up; is not counted.
  virtual void prepare() {}
  virtual void run() = 0;
};

using MakePiece = std::unique_ptr<Piece> (*)();

/// The body of a page of 100 becomes contacts.
std::unique_ptr<Piece> page_piece();
/// That page is packed for the ledger and unpacked again.
std::unique_ptr<Piece> ledger_piece();
/// The contacts of 50 pages of 100 become one list.
std::unique_ptr<Piece> merge_piece();
/// The decisions about a job of 3 pages, and its collection.
std::unique_ptr<Piece> run_piece();
/// The file's text of a collection of 250 contacts.
std::unique_ptr<Piece> collection_piece();
/// What a job of 3 pages says to Redis and hears, from bytes to bytes.
std::unique_ptr<Piece> queue_piece();
/// A whole job of 1 page and 5 contacts: all actors, from the take to the end.
std::unique_ptr<Piece> small_job_piece();
/// Likewise of 3 pages and 250 contacts.
std::unique_ptr<Piece> job_piece();

struct NamedPiece {
  std::string_view name;
  MakePiece make;
};

inline constexpr std::array pieces{NamedPiece{"page", page_piece},
                                   NamedPiece{"ledger", ledger_piece},
                                   NamedPiece{"merge", merge_piece},
                                   NamedPiece{"run", run_piece},
                                   NamedPiece{"collection", collection_piece},
                                   NamedPiece{"queue", queue_piece},
                                   NamedPiece{"small_job", small_job_piece},
                                   NamedPiece{"job", job_piece}};

} // namespace gleaner::cost
