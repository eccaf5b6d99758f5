// Distribution functions of the tests that calculators and statistics report p-values of.
#pragma once

namespace meterhound::numerics {

/// P(Z <= z) of the standard normal distribution.
double NormalCdf(double z);

/// P(|T| >= |t|) of Student's t distribution; relative error below 1e-11 down to 1e-300.
/// @param degrees_of_freedom > 0; anything else gives NaN.
double StudentTTwoSided(double t, double degrees_of_freedom);

}  // namespace meterhound::numerics
