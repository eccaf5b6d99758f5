// Distribution functions of the tests that calculators and statistics report p-values of.
#pragma once

namespace meterhound::numerics {

/// P(Z <= z) of the standard normal distribution.
double NormalCdf(double z);

/// P(|T| >= |t|) of Student's t distribution; relative error below 1e-11 down to 1e-300.
/// @param degrees_of_freedom > 0; anything else gives NaN.
double StudentTTwoSided(double t, double degrees_of_freedom);

/// P(X >= x) of the chi-square distribution; 1 for x <= 0, NaN unless degrees_of_freedom > 0.
double ChiSquareTail(double x, double degrees_of_freedom);

/// The x with ChiSquareTail(x, degrees_of_freedom) = tail, for tail in (0, 1).
double ChiSquareQuantile(double tail, double degrees_of_freedom);

}  // namespace meterhound::numerics
