// Any bytes as feature settings in JSON, and a short series through whatever they ask for.
#include "base/json.h"
#include "features/extractor.h"
#include "features/settings.h"
#include "fuzz/fuzz_support.h"

using namespace meterhound;

namespace {

Panel OneSeries() {
  auto timeline = std::make_shared<Timeline>();
  SeriesKind kind{.name = "value",
                  .unit = "kWh",
                  .group = FeatureGroup::kBehaviour,
                  .timeline = nullptr,
                  .values = {},
                  .missing = {}};
  for (int i = 0; i < 12; ++i) {
    timeline->times.push_back(i);
    kind.values.push_back(i * i % 7);
    kind.missing.push_back(i == 3);
  }
  kind.timeline = timeline;
  Panel panel;
  panel.ids = {"one"};
  panel.labels = {kUnlabelled};
  panel.kinds = {kind};
  return panel;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Json json = Json::parse(fuzz::Text(data, size), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return 0;
  const auto settings = features::FeatureSettings::FromJson(json);
  if (!settings.ok()) {
    fuzz::Require(!settings.error().message.empty(), "an error has words");
    return 0;
  }
  static const Panel panel = OneSeries();
  const features::KindInfo kind{.name = "value"};
  const auto extractor = features::Extractor::Create(*settings, {&kind, 1});
  if (!extractor.ok()) return 0;
  const auto table = extractor->Extract(panel, fuzz::OneThread());
  fuzz::Require(table.ok(), "settings that were accepted can be computed");
  const auto again = features::FeatureSettings::FromJson(settings->ToJson());
  fuzz::Require(again.ok() && again->ToJson() == settings->ToJson(), "settings read back as they were written");
  return 0;
}
