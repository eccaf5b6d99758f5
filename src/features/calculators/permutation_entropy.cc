// permutation_entropy: how evenly the orders of neighbouring values are spread over all possible orders.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/vector8.h"

namespace meterhound::features {
namespace {

constexpr std::size_t kLongest = 12;  // 12! orders are numbered in 32 bits
constexpr std::size_t kLanes = 8;
constexpr std::uint32_t kCounted = 5040;  // 7!: up to so many orders a table of counts beats sorting

struct Request {
  std::size_t dimension;
  std::size_t step;
  bool stable;  // ties keep their order in time
};

// "ties" is ours: tsfresh ranks by numpy.argsort, whose order of equal values depends on the processor. "network"
// (default) is what it gives with AVX2 or AVX-512, "stable" what it gives without.
Result<Request> ReadRequest(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t dimension, GetInt(parameters, "dimension"));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t step, GetInt(parameters, "tau"));
  if (dimension < 2 || dimension > static_cast<std::int64_t>(kLongest)) {
    return InvalidInput("parameter 'dimension': expected 2 ... 12");
  }
  if (step < 1) return InvalidInput("parameter 'tau': expected 1 or more");
  bool stable = false;
  for (const auto& [name, value] : parameters) {
    if (name != "ties") continue;
    METERHOUND_ASSIGN_OR_RETURN(const std::string ties, GetString(parameters, "ties"));
    if (ties != "stable" && ties != "network") {
      return InvalidInput("parameter 'ties': expected \"network\" or \"stable\"");
    }
    stable = ties == "stable";
  }
  return Request{static_cast<std::size_t>(dimension), static_cast<std::size_t>(step), stable};
}

// The bitonic network over eight lanes by which numpy.argsort orders short rows; lanes beyond the row are infinite, and
// equal values do not change places. Returns the order's number, as OrderNumbers counts.
std::uint32_t NetworkOrder(const double* window, std::size_t dimension) {
  static constexpr std::array<std::array<std::uint8_t, 2>, 24> kExchanges = {
      {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 3}, {1, 2}, {4, 7}, {5, 6}, {0, 1}, {2, 3}, {4, 5}, {6, 7},
       {0, 7}, {1, 6}, {2, 5}, {3, 4}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 1}, {2, 3}, {4, 5}, {6, 7}}};
  double key[kLanes];
  std::uint32_t from[kLanes];
  for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
    key[lane] = lane < dimension ? window[lane] : std::numeric_limits<double>::infinity();
    from[lane] = lane;
  }
  for (const auto& [low, high] : kExchanges) {
    const bool swap = key[low] > key[high];
    const double key_low = key[low];
    const std::uint32_t from_low = from[low];
    key[low] = swap ? key[high] : key_low;
    key[high] = swap ? key_low : key[high];
    from[low] = swap ? from[high] : from_low;
    from[high] = swap ? from_low : from[high];
  }
  std::uint32_t rank[kLanes];
  for (std::uint32_t place = 0; place < kLanes; ++place) rank[from[place]] = place;
  std::uint32_t number = 0;
  std::uint32_t factorial = 1;
  for (std::uint32_t j = 1; j < dimension; ++j) {
    factorial *= j;
    std::uint32_t greater = 0;
    for (std::uint32_t i = 0; i < j; ++i) greater += rank[i] > rank[j] ? 1 : 0;
    number += greater * factorial;
  }
  return number;
}

// What NetworkOrder gave for patterns of order and ties met before; series with gaps filled have few.
class NetworkMemory {
 public:
  std::uint32_t Order(const double* window, std::size_t dimension, std::uint32_t number, std::uint32_t ties) {
    const std::uint64_t pattern = dimension << 48U | std::uint64_t{number} << 24U | ties;
    Entry& entry = entries_[(pattern * 0x9E3779B97F4A7C15U) >> 52U];
    if (entry.pattern != pattern) entry = {pattern, NetworkOrder(window, dimension)};
    return entry.order;
  }

 private:
  struct Entry {
    std::uint64_t pattern = 0;
    std::uint32_t order = 0;
  };
  std::vector<Entry> entries_ = std::vector<Entry>(1U << 12U);
};

// For t >= back: how many of the `back` values before are greater than (equal to) value t, from the counts of one
// fewer.
METERHOUND_VECTOR_CLONES void CountBack(const double* x, std::size_t size, std::size_t back, std::uint32_t* greater,
                                        std::uint32_t* equal) {
  for (std::size_t t = back; t < size; ++t) {
    greater[t] += x[t - back] > x[t] ? 1 : 0;
    equal[t] += x[t - back] == x[t] ? 1 : 0;
  }
}

// The same where some values are NaN, which come last, as numpy has it; they equal nothing.
void CountBackWithNaN(std::span<const double> x, std::size_t back, std::uint32_t* greater, std::uint32_t* equal) {
  for (std::size_t t = back; t < x.size(); ++t) {
    const double before = x[t - back];
    greater[t] += before > x[t] || (std::isnan(before) && !std::isnan(x[t])) ? 1 : 0;
    equal[t] += before == x[t] ? 1 : 0;
  }
}

METERHOUND_VECTOR_CLONES void AddDigit(const std::uint32_t* digit, std::size_t size, std::uint32_t factorial,
                                       std::uint32_t* numbers) {
  for (std::size_t w = 0; w < size; ++w) numbers[w] += digit[w] * factorial;
}

// Numbers the order of every window in the factorial number system: digit j counts the earlier values of the window
// that are greater than its j-th. A window one longer adds one digit, so all dimensions come out of one growing pass.
// The ties are numbered likewise, by equal values.
class OrderNumbers {
 public:
  void Load(std::span<const double> x) {
    x_ = x;
    all_finite_ = std::ranges::all_of(x, [](double value) { return std::isfinite(value); });
    dimension_ = 1;
    factorial_ = 1;
    numbers_.assign(x.size(), 0);
    ties_.assign(x.size(), 0);
    greater_.assign(x.size(), 0);
    equal_.assign(x.size(), 0);
  }

  void GrowTo(std::size_t dimension) {
    for (; dimension_ < dimension && dimension_ < x_.size(); ++dimension_) {
      const std::size_t back = dimension_;
      factorial_ *= static_cast<std::uint32_t>(back);
      if (all_finite_) {
        CountBack(x_.data(), x_.size(), back, greater_.data(), equal_.data());
      } else {
        CountBackWithNaN(x_, back, greater_.data(), equal_.data());
      }
      AddDigit(greater_.data() + back, x_.size() - back, factorial_, numbers_.data());
      AddDigit(equal_.data() + back, x_.size() - back, factorial_, ties_.data());
    }
  }

  // How many orders there are of the dimension grown to.
  std::uint32_t Count() const { return factorial_ * static_cast<std::uint32_t>(dimension_); }

  // Of the window that starts at w and has the dimension grown to. Networks and stable sorts agree up to three values.
  std::uint32_t Of(std::size_t w, bool stable) {
    if (stable || ties_[w] == 0 || dimension_ < 4 || dimension_ > kLanes) return numbers_[w];
    if (all_finite_) return memory_.Order(x_.data() + w, dimension_, numbers_[w], ties_[w]);
    // numpy keeps rows with NaN out of its network; infinities tie with what fills the network up.
    const auto window = x_.subspan(w, dimension_);
    const bool has_nan = std::ranges::any_of(window, [](double value) { return std::isnan(value); });
    return has_nan ? numbers_[w] : NetworkOrder(window.data(), dimension_);
  }

 private:
  std::span<const double> x_;
  bool all_finite_ = true;
  std::size_t dimension_ = 1;
  std::uint32_t factorial_ = 1;
  std::vector<std::uint32_t> numbers_, ties_, greater_, equal_;
  NetworkMemory memory_;
};

struct Scratch {
  OrderNumbers orders;
  std::vector<std::uint32_t> numbers;
  std::vector<std::uint32_t> repeats;
  std::vector<std::uint32_t> counts = std::vector<std::uint32_t>(kCounted, 0);  // all 0 between calls
};

// scratch.repeats[k] becomes how many orders occur k times among scratch.numbers, which it may sort.
void CountRepeats(Scratch& scratch) {
  std::vector<std::uint32_t>& numbers = scratch.numbers;
  scratch.repeats.assign(numbers.size() + 1, 0);
  if (scratch.orders.Count() <= kCounted) {
    for (const std::uint32_t number : numbers) ++scratch.counts[number];
    for (const std::uint32_t number : numbers) {
      ++scratch.repeats[scratch.counts[number]];  // of an order met before: 0, which nobody reads
      scratch.counts[number] = 0;
    }
    return;
  }
  std::sort(numbers.begin(), numbers.end());
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t end = i + 1;
    while (end < numbers.size() && numbers[end] == numbers[i]) ++end;
    ++scratch.repeats[end - i];
    i = end;
  }
}

// Entropy of how often each of scratch.numbers occurs.
double Entropy(Scratch& scratch) {
  CountRepeats(scratch);
  const std::vector<std::uint32_t>& repeats = scratch.repeats;
  double entropy = 0;
  for (std::size_t times = 1; times < repeats.size(); ++times) {
    if (repeats[times] == 0) continue;
    const double share = static_cast<double>(times) / static_cast<double>(scratch.numbers.size());
    entropy -= static_cast<double>(repeats[times]) * (share * std::log(share));
  }
  return entropy;
}

double Compute(SeriesContext& series, const Request& request, Scratch& scratch) {
  if (series.size() < request.dimension) return std::numeric_limits<double>::quiet_NaN();
  scratch.orders.GrowTo(request.dimension);
  scratch.numbers.clear();
  for (std::size_t w = 0; w + request.dimension <= series.size(); w += request.step) {
    scratch.numbers.push_back(scratch.orders.Of(w, request.stable));
  }
  return Entropy(scratch);
}

constexpr std::array<std::string_view, 1> kMoreParameters = {"ties"};

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const std::int64_t dimension : {3, 4, 5, 6, 7}) grid.push_back({{"dimension", dimension}, {"tau", 1}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<Request> requests, ReadGrid<&ReadRequest>(grid));
  std::vector<std::size_t> ascending(requests.size());
  for (std::size_t i = 0; i < ascending.size(); ++i) ascending[i] = i;
  std::stable_sort(ascending.begin(), ascending.end(),
                   [&](std::size_t a, std::size_t b) { return requests[a].dimension < requests[b].dimension; });
  return Kernel([requests, ascending](SeriesContext& series, std::span<double> out) {
    thread_local Scratch scratch;
    scratch.orders.Load(series.values());
    for (const std::size_t i : ascending) out[i] = Compute(series, requests[i], scratch);
  });
}

}  // namespace

extern const Calculator k_permutation_entropy{
    .name = "permutation_entropy",
    .doc =
        "Entropy of the orders of dimension readings, tau apart, from "
        "smallest to largest: low when ups and downs repeat",
    .presets = kEfficient | kComprehensive,
    .position = 72,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .more_parameters = kMoreParameters,
    .bind = &Bind,
    .tolerance = {.error = 1e-13, .unit = Unit::kOne, .reason = "shares are added up in another order"}};

}  // namespace meterhound::features
