// Finds id and label by name; all others must be dates.
#include "readings/wide_layout.h"

#include <algorithm>
#include <numeric>

#include "readings/columns.h"
#include "readings/csv.h"

namespace meterhound::readings {

bool IsWideHeader(std::span<const std::string_view> header) {
  return std::count_if(header.begin(), header.end(), LooksLikeDate) >= 2;
}

Result<WideLayout> FindWideLayout(std::span<const std::string_view> header, const ReadOptions& options,
                                  const std::function<std::string(std::optional<std::size_t>)>& place) {
  WideLayout layout;
  const auto id = FindColumn(header, options.id_column, IdNames());
  if (!id) {
    return InvalidInput("found no column with consumers' ids, expected one called CONS_NO or id", place(std::nullopt));
  }
  layout.id = *id;
  layout.label = FindColumn(header, "", LabelNames());
  std::vector<std::size_t> columns;
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i == layout.id || (layout.label && i == *layout.label)) continue;
    if (!LooksLikeDate(header[i])) {
      return InvalidInput("found column " + Quote(header[i]) + ", expected a date, an id (CONS_NO) or a label (FLAG)",
                          place(i));
    }
    columns.push_back(i);
    texts.push_back(header[i]);
  }
  const auto place_of = [&](std::size_t i) { return place(columns[i]); };
  METERHOUND_ASSIGN_OR_RETURN(const DateFormat format, DateFormat::Decide(texts, options.date_order, place_of));
  std::vector<double> times(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) times[i] = *format.Parse(texts[i]);
  std::vector<std::size_t> order(times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
  layout.place.assign(header.size(), -1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && times[order[i]] == times[order[i - 1]]) {
      return InvalidInput(
          "found " + Quote(texts[order[i]]) + ", the same date as the column at " + place_of(order[i - 1]),
          place_of(order[i]));
    }
    layout.place[columns[order[i]]] = static_cast<std::ptrdiff_t>(i);
    layout.timeline->times.push_back(times[order[i]]);
  }
  layout.timeline->cadence = FindCadence(layout.timeline->times);
  return layout;
}

}  // namespace meterhound::readings
