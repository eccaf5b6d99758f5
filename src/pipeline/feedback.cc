// One pass over the visits, one over the consumers.
#include "pipeline/feedback.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "base/numbers.h"
#include "pipeline/training.h"
#include "readings/csv.h"

namespace meterhound::pipeline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using readings::Outcome;
using readings::Visit;

bool Tells(const Visit& visit) { return visit.outcome != Outcome::kNoAccess; }

// Whether `later` counts rather than `earlier`: it tells more, or as much on a later day.
bool Overrides(const Visit& later, const Visit& earlier) {
  if (Tells(later) != Tells(earlier)) return Tells(later);
  return later.visited_on > earlier.visited_on;
}

std::string Shown(const std::vector<std::string>& ids) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, ids.size()); ++i) text += (i == 0 ? "" : ", ") + ids[i];
  return text + (ids.size() > kShown ? ", ..." : "");
}

struct Joined {
  std::vector<const Visit*> visit_of;  // a row; null without one
  std::size_t skipped = 0;
};

Result<Joined> Join(const Feedback& feedback, const Panel& panel, bool skip_unknown) {
  std::unordered_map<std::string_view, std::size_t> row_of;
  for (std::size_t row = 0; row < panel.rows(); ++row) row_of.emplace(panel.ids[row], row);
  Joined joined{std::vector<const Visit*>(panel.rows(), nullptr), 0};
  for (const Visit& visit : feedback.visits) {
    const auto found = row_of.find(visit.consumer);
    if (found != row_of.end()) {
      joined.visit_of[found->second] = &visit;
    } else if (!skip_unknown) {
      return UnknownConsumer(visit, panel.source);
    } else {
      ++joined.skipped;
    }
  }
  return joined;
}

// What the label becomes, by the visit that counts or for want of one.
std::int8_t LabelOf(std::int8_t label, const Visit* visit, bool from_inspections) {
  if (visit != nullptr && visit->outcome == Outcome::kFound) return 1;
  if (visit != nullptr && visit->outcome == Outcome::kNotFound) return 0;
  return label == 0 && (visit != nullptr || from_inspections) ? kUnlabelled : label;
}

std::string Remark(const Feedback& feedback, const Joined& joined, std::size_t changed) {
  std::array<std::size_t, 3> count{};
  for (const Visit* visit : joined.visit_of) {
    if (visit != nullptr) ++count[static_cast<std::size_t>(visit->outcome)];
  }
  std::string text = "Feedback: " + WithThousands(feedback.read) + " visits; consumers with theft found " +
                     WithThousands(count[0]) + ", not found " + WithThousands(count[1]) + ", no access " +
                     WithThousands(count[2]) + "; " + WithThousands(changed) + " labels changed\n";
  if (!feedback.conflicts.empty()) {
    text += "Feedback: visits to " + WithThousands(feedback.conflicts.size()) +
            " consumers disagree, the latest counts (" + Shown(feedback.conflicts) + ")\n";
  }
  if (joined.skipped > 0) {
    text += "Feedback: " + WithThousands(joined.skipped) + " consumers visited are not among the readings, left out\n";
  }
  return text;
}

// 1 / selection probability of everyone inspected; empty when no visit has one below 1.
std::vector<double> StandsFor(const Joined& joined) {
  std::vector<double> stands_for(joined.visit_of.size(), 1);
  bool any = false;
  for (std::size_t row = 0; row < stands_for.size(); ++row) {
    const Visit* visit = joined.visit_of[row];
    if (visit == nullptr || !visit->selection_probability) continue;
    stands_for[row] = 1 / *visit->selection_probability;
    any = any || stands_for[row] > 1;
  }
  if (!any) stands_for.clear();
  return stands_for;
}

}  // namespace

Error UnknownConsumer(const Visit& visit, const std::string& source) {
  return InvalidInput("found consumer " + readings::Quote(visit.consumer) + ", expected one of " + source +
                          " (--skip-unknown leaves such visits out)",
                      visit.place);
}

Result<Feedback> ReadFeedback(const std::filesystem::path& path, const Config& config) {
  METERHOUND_ASSIGN_OR_RETURN(const readings::DateOrder order, readings::ParseDateOrder(config.date_order));
  METERHOUND_ASSIGN_OR_RETURN(std::vector<Visit> visits, readings::ReadVisits(path, order));
  return CountVisits(std::move(visits));
}

Result<Feedback> CountVisits(std::vector<Visit> visits) {
  Feedback feedback;
  feedback.read = visits.size();
  std::unordered_map<std::string, std::size_t> at;
  std::unordered_set<std::string> conflicts;
  for (Visit& visit : visits) {
    const auto [found, is_new] = at.emplace(visit.consumer, feedback.visits.size());
    if (is_new) {
      feedback.visits.push_back(std::move(visit));
      continue;
    }
    Visit& counts = feedback.visits[found->second];
    if (Tells(visit) && Tells(counts) && visit.outcome != counts.outcome) {
      if (visit.visited_on == counts.visited_on) {
        return InvalidInput("found outcome " + std::string(readings::OutcomeName(visit.outcome)) + " for '" +
                                visit.consumer + "', expected " + readings::OutcomeName(counts.outcome) +
                                " as its other visit of that day says (" + counts.place + ")",
                            visit.place);
      }
      if (conflicts.insert(visit.consumer).second) feedback.conflicts.push_back(visit.consumer);
    }
    if (Overrides(visit, counts)) counts = std::move(visit);
  }
  return feedback;
}

namespace {

Status Apply(SourceData& data, const Feedback& feedback, bool skip_unknown, bool asked_for, const Config& config) {
  METERHOUND_ASSIGN_OR_RETURN(const Joined joined, Join(feedback, data.panel, skip_unknown));
  std::size_t by_visits = 0;
  std::size_t unknown = 0;
  for (std::size_t row = 0; row < data.panel.rows(); ++row) {
    const Visit* visit = joined.visit_of[row];
    const std::int8_t label = LabelOf(data.panel.labels[row], visit, FromInspections(config));
    if (label != data.panel.labels[row]) ++(visit != nullptr ? by_visits : unknown);
    data.panel.labels[row] = label;
    if (visit != nullptr && Tells(*visit)) {
      if (data.panel.label_times.empty()) data.panel.label_times.assign(data.panel.rows(), kNaN);
      data.panel.label_times[row] = visit->visited_on;
    }
  }
  if (asked_for) data.remarks += Remark(feedback, joined, by_visits);
  if (FromInspections(config)) {
    data.stands_for = StandsFor(joined);
    data.remarks += "Labels come from inspections: " + WithThousands(unknown) +
                    " consumers labelled honest without a visit are taken as unknown\n";
  }
  return {};
}

}  // namespace

Status ApplyFeedback(SourceData& data, const FeedbackOptions& options, const Config& config) {
  Feedback feedback;
  if (!options.file.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(feedback, ReadFeedback(options.file, config));
  }
  return Apply(data, feedback, options.skip_unknown, !options.file.empty(), config);
}

Status ApplyVisits(SourceData& data, const Feedback& feedback, const Config& config) {
  return Apply(data, feedback, true, true, config);
}

}  // namespace meterhound::pipeline
