// Field by field, out and in; NaN is null, as everywhere in JSON.
#include "report/kept_case.h"

#include <cmath>
#include <limits>

namespace meterhound::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Number(const Json& json) { return json.is_null() ? kNaN : json.get<double>(); }

Json Numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(std::isfinite(value) ? Json(value) : Json());
  return list;
}

std::vector<double> NumbersOf(const Json& list) {
  std::vector<double> values;
  values.reserve(list.size());
  for (const Json& value : list) values.push_back(Number(value));
  return values;
}

Json KeepExplanation(const explain::Explanation& explanation) {
  Json list = Json::array();
  for (const explain::Contribution& one : explanation.strongest) {
    list.push_back({{"feature", one.feature},
                    {"value", one.value},
                    {"category", one.category},
                    {"log_odds", one.log_odds},
                    {"group", static_cast<int>(one.group)}});
  }
  return {{"base", explanation.base_log_odds},
          {"margin", explanation.margin},
          {"rest", explanation.rest_log_odds},
          {"strongest", list}};
}

explain::Explanation ExplanationOf(const Json& kept) {
  explain::Explanation explanation{.base_log_odds = kept.at("base").get<double>(),
                                   .margin = kept.at("margin").get<double>(),
                                   .strongest = {},
                                   .rest_log_odds = kept.at("rest").get<double>()};
  for (const Json& one : kept.at("strongest")) {
    explanation.strongest.push_back({.feature = one.at("feature").get<std::string>(),
                                     .value = Number(one.at("value")),
                                     .category = one.at("category").get<std::string>(),
                                     .log_odds = one.at("log_odds").get<double>(),
                                     .group = static_cast<FeatureGroup>(one.at("group").get<int>())});
  }
  return explanation;
}

Json KeepSeries(const CaseSeries& series) {
  return {{"kind", series.kind},
          {"unit", series.unit},
          {"cadence", static_cast<int>(series.cadence)},
          {"times", Numbers(series.times)},
          {"values", Numbers(series.values)},
          {"missing", series.missing}};
}

CaseSeries SeriesOf(const Json& kept) {
  return {.kind = kept.at("kind").get<std::string>(),
          .unit = kept.at("unit").get<std::string>(),
          .cadence = static_cast<Cadence>(kept.at("cadence").get<int>()),
          .times = NumbersOf(kept.at("times")),
          .values = NumbersOf(kept.at("values")),
          .missing = kept.at("missing").get<std::vector<std::uint8_t>>()};
}

Case CaseOf(const Json& kept) {
  Case one{.rank = kept.at("rank").get<std::size_t>(),
           .consumer_id = kept.at("consumer_id").get<std::string>(),
           .probability = kept.at("probability").get<double>(),
           .tier = kept.at("tier").get<std::string>(),
           .anomaly_score = Number(kept.at("anomaly_score")),
           .sign = kept.at("sign").get<std::string>(),
           .sign_one_in = kept.at("sign_one_in").get<double>(),
           .known_label =
               kept.at("known_label").is_null() ? std::nullopt : std::optional(kept.at("known_label").get<bool>()),
           .explanation = ExplanationOf(kept.at("explanation")),
           .evidence = {},
           .series = SeriesOf(kept.at("series")),
           .attributes = {}};
  for (const Json& pair : kept.at("attributes")) {
    one.attributes.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
  }
  const SeriesView view{.values = one.series.values,
                        .missing = one.series.missing,
                        .times = one.series.times,
                        .cadence = one.series.cadence};
  one.evidence = explain::FindEvidence(
      view, {.tariff = kept.at("tariff").get<double>(), .minimum_drop = kept.at("minimum_drop").get<double>()});
  return one;
}

Part PartOf(const std::string& name) {
  if (name == "for") return Part::kFor;
  if (name == "against") return Part::kAgainst;
  return name == "check" ? Part::kCheck : Part::kSummary;
}

CaseReport ReportOf(const Json& kept) {
  CaseReport report{.language = kept.at("language").get<std::string>(),
                    .written_by = kept.at("written_by").get<std::string>(),
                    .mode = kept.at("mode").get<std::string>(),
                    .sentences = {},
                    .refused = {},
                    .fallback = kept.at("fallback").is_null() ? "" : kept.at("fallback").get<std::string>()};
  for (const Json& one : kept.at("sentences")) {
    report.sentences.push_back({.part = PartOf(one.at("part").get<std::string>()),
                                .fact = one.at("fact").is_null() ? "" : one.at("fact").get<std::string>(),
                                .text = one.at("text").get<std::string>()});
  }
  for (const Json& one : kept.at("refused")) {
    report.refused.push_back({one.at("text").get<std::string>(), one.at("reason").get<std::string>()});
  }
  return report;
}

}  // namespace

Json KeepCase(const Case& one, const explain::EvidenceOptions& options) {
  return {{"rank", one.rank},
          {"consumer_id", one.consumer_id},
          {"probability", one.probability},
          {"tier", one.tier},
          {"anomaly_score", one.anomaly_score},
          {"sign", one.sign},
          {"sign_one_in", one.sign_one_in},
          {"known_label", one.known_label ? Json(*one.known_label) : Json()},
          {"tariff", options.tariff},
          {"minimum_drop", options.minimum_drop},
          {"attributes", one.attributes},
          {"explanation", KeepExplanation(one.explanation)},
          {"series", KeepSeries(one.series)}};
}

Result<Case> RestoreCase(const Json& kept) {
  try {
    return CaseOf(kept);
  } catch (const Json::exception& error) {
    return Corrupt(error.what(), "kept case");
  }
}

Result<CaseReport> WordsOf(const Json& document) {
  try {
    return ReportOf(document.at("report"));
  } catch (const Json::exception& error) {
    return Corrupt(error.what(), "case document");
  }
}

}  // namespace meterhound::report
