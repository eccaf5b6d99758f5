// Families are looked up by name once; prometheus-cpp keeps counters and histograms safe for many threads.
#include "http/metrics.h"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>
#include <sstream>
#include <stdexcept>

namespace meterhound::http {
namespace {

// meterhound_<thing>_<unit> in lower case; Prometheus itself would take more.
void CheckName(const std::string& name, bool counter) {
  const bool letters = std::all_of(name.begin(), name.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  const bool total = name.ends_with("_total");
  if (!letters || !name.starts_with("meterhound_") || name.ends_with('_') || total != counter) {
    throw std::invalid_argument("metric \"" + name +
                                "\": expected meterhound_<thing>_<unit>, counters ending in _total");
  }
}

}  // namespace

struct Metrics::State {
  template <typename Metric, typename Build>
  prometheus::Family<Metric>& Family(std::map<std::string, prometheus::Family<Metric>*>& known, const std::string& name,
                                     const Build& build) {
    const std::lock_guard lock(mutex);
    const auto found = known.find(name);
    if (found != known.end()) return *found->second;
    CheckName(name, std::is_same_v<Metric, prometheus::Counter>);
    prometheus::Family<Metric>& family = build();  // throws when the name has another kind
    known.emplace(name, &family);
    return family;
  }

  std::mutex mutex;
  prometheus::Registry registry{prometheus::Registry::InsertBehavior::Throw};
  std::map<std::string, prometheus::Family<prometheus::Counter>*> counters;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*> gauges;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*> histograms;
  std::vector<std::function<void()>> updates;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

prometheus::Counter& Metrics::Counter(const std::string& name, const std::string& help, const Labels& labels) {
  auto& family = state_->Family(
      state_->counters,
      name, [&]() -> auto& { return prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry); });
  return family.Add(labels);
}

prometheus::Gauge& Metrics::Gauge(const std::string& name, const std::string& help, const Labels& labels) {
  auto& family = state_->Family(
      state_->gauges,
      name, [&]() -> auto& { return prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry); });
  return family.Add(labels);
}

prometheus::Histogram& Metrics::Histogram(const std::string& name, const std::string& help, const Labels& labels,
                                          std::vector<double> bounds) {
  auto& family = state_->Family(
      state_->histograms,
      name, [&]() -> auto& { return prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry); });
  return family.Add(labels, bounds.empty() ? LatencyBounds() : std::move(bounds));
}

void Metrics::Forget(const std::string& name, const Labels& labels) {
  const std::lock_guard lock(state_->mutex);
  const auto forget = [&](const auto& families) {
    const auto found = families.find(name);
    if (found != families.end()) found->second->Remove(&found->second->Add(labels));
  };
  forget(state_->counters);
  forget(state_->gauges);
}

void Metrics::OnCollect(std::function<void()> update) {
  const std::lock_guard lock(state_->mutex);
  state_->updates.push_back(std::move(update));
}

void Metrics::AddBuildInfo(std::string_view version) {
  Gauge("meterhound_build_info", "Always 1; the label tells what runs.", {{"version", std::string(version)}}).Set(1);
}

std::vector<prometheus::MetricFamily> Metrics::Collect() { return state_->registry.Collect(); }

std::string Metrics::Text() {
  std::vector<std::function<void()>> updates;
  {
    const std::lock_guard lock(state_->mutex);
    updates = state_->updates;
  }
  for (const auto& update : updates) update();
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, state_->registry.Collect());
  return out.str();
}

std::vector<double> Metrics::LatencyBounds() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
}

}  // namespace meterhound::http
