// Sources become panels; the rest is pipeline's.
#include "detector.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>

#include "arrays.h"
#include "base/nearest_name.h"
#include "pipeline/case_writing.h"
#include "pipeline/drift_check.h"
#include "readings/dates.h"
#include "waiting.h"

namespace meterhound::python {
namespace nb = nanobind;
namespace {

std::string TextOf(const nb::dict& source, const char* key) {
  return source.contains(key) ? nb::cast<std::string>(source[key]) : std::string();
}

readings::ReadOptions OptionsOf(const nb::dict& source) {
  readings::ReadOptions options;
  options.file = TextOf(source, "file");
  options.source = TextOf(source, "source");
  options.data = TextOf(source, "data");
  options.id_column = TextOf(source, "id_column");
  options.time_column = TextOf(source, "time_column");
  options.value_column = TextOf(source, "value_column");
  options.kind_column = TextOf(source, "kind_column");
  return options;
}

Panel PanelOf(const nb::dict& source) {
  Panel panel;
  panel.source = "frame";
  panel.ids = nb::cast<std::vector<std::string>>(source["ids"]);
  for (const int label : nb::cast<std::vector<int>>(source["labels"])) {
    panel.labels.push_back(static_cast<std::int8_t>(label));
  }
  for (const auto [name, entry] : nb::cast<nb::dict>(source["kinds"])) {
    const SeriesArrays arrays = ReadArrays(entry);
    SeriesKind kind{.name = nb::cast<std::string>(name),
                    .unit = "kWh",
                    .group = FeatureGroup::kBehaviour,
                    .timeline = TimelineOf(arrays),
                    .values = {arrays.values.data(), arrays.values.data() + arrays.values.size()},
                    .missing = {}};
    kind.missing.reserve(kind.values.size());
    for (const double value : kind.values) kind.missing.push_back(std::isnan(value) ? 1 : 0);
    panel.kinds.push_back(std::move(kind));
  }
  return panel;
}

/// What a source holds, read when the work begins.
class Source {
 public:
  explicit Source(const nb::dict& source) : options_(OptionsOf(source)), is_panel_(source.contains("ids")) {
    if (is_panel_) panel_ = PanelOf(source);
  }
  /// Once: the panel is handed on.
  Result<pipeline::SourceData> Read(const RunContext& context) {
    if (!is_panel_) return pipeline::ReadSource(options_, context);
    METERHOUND_RETURN_IF_ERROR(panel_.Validate());
    pipeline::SourceData data;
    data.panel = std::move(panel_);
    return data;
  }

 private:
  readings::ReadOptions options_;
  Panel panel_;
  bool is_panel_;
};

pipeline::Config ConfigOf(const nb::dict& settings) {
  pipeline::Config config;
  for (const auto [key, value] : settings) {
    const Status set =
        pipeline::SetConfigValue(config, nb::cast<std::string>(key), nb::cast<std::string>(nb::str(value)), "settings");
    if (!set) Raise(set.error());
  }
  return config;
}

struct Trained {
  detectors::FitSummary summary;
  std::string fingerprint;
};

Result<Trained> TrainTo(Source& source, const pipeline::Config& config, const std::string& path,
                        const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, source.Read(context));
  METERHOUND_RETURN_IF_ERROR(pipeline::RequireLabels(data.panel, config));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Prepared prepared, pipeline::Prepare(std::move(data), config, context));
  METERHOUND_ASSIGN_OR_RETURN(const detectors::HybridDetector detector,
                              pipeline::FitDetector(prepared, config, context));
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Baseline baseline, pipeline::BaselineOf(prepared, detector, context));
  METERHOUND_ASSIGN_OR_RETURN(
      const detectors::Bundle bundle,
      pipeline::MakeBundle(prepared.plan, detector, pipeline::MakeManifest(prepared, config, nullptr), prepared.hashes,
                           nullptr, &baseline));
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  METERHOUND_RETURN_IF_ERROR(bundle.Write(path));
  return Trained{detector.Summary(), bundle.Fingerprint()};
}

Result<std::vector<std::size_t>> RowsOf(const pipeline::Ranking& ranking, const std::vector<std::string>& ids,
                                        std::size_t top) {
  std::vector<std::size_t> rows;
  for (const std::string& id : ids) {
    const auto found = std::find(ranking.panel.ids.begin(), ranking.panel.ids.end(), id);
    if (found == ranking.panel.ids.end()) {
      return InvalidInput("no consumer '" + id + "' in " + ranking.panel.source + Suggestion(id, ranking.panel.ids));
    }
    rows.push_back(static_cast<std::size_t>(found - ranking.panel.ids.begin()));
  }
  if (ids.empty()) rows.assign(ranking.order.begin(), ranking.order.begin() + std::min(top, ranking.order.size()));
  return rows;
}

Result<Json> CasesOf(Source& source, const pipeline::Model& model, const pipeline::Config& config,
                     const std::vector<std::string>& ids, std::size_t top, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, source.Read(context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Ranking ranking,
                              pipeline::RankWithModel(std::move(data), model, context));
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::size_t> rows, RowsOf(ranking, ids, top));
  Json cases = Json::array();
  if (rows.empty()) return cases;  // no rows would mean all to the report
  METERHOUND_ASSIGN_OR_RETURN(const report::RunReport run, pipeline::MakeReport(ranking, model, rows, config, context));
  METERHOUND_ASSIGN_OR_RETURN(const auto writer, pipeline::MakeCaseWriter(config, context));
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<report::CaseReport> words, writer->WriteAll(run.cases, run));
  for (std::size_t i = 0; i < run.cases.size(); ++i) cases.push_back(report::CaseJson(run.cases[i], words[i], run));
  return cases;
}

struct Scored {
  pipeline::Ranking ranking;
  std::vector<bool> seen;
  std::vector<std::optional<explain::Estimate>> missing_kwh;  // where it was asked for
};

Result<Scored> ScoreAll(Source& source, const pipeline::Model& model, const std::optional<pipeline::Config>& config,
                        const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, source.Read(context));
  Scored scored;
  for (std::size_t row = 0; row < data.panel.rows(); ++row) {
    scored.seen.push_back(model.HasSeen(data.panel.ContentHash(row)));
  }
  METERHOUND_ASSIGN_OR_RETURN(scored.ranking, pipeline::RankWithModel(std::move(data), model, context));
  if (config) {
    METERHOUND_ASSIGN_OR_RETURN(scored.missing_kwh,
                                pipeline::FindMissingEnergy(scored.ranking.panel, *config, context));
  }
  return scored;
}

nb::object NumberOrNone(const std::optional<explain::Estimate>& estimate, double explain::Estimate::*part) {
  return estimate ? nb::cast(*estimate.*part) : nb::none();
}

void AddListColumns(const Scored& scored, nb::dict& columns) {
  nb::list kwh, low, high, share, product;
  for (const auto& estimate : scored.missing_kwh) {
    kwh.append(NumberOrNone(estimate, &explain::Estimate::value));
    low.append(NumberOrNone(estimate, &explain::Estimate::low));
    high.append(NumberOrNone(estimate, &explain::Estimate::high));
  }
  for (const detectors::RowScore& score : scored.ranking.scores) {
    share.append(score.strangeness.rarest_share);
    product.append(score.strangeness.product);
  }
  columns["missing_kwh"] = kwh;
  columns["missing_kwh_low"] = low;
  columns["missing_kwh_high"] = high;
  columns["sign_share"] = share;
  columns["sign_product"] = product;
}

}  // namespace

nb::object Train(nb::dict source, nb::dict settings, const std::string& path, std::size_t threads, nb::object report) {
  Source read(source);
  const pipeline::Config config = ConfigOf(settings);
  const auto trained = RunWaitingFor<Trained>(
      threads, std::move(report), [&](const RunContext& context) { return TrainTo(read, config, path, context); });
  const detectors::FitSummary& fit = trained.summary;
  return FromJson({{"consumers", fit.rows},
                   {"labelled", fit.labelled},
                   {"thefts", fit.thefts},
                   {"features", fit.columns_used},
                   {"fingerprint", trained.fingerprint}});
}

NativeDetector::NativeDetector(const std::string& path) : model_(ValueOrRaise(pipeline::Model::Load(path))) {}

nb::object NativeDetector::Manifest() const { return FromJson(model_.manifest); }

nb::object NativeDetector::Score(nb::dict source, std::size_t threads, nb::object report,
                                 std::optional<nb::dict> settings) const {
  Source read(source);
  std::optional<pipeline::Config> config;
  if (settings) config = ConfigOf(*settings);
  const auto scored = RunWaitingFor<Scored>(
      threads, std::move(report), [&](const RunContext& context) { return ScoreAll(read, model_, config, context); });
  const pipeline::Ranking& ranking = scored.ranking;
  std::vector<std::size_t> rank(ranking.order.size());
  for (std::size_t i = 0; i < ranking.order.size(); ++i) rank[ranking.order[i]] = i + 1;
  nb::dict columns;
  for (const char* name : {"id", "rank", "probability", "probability_low", "probability_high", "margin",
                           "anomaly_score", "tier", "listed_for", "trained_on"}) {
    columns[name] = nb::list();
  }
  const auto add = [&columns](const char* name, auto value) { nb::cast<nb::list>(columns[name]).append(value); };
  for (std::size_t row = 0; row < ranking.scores.size(); ++row) {
    const detectors::RowScore& score = ranking.scores[row];
    add("id", ranking.panel.ids[row]);
    add("rank", rank[row]);
    add("probability", score.probability);
    add("probability_low", score.low);
    add("probability_high", score.high);
    add("margin", score.margin);
    add("anomaly_score", score.anomaly_score);
    add("tier", detectors::TierName(score.tier));
    add("listed_for", score.listed_for_sign ? "sign" : "probability");
    add("trained_on", static_cast<bool>(scored.seen[row]));
  }
  if (config) AddListColumns(scored, columns);
  return columns;
}

nb::object NativeDetector::Explain(nb::dict source, nb::dict settings, const std::vector<std::string>& ids,
                                   std::size_t top, std::size_t threads, nb::object report) const {
  Source read(source);
  const pipeline::Config config = ConfigOf(settings);
  return FromJson(RunWaitingFor<Json>(threads, std::move(report), [&](const RunContext& context) {
    return CasesOf(read, model_, config, ids, top, context);
  }));
}

}  // namespace meterhound::python
