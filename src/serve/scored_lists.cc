// Reads lists page by page and remembers the last ones.
#include "serve/scored_lists.h"

#include <algorithm>
#include <limits>

namespace meterhound::serve {
namespace {

constexpr std::int64_t kPage = 20'000;

pipeline::ScoredConsumer ConsumerOf(const store::CaseSummary& one) {
  pipeline::ScoredConsumer consumer{
      .id = one.consumer_id,
      .probability = {one.probability, one.probability_low, one.probability_high},
      .tier = one.tier,
      .anomaly_score = one.anomaly_score.value_or(std::numeric_limits<double>::quiet_NaN()),
      .missing_kwh = {},
      .listed_for_sign = one.listed_for == "sign",
      .further = {one.district.value_or("")}};
  if (one.missing_kwh) consumer.missing_kwh = {one.missing_kwh->value, one.missing_kwh->low, one.missing_kwh->high};
  return consumer;
}

}  // namespace

Status EachCase(store::CaseStore& cases, const std::string& run,
                const std::function<void(const store::CaseSummary&)>& take) {
  store::CaseFilter filter;
  filter.run = run;
  filter.limit = kPage;
  for (;;) {
    METERHOUND_ASSIGN_OR_RETURN(const store::CasePage page, cases.Page(filter));
    for (const store::CaseSummary& one : page.cases) take(one);
    if (!page.next) return {};
    filter.cursor = *page.next;
  }
}

Result<std::shared_ptr<const RunList>> ScoredLists::Of(const std::string& run) {
  const std::scoped_lock lock(
      mutex_);  // who asks for the same list at the same time waits for it rather than reads it, too
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const auto& one) { return one->run == run; });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return kept_.front();
  }
  const auto made = std::make_shared<RunList>();
  made->run = run;
  made->list.further = {kDistrictColumn};
  METERHOUND_RETURN_IF_ERROR(EachCase(cases_, run, [&](const store::CaseSummary& one) {
    made->list.consumers.push_back(ConsumerOf(one));
    made->rank_of[one.consumer_id] = one.rank;
  }));
  kept_.push_front(made);
  if (kept_.size() > kKept) kept_.pop_back();
  return kept_.front();
}

}  // namespace meterhound::serve
