// Counters, gauges and histograms in Prometheus' text format 0.0.4: prometheus-cpp's registry behind the house's names.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meterhound::http {

/// One a process. Every method may be called from any thread; the references stay valid as long as the object,
/// or until Forget. A name not of the form meterhound_<thing>_<unit> (counters: ..._total), or used for two kinds,
/// throws std::invalid_argument.
class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  prometheus::Counter& Counter(const std::string& name, const std::string& help, const Labels& labels = {});
  prometheus::Gauge& Gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  /// @param bounds upper bounds of the buckets; empty: LatencyBounds().
  prometheus::Histogram& Histogram(const std::string& name, const std::string& help, const Labels& labels = {},
                                   std::vector<double> bounds = {});

  /// Takes the series of a counter or gauge away: for what is no more, as a label's value tells. References to it are
  /// void.
  void Forget(const std::string& name, const Labels& labels);

  /// Called before each exposition: the place to set gauges that are asked for rather than counted (queue lengths).
  void OnCollect(std::function<void()> update);
  /// meterhound_build_info{version="..."} 1.
  void AddBuildInfo(std::string_view version);

  /// What was measured, as families of the library's own.
  std::vector<prometheus::MetricFamily> Collect();
  /// What GET /metrics answers, content type kContentType.
  std::string Text();
  static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

  /// 0.5 ms to 30 s.
  static std::vector<double> LatencyBounds();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meterhound::http
