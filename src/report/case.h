// Case and RunReport: all that a report may speak of. Writers take these and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/panel.h"
#include "detectors/evaluation.h"
#include "explain/contributions.h"
#include "explain/evidence.h"

namespace meterhound::report {

/// The consumption of one case, for the load curve.
struct CaseSeries {
  std::string kind;
  std::string unit;
  Cadence cadence = Cadence::kDaily;
  std::vector<double> times;
  std::vector<double> values;
  std::vector<std::uint8_t> missing;
};

struct Case {
  std::size_t rank = 0;  ///< 1 = first to visit
  std::string consumer_id;
  double probability = 0;    ///< calibrated
  std::string tier;          ///< "high", "medium", "low"
  double anomaly_score = 0;  ///< isolation forest, 0-1, larger is stranger
  std::string
      sign;  ///< what few honest consumers have as much of (see detectors/signs.h), when it is listed for that; or ""
  double sign_one_in = 0;           ///< honest consumers of whom at most one has as much of it
  std::optional<bool> known_label;  ///< when the source had one
  explain::Explanation explanation;
  explain::Evidence evidence;
  CaseSeries series;
  std::vector<std::pair<std::string, std::string>> attributes;  ///< from the consumers' table, as text
};

/// One line of the data-quality part.
struct QualityLine {
  std::string name;      ///< "consumers", "span", "missing readings"
  std::string value;     ///< ready to show
  std::string severity;  ///< "info", "warning", "error"
  std::string meaning;   ///< what follows from it, in plain words; may be empty
};

struct RunReport {
  std::string language = "en";    ///< of everything written for crews
  std::string title;              ///< what was scored
  std::string generated;          ///< ISO date and time
  std::string version;            ///< of the program
  std::string model_fingerprint;  ///< sha256 of the bundle
  std::size_t consumers = 0;
  std::size_t high = 0;  ///< consumers by tier
  std::size_t medium = 0;
  std::string currency;  ///< "EUR", "" for unnamed units
  double tariff = 0;
  std::vector<Case> cases;                          ///< best first; those to show
  std::optional<detectors::Evaluation> evaluation;  ///< of the model, by nested cross-validation
  std::vector<QualityLine> quality;
  std::size_t seen = 0;    ///< consumers that the model was trained on and yet had to judge itself
  bool simulated = false;  ///< true: the data are made up, say so everywhere
};

}  // namespace meterhound::report
