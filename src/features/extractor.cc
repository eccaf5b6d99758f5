// Binding once, then one context a worker and one row at a time.
#include "features/extractor.h"

#include <algorithm>
#include <limits>

#include "base/stop_watch.h"

namespace meterhound::features {
namespace {

// Few enough that threads finish together, enough that the loop's counter is not contended.
constexpr std::size_t kRowsAtOnce = 8;

}  // namespace

Result<Extractor> Extractor::Create(const FeatureSettings& settings, std::span<const KindInfo> kinds) {
  Extractor extractor;
  extractor.kinds_ = kinds.size();
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    for (const CalculatorGrid& entry : settings.ForKind(kinds[kind].name)) {
      const Calculator& calculator = *entry.calculator;
      auto kernel = calculator.bind(entry.grid);
      if (!kernel) return InvalidInput(kernel.error().message, std::string(calculator.name));
      const FeatureGroup group = calculator.group == FeatureGroup::kCoverage ? calculator.group : kinds[kind].group;
      extractor.bound_.push_back(
          {&calculator, kind, extractor.columns_.size(), entry.grid.size(), std::move(kernel).value()});
      for (const Parameters& parameters : entry.grid) {
        extractor.columns_.push_back(
            {kinds[kind].name + "__" + std::string(calculator.name) + ColumnSuffix(calculator, parameters), group});
      }
    }
  }
  return extractor;
}

void Extractor::ExtractRow(const Panel& panel, std::size_t row, SeriesContext& series, std::span<double> out,
                           std::span<double> seconds) const {
  std::size_t current = kinds_;
  StopWatch watch;
  for (std::size_t i = 0; i < bound_.size(); ++i) {
    const Bound& bound = bound_[i];
    if (bound.kind != current) {
      series.Reset(panel.View(bound.kind, row));
      current = bound.kind;
    }
    const auto columns = out.subspan(bound.first_column, bound.columns);
    if (series.size() == 0) {
      std::fill(columns.begin(), columns.end(), std::numeric_limits<double>::quiet_NaN());
    } else {
      bound.kernel(series, columns);
    }
    if (!seconds.empty()) seconds[i] += watch.Lap();
  }
}

Result<FeatureTable> Extractor::Extract(const Panel& panel, const RunContext& context,
                                        std::vector<CalculatorTime>* times) const {
  if (panel.kinds.size() != kinds_) {
    return Error{ErrorCode::kInternal, "the panel's kinds are not those the extractor was made for", panel.source};
  }
  FeatureTable table;
  table.ids = panel.ids;
  table.columns = columns_;
  table.values.resize(panel.rows() * columns_.size());
  std::vector<SeriesContext> contexts(context.pool.threads());
  std::vector<std::vector<double>> seconds(context.pool.threads(),
                                           std::vector<double>(times != nullptr ? bound_.size() : 0));
  context.progress.Begin("extracting features", panel.rows(), "consumers");
  context.pool.ParallelFor(
      panel.rows(), kRowsAtOnce,
      [&](std::size_t begin, std::size_t end, std::size_t worker) {
        for (std::size_t row = begin; row < end; ++row) {
          ExtractRow(panel, row, contexts[worker], table.Row(row), seconds[worker]);
        }
        context.progress.Advance(end - begin);
      },
      context.stop);
  context.progress.End();
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  if (times != nullptr) {
    times->clear();
    for (std::size_t i = 0; i < bound_.size(); ++i) {
      CalculatorTime& time = times->emplace_back(CalculatorTime{bound_[i].calculator, bound_[i].columns, 0});
      for (const auto& worker : seconds) time.seconds += worker[i];
    }
  }
  return table;
}

}  // namespace meterhound::features
