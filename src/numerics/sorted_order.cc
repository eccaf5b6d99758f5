// Least significant digit first, over the bits of the doubles turned so that unsigned order is numeric order.
#include "numerics/sorted_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

namespace meterhound::numerics {
namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = 6;
constexpr std::uint64_t kDigitMask = (1U << kDigitBits) - 1;
constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;

struct Item {
  std::uint64_t key;
  std::uint32_t position;
};

std::uint64_t KeyOf(double value) {
  if (std::isnan(value)) return ~std::uint64_t{0};
  const auto bits = std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);  // -0 equals 0
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

// Sorts by the digits from `lowest` on, stably.
void SortByDigits(std::vector<Item>& items, std::size_t lowest) {
  thread_local std::vector<Item> other;
  thread_local std::array<std::array<std::uint32_t, kDigitMask + 1>, kDigits> counts;
  other.resize(items.size());
  for (std::size_t digit = lowest; digit < kDigits; ++digit) counts[digit].fill(0);
  for (const Item& item : items) {
    for (std::size_t digit = lowest; digit < kDigits; ++digit)
      ++counts[digit][(item.key >> (digit * kDigitBits)) & kDigitMask];
  }
  for (std::size_t digit = lowest; digit < kDigits; ++digit) {
    auto& count = counts[digit];
    const unsigned shift = static_cast<unsigned>(digit) * kDigitBits;
    if (count[(items[0].key >> shift) & kDigitMask] == items.size()) continue;  // the same in all
    std::uint32_t place = 0;
    for (std::uint32_t& each : count) place += std::exchange(each, place);
    for (const Item& item : items) other[count[(item.key >> shift) & kDigitMask]++] = item;
    std::swap(items, other);
  }
}

}  // namespace

void SortedOrder(std::span<const double> values, std::span<std::uint32_t> order) {
  thread_local std::vector<Item> items;
  const std::size_t n = values.size();
  if (n == 0) return;
  items.resize(n);
  for (std::size_t i = 0; i < n; ++i) items[i] = {KeyOf(values[i]), static_cast<std::uint32_t>(i)};
  // Meter readings have few decimals: their first six digits tell all different ones apart.
  SortByDigits(items, kDigits / 2);
  if (!std::is_sorted(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.key < b.key; })) {
    for (std::size_t i = 0; i < n; ++i) items[i] = {KeyOf(values[i]), static_cast<std::uint32_t>(i)};
    SortByDigits(items, 0);
  }
  for (std::size_t i = 0; i < n; ++i) order[i] = items[i].position;
}

}  // namespace meterhound::numerics
