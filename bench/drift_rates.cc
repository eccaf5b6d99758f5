// How often the drift check alarms: on resampled windows of an unchanged town, and after known changes. One JSON
// document on standard output; features and draws go into a folder for the peers (bench/drift.py).
// Usage: drift_rates FOLDER UNCHANGED CHANGED, the numbers of checks of an unchanged town and after each change.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>

#include "base/json.h"
#include "base/numbers.h"
#include "base/stop_watch.h"
#include "monitor/same_season.h"
#include "numerics/random.h"
#include "pipeline/drift_check.h"
#include "pipeline/training.h"
#include "simulate/simulate.h"

namespace meterhound {
namespace {

constexpr std::size_t kReference = 10500;  // consumers
constexpr std::size_t kPool = 5500;        // from whom current windows are drawn
constexpr std::size_t kTraining = 3000;    // of another town, for the model
constexpr std::size_t kDistricts = 12;
constexpr std::size_t kWindow = 90;  // days
constexpr std::size_t kSizes[] = {200, 1000, 5000};
constexpr std::size_t kForPeers = 40;  // checks of an unchanged town; a fifth of it after each change
constexpr std::uint64_t kSeed = 11;

double Day(int year, int month, int day) {
  return static_cast<double>(DaysFromCivil({year, month, day})) * kSecondsPerDay;
}

/// Ninety days of a town without the archive's gaps; every consumer loses up to a tenth of his readings, evenly.
Result<Panel> Town(std::size_t consumers, std::uint64_t seed, double theft, double begin, const RunContext& context) {
  simulate::SimulationOptions options{.consumers = consumers, .days = 900, .theft_share = theft, .seed = seed};
  options.gaps = false;
  METERHOUND_ASSIGN_OR_RETURN(simulate::Simulation town, simulate::Simulate(options, context));
  Panel panel = monitor::Between(town.panel, begin, begin + kWindow * kSecondsPerDay);
  Attribute district{"district", Attribute::Type::kCategorical, FeatureGroup::kAttribute, {}, {}};
  for (std::size_t i = 0; i < kDistricts; ++i)
    district.categories.push_back(std::string(1, static_cast<char>('a' + i)));
  numerics::Random random(seed, 1);
  SeriesKind& kind = panel.kinds.front();
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    district.values.push_back(static_cast<double>(random.Below(kDistricts)));
    const double share = random.Uniform(0, 0.1);
    for (std::size_t i = 0; i < kind.timeline->Length(row); ++i) {
      if (random.Bernoulli(share)) kind.missing[kind.timeline->Offset(row) + i] = 1;
    }
  }
  panel.attributes.push_back(std::move(district));
  return panel;
}

/// Every kept reading, with its consumer's row.
void ForReadings(Panel& panel,
                 const std::function<void(std::size_t row, double& value, std::uint8_t& missing)>& change) {
  SeriesKind& kind = panel.kinds.front();
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    for (std::size_t i = 0; i < kind.timeline->Length(row); ++i) {
      const std::size_t at = kind.timeline->Offset(row) + i;
      if (kind.missing[at] == 0) change(row, kind.values[at], kind.missing[at]);
    }
  }
}

// Meters show two decimals, before and after.
double Scaled(double value, double factor) { return std::round(value * factor * 100) / 100; }

void ScaleBy(Panel& panel, double factor) {
  ForReadings(panel, [factor](std::size_t, double& value, std::uint8_t&) { value = Scaled(value, factor); });
}

void LoseShare(Panel& panel, double share) {
  numerics::Random random(kSeed, 2);
  ForReadings(panel, [&](std::size_t, double&, std::uint8_t& missing) { missing = random.Bernoulli(share) ? 1 : 0; });
}

void StepDistrict(Panel& panel, double factor) {
  const std::vector<double> district = panel.attributes.front().values;
  ForReadings(panel, [&](std::size_t row, double& value, std::uint8_t&) {
    value = Scaled(value, district[row] == 4 ? factor : 1);
  });
}

struct Models {
  pipeline::FeaturePipeline features;
  detectors::HybridDetector detector;
};

Result<Models> Train(const pipeline::Config& config, const RunContext& context) {
  pipeline::SourceData data;
  METERHOUND_ASSIGN_OR_RETURN(data.panel, Town(kTraining, kSeed + 1, 0.0853, Day(2015, 1, 5), context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Prepared prepared, pipeline::Prepare(std::move(data), config, context));
  METERHOUND_ASSIGN_OR_RETURN(detectors::HybridDetector detector, pipeline::FitDetector(prepared, config, context));
  return Models{prepared.plan, std::move(detector)};
}

Result<monitor::Snapshot> Describe(Panel panel, const Models& models, double scale, const RunContext& context) {
  pipeline::Ranking ranking;
  METERHOUND_ASSIGN_OR_RETURN(ranking.features, models.features.Apply(panel, context));
  METERHOUND_ASSIGN_OR_RETURN(ranking.scores, models.detector.Score(ranking.features, context));
  ranking.panel = std::move(panel);
  return pipeline::SnapshotOf(ranking, "district", scale);
}

template <typename T>
std::vector<T> Pick(const std::vector<T>& from, std::span<const std::size_t> rows) {
  std::vector<T> to;
  for (const std::size_t row : rows) to.push_back(from[row]);
  return to;
}

monitor::Snapshot Select(const monitor::Snapshot& from, std::span<const std::size_t> rows) {
  monitor::Snapshot to{.features = from.features.SelectRows(rows),
                       .scores = Pick(from.scores, rows),
                       .labels = Pick(from.labels, rows),
                       .usage = from.usage,
                       .window = from.window};
  to.usage->ids = Pick(from.usage->ids, rows);
  to.usage->level = Pick(from.usage->level, rows);
  to.usage->missing = Pick(from.usage->missing, rows);
  to.usage->segment_of = Pick(from.usage->segment_of, rows);
  return to;
}

struct Change {
  std::string name;
  monitor::Snapshot town;
  std::size_t checks = 0;
};

/// How often a change is alarmed at a size, and as what.
struct Tally {
  std::size_t checks = 0;
  std::size_t alarms = 0;
  std::size_t district_named = 0;
  std::array<std::size_t, 4> kinds{};
  std::vector<std::string> reasons;  ///< of the first alarm

  void Add(const monitor::DriftReport& report) {
    ++checks;
    if (report.drift && alarms++ == 0) reasons = report.reasons;
    for (const monitor::DriftKind kind : report.kinds) ++kinds[static_cast<std::size_t>(kind)];
    for (const monitor::SegmentDrift& segment : report.segments) {
      district_named += segment.drifted() && segment.name == "e" ? 1 : 0;
    }
  }
  Json ToJson() const {
    Json to = {{"checks", checks}, {"alarms", alarms}, {"district_named", district_named}, {"reasons", reasons}};
    for (std::size_t i = 0; i < kinds.size(); ++i) to[DriftKindName(static_cast<monitor::DriftKind>(i))] = kinds[i];
    return to;
  }
};

Status Save(const std::filesystem::path& path, const FeatureTable& table) {
  std::vector<float> values(table.values.begin(), table.values.end());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
  return file.flush() ? Status() : Status(Unavailable("cannot be written", path.string()));
}

class Bench {
 public:
  Bench(std::filesystem::path folder, std::size_t unchanged, std::size_t changed, const RunContext& context)
      : folder_(std::move(folder)), unchanged_(unchanged), changed_(changed), context_(context) {}

  Result<Json> Run() {
    METERHOUND_RETURN_IF_ERROR(MakeTowns());
    Json peers = Json::array();
    numerics::Random random(kSeed, 3);
    std::vector<std::size_t> rows(kReference + kPool);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
    std::vector<std::array<Tally, 3>> tallies(changes_.size());
    for (std::size_t check = 0; check < unchanged_; ++check) {
      random.Shuffle(rows);
      const auto reference_rows = std::span(rows).first(kReference);
      METERHOUND_ASSIGN_OR_RETURN(const monitor::Baseline baseline,
                                  monitor::MakeBaseline(Select(changes_.front().town, reference_rows), context_));
      for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (check >= changes_[i].checks) continue;
        METERHOUND_RETURN_IF_ERROR(Check(baseline, i, rows, tallies[i]));
      }
      if (check < kForPeers) peers.push_back({{"reference", First(rows, 0)}, {"current", First(rows, kReference)}});
    }
    return Document(tallies, peers);
  }

 private:
  // Reference and current windows are drawn anew for every check, from the same consumers.
  Status MakeTowns() {
    config_.tsfresh_settings = "efficient+theft";
    METERHOUND_ASSIGN_OR_RETURN(const Models models, Train(config_, context_));
    constexpr std::size_t kConsumers = kReference + kPool;
    METERHOUND_ASSIGN_OR_RETURN(const Panel winter, Town(kConsumers, kSeed, 0.0853, Day(2015, 1, 5), context_));
    const auto add = [&](std::string name, Panel panel, std::size_t checks) -> Status {
      const double scale = changes_.empty() ? 0 : changes_.front().town.usage->scale;
      METERHOUND_ASSIGN_OR_RETURN(monitor::Snapshot town, Describe(std::move(panel), models, scale, context_));
      METERHOUND_RETURN_IF_ERROR(Save(folder_ / (std::to_string(changes_.size()) + ".f32"), town.features));
      changes_.push_back({std::move(name), std::move(town), checks});
      return {};
    };
    METERHOUND_RETURN_IF_ERROR(add("none", winter, unchanged_));
    METERHOUND_ASSIGN_OR_RETURN(Panel other, Town(kConsumers, kSeed, 0.0853, Day(2016, 1, 5), context_));
    METERHOUND_RETURN_IF_ERROR(add("none, a year later", std::move(other), changed_));
    for (const double factor : {1.05, 1.1, 1.2}) {
      Panel panel = winter;
      ScaleBy(panel, factor);
      METERHOUND_RETURN_IF_ERROR(add("consumption +" + Percent(factor - 1), std::move(panel), changed_));
    }
    for (const double share : {0.02, 0.05, 0.1}) {
      Panel panel = winter;
      LoseShare(panel, share);
      METERHOUND_RETURN_IF_ERROR(add("readings missing +" + Percent(share), std::move(panel), changed_));
    }
    METERHOUND_ASSIGN_OR_RETURN(Panel summer, Town(kConsumers, kSeed, 0.0853, Day(2015, 7, 5), context_));
    METERHOUND_RETURN_IF_ERROR(add("winter to summer", std::move(summer), changed_));
    Panel stepped = winter;
    StepDistrict(stepped, 0.6);
    METERHOUND_RETURN_IF_ERROR(add("one district of twelve -40 %", std::move(stepped), changed_));
    METERHOUND_ASSIGN_OR_RETURN(Panel thieves, Town(kConsumers, kSeed, 0.1706, Day(2015, 1, 5), context_));
    METERHOUND_RETURN_IF_ERROR(add("thefts doubled", std::move(thieves), changed_));
    changes_.push_back({"one feature in another unit", changes_.front().town, changed_});
    return ChangeUnit(changes_.back().town.features);
  }

  Status ChangeUnit(FeatureTable& table) const {
    for (std::size_t i = 0; i < table.width(); ++i) {
      if (table.columns[i].name != "value__mean_abs_change") continue;
      for (std::size_t row = 0; row < table.rows(); ++row) table.Row(row)[i] *= 1000;
    }
    return Save(folder_ / (std::to_string(changes_.size() - 1) + ".f32"), table);
  }

  Status Check(const monitor::Baseline& baseline, std::size_t change, const std::vector<std::size_t>& rows,
               std::array<Tally, 3>& tallies) const {
    monitor::Baseline strangers = baseline;  // who is who is not used: windows hold other consumers
    strangers.usage.reset();
    for (std::size_t i = 0; i < std::size(kSizes); ++i) {
      const auto current_rows = std::span(rows).subspan(kReference, kSizes[i]);
      METERHOUND_ASSIGN_OR_RETURN(const monitor::DriftReport report,
                                  monitor::CompareWithBaseline(strangers, Select(changes_[change].town, current_rows),
                                                               pipeline::DriftOptionsOf(config_), context_));
      tallies[i].Add(report);
    }
    return {};
  }

  static Json First(const std::vector<std::size_t>& rows, std::size_t begin) {
    const auto from = rows.begin() + static_cast<std::ptrdiff_t>(begin);
    return std::vector<std::size_t>(from, from + (begin == 0 ? kReference : 1000));
  }

  Json Document(const std::vector<std::array<Tally, 3>>& tallies, const Json& peers) const {
    Json to = {{"sizes", kSizes},
               {"reference", kReference},
               {"rows", kReference + kPool},
               {"features", changes_.front().town.features.width()},
               {"changes", Json::array()},
               {"draws", peers}};
    to["names"] = Json::array();
    for (const FeatureColumn& column : changes_.front().town.features.columns) to["names"].push_back(column.name);
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      Json ours = Json::array();
      for (const Tally& tally : tallies[i]) ours.push_back(tally.ToJson());
      to["changes"].push_back({{"name", changes_[i].name}, {"file", std::to_string(i) + ".f32"}, {"ours", ours}});
    }
    return to;
  }

  std::filesystem::path folder_;
  std::size_t unchanged_;
  std::size_t changed_;
  const RunContext& context_;
  pipeline::Config config_;
  std::vector<Change> changes_;
};

}  // namespace
}  // namespace meterhound

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: drift_rates FOLDER UNCHANGED CHANGED\n");
    return 2;
  }
  meterhound::ThreadPool pool;
  meterhound::Progress progress;
  const meterhound::RunContext context{.pool = pool, .progress = progress, .stop = {}};
  meterhound::Bench bench(argv[1], std::strtoul(argv[2], nullptr, 10), std::strtoul(argv[3], nullptr, 10), context);
  const auto result = bench.Run();
  if (!result.ok()) {
    std::fprintf(stderr, "drift_rates: %s\n", result.error().ToString().c_str());
    return 1;
  }
  std::cout << meterhound::DumpJson(*result);
  return 0;
}
