// A constant part, a few bells over the day, and noise with a short memory.
#include "simulate/half_hours.h"

#include <cmath>

namespace meterhound::simulate {
namespace {

/// Adds a bell around an hour, wrapping at midnight.
void AddBell(std::array<double, kHalfHours>& course, double hour, double width, double height) {
  for (std::size_t i = 0; i < kHalfHours; ++i) {
    double away = std::abs((static_cast<double>(i) + 0.5) / 2 - hour);
    away = std::min(away, 24 - away);
    course[i] += height * std::exp(-0.5 * away * away / (width * width));
  }
}

/// Adds a plateau between two hours.
void AddPlateau(std::array<double, kHalfHours>& course, double from, double to, double height) {
  for (std::size_t i = 0; i < kHalfHours; ++i) {
    const double hour = (static_cast<double>(i) + 0.5) / 2;
    if (hour >= from && hour < to) course[i] += height;
  }
}

}  // namespace

DayShape DrawDayShape(Trade trade, numerics::Random& random) {
  DayShape shape;
  if (trade == Trade::kShop || trade == Trade::kIndustry) {
    const double open = random.Uniform(6, 10);
    const double close = open + random.Uniform(8, 13);
    shape.working_day.fill(random.Uniform(0.1, 0.6));
    AddPlateau(shape.working_day, open, close, 1);
    shape.weekend = shape.working_day;
    shape.spread = random.Uniform(0.1, 0.3);
    shape.keep = random.Uniform(0.6, 0.9);
    return shape;
  }
  shape.working_day.fill(random.Uniform(0.25, 0.6));
  const double wakes = random.Uniform(5.5, 8.5);
  const double dines = random.Uniform(17.5, 21);
  const double evening = random.Uniform(0.3, 1.6);
  shape.weekend = shape.working_day;
  AddBell(shape.working_day, wakes, random.Uniform(0.6, 1.5), random.Uniform(0.1, 0.9));
  AddBell(shape.working_day, dines, random.Uniform(1.2, 3), evening);
  AddBell(shape.working_day, 12.5, 2, random.Uniform(0, 0.6));
  AddBell(shape.weekend, wakes + random.Uniform(0.5, 2.5), 2, random.Uniform(0.2, 0.9));
  AddBell(shape.weekend, dines, random.Uniform(1.5, 3.2), evening * random.Uniform(0.8, 1.1));
  AddBell(shape.weekend, 13, 2.5, random.Uniform(0.1, 0.8));
  shape.spread = random.Uniform(0.5, 1.25);
  shape.keep = random.Uniform(0.1, 0.6);
  return shape;
}

void SpreadOverDay(const DayShape& shape, const Town& town, std::span<const double> daily, numerics::Random& random,
                   std::span<double> readings) {
  const double step = shape.spread * std::sqrt(1 - shape.keep * shape.keep);
  double noise = 0;
  for (std::size_t day = 0; day < daily.size(); ++day) {
    const auto& course = town.weekend[day] ? shape.weekend : shape.working_day;
    const std::span<double> today = readings.subspan(day * kHalfHours, kHalfHours);
    double sum = 0;
    for (std::size_t i = 0; i < kHalfHours; ++i) {
      noise = shape.keep * noise + step * random.Normal();
      today[i] = course[i] * std::exp(noise);
      sum += today[i];
    }
    for (double& x : today) x *= daily[day] / sum;
  }
}

}  // namespace meterhound::simulate
