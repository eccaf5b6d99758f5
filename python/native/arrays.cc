// Checks and timelines of flat arrays.
#include "arrays.h"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <numeric>

#include "readings/dates.h"
#include "readings/timelines.h"

namespace meterhound::python {
namespace nb = nanobind;
namespace {

std::shared_ptr<const Timeline> StepsOf(const SeriesArrays& arrays) {
  auto timeline = std::make_shared<Timeline>();
  const std::int64_t* const offsets = arrays.offsets.data();
  const std::size_t rows = arrays.rows();
  const std::int64_t length = rows > 0 ? offsets[1] : 0;
  for (std::size_t row = 0; row < rows; ++row) {
    timeline->shared = timeline->shared && offsets[row + 1] - offsets[row] == length;
  }
  timeline->times.resize(timeline->shared ? static_cast<std::size_t>(length) : arrays.values.size());
  if (timeline->shared) {
    std::iota(timeline->times.begin(), timeline->times.end(), 0.0);
    return timeline;
  }
  timeline->offsets.assign(offsets, offsets + rows + 1);
  for (std::size_t row = 0; row < rows; ++row) {
    std::iota(timeline->times.begin() + offsets[row], timeline->times.begin() + offsets[row + 1], 0.0);
  }
  return timeline;
}

constexpr const char* kSteps = "steps";
constexpr const char* kIrregular = "irregular";

Cadence CadenceNamed(const std::string& name) {
  if (name == kSteps) return Cadence::kSteps;
  if (name == kIrregular) return Cadence::kIrregular;
  const auto found = readings::FindNamedCadence(name);
  if (!found) throw nb::value_error(("found the cadence '" + name + "', expected one such as daily").c_str());
  return *found;
}

bool SameForAll(const Timeline& timeline) {
  const std::size_t rows = timeline.offsets.size() - 1;
  for (std::size_t row = 1; row < rows; ++row) {
    const auto first = timeline.times.begin();
    const auto own = first + static_cast<std::ptrdiff_t>(timeline.offsets[row]);
    if (timeline.Length(row) != timeline.Length(0)) return false;
    if (!std::equal(own, own + static_cast<std::ptrdiff_t>(timeline.Length(row)), first)) return false;
  }
  return rows > 0;
}

}  // namespace

SeriesArrays ReadArrays(nb::handle entry) {
  const nb::tuple parts = nb::cast<nb::tuple>(entry);
  SeriesArrays arrays{nb::cast<DoubleArray>(parts[0]), nb::cast<OffsetArray>(parts[1]), std::nullopt, std::nullopt};
  if (!nb::object(parts[2]).is_none()) arrays.times = nb::cast<DoubleArray>(parts[2]);
  if (nb::len(parts) > 3) arrays.cadence = CadenceNamed(nb::cast<std::string>(parts[3]));
  const std::int64_t* const offsets = arrays.offsets.data();
  const bool fits = arrays.offsets.size() > 0 && offsets[0] == 0 &&
                    std::is_sorted(offsets, offsets + arrays.offsets.size()) &&
                    static_cast<std::size_t>(offsets[arrays.rows()]) == arrays.values.size() &&
                    (!arrays.times || arrays.times->size() == arrays.values.size());
  if (!fits) throw nb::value_error("found offsets that do not fit the values, expected rows + 1 ascending positions");
  return arrays;
}

std::shared_ptr<const Timeline> TimelineOf(const SeriesArrays& arrays) {
  if (!arrays.times) return StepsOf(arrays);
  auto timeline = std::make_shared<Timeline>();
  timeline->shared = false;
  timeline->offsets.assign(arrays.offsets.data(), arrays.offsets.data() + arrays.offsets.size());
  timeline->times.assign(arrays.times->data(), arrays.times->data() + arrays.times->size());
  timeline->cadence = arrays.cadence.value_or(Cadence::kIrregular);
  for (std::size_t row = 0; row < arrays.rows() && !arrays.cadence; ++row) {
    if (timeline->Length(row) < 2) continue;
    timeline->cadence = readings::FindCadence({timeline->times.data() + timeline->offsets[row], timeline->Length(row)});
    break;
  }
  if (SameForAll(*timeline)) {
    timeline->times.resize(timeline->Length(0));
    timeline->shared = true;
    timeline->offsets.clear();
  }
  return timeline;
}

std::string CadenceOf(const DoubleArray& times) {
  const Cadence cadence = readings::FindCadence({times.data(), times.size()});
  for (const readings::NamedCadence& one : readings::NamedCadences()) {
    if (one.cadence == cadence) return one.name;
  }
  return kIrregular;
}

}  // namespace meterhound::python
