// One function a check; none trusts what another has found.
#include "pipeline/leak_check.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/csv_text.h"
#include "base/file.h"
#include "base/hashing.h"
#include "base/numbers.h"
#include "detectors/evaluation.h"
#include "detectors/folds.h"
#include "detectors/hybrid.h"

namespace meterhound::pipeline {
namespace {

using detectors::LeakFinding;
using detectors::LeakReport;
using enum detectors::LeakSeverity;

constexpr std::size_t kExtractedAgain = 64;
constexpr std::size_t kFittedTwice = 150;  // rows a class
constexpr std::size_t kOrderRows = 2000;
constexpr std::size_t kEnough = 50;        // rows below which an order or an identity says nothing
constexpr double kOwnCategory = 0.9;       // categories a consumer from which they name rather than describe
constexpr double kLabelOrderAuc = 0.1;     // away from .5
constexpr double kLabelOrderSigma = 6;     // standard errors
constexpr std::size_t kTwinReadings = 12;  // below which the same readings may be chance
constexpr double kTwinShare = 0.01;        // of the labelled consumers, from which twins are a failure

/// At most `count` of the rows, by hash: the same ones in any order.
std::vector<std::size_t> Some(std::vector<std::size_t> rows, const std::vector<std::uint64_t>& hashes,
                              std::size_t count) {
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return hashes[a] < hashes[b]; });
  rows.resize(std::min(rows.size(), count));
  return rows;
}

std::vector<std::size_t> RowsWith(const Panel& panel, std::int8_t label) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    if (panel.labels[row] == label) rows.push_back(row);
  }
  return rows;
}

std::vector<std::size_t> AllRows(const Panel& panel) {
  std::vector<std::size_t> rows(panel.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

bool SameBits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

std::string Consumers(std::size_t count) { return WithThousands(count) + (count == 1 ? " consumer" : " consumers"); }

class Search {
 public:
  Search(const LeakInput& input, const RunContext& context) : in_(input), context_(context) {}

  Result<LeakReport> Run(const Extract& extract) {
    METERHOUND_RETURN_IF_ERROR(Invariance(extract));
    METERHOUND_RETURN_IF_ERROR(Fit());
    FindOrders();
    LabelOrder();
    METERHOUND_RETURN_IF_ERROR(Order());
    Identity();
    Dates();
    Twins();
    METERHOUND_RETURN_IF_ERROR(SingleFeatures());
    return std::move(report_);
  }

 private:
  void Promise(const char* check, const char* promise) { report_.checks.push_back({check, promise}); }
  void Find(LeakFinding finding) { report_.findings.push_back(std::move(finding)); }
  bool IsUsed(FeatureGroup group) const {
    return std::find(in_.without.begin(), in_.without.end(), group) == in_.without.end();
  }

  Status Invariance(const Extract& extract) {
    Promise("invariance",
            "features and folds depend on a consumer's own readings, not on ids, the order of rows or other "
            "consumers");
    std::vector<std::size_t> rows = Some(AllRows(in_.panel), in_.hashes, kExtractedAgain);
    Panel alone = in_.panel.Select(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) alone.ids[i] = "leak check " + std::to_string(i);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (alone.ContentHash(i) == in_.hashes[rows[i]]) continue;
      Find({.check = "invariance",
            .severity = kFailure,
            .subject = in_.panel.ids[rows[i]],
            .message = "the fingerprint of a consumer's readings changes with its id or its place",
            .number = 1});
      break;
    }
    METERHOUND_ASSIGN_OR_RETURN(const FeatureTable again, extract(alone));
    if (again.columns != in_.features.columns) {
      return Error{ErrorCode::kInternal, "extracting some consumers again gave other columns", in_.panel.source};
    }
    for (std::size_t column = 0; column < again.width(); ++column) {
      std::size_t differ = 0;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!SameBits(again.Row(i)[column], in_.features.Row(rows[i])[column])) ++differ;
      }
      if (differ == 0) continue;
      Find({.check = "invariance",
            .severity = kFailure,
            .subject = again.columns[column].name,
            .message = "it changed for " + std::to_string(differ) + " of " + Consumers(rows.size()) +
                       " when they were renamed, put into another order and taken without the others",
            .number = static_cast<double>(differ)});
    }
    SameNeighbours(again, rows);
    Folds();
    return context_.CheckStopped();
  }

  /// They are other consumers, but which ones must not depend on who else is asked about.
  void SameNeighbours(const FeatureTable& again, const std::vector<std::size_t>& rows) {
    if (in_.features.neighbours == nullptr || again.neighbours == nullptr) return;
    const auto same = [](const Neighbour& a, const Neighbour& b) {
      return a.place == b.place && a.similarity == b.similarity;
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto before = in_.features.neighbours->Row(rows[i]);
      const auto now = again.neighbours->Row(i);
      if (std::equal(before.begin(), before.end(), now.begin(), now.end(), same)) continue;
      Find({.check = "invariance",
            .severity = kFailure,
            .subject = in_.panel.ids[rows[i]],
            .message = "its neighbours change with its id, its place or the others asked about",
            .number = 1});
      return;
    }
  }

  void Folds() {
    constexpr std::size_t kFolds = 5;
    std::vector<std::uint64_t> hashes(in_.hashes.rbegin(), in_.hashes.rend());
    std::vector<std::int8_t> labels(in_.panel.labels.rbegin(), in_.panel.labels.rend());
    std::vector<std::uint32_t> reversed = detectors::AssignFolds(hashes, labels, kFolds, in_.seed);
    std::reverse(reversed.begin(), reversed.end());
    if (reversed == detectors::AssignFolds(in_.hashes, in_.panel.labels, kFolds, in_.seed)) return;
    Find({.check = "invariance",
          .severity = kFailure,
          .subject = "folds",
          .message = "the folds change with the order of rows",
          .number = 1});
  }

  Status Fit() {
    const std::vector<std::size_t> thefts = Some(RowsWith(in_.panel, 1), in_.hashes, kFittedTwice);
    const std::vector<std::size_t> honest = Some(RowsWith(in_.panel, 0), in_.hashes, kFittedTwice);
    if (std::min(thefts.size(), honest.size()) < 2 * detectors::HybridDetector::kMinimumPerClass) return {};
    Promise("fit", "a detector's scores depend on what rows hold, not on their order or ids");
    std::vector<std::size_t> rows = thefts;
    rows.insert(rows.end(), honest.begin(), honest.end());
    std::vector<double> margins[2];
    for (std::vector<double>& to : margins) {
      METERHOUND_ASSIGN_OR_RETURN(to, MarginsOf(rows));
      std::reverse(rows.begin(), rows.end());
    }
    std::reverse(margins[1].begin(), margins[1].end());
    std::size_t differ = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) differ += SameBits(margins[0][i], margins[1][i]) ? 0 : 1;
    if (differ > 0) {
      Find({.check = "fit",
            .severity = kFailure,
            .subject = "",
            .message = "the scores of " + std::to_string(differ) + " of " + Consumers(rows.size()) +
                       " changed with the order of the rows that a detector was fitted on",
            .number = static_cast<double>(differ)});
    }
    return context_.CheckStopped();
  }

  Result<std::vector<double>> MarginsOf(const std::vector<std::size_t>& rows) const {
    FeatureTable table = in_.features.SelectRows(rows);
    std::vector<std::int8_t> labels;
    std::vector<std::uint64_t> hashes;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      table.ids[i] = std::to_string(i);
      labels.push_back(in_.panel.labels[rows[i]]);
      hashes.push_back(in_.hashes[rows[i]]);
    }
    detectors::HybridOptions options;
    options.seed = in_.seed;
    options.trees.n_estimators = 20;
    options.trees.max_depth = 3;
    options.forest.n_estimators = 20;
    options.keep_reference = false;
    Progress quiet;
    const RunContext inner{context_.pool, quiet, context_.stop};
    METERHOUND_ASSIGN_OR_RETURN(const detectors::HybridDetector detector,
                                detectors::HybridDetector::Fit(table, labels, hashes, options, inner));
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<detectors::RowScore> scores, detector.Score(table, inner));
    std::vector<double> margins;
    for (const detectors::RowScore& score : scores) margins.push_back(score.margin);
    return margins;
  }

  /// Place in the file, the number in an id where nearly all have one of their own, and the ids' alphabetical order.
  void FindOrders() {
    const std::size_t rows = in_.panel.rows();
    std::vector<double> places(rows);
    std::iota(places.begin(), places.end(), 0.0);
    orders_.push_back({"the row's place in the file", std::move(places)});
    std::vector<double> numbers;
    for (const std::string& id : in_.panel.ids) numbers.push_back(NumberIn(id));
    std::set<double> distinct;
    for (const double number : numbers) {
      if (!std::isnan(number)) distinct.insert(number);
    }
    if (static_cast<double>(distinct.size()) >= kOwnCategory * static_cast<double>(rows)) {
      orders_.push_back({"the number in the consumer's id", std::move(numbers)});
    }
    std::vector<std::size_t> by_id = AllRows(in_.panel);
    std::sort(by_id.begin(), by_id.end(),
              [&](std::size_t a, std::size_t b) { return in_.panel.ids[a] < in_.panel.ids[b]; });
    std::vector<double> ranks(rows);
    for (std::size_t i = 0; i < rows; ++i) ranks[by_id[i]] = static_cast<double>(i);
    orders_.push_back({"the alphabetical order of the ids", std::move(ranks)});
  }

  /// The last run of digits, at most 15 of them (exact in a double); NaN without.
  static double NumberIn(const std::string& id) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto end = std::find_if(id.rbegin(), id.rend(), is_digit);
    const auto begin = std::find_if_not(end, id.rend(), is_digit);
    const std::string digits(begin.base(), end.base());
    if (digits.empty() || digits.size() > 15) return std::nan("");
    return ParseDouble(digits).value_or(std::nan(""));
  }

  void LabelOrder() {
    Promise("label_order", "a row's place in the file and its id say nothing of the label");
    for (const detectors::RowOrder& order : orders_) {
      std::vector<std::pair<double, std::int8_t>> rows;
      for (std::size_t row = 0; row < in_.panel.rows(); ++row) {
        if (in_.panel.labels[row] != kUnlabelled && !std::isnan(order.values[row])) {
          rows.emplace_back(order.values[row], in_.panel.labels[row]);
        }
      }
      const double thefts =
          static_cast<double>(std::count_if(rows.begin(), rows.end(), [](const auto& one) { return one.second == 1; }));
      const double honest = static_cast<double>(rows.size()) - thefts;
      if (thefts < 10 || honest < 10) continue;
      std::sort(rows.begin(), rows.end());
      const double auc = AucOf(rows);
      const double error = std::sqrt((thefts + honest + 1) / (12 * thefts * honest));
      const bool trend = std::fabs(auc - 0.5) > std::max(kLabelOrderAuc, kLabelOrderSigma * error);
      if (!trend && RunsDeviation(rows, thefts, honest) > -kLabelOrderSigma) continue;
      Find({.check = "label_order",
            .severity = kNote,
            .subject = order.name,
            .message = "it gives the label away (area under ROC " + Decimal(auc, 3) +
                       "); no model sees it here, but what other tools make of this file looks better than it is",
            .number = auc});
    }
  }

  static double AucOf(const std::vector<std::pair<double, std::int8_t>>& rows) {
    std::vector<double> values;
    std::vector<std::int8_t> labels;
    for (const auto& [value, label] : rows) {
      values.push_back(value);
      labels.push_back(label);
    }
    return detectors::RocAuc(values, labels);
  }

  /// Wald and Wolfowitz's runs of equal labels, in standard deviations from what chance gives.
  static double RunsDeviation(const std::vector<std::pair<double, std::int8_t>>& rows, double thefts, double honest) {
    double runs = 1;
    for (std::size_t i = 1; i < rows.size(); ++i) runs += rows[i].second != rows[i - 1].second ? 1 : 0;
    const double n = thefts + honest;
    const double product = 2 * thefts * honest;
    return (runs - product / n - 1) / std::sqrt(product * (product - n) / (n * n * (n - 1)));
  }

  Status Order() {
    if (in_.panel.rows() < kEnough) return {};
    Promise("order", "no feature follows a row's place in the file or its id");
    const std::vector<std::size_t> rows = Some(AllRows(in_.panel), in_.hashes, kOrderRows);
    std::vector<std::vector<double>> orders;
    for (const detectors::RowOrder& order : orders_) {
      orders.emplace_back();
      for (const std::size_t row : rows) orders.back().push_back(order.values[row]);
    }
    std::vector<std::optional<LeakFinding>> found(in_.features.width());
    context_.pool.ParallelFor(
        found.size(), 4,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          std::vector<double> values(rows.size());
          for (std::size_t column = begin; column < end; ++column) {
            if (!IsUsed(in_.features.columns[column].group)) continue;
            for (std::size_t i = 0; i < rows.size(); ++i) values[i] = in_.features.Row(rows[i])[column];
            found[column] = FollowsAny(in_.features.columns[column].name, values, orders);
          }
        },
        context_.stop);
    METERHOUND_RETURN_IF_ERROR(context_.CheckStopped());
    for (std::optional<LeakFinding>& finding : found) {
      if (finding) Find(std::move(*finding));
    }
    return {};
  }

  std::optional<LeakFinding> FollowsAny(const std::string& name, const std::vector<double>& values,
                                        const std::vector<std::vector<double>>& orders) const {
    for (std::size_t i = 0; i < orders.size(); ++i) {
      const detectors::Follows follows = detectors::FollowsOrder(values, orders[i]);
      if (follows == detectors::Follows::kNot) continue;
      // What is made of readings alone cannot know its place: a file may be sorted by it. A cell of a table can.
      const bool given = name.starts_with("attribute__");
      const bool fails =
          (given && follows == detectors::Follows::kStrictly) || detectors::CountsAlong(values, orders[i]);
      return LeakFinding{
          .check = "order",
          .severity = fails ? kFailure : kWarning,
          .subject = name,
          .message = "it follows " + orders_[i].name +
                     (fails ? ", and so names consumers rather than describing them: take it out"
                            : ": if the file is merely sorted by it, sort it by something else to be sure"),
          .number = static_cast<double>(i)};
    }
    return std::nullopt;
  }

  void Identity() {
    Promise("identity", "no category is nearly every consumer's own");
    for (const Attribute& attribute : in_.panel.attributes) {
      if (attribute.type != Attribute::Type::kCategorical || !IsUsed(attribute.group)) continue;
      const auto known = static_cast<std::size_t>(std::count_if(attribute.values.begin(), attribute.values.end(),
                                                                [](double value) { return !std::isnan(value); }));
      const double own = static_cast<double>(attribute.categories.size()) / static_cast<double>(known);
      if (known < kEnough || own < kOwnCategory) continue;
      Find({.check = "identity",
            .severity = kFailure,
            .subject = attribute.name,
            .message = WithThousands(attribute.categories.size()) + " categories for " + Consumers(known) +
                       ": it names consumers rather than describing them; take it out of the mapping",
            .number = own});
    }
  }

  void Dates() {
    Promise("dates", in_.as_of ? "no reading and no date is later than the day asked for, or than today"
                               : "no reading is later than today");
    const double as_of = in_.as_of ? static_cast<double>(DayOf(*in_.as_of) + 1) * kSecondsPerDay : 0;
    std::size_t late = 0;
    std::size_t future = 0;
    double last = 0;
    for (const SeriesKind& kind : in_.panel.kinds) {
      if (!HasCalendar(kind.timeline->cadence)) continue;
      for (const double time : kind.timeline->times) {
        last = std::max(last, time);
        late += in_.as_of && time >= as_of ? 1 : 0;
        future += time > in_.today ? 1 : 0;
      }
    }
    for (const Attribute& attribute : in_.panel.attributes) {
      if (attribute.type != Attribute::Type::kDate || !in_.as_of) continue;
      for (const double time : attribute.values) {
        if (!(time >= as_of)) continue;
        ++late;
        last = std::max(last, time);
      }
    }
    if (late > 0) {
      Find({.check = "dates",
            .severity = kFailure,
            .subject = "",
            .message =
                WithThousands(late) + " dates lie after " + FormatDate(*in_.as_of) + ", up to " + FormatDate(last),
            .number = static_cast<double>(late)});
    }
    if (future > 0) {
      Find({.check = "dates",
            .severity = kWarning,
            .subject = "",
            .message = WithThousands(future) + " readings lie in the future, up to " + FormatDate(last) +
                       ": they are estimates, or dates misread",
            .number = static_cast<double>(future)});
    }
    LabelDates();
  }

  /// Once a theft is found use returns to normal, the meter is new, bills are corrected: all of it after the label.
  void LabelDates() {
    if (in_.panel.label_times.empty()) return;
    Promise("label_dates", "no reading is later than the day its consumer's label was found out");
    std::size_t later[2] = {0, 0};
    std::size_t dated[2] = {0, 0};
    for (std::size_t row = 0; row < in_.panel.rows(); ++row) {
      const double found_out = in_.panel.label_times[row];
      if (std::isnan(found_out) || in_.panel.labels[row] == kUnlabelled) continue;
      const auto label = static_cast<std::size_t>(in_.panel.labels[row]);
      ++dated[label];
      for (std::size_t kind = 0; kind < in_.panel.kinds.size(); ++kind) {
        const SeriesView series = in_.panel.View(kind, row);
        if (series.size() == 0 || !HasCalendar(series.cadence)) continue;
        if (series.times.back() <= found_out + kSecondsPerDay) continue;
        ++later[label];
        break;
      }
    }
    if (later[0] + later[1] > 0) {
      Find({.check = "label_dates",
            .severity = kWarning,
            .subject = "",
            .message = Consumers(later[0] + later[1]) + " (" + WithThousands(later[1]) +
                       " thefts) have readings from after their inspection: what changed then was not there to be "
                       "found; leave it out with --as-of",
            .number = static_cast<double>(later[0] + later[1])});
    }
    if ((dated[0] == 0) != (dated[1] == 0)) {
      Find({.check = "label_dates",
            .severity = kWarning,
            .subject = "",
            .message = std::string("only the ") + (dated[1] > 0 ? "thefts" : "honest") +
                       " have a day on which they were found out: the others may never have been inspected",
            .number = static_cast<double>(dated[0] + dated[1])});
    }
  }

  void Twins() {
    Promise("twins",
            "no two rows hold the same readings under other attributes, which would part them into other folds");
    std::map<std::uint64_t, std::vector<std::size_t>> by_readings;
    std::size_t labelled = 0;
    for (std::size_t row = 0; row < in_.panel.rows(); ++row) {
      if (in_.panel.labels[row] == kUnlabelled) continue;
      ++labelled;
      if (const auto hash = HashOfReadings(row)) by_readings[*hash].push_back(row);
    }
    std::size_t twins = 0;
    std::string example;
    for (const auto& [readings, rows] : by_readings) {
      const bool parted = std::any_of(rows.begin(), rows.end(),
                                      [&](std::size_t row) { return in_.hashes[row] != in_.hashes[rows.front()]; });
      if (!parted) continue;
      if (twins == 0) example = in_.panel.ids[rows[0]] + " and " + in_.panel.ids[rows[1]];
      twins += rows.size();
    }
    if (twins == 0) return;
    const double share = static_cast<double>(twins) / static_cast<double>(labelled);
    Find({.check = "twins",
          .severity = share > kTwinShare ? kFailure : kWarning,
          .subject = example,
          .message = Consumers(twins) + " (" + Percent(share) +
                     ") hold the same readings as another under other "
                     "attributes: one may be learnt from and the other judged; leave one of each out",
          .number = share});
  }

  /// Of the first kind's readings; nothing where the same might come about by chance.
  std::optional<std::uint64_t> HashOfReadings(std::size_t row) const {
    const SeriesView series = in_.panel.View(0, row);
    Hasher64 hasher;
    std::set<double> distinct;
    std::size_t present = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (series.missing[i] != 0) continue;
      ++present;
      if (distinct.size() < kTwinReadings) distinct.insert(series.values[i]);
      hasher.Add(series.times[i]);
      hasher.Add(series.values[i]);
    }
    if (present < kTwinReadings || distinct.size() < kTwinReadings) return std::nullopt;
    return hasher.Finish();
  }

  Status SingleFeatures() {
    METERHOUND_ASSIGN_OR_RETURN(report_.features,
                                detectors::SingleFeatureAucs(in_.features, in_.panel.labels, in_.hashes, context_));
    Promise("single_features", "no feature tells the label all by itself");
    for (const detectors::FeatureAuc& feature : report_.features) {
      const double auc = std::max(feature.auc, 1 - feature.auc);
      if (!(auc > detectors::kQuestionableAuc) || !IsUsed(feature.group)) continue;
      Find({.check = "single_features",
            .severity = kWarning,
            .subject = feature.name,
            .message = "it tells the label all by itself (area under ROC " + Decimal(feature.auc, 3) +
                       "): was it known before the theft was found? If not, take it out",
            .number = feature.auc});
    }
    return {};
  }

  const LeakInput& in_;
  const RunContext& context_;
  LeakReport report_;
  std::vector<detectors::RowOrder> orders_;
};

}  // namespace

Result<LeakReport> CheckLeaks(const LeakInput& input, const Extract& extract, const RunContext& context) {
  return Search(input, context).Run(extract);
}

Status RequireNoLeaks(const LeakReport& report, bool strict, const std::string& source) {
  std::string text;
  for (const LeakFinding& finding : report.findings) {
    if (finding.severity == kNote || (finding.severity == kWarning && !strict)) continue;
    text += "\n  " + finding.check + ": " + (finding.subject.empty() ? "" : finding.subject + ": ") + finding.message;
  }
  if (text.empty()) return {};
  return InvalidInput("the figures could not be trusted, so nothing was learnt:" + text, source);
}

Status WriteFeatureAucs(const std::filesystem::path& path, const std::vector<detectors::FeatureAuc>& features) {
  std::string text = "feature,group,auc,missing\n";
  for (const detectors::FeatureAuc& feature : features) {
    AppendCsvField(text, feature.name);
    text += std::string(",") + FeatureGroupName(feature.group) + "," +
            (std::isnan(feature.auc) ? "" : FormatDouble(feature.auc)) + "," + FormatDouble(feature.missing) + "\n";
  }
  return WriteFile(path, text);
}

}  // namespace meterhound::pipeline
