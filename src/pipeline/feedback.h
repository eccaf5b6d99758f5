// Feedback: what visits found becomes labels, and whom nobody visited stays unknown.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/config.h"
#include "pipeline/sources.h"
#include "readings/visits.h"

namespace meterhound::pipeline {

/// The visits that count, one a consumer: the latest with an outcome other than no access, or the latest of all.
struct Feedback {
  std::vector<readings::Visit> visits;  ///< in the order in which the file first names their consumers
  std::size_t read = 0;                 ///< visits in the file
  std::vector<std::string> conflicts;   ///< consumers with visits both found and not found
};

/// kInvalidInput also when visits of one day to one consumer disagree: no later one decides.
Result<Feedback> ReadFeedback(const std::filesystem::path& path, const Config& config);

/// The same from visits that are at hand.
Result<Feedback> CountVisits(std::vector<readings::Visit> visits);

/// The error for a visit to a consumer that `source` lacks.
Error UnknownConsumer(const readings::Visit& visit, const std::string& source);

struct FeedbackOptions {
  std::filesystem::path file;  ///< empty: no feedback
  bool skip_unknown = false;   ///< leave out visits to consumers that the readings lack; else they are an error
};

/// Labels by the visits: found is theft, not found is honest, whatever the readings say; a consumer whom no visit could
/// reach is unknown unless the readings say theft. Where labels come from inspections, a consumer labelled honest
/// without a visit is unknown, too, and data.stands_for gets the inverse of the visits' selection probabilities when
/// there are any. A visit's day is when its label was found
/// out: what is later is a leak (see leak_check.h). What was done is added to data.remarks.
Status ApplyFeedback(SourceData& data, const FeedbackOptions& options, const Config& config);
/// The same with visits that are at hand; those to consumers that the readings lack are left out and counted.
Status ApplyVisits(SourceData& data, const Feedback& feedback, const Config& config);

}  // namespace meterhound::pipeline
