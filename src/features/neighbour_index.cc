// An inverted file: for every day of every value of the attribute the consumers read on it.
#include "features/neighbour_index.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/calendar.h"
#include "base/hashing.h"

namespace meterhound::features {
namespace {

constexpr std::size_t kGrain = 64;

/// The (value, day) keys of a panel's rows.
class Days {
 public:
  static Result<Days> Of(const NeighbourSpec& spec, const Panel& panel) {
    const auto found = std::find_if(panel.attributes.begin(), panel.attributes.end(),
                                    [&spec](const Attribute& attribute) { return attribute.name == spec.attribute; });
    if (found == panel.attributes.end() || found->type != Attribute::Type::kCategorical) {
      return InvalidInput("neighbours: found no categorical attribute '" + spec.attribute + "'", panel.source);
    }
    return Days(spec, panel, *found);
  }

  /// Ascending, each once.
  void OfRow(std::size_t row, std::vector<std::uint64_t>& keys) const {
    keys.clear();
    const double code = attribute_->values[row];
    if (std::isnan(code)) return;
    const std::string& value = attribute_->categories[static_cast<std::size_t>(code)];
    const Timeline* before = nullptr;
    for (const SeriesKind& kind : panel_->kinds) {
      const Timeline* timeline = kind.timeline.get();
      if (timeline == before) continue;  // kinds read together share one
      before = timeline;
      const std::size_t offset = timeline->shared ? 0 : timeline->Offset(row);
      for (std::size_t i = 0; i < timeline->Length(row); ++i) {
        const auto day = static_cast<std::int64_t>(std::floor(timeline->times[offset + i] / kSecondsPerDay));
        if (day < first_day_) continue;
        Hasher64 hasher;
        hasher.AddText(value);
        hasher.Add(day);
        keys.push_back(hasher.Finish());
      }
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  }

 private:
  Days(const NeighbourSpec& spec, const Panel& panel, const Attribute& attribute)
      : first_day_(spec.first_day), panel_(&panel), attribute_(&attribute) {}
  std::int64_t first_day_;
  const Panel* panel_;
  const Attribute* attribute_;
};

/// Numbers as bytes, and back.
template <typename T>
void Put(std::string& to, const std::vector<T>& values) {
  const std::uint64_t count = values.size();
  to.append(reinterpret_cast<const char*>(&count), sizeof count);
  to.append(reinterpret_cast<const char*>(values.data()), count * sizeof(T));
}

template <typename T>
bool Get(std::string_view& from, std::vector<T>& values) {
  std::uint64_t count = 0;
  if (from.size() < sizeof count) return false;
  std::memcpy(&count, from.data(), sizeof count);
  from.remove_prefix(sizeof count);
  if (count > from.size() / sizeof(T)) return false;
  values.resize(count);
  std::memcpy(values.data(), from.data(), count * sizeof(T));
  from.remove_prefix(count * sizeof(T));
  return true;
}

}  // namespace

Result<NeighbourIndex> NeighbourIndex::Build(const NeighbourSpec& spec, const Panel& panel,
                                             std::span<const std::uint64_t> hashes, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const Days days, Days::Of(spec, panel));
  NeighbourIndex index;
  index.spec_ = spec;
  // The order of rows must not matter.
  std::vector<std::size_t> rows(panel.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return hashes[a] < hashes[b]; });
  std::vector<std::vector<std::uint64_t>> keys(rows.size());
  context.pool.ParallelFor(
      rows.size(), kGrain,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) days.OfRow(rows[i], keys[i]);
      },
      context.stop);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  for (const auto& each : keys) index.keys_.insert(index.keys_.end(), each.begin(), each.end());
  std::sort(index.keys_.begin(), index.keys_.end());
  index.keys_.erase(std::unique(index.keys_.begin(), index.keys_.end()), index.keys_.end());
  index.offsets_ = {0};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    index.reference_.push_back(hashes[rows[i]]);
    for (const std::uint64_t key : keys[i]) {
      const auto found = std::lower_bound(index.keys_.begin(), index.keys_.end(), key);
      index.days_.push_back(static_cast<std::uint32_t>(found - index.keys_.begin()));
    }
    index.offsets_.push_back(index.days_.size());
  }
  index.MakePostings();
  return index;
}

void NeighbourIndex::MakePostings() {
  post_offsets_.assign(keys_.size() + 1, 0);
  for (const std::uint32_t key : days_) ++post_offsets_[key + 1];
  std::partial_sum(post_offsets_.begin(), post_offsets_.end(), post_offsets_.begin());
  posts_.resize(days_.size());
  std::vector<std::size_t> next(post_offsets_.begin(), post_offsets_.end() - 1);
  for (std::size_t place = 0; place < reference_.size(); ++place) {
    for (std::size_t i = offsets_[place]; i < offsets_[place + 1]; ++i) {
      posts_[next[days_[i]]++] = static_cast<std::uint32_t>(place);
    }
  }
}

Result<Neighbours> NeighbourIndex::Find(const Panel& panel, std::span<const std::uint64_t> hashes,
                                        const RunContext& context) const {
  METERHOUND_ASSIGN_OR_RETURN(const Days days, Days::Of(spec_, panel));
  std::vector<std::vector<Neighbour>> found(panel.rows());
  context.progress.Begin("finding neighbours", panel.rows(), "consumers");
  context.pool.ParallelFor(
      panel.rows(), kGrain,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<std::uint32_t> common(reference_.size(), 0);
        std::vector<std::uint32_t> met;
        std::vector<std::uint64_t> keys;
        for (std::size_t row = begin; row < end; ++row) {
          days.OfRow(row, keys);
          met.clear();
          for (const std::uint64_t key : keys) {
            const auto at = std::lower_bound(keys_.begin(), keys_.end(), key);
            if (at == keys_.end() || *at != key) continue;
            const auto k = static_cast<std::size_t>(at - keys_.begin());
            for (std::size_t p = post_offsets_[k]; p < post_offsets_[k + 1]; ++p) {
              if (common[posts_[p]]++ == 0) met.push_back(posts_[p]);
            }
          }
          std::vector<Neighbour>& of_row = found[row];
          for (const std::uint32_t place : met) {
            const auto shared = static_cast<float>(std::exchange(common[place], 0));
            const auto either = static_cast<float>(keys.size() + offsets_[place + 1] - offsets_[place]) - shared;
            if (reference_[place] != hashes[row]) of_row.push_back({place, shared / either});
          }
          const auto closer = [](const Neighbour& a, const Neighbour& b) {
            return a.similarity != b.similarity ? a.similarity > b.similarity : a.place < b.place;
          };
          const std::size_t kept = std::min(spec_.most, of_row.size());
          std::partial_sort(of_row.begin(), of_row.begin() + static_cast<std::ptrdiff_t>(kept), of_row.end(), closer);
          of_row.resize(kept);
          of_row.shrink_to_fit();
        }
        context.progress.Advance(end - begin);
      },
      context.stop);
  context.progress.End();
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  Neighbours all{.spec = spec_, .reference = reference_, .offsets = {0}, .entries = {}};
  for (auto& of_row : found) {
    all.entries.insert(all.entries.end(), of_row.begin(), of_row.end());
    all.offsets.push_back(all.entries.size());
    of_row = {};
  }
  return all;
}

std::string NeighbourIndex::Serialize() const {
  std::string bytes;
  Put(bytes, std::vector<char>(spec_.name.begin(), spec_.name.end()));
  Put(bytes, std::vector<char>(spec_.attribute.begin(), spec_.attribute.end()));
  Put(bytes, std::vector<std::int64_t>{spec_.first_day, static_cast<std::int64_t>(spec_.most)});
  Put(bytes, reference_);
  Put(bytes, keys_);
  std::vector<std::uint32_t> counts;
  for (std::size_t i = 0; i < reference_.size(); ++i) {
    counts.push_back(static_cast<std::uint32_t>(offsets_[i + 1] - offsets_[i]));
  }
  Put(bytes, counts);
  Put(bytes, days_);
  return bytes;
}

Result<NeighbourIndex> NeighbourIndex::Load(std::string_view bytes) {
  NeighbourIndex index;
  std::vector<char> name, attribute;
  std::vector<std::int64_t> numbers;
  std::vector<std::uint32_t> counts;
  const bool whole = Get(bytes, name) && Get(bytes, attribute) && Get(bytes, numbers) && Get(bytes, index.reference_) &&
                     Get(bytes, index.keys_) && Get(bytes, counts) && Get(bytes, index.days_) && bytes.empty();
  const auto damaged = [] { return Corrupt("the neighbours are damaged"); };
  if (!whole || numbers.size() != 2 || numbers[1] < 1 || counts.size() != index.reference_.size()) return damaged();
  if (std::any_of(index.days_.begin(), index.days_.end(),
                  [&](std::uint32_t day) { return day >= index.keys_.size(); })) {
    return damaged();
  }
  index.spec_ = {.name = {name.begin(), name.end()},
                 .attribute = {attribute.begin(), attribute.end()},
                 .first_day = numbers[0],
                 .most = static_cast<std::size_t>(numbers[1])};
  index.offsets_ = {0};
  for (const std::uint32_t count : counts) index.offsets_.push_back(index.offsets_.back() + count);
  if (index.offsets_.back() != index.days_.size()) return damaged();
  index.MakePostings();
  return index;
}

}  // namespace meterhound::features
