// The limit of each consumer's own readings.
#include "clean/outliers.h"

#include <algorithm>
#include <atomic>
#include <span>
#include <string>
#include <vector>

namespace meterhound::clean {
namespace {

constexpr std::size_t kFewestReadings = 8;
constexpr double kReach = 10;
constexpr std::size_t kGrain = 256;

std::size_t ClipSeries(std::span<double> values, std::span<const std::uint8_t> missing, std::vector<double>& read) {
  read.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!missing[i]) read.push_back(values[i]);
  }
  if (read.size() < kFewestReadings) return 0;
  const auto at = [&read](std::size_t place) {
    const auto nth = read.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(read.begin(), nth, read.end());
    return *nth;
  };
  const double lower = at(read.size() / 4);
  const double upper = at(read.size() * 3 / 4);
  if (!(upper > lower)) return 0;
  const double limit = upper + kReach * (upper - lower);
  std::size_t clipped = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (missing[i] || !(values[i] > limit)) continue;
    values[i] = limit;
    ++clipped;
  }
  return clipped;
}

}  // namespace

std::string_view OutlierPolicyName(OutlierPolicy policy) {
  return policy == OutlierPolicy::kClipSpikes ? "clip_spikes" : "none";
}

Result<OutlierPolicy> ParseOutlierPolicy(std::string_view name) {
  for (const OutlierPolicy policy : {OutlierPolicy::kNone, OutlierPolicy::kClipSpikes}) {
    if (name == OutlierPolicyName(policy)) return policy;
  }
  return InvalidInput("'" + std::string(name) + "' is not an outlier policy; expected none or clip_spikes");
}

Result<std::size_t> LimitOutliers(Panel& panel, OutlierPolicy policy, const RunContext& context) {
  if (policy == OutlierPolicy::kNone) return std::size_t{0};
  std::atomic<std::size_t> clipped = 0;
  std::vector<std::vector<double>> scratch(context.pool.threads());
  for (SeriesKind& kind : panel.kinds) {
    if (kind.group != FeatureGroup::kBehaviour) continue;
    context.pool.ParallelFor(
        panel.rows(), kGrain,
        [&](std::size_t begin, std::size_t end, std::size_t worker) {
          std::size_t here = 0;
          for (std::size_t row = begin; row < end; ++row) {
            const std::size_t offset = kind.timeline->Offset(row);
            const std::size_t length = kind.timeline->Length(row);
            here += ClipSeries({kind.values.data() + offset, length}, {kind.missing.data() + offset, length},
                               scratch[worker]);
          }
          clipped += here;
        },
        context.stop);
    METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  }
  return clipped.load();
}

}  // namespace meterhound::clean
