// Interval: a figure and how far it may be from the truth.
#pragma once

namespace meterhound::detectors {

/// A figure with its 95 % interval.
struct Interval {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// Wilson's 95 % interval of `hits` among `trials`; value is hits / trials. NaN without trials.
Interval WilsonInterval(double hits, double trials);

}  // namespace meterhound::detectors
