// The order of bills, and the arithmetic of the mapping's series.
#include "readings/bills_series.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <span>

namespace meterhound::readings {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kGrain = 512;

/// -1, 0, 1; missing comes last.
int Compare(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return static_cast<int>(std::isnan(a)) - static_cast<int>(std::isnan(b));
  return a < b ? -1 : (a > b ? 1 : 0);
}

bool Before(const BillsColumns& bills, std::uint32_t a, std::uint32_t b) {
  if (bills.times[a] != bills.times[b]) return bills.times[a] < bills.times[b];
  for (const auto& column : bills.numbers) {
    if (const int order = Compare(column[a], column[b]); order != 0) return order < 0;
  }
  return false;
}

/// Where an operand's value of a bill lies: in a column by the bill's place, or in a series made before.
struct Operand {
  const std::vector<double>* column = nullptr;
  const std::vector<double>* series = nullptr;

  double At(const BillsOrder& order, std::size_t i) const {
    return series != nullptr ? (*series)[i] : (*column)[order.places[i]];
  }
};

Operand FindOperand(const std::string& name, const BillsTable& mapping, const std::vector<SeriesKind>& made,
                    const BillsColumns& bills) {
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (mapping.series[i].name == name) return {.series = &made[i].values};
  }
  const auto found = std::find(bills.names.begin(), bills.names.end(), name);
  return {.column = &bills.numbers[static_cast<std::size_t>(found - bills.names.begin())]};
}

double Evaluate(const BillSeries& series, std::span<const Operand> operands, const BillsOrder& order, std::size_t i,
                bool first) {
  switch (series.form) {
    case BillForm::kSum: {
      double sum = 0;
      for (const Operand& operand : operands) sum += operand.At(order, i);
      return sum;
    }
    case BillForm::kDifference:
      return operands[0].At(order, i) - operands[1].At(order, i);
    case BillForm::kRatio: {
      const double divisor = operands[1].At(order, i);
      return divisor == 0 ? kNaN : operands[0].At(order, i) / divisor;
    }
    case BillForm::kChanged: {
      if (first) return kNaN;
      const double now = operands[0].At(order, i);
      const double before = operands[0].At(order, i - 1);
      return std::isnan(now) || std::isnan(before) ? kNaN : (now != before ? 1.0 : 0.0);
    }
    case BillForm::kJump:
      return first ? kNaN : operands[1].At(order, i) - operands[0].At(order, i - 1);
  }
  return kNaN;
}

void Note(BillsReport::OutOfRange& found, double value) {
  ++found.values;
  // The smaller of two equally large: what is shown must not depend on which thread came first.
  const double size = std::abs(value);
  const double shown = std::abs(found.example);
  if (found.values == 1 || size > shown || (size == shown && value < found.example)) found.example = value;
}

}  // namespace

BillsOrder OrderBills(const BillsColumns& bills, std::size_t prefix, std::size_t rows, const RunContext& context) {
  BillsOrder order;
  order.offsets.assign(rows + 1, 0);
  for (std::size_t i = 0; i < bills.size(); ++i) {
    if (bills.prefixes[i] == prefix) ++order.offsets[bills.rows[i] + 1];
  }
  std::partial_sum(order.offsets.begin(), order.offsets.end(), order.offsets.begin());
  order.places.resize(order.offsets.back());
  std::vector<std::size_t> next(order.offsets.begin(), order.offsets.end() - 1);
  for (std::size_t i = 0; i < bills.size(); ++i) {
    if (bills.prefixes[i] == prefix) order.places[next[bills.rows[i]]++] = static_cast<std::uint32_t>(i);
  }
  context.pool.ParallelFor(
      rows, kGrain,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t row = begin; row < end; ++row) {
          std::sort(order.places.begin() + static_cast<std::ptrdiff_t>(order.offsets[row]),
                    order.places.begin() + static_cast<std::ptrdiff_t>(order.offsets[row + 1]),
                    [&bills](std::uint32_t a, std::uint32_t b) { return Before(bills, a, b); });
        }
      },
      context.stop);
  return order;
}

std::vector<SeriesKind> MakeSeries(const BillsTable& mapping, const BillsColumns& bills, std::size_t prefix,
                                   const BillsOrder& order, const RunContext& context, BillsReport& report) {
  auto timeline = std::make_shared<Timeline>();
  timeline->shared = false;
  timeline->cadence = Cadence::kIrregular;
  timeline->offsets = order.offsets;
  timeline->times.reserve(order.places.size());
  for (const std::uint32_t place : order.places) timeline->times.push_back(bills.times[place]);

  std::vector<SeriesKind> made;
  made.reserve(mapping.series.size());  // operands point into it
  const std::string& name = mapping.prefixes[prefix].second;
  for (const BillSeries& series : mapping.series) {
    SeriesKind kind{.name = name.empty() ? series.name : name + "_" + series.name,
                    .unit = series.unit,
                    .group = series.group,
                    .timeline = timeline,
                    .values = std::vector<double>(order.places.size()),
                    .missing = std::vector<std::uint8_t>(order.places.size())};
    std::vector<Operand> operands;
    for (const std::string& operand : series.operands) operands.push_back(FindOperand(operand, mapping, made, bills));
    BillsReport::OutOfRange outside{.kind = kind.name, .valid_min = series.valid_min, .valid_max = series.valid_max};
    std::mutex mutex;
    context.pool.ParallelFor(
        order.offsets.size() - 1, kGrain,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t row = begin; row < end; ++row) {
            for (std::size_t i = order.offsets[row]; i < order.offsets[row + 1]; ++i) {
              double value = Evaluate(series, operands, order, i, i == order.offsets[row]);
              if (value < series.valid_min || value > series.valid_max) {
                const std::lock_guard lock(mutex);
                Note(outside, value);
                value = kNaN;
              }
              if (!std::isfinite(value)) value = kNaN;
              kind.values[i] = value;
              kind.missing[i] = std::isnan(value) ? 1 : 0;
            }
          }
        },
        context.stop);
    if (outside.values > 0) report.out_of_range.push_back(outside);
    made.push_back(std::move(kind));
  }
  return made;
}

}  // namespace meterhound::readings
