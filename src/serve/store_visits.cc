// One visit a row.
#include "serve/store_visits.h"

#include "readings/dates.h"

namespace meterhound::serve {
namespace {

constexpr std::int64_t kMostVisits = 1'000'000;

}  // namespace

Result<pipeline::Feedback> VisitsIn(store::FeedbackStore& feedback) {
  METERHOUND_ASSIGN_OR_RETURN(const auto all, feedback.List({}, {}, kMostVisits));
  std::vector<readings::Visit> visits;
  for (const store::Feedback& one : all) {
    METERHOUND_ASSIGN_OR_RETURN(const double day, readings::ParseDay(one.visited_on, "feedback " + one.id));
    visits.push_back({.consumer = one.consumer_id,
                      .visited_on = day,
                      .outcome = one.outcome == "found"       ? readings::Outcome::kFound
                                 : one.outcome == "not_found" ? readings::Outcome::kNotFound
                                                              : readings::Outcome::kNoAccess,
                      .kwh_found = one.recovered_kwh,
                      .selection_probability = one.selection_probability,
                      .place = "feedback " + one.id});
  }
  return pipeline::CountVisits(std::move(visits));
}

}  // namespace meterhound::serve
