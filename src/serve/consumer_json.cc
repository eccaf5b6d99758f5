// Reads start, cadence and readings into a ragged panel.
#include "serve/consumer_json.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "base/numbers.h"
#include "readings/timelines.h"
#include "readings/wide_layout.h"

namespace meterhound::serve {
namespace {

constexpr std::size_t kMostReadings = 200'000;

Result<double> StartOf(const std::string& text, const std::string& place) {
  CivilDate date;
  int read = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &date.year, &date.month, &date.day, &read) != 3 || read != 10 ||
      text.size() != 10 || !IsValidDate(date)) {
    return InvalidInput("found '" + text + "', expected a date such as 2014-01-31", place);
  }
  return static_cast<double>(DaysFromCivil(date)) * kSecondsPerDay;
}

Status AppendReadings(const Json& readings, SeriesKind& kind, const std::string& place) {
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const double value = readings[i].is_null() ? std::numeric_limits<double>::quiet_NaN() : readings[i].get<double>();
    if (!readings[i].is_null() && !std::isfinite(value)) {
      return InvalidInput("found a number beyond all bounds, expected kWh", place + "/" + std::to_string(i));
    }
    kind.values.push_back(value);
    kind.missing.push_back(readings[i].is_null() ? 1 : 0);
  }
  return {};
}

std::map<std::string, std::string> AttributesOf(const Json& consumer) {
  std::map<std::string, std::string> texts;
  if (!consumer.contains("attributes")) return texts;
  for (const auto& [name, value] : consumer["attributes"].items()) {
    texts[name] = value.is_string() ? value.get<std::string>() : FormatDouble(value.get<double>());
  }
  return texts;
}

Error Differs(const std::string& what, const std::string& found, const std::string& expected, std::size_t at) {
  return InvalidInput(
      "found '" + found + "', expected '" + expected + "' as of the first consumer: one request, one " + what,
      "/consumers/" + std::to_string(at) + "/" + what);
}

}  // namespace

Json ConsumerSchema() {
  Json cadences = Json::array();
  for (const readings::NamedCadence& one : readings::NamedCadences()) cadences.push_back(one.name);
  return {{"type", "object"},
          {"additionalProperties", false},
          {"required", {"id", "start", "cadence", "readings"}},
          {"properties",
           {{"id", {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}}},
            {"start", {{"type", "string"}, {"format", "date"}, {"description", "day of the first reading"}}},
            {"cadence", {{"enum", cadences}}},
            {"readings",
             {{"type", "array"},
              {"minItems", 1},
              {"maxItems", kMostReadings},
              {"items", {{"type", {"number", "null"}}, {"minimum", -1e12}, {"maximum", 1e12}}},
              {"description", "energy of each interval in kWh; null where there is none"}}},
            {"kind", {{"type", "string"}, {"maxLength", 200}, {"default", readings::kWideKind}}},
            {"attributes",
             {{"type", "object"},
              {"additionalProperties", {{"type", {"string", "number"}}, {"maxLength", 500}}},
              {"description", "shown beside the case; \"district\" groups visits. No model learns from them here"}}}}}};
}

Result<RequestConsumers> PanelOf(const Json& consumers, const std::string& source) {
  std::vector<std::size_t> all(consumers.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return PanelOf(consumers, all, source);
}

Result<RequestConsumers> PanelOf(const Json& consumers, std::span<const std::size_t> which, const std::string& source) {
  RequestConsumers made;
  Panel& panel = made.panel;
  panel.source = source;
  SeriesKind kind{
      .name = {}, .unit = "kWh", .group = FeatureGroup::kBehaviour, .timeline = {}, .values = {}, .missing = {}};
  Timeline timeline{.shared = false, .times = {}, .offsets = {0}, .cadence = Cadence::kDaily};
  std::string cadence;
  std::unordered_map<std::string, std::size_t> seen;
  for (const std::size_t i : which) {
    const Json& one = consumers[i];
    const std::string place = "/consumers/" + std::to_string(i);
    const std::string id = one["id"].get<std::string>();
    if (const auto [at, is_new] = seen.emplace(id, i); !is_new) {
      return InvalidInput("found the id of consumer " + std::to_string(at->second) + " again, expected each once",
                          place + "/id");
    }
    const std::string own_cadence = one["cadence"].get<std::string>();
    const std::string own_kind = one.value("kind", std::string(readings::kWideKind));
    if (panel.ids.empty()) {
      cadence = own_cadence;
      kind.name = own_kind;
      timeline.cadence = *readings::FindNamedCadence(cadence);
    }
    if (own_cadence != cadence) return Differs("cadence", own_cadence, cadence, i);
    if (own_kind != kind.name) return Differs("kind", own_kind, kind.name, i);
    METERHOUND_ASSIGN_OR_RETURN(const double start, StartOf(one["start"].get<std::string>(), place + "/start"));
    METERHOUND_RETURN_IF_ERROR(AppendReadings(one["readings"], kind, place + "/readings"));
    if (timeline.cadence == Cadence::kMonthly && CivilFromDays(DayOf(start)).day != 1) {
      return InvalidInput("found " + one["start"].get<std::string>() + ", expected the first day of a month",
                          place + "/start");
    }
    readings::AppendEvenTimes(start, timeline.cadence, one["readings"].size(), timeline.times);
    timeline.offsets.push_back(timeline.times.size());
    panel.ids.push_back(id);
    panel.labels.push_back(kUnlabelled);
    made.attributes.push_back(AttributesOf(one));
  }
  kind.timeline = std::make_shared<const Timeline>(std::move(timeline));
  panel.kinds.push_back(std::move(kind));
  METERHOUND_RETURN_IF_ERROR(panel.Validate());
  return made;
}

}  // namespace meterhound::serve
