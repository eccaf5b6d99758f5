// Panels for tests of features: the goldens' series, and random ones.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/panel.h"
#include "base/run_context.h"
#include "numerics/random.h"

namespace meterhound::features::testing {

struct NamedSeries {
  std::string name;
  std::vector<double> values;
};

/// A context of its own pool that nobody stops.
struct Context {
  explicit Context(std::size_t threads = 2) : pool(threads), run{pool, progress, {}} {}
  ThreadPool pool;
  Progress progress;
  RunContext run;
};

inline std::string GoldenPath(const std::string& name) {
  return std::string(METERHOUND_SOURCE_DIR) + "/tests/goldens/tsfresh/" + name;
}

/// One line a series: its name, then its values.
inline std::vector<NamedSeries> GoldenSeries() {
  std::istringstream lines(ReadFile(GoldenPath("series.txt")).value());
  std::vector<NamedSeries> all;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    NamedSeries one;
    words >> one.name;
    for (double value = 0; words >> value;) one.values.push_back(value);
    all.push_back(std::move(one));
  }
  return all;
}

/// Those of at most a thousand values: every shape, and quick under sanitizers too.
inline std::vector<NamedSeries> ShortGoldenSeries() {
  std::vector<NamedSeries> all = GoldenSeries();
  std::erase_if(all, [](const NamedSeries& one) { return one.values.size() > 1000; });
  return all;
}

/// Daily readings from 2014-01-01, none missing, kind "value".
inline Panel PanelOf(const std::vector<NamedSeries>& all) {
  Panel panel;
  auto timeline = std::make_shared<Timeline>();
  timeline->shared = false;
  timeline->cadence = Cadence::kDaily;
  timeline->offsets = {0};
  SeriesKind kind{.name = "value", .unit = "kWh", .timeline = nullptr, .values = {}, .missing = {}};
  const double first = static_cast<double>(DaysFromCivil({2014, 1, 1})) * kSecondsPerDay;
  for (const NamedSeries& one : all) {
    panel.ids.push_back(one.name);
    panel.labels.push_back(kUnlabelled);
    for (std::size_t i = 0; i < one.values.size(); ++i) {
      timeline->times.push_back(first + static_cast<double>(i) * kSecondsPerDay);
      kind.values.push_back(one.values[i]);
      kind.missing.push_back(0);
    }
    timeline->offsets.push_back(timeline->times.size());
  }
  kind.timeline = timeline;
  panel.kinds.push_back(std::move(kind));
  panel.source = "test";
  return panel;
}

}  // namespace meterhound::features::testing
