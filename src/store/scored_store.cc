// The lowest numbers of each model; what is above them is deleted with every offer.
#include "store/scored_store.h"

#include <limits>

#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
// The first number beyond the sample.
constexpr std::string_view kBeyond = "SELECT number FROM scored_rows WHERE model=? ORDER BY number LIMIT 1 OFFSET ?";

}  // namespace

Result<std::int64_t> ScoredStore::Bar(const std::string& model) {
  METERHOUND_ASSIGN_OR_RETURN(const auto last, database_->QueryOne(kBeyond, {model, kMost - 1}));
  return last ? last->Int(0) : kHighest;
}

Status ScoredStore::Offer(Transaction& transaction, const std::string& model, const std::vector<ScoredRow>& rows) {
  const std::int64_t now = NowMilliseconds();
  for (const ScoredRow& row : rows) {
    METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute(
        "INSERT INTO scored_rows (model, number, at, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        {model, row.number, now, Blob{row.data}})));
  }
  METERHOUND_ASSIGN_OR_RETURN(const auto beyond, transaction.QueryOne(kBeyond, {model, kMost}));
  if (!beyond) return {};
  return Done(transaction.Execute("DELETE FROM scored_rows WHERE model=? AND number>=?", {model, beyond->Int(0)}));
}

Result<ScoredStore::Sample> ScoredStore::Of(const std::string& model) {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query("SELECT number, at, data FROM scored_rows WHERE model=? ORDER BY number", {model}));
  Sample sample;
  for (const Row& row : rows) {
    sample.rows.push_back({.number = row.Int(0), .data = row.Bytes(2)});
    sample.until = std::max(sample.until, row.Int(1));
  }
  return sample;
}

Status ScoredStore::Forget(Transaction& transaction, const std::string& model, std::int64_t until) {
  return Done(transaction.Execute("DELETE FROM scored_rows WHERE model<>? OR at<=?", {model, until}));
}

}  // namespace meterhound::store
