// Bills put in order twice, with dates as read and with day and month exchanged.
#include "readings/bills_dates.h"

#include <algorithm>
#include <mutex>
#include <span>

#include "readings/dates.h"

namespace meterhound::readings {
namespace {

constexpr std::size_t kGrain = 512;
constexpr std::size_t kDoubtfulShare = 10;  // one in so many pairs

const std::vector<double>* FindColumn(const BillsColumns& bills, const std::string& name) {
  const auto found = std::find(bills.names.begin(), bills.names.end(), name);
  return found == bills.names.end() ? nullptr : &bills.numbers[static_cast<std::size_t>(found - bills.names.begin())];
}

std::size_t CountContinuing(std::span<const std::uint32_t> places, const std::vector<double>& end,
                            const std::vector<double>& start) {
  std::size_t continuing = 0;
  for (std::size_t i = 1; i < places.size(); ++i) continuing += start[places[i]] == end[places[i - 1]] ? 1 : 0;
  return continuing;
}

}  // namespace

void IndexContinuity::Add(const IndexContinuity& other) {
  pairs += other.pairs;
  as_read += other.as_read;
  exchanged += other.exchanged;
}

bool IndexContinuity::Doubtful() const {
  return pairs > 0 && exchanged >= as_read + (pairs + kDoubtfulShare - 1) / kDoubtfulShare;
}

IndexContinuity CheckContinuity(const BillsTable& mapping, const BillsColumns& bills, const BillsOrder& order,
                                const RunContext& context) {
  IndexContinuity total;
  const auto jump = std::find_if(mapping.series.begin(), mapping.series.end(),
                                 [](const BillSeries& series) { return series.form == BillForm::kJump; });
  if (jump == mapping.series.end()) return total;
  const std::vector<double>* end = FindColumn(bills, jump->operands[0]);
  const std::vector<double>* start = FindColumn(bills, jump->operands[1]);
  if (end == nullptr || start == nullptr) return total;
  std::vector<double> exchanged(bills.times);
  for (double& time : exchanged) time = ExchangeDayAndMonth(time);
  std::mutex mutex;
  context.pool.ParallelFor(
      order.offsets.size() - 1, kGrain,
      [&](std::size_t first, std::size_t last, std::size_t) {
        IndexContinuity found;
        std::vector<std::uint32_t> places;
        for (std::size_t row = first; row < last; ++row) {
          places.assign(order.places.begin() + static_cast<std::ptrdiff_t>(order.offsets[row]),
                        order.places.begin() + static_cast<std::ptrdiff_t>(order.offsets[row + 1]));
          if (places.size() < 2) continue;
          found.pairs += places.size() - 1;
          found.as_read += CountContinuing(places, *end, *start);
          // Stable: bills of one day stay in the order that the mapping gives them.
          std::stable_sort(places.begin(), places.end(),
                           [&](std::uint32_t a, std::uint32_t b) { return exchanged[a] < exchanged[b]; });
          found.exchanged += CountContinuing(places, *end, *start);
        }
        const std::lock_guard lock(mutex);
        total.Add(found);
      },
      context.stop);
  return total;
}

}  // namespace meterhound::readings
