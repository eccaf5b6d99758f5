// One pass over every consumer, then one function a finding.
#include "readings/quality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "base/hashing.h"
#include "base/numbers.h"

namespace meterhound::readings {
namespace {

constexpr double kSpike = 30;  // times a consumer's 99th percentile that no appliance explains
constexpr std::size_t kEnoughForSpikes = 30;
constexpr std::size_t kStretches = 60;

struct KnownFile {
  std::string_view sha256;
  std::string_view name;
  std::string_view trap;
};

constexpr std::array kKnownFiles = {
    KnownFile{
        "99f8fd315626b1f729a9a03a97cb52ed097ab4d43e5771e21554c9e0c369b9b7", "SGCC data.csv in full",
        "Its row order gives the label away and its gaps carry much of the signal; an AUC above 0.96 on it is a leak."},
    KnownFile{"62453a33945ca0513ece9661bad03dbdc37ccdc2e867f596b753683f6b83048e", "SGCC datasetsmall.csv",
              "The first 26 days of the SGCC file in another form; its pairing of ids with rows is not reliable."},
};

/// What one pass over a consumer's readings finds.
struct ConsumerFacts {
  std::size_t length = 0;
  std::size_t present = 0;
  std::size_t zeros = 0;
  std::size_t negatives = 0;
  std::size_t spikes = 0;
  std::size_t first_spike = 0;
  std::size_t longest_gap = 0;
  std::size_t at_maximum = 0;
  bool constant = false;
  double mean = std::numeric_limits<double>::quiet_NaN();
  double maximum = 0;
  std::uint64_t hash = 0;
};

ConsumerFacts LookAt(const SeriesView& series, std::vector<double>& scratch) {
  ConsumerFacts facts;
  facts.length = series.size();
  scratch.clear();
  std::size_t gap = 0;
  Hasher64 hasher;
  for (std::size_t i = 0; i < series.size(); ++i) {
    gap = series.missing[i] != 0 ? gap + 1 : 0;
    facts.longest_gap = std::max(facts.longest_gap, gap);
    if (series.missing[i] != 0) continue;
    const double value = series.values[i];
    scratch.push_back(value);
    hasher.Add(series.times[i]);
    hasher.Add(value);
    facts.zeros += value == 0 ? 1 : 0;
    facts.negatives += value < 0 ? 1 : 0;
  }
  facts.present = scratch.size();
  if (scratch.empty()) return facts;
  facts.hash = hasher.Finish();
  facts.mean = std::accumulate(scratch.begin(), scratch.end(), 0.0) / static_cast<double>(scratch.size());
  const auto [low, high] = std::minmax_element(scratch.begin(), scratch.end());
  facts.constant = scratch.size() > 1 && *low == *high;
  facts.maximum = *high;
  facts.at_maximum = static_cast<std::size_t>(std::count(scratch.begin(), scratch.end(), facts.maximum));
  if (scratch.size() >= kEnoughForSpikes) {
    const auto at = static_cast<std::ptrdiff_t>(0.99 * static_cast<double>(scratch.size() - 1));
    std::nth_element(scratch.begin(), scratch.begin() + at, scratch.end());
    const double limit = kSpike * scratch[static_cast<std::size_t>(at)];
    if (limit > 0 && facts.maximum > limit) {
      for (std::size_t i = series.size(); i-- > 0;) {
        if (series.missing[i] != 0 || series.values[i] <= limit) continue;
        ++facts.spikes;
        facts.first_spike = i;
      }
    }
  }
  return facts;
}

/// Everything the finding functions look at.
struct Examination {
  const Panel& panel;
  const std::vector<ConsumerFacts>& facts;
  QualityReport& report;

  template <typename Predicate>
  std::size_t CountIf(Predicate predicate) const {
    return static_cast<std::size_t>(std::count_if(facts.begin(), facts.end(), predicate));
  }
  template <typename Member>
  std::size_t Sum(Member member) const {
    return std::accumulate(facts.begin(), facts.end(), std::size_t{0},
                           [&](std::size_t sum, const ConsumerFacts& one) { return sum + one.*member; });
  }
  double Share(std::size_t part) const { return static_cast<double>(part) / static_cast<double>(panel.rows()); }
  std::string Consumers(std::size_t count) const {
    return WithThousands(count) + (count == 1 ? " consumer" : " consumers") + " (" + Percent(Share(count)) + ")";
  }
  void Add(QualityFinding finding) const { report.findings.push_back(std::move(finding)); }
  const SeriesKind& Kind() const { return panel.kinds.front(); }
  std::string Date(double time) const {
    return HasCalendar(Kind().timeline->cadence) ? FormatDate(time) : Decimal(time, 0);
  }
};

void Size(const Examination& e) {
  e.Add({.code = "consumers",
         .name = "consumers",
         .value = WithThousands(e.panel.rows()),
         .severity = Severity::kInfo,
         .meaning = "",
         .number = static_cast<double>(e.panel.rows())});
  std::string kinds;
  for (const SeriesKind& kind : e.panel.kinds) kinds += (kinds.empty() ? "" : ", ") + kind.name;
  if (e.panel.kinds.size() > 1) {
    e.Add({.code = "kinds",
           .name = "kinds of series",
           .value = kinds,
           .severity = Severity::kInfo,
           .meaning = "Gaps, levels and spikes below are those of " + e.Kind().name + ".",
           .number = static_cast<double>(e.panel.kinds.size())});
  }
}

void Labels(const Examination& e) {
  const auto count = [&](std::int8_t label) {
    return static_cast<std::size_t>(std::count(e.panel.labels.begin(), e.panel.labels.end(), label));
  };
  const std::size_t thefts = count(1);
  const std::size_t labelled = thefts + count(0);
  if (labelled == 0) {
    e.Add({.code = "labels",
           .name = "labels",
           .value = "none",
           .severity = Severity::kInfo,
           .meaning = "The file can be scored with a saved model, not trained on.",
           .number = 0});
    return;
  }
  const double share = static_cast<double>(thefts) / static_cast<double>(labelled);
  QualityFinding finding{
      .code = "labels",
      .name = "labelled theft",
      .value = WithThousands(thefts) + " of " + WithThousands(labelled) + " (" + Percent(share) + ")",
      .severity = Severity::kInfo,
      .meaning = "",
      .number = share};
  if (share > 0.3) {
    finding.severity = Severity::kWarning;
    finding.meaning =
        "Far more than utilities find: a sample, not a population. Probabilities learnt here will not hold elsewhere.";
  } else if (thefts == 0 || thefts == labelled) {
    finding.severity = Severity::kWarning;
    finding.meaning = "Only one class is labelled: nothing can be learnt from it.";
  }
  e.Add(finding);
}

// Wald and Wolfowitz's runs test on the labels in the file's order.
void LabelOrder(const Examination& e) {
  std::vector<std::int8_t> labels;
  for (const std::int8_t label : e.panel.labels) {
    if (label != kUnlabelled) labels.push_back(label);
  }
  const auto n1 = static_cast<double>(std::count(labels.begin(), labels.end(), 1));
  const auto n0 = static_cast<double>(labels.size()) - n1;
  if (n1 < 10 || n0 < 10) return;
  double runs = 1;
  for (std::size_t i = 1; i < labels.size(); ++i) runs += labels[i] != labels[i - 1] ? 1 : 0;
  const double n = n0 + n1;
  const double expected = 2 * n0 * n1 / n + 1;
  const double deviation = std::sqrt(2 * n0 * n1 * (2 * n0 * n1 - n) / (n * n * (n - 1)));
  const double z = (runs - expected) / deviation;
  if (z > -6) return;
  e.Add({.code = "label_order",
         .name = "order of rows",
         .value = "sorted by label",
         .severity = Severity::kWarning,
         .meaning =
             "A row's place in the file tells its label. Meterhound never looks at it; other tools may, and then "
             "look far better than they are.",
         .number = z});
}

void Span(const Examination& e) {
  const Timeline& timeline = *e.Kind().timeline;
  if (timeline.times.empty()) return;
  const auto [first, last] = std::minmax_element(timeline.times.begin(), timeline.times.end());
  e.Add({.code = "span",
         .name = "span",
         .value = e.Date(*first) + " to " + e.Date(*last),
         .severity = Severity::kInfo,
         .meaning = "",
         .number = (*last - *first) / (HasCalendar(timeline.cadence) ? kSecondsPerDay : 1)});
  e.Add({.code = "cadence",
         .name = "cadence",
         .value = CadenceName(timeline.cadence),
         .severity = Severity::kInfo,
         .meaning = "",
         .number = static_cast<double>(ReadingsPerDay(timeline.cadence))});
  if (!timeline.shared || timeline.cadence != Cadence::kDaily) return;
  std::string absent;
  std::size_t count = 0;
  for (std::size_t i = 1; i < timeline.times.size(); ++i) {
    for (double day = timeline.times[i - 1] + kSecondsPerDay; day < timeline.times[i]; day += kSecondsPerDay) {
      if (++count <= 5) absent += (absent.empty() ? "" : ", ") + FormatDate(day);
    }
  }
  if (count == 0) return;
  e.Add({.code = "absent_dates",
         .name = "dates without a column",
         .value = absent + (count > 5 ? ", ..." : ""),
         .severity = Severity::kInfo,
         .meaning = "Nobody has a reading on " + std::string(count == 1 ? "that day." : "those days."),
         .number = static_cast<double>(count)});
}

void Gaps(const Examination& e) {
  const std::size_t due = e.Sum(&ConsumerFacts::length);
  const std::size_t present = e.Sum(&ConsumerFacts::present);
  const double share = due > 0 ? 1 - static_cast<double>(present) / static_cast<double>(due) : 0;
  e.Add({.code = "missing",
         .name = "missing readings",
         .value = WithThousands(due - present) + " of " + WithThousands(due) + " (" + Percent(share) + ")",
         .severity = share > 0.2 ? Severity::kWarning : Severity::kInfo,
         .meaning = share > 0.2
                        ? "Which readings are missing may itself tell thieves from others: look at the coverage "
                          "baseline beside every result."
                        : "",
         .number = share});
  const std::size_t whole = e.CountIf([](const ConsumerFacts& c) { return c.length > 0 && c.present == c.length; });
  const std::size_t half = e.CountIf([](const ConsumerFacts& c) { return c.present > 0 && 2 * c.present < c.length; });
  const std::size_t none = e.CountIf([](const ConsumerFacts& c) { return c.present == 0; });
  e.Add({.code = "complete",
         .name = "without a gap",
         .value = e.Consumers(whole),
         .severity = Severity::kInfo,
         .meaning = "",
         .number = static_cast<double>(whole)});
  if (half > 0) {
    e.Add({.code = "half_missing",
           .name = "over half missing",
           .value = e.Consumers(half),
           .severity = Severity::kInfo,
           .meaning = "",
           .number = static_cast<double>(half)});
  }
  if (none > 0) {
    e.Add({.code = "empty",
           .name = "without any reading",
           .value = e.Consumers(none),
           .severity = Severity::kWarning,
           .meaning = "Nothing can be said about how they use energy.",
           .number = static_cast<double>(none)});
  }
}

void Duplicates(const Examination& e) {
  std::map<std::uint64_t, std::size_t> first;
  std::size_t count = 0;
  std::string example;
  for (std::size_t row = 0; row < e.facts.size(); ++row) {
    if (e.facts[row].present == 0 || e.facts[row].constant) continue;
    const auto [seen, fresh] = first.emplace(e.facts[row].hash, row);
    if (fresh) continue;
    if (count++ == 0) example = e.panel.ids[seen->second] + " and " + e.panel.ids[row];
  }
  if (count == 0) return;
  e.Add({.code = "duplicates",
         .name = "same readings under two ids",
         .value = e.Consumers(count) + ", such as " + example,
         .severity = Severity::kWarning,
         .meaning = "Twins always fall into the same fold, so that no result leaks from one to the other.",
         .number = static_cast<double>(count)});
}

void Values(const Examination& e) {
  const std::size_t present = std::max<std::size_t>(1, e.Sum(&ConsumerFacts::present));
  const std::size_t zeros = e.Sum(&ConsumerFacts::zeros);
  const double zero_share = static_cast<double>(zeros) / static_cast<double>(present);
  e.Add({.code = "zeros",
         .name = "zero readings",
         .value = WithThousands(zeros) + " (" + Percent(zero_share) + " of readings)",
         .severity = Severity::kInfo,
         .meaning = "",
         .number = static_cast<double>(zeros)});
  const std::size_t negatives = e.Sum(&ConsumerFacts::negatives);
  if (negatives > 0) {
    const std::size_t who = e.CountIf([](const ConsumerFacts& c) { return c.negatives > 0; });
    e.Add({.code = "negatives",
           .name = "negative readings",
           .value = WithThousands(negatives) + " of " + e.Consumers(who),
           .severity = Severity::kWarning,
           .meaning = "Energy fed in, corrections, or a meter wired the wrong way round.",
           .number = static_cast<double>(negatives)});
  }
  const std::size_t constant = e.CountIf([](const ConsumerFacts& c) { return c.constant && c.maximum != 0; });
  const std::size_t dead = e.CountIf([](const ConsumerFacts& c) { return c.constant && c.maximum == 0; });
  if (constant > 0) {
    e.Add({.code = "constant",
           .name = "always the same reading",
           .value = e.Consumers(constant),
           .severity = Severity::kWarning,
           .meaning = "Estimated or broken: real use varies.",
           .number = static_cast<double>(constant)});
  }
  if (dead > 0) {
    e.Add({.code = "all_zero",
           .name = "always zero",
           .value = e.Consumers(dead),
           .severity = Severity::kWarning,
           .meaning = "Empty premises, a dead meter, or one that is passed by.",
           .number = static_cast<double>(dead)});
  }
}

void Spikes(const Examination& e) {
  const std::size_t spikes = e.Sum(&ConsumerFacts::spikes);
  if (spikes == 0) return;
  const auto worst =
      std::max_element(e.facts.begin(), e.facts.end(), [](const ConsumerFacts& a, const ConsumerFacts& b) {
        return (a.spikes > 0 ? a.maximum : 0) < (b.spikes > 0 ? b.maximum : 0);
      });
  const auto row = static_cast<std::size_t>(worst - e.facts.begin());
  const SeriesView series = e.panel.View(0, row);
  e.Add({.code = "spikes",
         .name = "impossible spikes",
         .value = WithThousands(spikes) + ", such as " + Significant(worst->maximum) + " of " + e.panel.ids[row] +
                  " (first on " + e.Date(series.times[worst->first_spike]) + ")",
         .severity = Severity::kWarning,
         .meaning = "Over " + Decimal(kSpike, 0) +
                    " times the consumer's 99th percentile: a reading error, or several days in one.",
         .number = static_cast<double>(spikes)});
}

void Ceilings(const Examination& e) {
  const std::size_t count = e.CountIf([](const ConsumerFacts& c) {
    return !c.constant && c.maximum > 0 && c.at_maximum >= 5 && 100 * c.at_maximum >= c.present;
  });
  if (count == 0) return;
  e.Add({.code = "ceilings",
         .name = "cut at a ceiling",
         .value = e.Consumers(count),
         .severity = Severity::kInfo,
         .meaning = "The highest reading comes again and again: clipped by a tool, a limiter, or someone.",
         .number = static_cast<double>(count)});
}

Status KnownFiles(const Examination& e, const std::filesystem::path& file) {
  std::error_code ignored;
  if (file.empty() || !std::filesystem::is_regular_file(file, ignored)) return {};
  METERHOUND_ASSIGN_OR_RETURN(const std::string sha256, Sha256File(file));
  for (const KnownFile& known : kKnownFiles) {
    if (known.sha256 != sha256) continue;
    e.Add({.code = "known_file",
           .name = "recognised",
           .value = std::string(known.name),
           .severity = Severity::kWarning,
           .meaning = std::string(known.trap),
           .number = 1});
  }
  return {};
}

void MissingOverTime(const Panel& panel, QualityReport& report) {
  const SeriesKind& kind = panel.kinds.front();
  const Timeline& timeline = *kind.timeline;
  if (timeline.times.empty()) return;
  const auto [first, last] = std::minmax_element(timeline.times.begin(), timeline.times.end());
  const double width = std::max((*last - *first) / kStretches, 1e-9);
  std::vector<double> due(kStretches, 0);
  std::vector<double> missing(kStretches, 0);
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    const SeriesView series = panel.View(0, row);
    for (std::size_t i = 0; i < series.size(); ++i) {
      const auto at = std::min(kStretches - 1, static_cast<std::size_t>((series.times[i] - *first) / width));
      due[at] += 1;
      missing[at] += series.missing[i] != 0 ? 1 : 0;
    }
  }
  for (std::size_t i = 0; i < kStretches; ++i) {
    report.missing_over_time.push_back(
        {.begin = *first + static_cast<double>(i) * width, .missing_share = due[i] > 0 ? missing[i] / due[i] : 1});
  }
}

}  // namespace

const char* SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "";
}

Result<QualityReport> CheckQuality(const Panel& panel, const std::filesystem::path& file, const RunContext& context) {
  std::vector<ConsumerFacts> facts(panel.rows());
  context.pool.ParallelFor(
      panel.rows(), 64,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<double> scratch;
        for (std::size_t row = begin; row < end; ++row) facts[row] = LookAt(panel.View(0, row), scratch);
      },
      context.stop);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  QualityReport report;
  const Examination examination{panel, facts, report};
  Size(examination);
  METERHOUND_RETURN_IF_ERROR(KnownFiles(examination, file));
  Labels(examination);
  LabelOrder(examination);
  Span(examination);
  Gaps(examination);
  Duplicates(examination);
  Values(examination);
  Spikes(examination);
  Ceilings(examination);
  MissingOverTime(panel, report);
  for (const ConsumerFacts& one : facts) {
    report.missing_by_consumer.push_back(
        one.length > 0 ? 1 - static_cast<double>(one.present) / static_cast<double>(one.length) : 1);
    report.mean_by_consumer.push_back(one.mean);
  }
  return report;
}

}  // namespace meterhound::readings
