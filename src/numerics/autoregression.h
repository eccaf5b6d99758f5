// Autoregressive models: partial autocorrelations, least-squares coefficients and the augmented Dickey-Fuller test.
#pragma once

#include <cstddef>
#include <span>

namespace meterhound::numerics {

/// The Levinson-Durbin recursion: partial[k] is the partial autocorrelation at lag k, partial[0] = 1.
/// @param autocovariances lags 0 ... partial.size() - 1.
void LevinsonDurbin(std::span<const double> autocovariances, std::span<double> partial);

/// x[t] = c[0] + c[1] x[t-1] + ... by ordinary least squares over all complete rows (statsmodels AutoReg, trend "c").
/// Rank-deficient designs give the solution of least norm.
/// @param centred the series less its mean. @param products LagProducts of `centred` with itself, lags + 1 of them.
/// @param coefficients lags + 1 values. The series must hold more than 2 * lags values.
void FitAutoregression(std::span<const double> centred, double mean, std::span<const double> products,
                       std::span<double> coefficients);

/// How the number of lagged differences is chosen.
enum class LagChoice { kAic, kBic, kTStatistic, kMaximum };

struct DickeyFuller {
  double statistic = 0;
  double p_value = 0;  ///< MacKinnon's approximation (1994), constant and no trend
  double used_lag = 0;
};

/// statsmodels adfuller with a constant and its default largest lag. NaN throughout for constant, non-finite and very
/// short series (under four values).
/// @param centred the series less its mean; the mean itself only decides where the design is rank-deficient.
DickeyFuller TestUnitRoot(std::span<const double> centred, double mean, LagChoice choice);

}  // namespace meterhound::numerics
