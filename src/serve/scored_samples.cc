// Numbers decide: a row is described and encoded only when it is below the bar, which falls as the sample fills.
#include "serve/scored_samples.h"

#include <algorithm>
#include <limits>

#include "monitor/kept_rows.h"

namespace meterhound::serve {
namespace {

std::int64_t NumberOf(std::uint64_t hash) { return static_cast<std::int64_t>(hash >> 1); }

}  // namespace

std::vector<store::ScoredRow> RowsBelow(std::int64_t bar, std::span<const std::uint64_t> hashes,
                                        const monitor::Snapshot& snapshot) {
  std::vector<std::size_t> wanted;
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    if (NumberOf(hashes[row]) < bar) wanted.push_back(row);
  }
  const std::size_t most = std::min<std::size_t>(wanted.size(), store::ScoredStore::kMost);
  std::partial_sort(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(most), wanted.end(),
                    [&](std::size_t a, std::size_t b) { return hashes[a] < hashes[b]; });
  wanted.resize(most);
  std::vector<store::ScoredRow> rows;
  rows.reserve(wanted.size());
  for (const std::size_t row : wanted) {
    rows.push_back({.number = NumberOf(hashes[row]), .data = monitor::EncodeRow(snapshot, row)});
  }
  return rows;
}

Status ScoredSamples::Offer(const std::string& model, std::span<const std::uint64_t> hashes,
                            const std::function<Result<monitor::Snapshot>()>& describe) {
  std::int64_t bar = std::numeric_limits<std::int64_t>::max();
  {
    const std::lock_guard lock(mutex_);
    if (model == model_) bar = bar_;
  }
  if (std::none_of(hashes.begin(), hashes.end(), [&](std::uint64_t hash) { return NumberOf(hash) < bar; })) return {};
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Snapshot snapshot, describe());
  std::vector<store::ScoredRow> rows = RowsBelow(bar, hashes, snapshot);
  const std::lock_guard lock(mutex_);
  if (model != model_) {
    model_ = model;
    bar_ = std::numeric_limits<std::int64_t>::max();
    rows_.clear();
  }
  for (store::ScoredRow& row : rows) rows_.emplace(row.number, std::move(row.data));
  while (rows_.size() > store::ScoredStore::kMost) {
    bar_ = std::min(bar_, rows_.rbegin()->first);
    rows_.erase(std::prev(rows_.end()));
  }
  return {};
}

Status ScoredSamples::Flush() {
  std::string model;
  std::vector<store::ScoredRow> rows;
  {
    const std::lock_guard lock(mutex_);
    if (model_.empty()) return {};
    model = model_;
    for (const auto& [number, data] : rows_) rows.push_back({.number = number, .data = data});
  }
  if (!rows.empty()) {
    METERHOUND_RETURN_IF_ERROR(database_->Write(
        [&](store::Transaction& transaction) { return store::ScoredStore::Offer(transaction, model, rows); }));
  }
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t bar, store_.Bar(model));
  const std::lock_guard lock(mutex_);
  if (model != model_) return {};
  bar_ = bar;
  for (const store::ScoredRow& row : rows) rows_.erase(row.number);
  return {};
}

}  // namespace meterhound::serve
