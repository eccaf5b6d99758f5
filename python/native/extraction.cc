// Arrays become a panel, a panel a feature table, and the table's memory a NumPy array.
#include "extraction.h"

#include <algorithm>
#include <cmath>

#include "waiting.h"

namespace meterhound::python {
namespace nb = nanobind;
namespace {

Panel MakePanel(const std::vector<SeriesArrays>& sources, const std::vector<features::KindInfo>& kinds, bool gaps) {
  Panel panel;
  panel.ids.resize(sources.front().rows());
  for (std::size_t kind = 0; kind < sources.size(); ++kind) {
    const SeriesArrays& source = sources[kind];
    // Kinds that were cut out of one frame come with the same arrays.
    std::shared_ptr<const Timeline> timeline;
    for (std::size_t other = 0; other < kind && !timeline; ++other) {
      const bool same = sources[other].offsets.data() == source.offsets.data() &&
                        sources[other].times.has_value() == source.times.has_value() &&
                        (!source.times || sources[other].times->data() == source.times->data()) &&
                        sources[other].cadence == source.cadence;
      if (same) timeline = panel.kinds[other].timeline;
    }
    panel.kinds.push_back({.name = kinds[kind].name,
                           .unit = {},
                           .group = kinds[kind].group,
                           .timeline = timeline ? timeline : TimelineOf(source),
                           .values = {source.values.data(), source.values.data() + source.values.size()},
                           .missing = std::vector<std::uint8_t>(source.values.size(), 0)});
    SeriesKind& made = panel.kinds.back();
    for (std::size_t i = 0; gaps && i < made.values.size(); ++i) made.missing[i] = std::isnan(made.values[i]) ? 1 : 0;
  }
  return panel;
}

nb::object ToArray(std::vector<double> values, std::size_t rows, std::size_t columns) {
  auto held = std::make_unique<std::vector<double>>(std::move(values));
  double* const data = held->data();
  const nb::capsule owner(held.release(), [](void* pointer) noexcept {
    delete static_cast<std::vector<double>*>(pointer);  // NOLINT(cppcoreguidelines-owning-memory)
  });
  return nb::cast(nb::ndarray<nb::numpy, double, nb::ndim<2>>(data, {rows, columns}, owner));
}

features::FeatureSettings ReadSettings(nb::handle settings) {
  return ValueOrRaise(features::FeatureSettings::FromJson(ToJson(settings)));
}

std::optional<clean::Policy> PolicyOf(const std::optional<std::string>& name) {
  return name ? std::optional(ValueOrRaise(clean::ParsePolicy(*name))) : std::nullopt;
}

std::vector<features::KindInfo> Named(const std::vector<std::string>& names) {
  std::vector<features::KindInfo> kinds;
  for (const std::string& name : names) kinds.push_back({name});
  return kinds;
}

}  // namespace

NativeExtractor::NativeExtractor(nb::handle settings, const std::vector<std::string>& kinds,
                                 const std::optional<std::string>& policy)
    : kinds_(Named(kinds)),
      settings_(ReadSettings(settings)),
      extractor_(ValueOrRaise(features::Extractor::Create(settings_, kinds_))),
      policy_(PolicyOf(policy)) {}

std::vector<std::string> NativeExtractor::Columns() const {
  std::vector<std::string> names;
  for (const FeatureColumn& column : extractor_.columns()) names.push_back(column.name);
  return names;
}

std::vector<std::pair<std::size_t, std::string>> NativeExtractor::Origins() const {
  std::vector<std::pair<std::size_t, std::string>> origins;
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    for (const features::CalculatorGrid& entry : settings_.ForKind(kinds_[kind].name)) {
      origins.insert(origins.end(), entry.grid.size(), {kind, std::string(entry.calculator->name)});
    }
  }
  return origins;
}

nb::object NativeExtractor::Extract(nb::list series, std::size_t threads, nb::object report) const {
  if (nb::len(series) != kinds_.size() || kinds_.empty()) {
    throw nb::value_error("found another number of series than kinds, expected one entry a kind and at least one");
  }
  std::vector<SeriesArrays> sources;
  for (const nb::handle entry : series) sources.push_back(ReadArrays(entry));
  for (const SeriesArrays& source : sources) {
    if (source.rows() != sources.front().rows()) throw nb::value_error("the kinds differ in their number of rows");
  }
  FeatureTable table =
      RunWaitingFor<FeatureTable>(threads, std::move(report), [&](const RunContext& context) -> Result<FeatureTable> {
        Panel panel = MakePanel(sources, kinds_, policy_.has_value());
        if (policy_) METERHOUND_RETURN_IF_ERROR(clean::Clean(panel, *policy_, context));
        return extractor_.Extract(panel, context);
      });
  const std::size_t rows = table.rows();
  return ToArray(std::move(table.values), rows, table.width());
}

nb::object Catalogue() {
  std::vector<const features::Calculator*> calculators(features::AllCalculators().begin(),
                                                       features::AllCalculators().end());
  std::stable_sort(calculators.begin(), calculators.end(),
                   [](const auto* a, const auto* b) { return a->position < b->position; });
  Json settings = Json::object();
  for (const features::Calculator* calculator : calculators) settings[std::string(calculator->name)] = nullptr;
  const Json grids = ValueOrRaise(features::FeatureSettings::FromJson(settings)).ToJson()["default"];
  Json list = Json::array();
  for (const features::Calculator* calculator : calculators) {
    list.push_back({{"name", calculator->name},
                    {"doc", calculator->doc},
                    {"presets", features::PresetNames(calculator->presets)},
                    {"position", calculator->position},
                    {"cost", features::CostClassName(calculator->cost)},
                    {"parameters", features::ParameterNames(*calculator)},
                    {"grid", grids.at(std::string(calculator->name))}});
  }
  return FromJson(list);
}

}  // namespace meterhound::python
