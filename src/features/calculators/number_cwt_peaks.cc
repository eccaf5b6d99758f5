// number_cwt_peaks: peaks that show at several widths of a wavelet and stand out of the noise, as scipy's
// find_peaks_cwt.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/convolution.h"
#include "numerics/sorted_window.h"

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
  std::size_t column;
  std::size_t row;
  std::size_t length;
  std::size_t gap;
};

class RidgeCounter {
 public:
  // Transforms the series with widths 1 ... rows and finds each row's maxima and the noise of the first.
  void Load(std::span<const double> x, std::size_t rows) {
    size_ = x.size();
    transform_.resize(rows * size_);
    maxima_.resize(std::max(maxima_.size(), rows));
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t width = row + 1;
      wavelet_.resize(std::min(10 * width, size_));
      Ricker(wavelet_, static_cast<double>(width));
      const std::span<double> out = std::span<double>(transform_).subspan(row * size_, size_);
      numerics::ConvolveSame(x, wavelet_, out);
      maxima_[row].clear();
      for (std::size_t i = 1; i + 1 < size_; ++i) {
        if (out[i] > out[i - 1] && out[i] > out[i + 1]) maxima_[row].push_back(i);
      }
    }
    FindNoise(std::span<const double>(transform_).first(size_));
  }

  // Peaks over the first `rows` widths: ridges must run through a quarter of them.
  double Count(std::size_t rows) {
    required_ = (rows + 3) / 4;
    while (rows > 0 && maxima_[rows - 1].empty()) --rows;
    return rows == 0 ? 0 : CountFrom(rows);
  }

 private:
  // The 10th percentile of the first row in windows of a twentieth of the series: a sorted window slides along.
  void FindNoise(std::span<const double> row) {
    const std::size_t window = (size_ + 19) / 20;
    const std::size_t left = window / 2;
    const std::size_t right = window / 2 + window % 2;
    noise_.resize(size_);
    window_.Clear();
    for (std::size_t i = 0; i < std::min(right - 1, size_); ++i) window_.Insert(row[i]);
    for (std::size_t i = 0; i < size_; ++i) {
      const bool enters = i + right <= size_;
      const bool leaves = i > left;
      if (enters && leaves) {
        window_.Replace(row[i - left - 1], row[i + right - 1]);
      } else if (enters) {
        window_.Insert(row[i + right - 1]);
      } else if (leaves) {
        window_.Erase(row[i - left - 1]);
      }
      noise_[i] = TenthPercentile();
    }
  }

  double TenthPercentile() const {
    const std::span<const double> window = window_.values();
    if (window.empty()) return std::numeric_limits<double>::quiet_NaN();
    const double place = 0.1 * static_cast<double>(window.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    if (static_cast<double>(low) == place) return window[low];
    const double to_low = static_cast<double>(low + 1) - place;
    const double to_high = place - static_cast<double>(low);
    return (window[low] * to_low + window[low + 1] * to_high) / (to_low + to_high);
  }

  // Joins maxima row by row, from the widest row with any; a ridge ends after more than one row without a maximum.
  double CountFrom(std::size_t rows) {
    constexpr std::size_t kLongestGap = 1;
    constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
    ridges_.clear();
    owner_.assign(size_, kNone);
    for (const std::size_t column : maxima_[rows - 1]) ridges_.push_back({column, rows - 1, 1, 0});
    std::size_t peaks = 0;
    for (std::size_t row = rows - 1; row-- > 0;) {
      // Of several ridges at one column the earliest is joined; columns are those of the row above throughout.
      const std::size_t before = ridges_.size();
      previous_.resize(before);
      for (std::size_t r = before; r-- > 0;) {
        owner_[previous_[r] = ridges_[r].column] = r;
        ++ridges_[r].gap;
      }
      for (const std::size_t column : maxima_[row]) {
        const std::size_t nearest = Nearest(column, (row + 1) / 4, kNone);
        if (nearest == kNone) {
          ridges_.push_back({column, row, 1, 0});
        } else {
          ridges_[nearest] = {column, row, ridges_[nearest].length + 1, 0};
        }
      }
      for (const std::size_t column : previous_) owner_[column] = kNone;
      const auto kept = std::stable_partition(ridges_.begin(), ridges_.end(),
                                              [](const Ridge& ridge) { return ridge.gap <= kLongestGap; });
      peaks += static_cast<std::size_t>(
          std::count_if(kept, ridges_.end(), [this](const Ridge& ridge) { return StandsOut(ridge); }));
      ridges_.erase(kept, ridges_.end());
    }
    peaks += static_cast<std::size_t>(
        std::count_if(ridges_.begin(), ridges_.end(), [this](const Ridge& ridge) { return StandsOut(ridge); }));
    return static_cast<double>(peaks);
  }

  // The ridge whose column is nearest and at most `reach` away; of two as near the earlier one.
  std::size_t Nearest(std::size_t column, std::size_t reach, std::size_t none) const {
    for (std::size_t distance = 0; distance <= reach; ++distance) {
      const std::size_t left = column >= distance ? owner_[column - distance] : none;
      const std::size_t right = column + distance < size_ ? owner_[column + distance] : none;
      if (std::min(left, right) != none) return std::min(left, right);
    }
    return none;
  }

  bool StandsOut(const Ridge& ridge) const {
    const double ratio = std::fabs(transform_[ridge.row * size_ + ridge.column] / noise_[ridge.column]);
    return ridge.length >= required_ && !(ratio < 1);
  }

  std::size_t size_ = 0;
  std::size_t required_ = 1;
  std::vector<double> transform_, wavelet_, noise_;
  numerics::SortedWindow window_;
  std::vector<std::vector<std::size_t>> maxima_;
  std::vector<Ridge> ridges_;
  std::vector<std::size_t> owner_, previous_;
};

Result<std::size_t> ReadWidths(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t n, GetInt(parameters, "n"));
  if (n < 1) return InvalidInput("parameter 'n': expected 1 or more");
  return static_cast<std::size_t>(n);
}

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
                                           .bind = &Bind};

}  // namespace meterhound::features
