// The card is a view of what the bundle holds: nothing is computed here, and what is not there is said to be unknown.
#include "report/model_card.h"

#include <limits>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/numbers.h"

namespace meterhound::report {
namespace {

constexpr std::size_t kShownDigits = 12;
constexpr double kVisitedShare = 0.05;

Json At(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  return json.is_object() && json.contains(place) ? json[place] : Json();
}

std::string Shown(const Json& value) {
  if (value.is_null()) return "unknown";
  if (value.is_string()) return value.get<std::string>().empty() ? "none" : value.get<std::string>();
  if (value.is_number_integer() && value >= 0) return WithThousands(value.get<std::size_t>());
  return value.is_number() ? FormatDouble(value.get<double>()) : value.dump();
}

// Text that comes from data must not end a cell or begin markup.
std::string Safe(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (c == '|' || c == '<' || c == '`' || c == '\\' || c == '[') safe += '\\';
    safe += control ? ' ' : c;
  }
  return safe;
}

std::string Row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + cell + " |";
  return row + "\n";
}

std::string Table(const std::vector<std::string>& head) {
  return Row(head) + Row(std::vector<std::string>(head.size(), "---"));
}

std::string Figure(const detectors::Interval& interval, int decimals = 3) {
  return Decimal(interval.value, decimals) + " (" + Decimal(interval.low, decimals) + " to " +
         Decimal(interval.high, decimals) + ")";
}

std::string Share(const detectors::Interval& interval) {
  return Percent(interval.value) + " (" + Percent(interval.low) + " to " + Percent(interval.high) + ")";
}

detectors::Interval IntervalOf(const Json& json) {
  const auto number = [&](const char* key) {
    return json.is_object() && json.contains(key) && json[key].is_number() ? json[key].get<double>()
                                                                           : std::numeric_limits<double>::quiet_NaN();
  };
  return {number("value"), number("low"), number("high")};
}

std::string Purpose() {
  return "## What it is for\n\n"
         "It ranks consumers by how likely their readings are those of theft, so that people know whom to visit first "
         "and "
         "why. A visit decides, not the model.\n\n"
         "**Not for:** proof, bills, cutting anybody off, or judging a person; consumers unlike those below "
         "(`meterhound "
         "drift` tells).\n\n";
}

std::string Data(const Json& manifest) {
  const Json& from = manifest;
  const auto training = [&](const char* key) {
    return Shown(At(from, (std::string("/training_data/") + key).c_str()));
  };
  const Json unlabelled = At(from, "/fit/unlabelled");
  const Json as_of = At(from, "/training_data/as_of");
  const std::string labels = At(from, "/config/detection/labels_from") == Json("inspections")
                                 ? "visits; whoever was not visited is unknown, whatever the readings' file says"
                                 : "the readings' file and visits; a consumer labelled honest is taken to be";
  return "## What it was trained on\n\n" + Table({"", ""}) + Row({"consumers", training("consumers")}) +
         Row({"of them known as thefts", training("thefts")}) + Row({"known as honest", training("honest")}) +
         Row({"without a label", Shown(unlabelled)}) +
         Row({"readings", training("first_day") + " to " + training("last_day")}) +
         Row({"nothing later than", as_of.is_null() ? "no day was given" : Shown(as_of)}) +
         Row({"labels come from", labels}) + Row({"SHA-256 of rows and labels", "`" + training("fingerprint") + "`"}) +
         Row({"features the trees use", Shown(At(from, "/fit/columns_used"))}) + "\n";
}

std::string HowMeasured(const detectors::Evaluation& evaluation) {
  std::string text = "Measured on " + WithThousands(evaluation.consumers) + " consumers whose truth is known, " +
                     WithThousands(evaluation.thefts) + " of them thefts (" + Percent(evaluation.theft_share) + "), ";
  text += evaluation.folds > 0 ? "each judged by a model that had not seen it (nested " +
                                     std::to_string(evaluation.folds) + "-fold cross-validation)"
                               : "laid aside before the model was trained";
  if (evaluation.inspected_only) text += "; only those whom somebody visited are judged";
  return text + ". Intervals are 95 %, " + WithThousands(evaluation.bootstraps) + " bootstraps.\n\n";
}

std::string Figures(const std::optional<detectors::Evaluation>& evaluation) {
  std::string text = "## How well it does\n\n";
  if (!evaluation || evaluation->views.empty()) {
    return text + "It was not measured when it was made (`meterhound evaluate` does it).\n\n";
  }
  text += HowMeasured(*evaluation);
  std::vector<std::string> head = {""};
  for (const detectors::EvaluatedView& view : evaluation->views) {
    head.push_back(view.name + " (" + std::to_string(view.features) + " features)");
  }
  text += Table(head);
  const auto line = [&](const std::string& name, const auto& cell) {
    std::vector<std::string> cells = {name};
    for (const detectors::EvaluatedView& view : evaluation->views) cells.push_back(cell(view.pooled));
    text += Row(cells);
  };
  using detectors::Metrics;
  line("ROC-AUC", [](const Metrics& m) { return Figure(m.roc_auc); });
  line("PR-AUC", [](const Metrics& m) { return Figure(m.pr_auc); });
  for (std::size_t i = 0; i < evaluation->views.front().pooled.at_share.size(); ++i) {
    const std::string top = Percent(evaluation->views.front().pooled.at_share[i].share);
    line("thefts among the top " + top, [&](const Metrics& m) { return Share(m.at_share[i].precision); });
    line("of all thefts in the top " + top, [&](const Metrics& m) { return Share(m.at_share[i].recall); });
  }
  line("Brier score", [](const Metrics& m) { return Figure(m.brier, 4); });
  line("calibration error (ECE)", [](const Metrics& m) { return Figure(m.ece, 4); });
  line("calibration slope", [](const Metrics& m) { return Figure(m.calibration_slope, 2); });
  return text + "\n";
}

std::string Calibration(const std::optional<detectors::Evaluation>& evaluation) {
  if (!evaluation || evaluation->views.empty() || evaluation->views.front().pooled.reliability.empty()) return {};
  std::string text = "## Are its probabilities right?\n\n" + Table({"predicted", "found (95 %)", "consumers"});
  for (const detectors::ReliabilityBin& bin : evaluation->views.front().pooled.reliability) {
    text += Row({Percent(bin.predicted), Share({bin.observed, bin.low, bin.high}), WithThousands(bin.consumers)});
  }
  return text + "\n";
}

std::string Lines(const Json& sentences) {
  std::string text;
  if (!sentences.is_array()) return text;
  for (const Json& sentence : sentences) text += "- " + Safe(sentence.get<std::string>()) + "\n";
  return text.empty() ? text : text + "\n";
}

std::string Predecessor(const Json& manifest) {
  const Json from = At(manifest, "/retraining");
  std::string text = "## Before it\n\n";
  if (!from.is_object()) return text + "It was trained by itself; no earlier model is named.\n\n";
  text += "It was trained to follow the model `" + Shown(At(from, "/champion")) + "`. Verdict: **" +
          Shown(At(from, "/verdict")) + "**.\n\n" + Lines(At(from, "/reasons"));
  const Json comparison = At(from, "/comparison");
  if (comparison.is_object()) {
    text += "Both on the same " + Shown(At(comparison, "/consumers")) + " consumers (" +
            Shown(At(comparison, "/thefts")) +
            " thefts) that neither was trained on; the difference is paired, every bootstrap drawing the same "
            "consumers for "
            "both.\n\n" +
            Table({"", "before", "this one", "difference"});
    for (const auto& [key, name] : {std::pair{"roc_auc", "ROC-AUC"},
                                    {"pr_auc", "PR-AUC"},
                                    {"precision_at_1%", "thefts among the top 1 % (share)"},
                                    {"brier", "Brier score (less is better)"},
                                    {"ece", "calibration error (less is better)"}}) {
      const auto cell = [&](const char* whose) {
        return Figure(IntervalOf(At(comparison, (std::string("/") + whose + "/" + key).c_str())));
      };
      text += Row({name, cell("champion"), cell("challenger"), cell("difference")});
    }
    text += "\n";
  }
  const Json gates = At(from, "/gates");
  if (gates.is_array()) {
    text += "What the data had to pass before anything was learnt from them:\n\n" + Table({"gate", "passed", "found"});
    for (const Json& gate : gates) {
      text += Row({Shown(At(gate, "/name")), At(gate, "/passed") == Json(true) ? "yes" : "no",
                   Safe(Shown(At(gate, "/finding")))});
    }
    text += "\n";
  }
  const std::string notes = Lines(At(from, "/notes"));
  return notes.empty()
             ? text
             : text + "To be known besides, such as what had moved since the model before was trained:\n\n" + notes;
}

std::string Categories(const std::optional<detectors::Evaluation>& evaluation) {
  if (!evaluation || evaluation->fairness.empty()) return {};
  std::string text = "## Whom its list falls on\n\nVisits to the first " + Percent(kVisitedShare) + " of its list.\n\n";
  for (const detectors::FairnessTable& table : evaluation->fairness) {
    text += "### " + Safe(table.attribute) + "\n\n" +
            Table({"category", "consumers", "thefts", "share of the visits", "visits that find theft"});
    for (const detectors::CategoryFairness& category : table.categories) {
      for (const detectors::CategoryVisits& visits : category.at_share) {
        if (visits.share != kVisitedShare) continue;
        text += Row({Safe(category.category), WithThousands(category.consumers), WithThousands(category.thefts),
                     Share(visits.visits), Share(visits.hits)});
      }
    }
    text += "\n";
  }
  return text;
}

std::string Limits() {
  return "## What limits it\n\n"
         "- The figures hold for consumers, meters and thieves like those it was measured on. A way of stealing that "
         "no "
         "label shows is known to it as something strange at most.\n"
         "- Labels are what somebody found; thefts that nobody found count as honest, or as unknown.\n\n";
}

std::string Settings(const Json& manifest) {
  Json chosen = Json::object();
  for (const char* key : {"seed", "readings", "clean", "feature_extraction", "detection", "evaluation"}) {
    const Json value = At(manifest, (std::string("/config/") + key).c_str());
    if (!value.is_null()) chosen[key] = value;
  }
  return "## Settings\n\n```json\n" + DumpJson(chosen) + "```\n\n";
}

}  // namespace

std::string ModelCard(const ModelFacts& facts) {
  return "# Model " + facts.fingerprint.substr(0, kShownDigits) + "\n\nMade by meterhound " +
         Shown(At(facts.manifest, "/version")) + ": boosted trees with an isolation forest, calibrated. SHA-256 `" +
         facts.fingerprint + "`.\n\n" + Purpose() + Data(facts.manifest) + Figures(facts.evaluation) +
         Predecessor(facts.manifest) + Calibration(facts.evaluation) + Categories(facts.evaluation) + Limits() +
         Settings(facts.manifest) +
         "## The way back\n\n`POST /v1/models/rollback`, or `meterhound retrain --rollback`, makes the model active "
         "that was "
         "before; none is deleted. With files: the model before is where it was.\n";
}

Json ModelCardJson(const ModelFacts& facts) {
  return {{"format", 1},
          {"fingerprint", facts.fingerprint},
          {"version", At(facts.manifest, "/version")},
          {"training_data", At(facts.manifest, "/training_data")},
          {"fit", At(facts.manifest, "/fit")},
          {"settings", At(facts.manifest, "/config")},
          {"retraining", At(facts.manifest, "/retraining")},
          {"evaluation", facts.evaluation ? detectors::ToJson(*facts.evaluation) : Json()}};
}

Status WriteModelCard(const std::filesystem::path& folder, const ModelFacts& facts) {
  METERHOUND_RETURN_IF_ERROR(WriteFile(folder / "model-card.md", ModelCard(facts)));
  return WriteFile(folder / "model-card.json", DumpJson(ModelCardJson(facts)));
}

}  // namespace meterhound::report
