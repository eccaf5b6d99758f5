// FeaturePipeline: the one way from a panel as read to a feature table, in training and in scoring alike.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/panel.h"
#include "base/run_context.h"
#include "clean/clean.h"
#include "features/attributes.h"
#include "features/extractor.h"
#include "features/neighbour_index.h"
#include "features/settings.h"
#include "pipeline/config.h"

namespace meterhound::pipeline {

/// Everything that turns readings into features, fixed when a model is trained and stored in its bundle. Nothing in it
/// is fitted to labels; of the data it knows the kinds' names and the attributes' categories alone.
class FeaturePipeline {
 public:
  /// @param mapped the source mapping's `features` section (kind -> calculators); null for self-describing files.
  /// @param longest readings of the longest series, where the panel is but the first block of a stream.
  static Result<FeaturePipeline> Plan(const Panel& panel, const Config& config, const Json& mapped,
                                      std::size_t longest = 0);
  static Result<FeaturePipeline> FromJson(const Json& json);
  Json ToJson() const;

  /// Makes this panel's consumers those among whom every later row's neighbours are sought. Labels play no part.
  Status RememberNeighbours(const NeighbourSpec& spec, const Panel& panel, std::span<const std::uint64_t> hashes,
                            const RunContext& context);
  /// They are stored beside the plan, being large.
  const std::optional<features::NeighbourIndex>& neighbours() const { return neighbours_; }
  void SetNeighbours(features::NeighbourIndex index) { neighbours_ = std::move(index); }

  /// Cleans the panel in place and extracts. A panel whose kinds or attributes differ from those planned for is an
  /// error that names the first difference. One consumer gives the same row alone as among others, bit for bit.
  /// @param times see features::Extractor::Extract.
  Result<FeatureTable> Apply(Panel& panel, const RunContext& context,
                             std::vector<features::CalculatorTime>* times = nullptr) const;

 private:
  FeaturePipeline(clean::Policy policy, features::FeatureSettings settings, std::vector<features::KindInfo> kinds,
                  features::AttributeEncoder encoder, features::Extractor extractor);

  clean::Policy policy_;
  features::FeatureSettings settings_;
  std::vector<features::KindInfo> kinds_;
  features::AttributeEncoder encoder_;
  features::Extractor extractor_;
  std::optional<features::NeighbourIndex> neighbours_;
};

/// Panel::ContentHash of every row.
std::vector<std::uint64_t> ContentHashes(const Panel& panel, const RunContext& context);

/// Readings of the longest series of any kind.
std::size_t LongestSeries(const Panel& panel);

}  // namespace meterhound::pipeline
