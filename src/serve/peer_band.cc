// Percentiles column by column.
#include "serve/peer_band.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/numbers.h"

namespace meterhound::serve {
namespace {

// Rows whose times are those of the first row; of a shared axis, all.
std::vector<std::size_t> SharingRows(const Panel& panel) {
  const Timeline& timeline = *panel.kinds[0].timeline;
  std::vector<std::size_t> rows;
  const SeriesView first = panel.View(0, 0);
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    if (!timeline.shared) {
      const SeriesView view = panel.View(0, row);
      if (!std::equal(view.times.begin(), view.times.end(), first.times.begin(), first.times.end())) continue;
    }
    rows.push_back(row);
  }
  return rows;
}

struct Band {
  double low = std::nan("");
  double median = std::nan("");
  double high = std::nan("");
};

// The nearest observed value at each share; the third digit does not matter to a band.
Band BandOf(std::vector<double>& values) {
  if (values.size() < kFewestPeers) return {};
  const auto at = [&](double share) {
    const auto place = values.begin() + std::llround(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
  };
  return {.low = at(0.1), .median = at(0.5), .high = at(0.9)};
}

}  // namespace

std::string TimeText(double time, Cadence cadence) {
  if (!HasCalendar(cadence)) return FormatDouble(time);
  return ReadingsPerDay(cadence) > 1 ? FormatDateTime(time).substr(0, 16) : FormatDate(time);
}

Json PeerBand(const Panel& panel, const RunContext& context) {
  if (panel.rows() == 0 || !HasCalendar(panel.kinds[0].timeline->cadence)) return nullptr;
  const std::vector<std::size_t> rows = SharingRows(panel);
  const SeriesView first = panel.View(0, 0);
  if (rows.size() < kFewestPeers || first.size() == 0) return nullptr;
  std::vector<Band> bands(first.size());
  context.pool.ParallelFor(
      bands.size(), 16,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<double> values;
        for (std::size_t i = begin; i < end; ++i) {
          values.clear();
          for (const std::size_t row : rows) {
            const SeriesView view = panel.View(0, row);
            if (view.missing[i] == 0) values.push_back(view.values[i]);
          }
          bands[i] = BandOf(values);
        }
      },
      context.stop);
  Json json = {{"what", "all consumers of this list: the middle 80 % and the median"},
               {"consumers", rows.size()},
               {"times", Json::array()},
               {"low", Json::array()},
               {"median", Json::array()},
               {"high", Json::array()}};
  for (std::size_t i = 0; i < bands.size(); ++i) {
    json["times"].push_back(TimeText(first.times[i], first.cadence));
    json["low"].push_back(bands[i].low);
    json["median"].push_back(bands[i].median);
    json["high"].push_back(bands[i].high);
  }
  return json;
}

}  // namespace meterhound::serve
