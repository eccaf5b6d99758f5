// number_cwt_peaks: peaks that show at several widths of a wavelet and stand out of the noise, as scipy's
// find_peaks_cwt.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/convolution.h"
#include "numerics/vector8.h"

namespace meterhound::features {
namespace {

// The Ricker wavelet over `points` points.
void Ricker(std::span<double> points, double width) {
  const double height = 2 / (std::sqrt(3 * width) * std::pow(std::numbers::pi, 0.25));
  const double square = width * width;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double u = static_cast<double>(i) - (static_cast<double>(points.size()) - 1) / 2;
    points[i] = height * (1 - u * u / square) * std::exp(-(u * u) / (2 * square));
  }
}

// A line of maxima through the rows, from wide wavelets to narrow ones; only its narrow end matters.
struct Ridge {
  std::uint32_t column;
  std::uint32_t row;
  std::uint32_t length;
  std::uint32_t gap;
};

METERHOUND_VECTOR_CLONES std::size_t CountBelow(const double* values, std::size_t size, double bound) {
  std::size_t below = 0;
  for (std::size_t i = 0; i < size; ++i) below += values[i] < bound ? 1 : 0;
  return below;
}

class RidgeCounter {
 public:
  // Transforms the series with widths 1 ... rows and finds each row's maxima.
  void Load(std::span<const double> x, std::size_t rows) {
    size_ = x.size();
    transform_.resize(rows * size_);
    maxima_.resize(rows * size_);
    found_.resize(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t width = row + 1;
      wavelet_.resize(std::min(10 * width, size_));
      Ricker(wavelet_, static_cast<double>(width));
      const std::span<double> out = std::span<double>(transform_).subspan(row * size_, size_);
      numerics::ConvolveSame(x, wavelet_, out);
      found_[row] = FindMaxima(out, std::span<std::uint32_t>(maxima_).subspan(row * size_, size_));
    }
  }

  // Peaks over the first `rows` widths: ridges must run through a quarter of them.
  double Count(std::size_t rows) {
    required_ = static_cast<std::uint32_t>((rows + 3) / 4);
    while (rows > 0 && found_[rows - 1] == 0) --rows;
    return rows == 0 ? 0 : static_cast<double>(CountFrom(rows));
  }

 private:
  static std::size_t FindMaxima(std::span<const double> row, std::span<std::uint32_t> maxima) {
    std::size_t found = 0;
    for (std::size_t i = 1; i + 1 < row.size(); ++i) {
      maxima[found] = static_cast<std::uint32_t>(i);
      found += (row[i] > row[i - 1] ? 1 : 0) & (row[i] > row[i + 1] ? 1 : 0);  // not a branch: nobody could foretell it
    }
    return found;
  }

  std::span<const std::uint32_t> Maxima(std::size_t row) const {
    return std::span<const std::uint32_t>(maxima_).subspan(row * size_, found_[row]);
  }

  // Joins maxima row by row, from the widest row with any; a ridge ends after more than one row without a maximum.
  std::size_t CountFrom(std::size_t rows) {
    constexpr std::uint32_t kLongestGap = 1;
    ridges_.clear();
    owner_.assign(size_, kNone);
    for (const std::uint32_t column : Maxima(rows - 1)) {
      ridges_.push_back({column, static_cast<std::uint32_t>(rows - 1), 1, 0});
    }
    std::size_t peaks = 0;
    for (std::size_t row = rows - 1; row-- > 0;) {
      // Of several ridges at one column the earliest is joined; columns are those of the row above throughout.
      const std::size_t before = ridges_.size();
      previous_.resize(before);
      for (std::size_t r = before; r-- > 0;) {
        owner_[previous_[r] = ridges_[r].column] = static_cast<std::uint32_t>(r);
        ++ridges_[r].gap;
      }
      for (const std::uint32_t column : Maxima(row)) {
        const std::uint32_t nearest = Nearest(column, (row + 1) / 4);
        if (nearest == kNone) {
          ridges_.push_back({column, static_cast<std::uint32_t>(row), 1, 0});
        } else {
          ridges_[nearest] = {column, static_cast<std::uint32_t>(row), ridges_[nearest].length + 1, 0};
        }
      }
      for (const std::uint32_t column : previous_) owner_[column] = kNone;
      std::size_t kept = 0;
      for (const Ridge& ridge : ridges_) {
        if (ridge.gap <= kLongestGap) {
          ridges_[kept++] = ridge;
        } else {
          peaks += StandsOut(ridge) ? 1 : 0;
        }
      }
      ridges_.resize(kept);
    }
    return peaks + static_cast<std::size_t>(std::count_if(ridges_.begin(), ridges_.end(),
                                                          [this](const Ridge& ridge) { return StandsOut(ridge); }));
  }

  // The ridge whose column is nearest and at most `reach` away; of two as near the earlier one.
  std::uint32_t Nearest(std::size_t column, std::size_t reach) const {
    for (std::size_t distance = 0; distance <= reach; ++distance) {
      const std::uint32_t left = column >= distance ? owner_[column - distance] : kNone;
      const std::uint32_t right = column + distance < size_ ? owner_[column + distance] : kNone;
      if (std::min(left, right) != kNone) return std::min(left, right);
    }
    return kNone;
  }

  // Whether a long enough ridge ends at least as high, up or down, as the noise there: the 10th percentile of the first
  // row in a window of a twentieth of the series. Where both values next to the percentile lie clearly on one side,
  // their counts decide; else the percentile is computed.
  bool StandsOut(const Ridge& ridge) {
    if (ridge.length < required_) return false;
    const double height = std::fabs(transform_[ridge.row * size_ + ridge.column]);
    const std::size_t width = (size_ + 19) / 20;
    const std::size_t begin = ridge.column - std::min<std::size_t>(ridge.column, width / 2);
    const std::size_t end = std::min(ridge.column + width / 2 + width % 2, size_);
    const auto window = std::span<const double>(transform_).subspan(begin, end - begin);
    const double place = 0.1 * static_cast<double>(window.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    constexpr double kClear = 1e-9;
    const auto below = [window](double bound) { return CountBelow(window.data(), window.size(), bound); };
    if (below(-height * (1 + kClear)) >= low + 2) return false;
    if (below(-height * (1 - kClear)) <= low && below(height * (1 - kClear)) >= low + 2) return true;
    return !(height / std::fabs(Percentile(window, place)) < 1);
  }

  // scipy.stats.scoreatpercentile.
  double Percentile(std::span<const double> window, double place) {
    sorted_.assign(window.begin(), window.end());
    const auto low = static_cast<std::size_t>(place);
    const auto at = sorted_.begin() + static_cast<std::ptrdiff_t>(low);
    std::nth_element(sorted_.begin(), at, sorted_.end());
    if (static_cast<double>(low) == place) return *at;
    const double next = *std::min_element(at + 1, sorted_.end());
    const double to_low = static_cast<double>(low + 1) - place;
    const double to_high = place - static_cast<double>(low);
    return (*at * to_low + next * to_high) / (to_low + to_high);
  }

  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  std::size_t size_ = 0;
  std::uint32_t required_ = 1;
  std::vector<double> transform_, wavelet_, sorted_;
  std::vector<std::uint32_t> maxima_;  // a row each, found_[row] of them
  std::vector<std::size_t> found_;
  std::vector<Ridge> ridges_;
  std::vector<std::uint32_t> owner_, previous_;
};

Result<std::size_t> ReadWidths(const Parameters& parameters) { return GetCount(parameters, "n", 1, 100); }

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("n", {1, 5}); }

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::size_t> widths, ReadGrid<&ReadWidths>(grid));
  const std::size_t widest = widths.empty() ? 0 : *std::max_element(widths.begin(), widths.end());
  return Kernel([widths, widest](SeriesContext& series, std::span<double> out) {
    thread_local RidgeCounter counter;
    const double variance = series.Variance();
    if (series.size() == 0 || !std::isfinite(variance)) {
      std::fill(out.begin(), out.end(), std::numeric_limits<double>::quiet_NaN());
      return;
    }
    counter.Load(series.values(), widest);
    for (std::size_t i = 0; i < widths.size(); ++i) out[i] = counter.Count(widths[i]);
  });
}

}  // namespace

extern const Calculator k_number_cwt_peaks{.name = "number_cwt_peaks",
                                           .doc =
                                               "Number of peaks that wavelets of widths 1 to n agree on and "
                                               "that stand out from the noise",
                                           .presets = kEfficient | kComprehensive,
                                           .position = 46,
                                           .cost = CostClass::kLinear,
                                           .default_grid = &DefaultGrid,
                                           .bind = &Bind,
                                           .tolerance = kExact};

}  // namespace meterhound::features
