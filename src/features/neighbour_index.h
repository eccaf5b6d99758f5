// NeighbourIndex: finds the consumers of a training panel that are read on the same round. Knows no labels.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/neighbours.h"
#include "base/panel.h"
#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::features {

/// A consumer's days are all days on which any of its series has a reading, together with the attribute's value.
class NeighbourIndex {
 public:
  /// @param hashes Panel::ContentHash of each row. kInvalidInput when the attribute is absent or not categorical.
  static Result<NeighbourIndex> Build(const NeighbourSpec& spec, const Panel& panel,
                                      std::span<const std::uint64_t> hashes, const RunContext& context);

  /// Neighbours of each row of a panel, in an order that depends on content alone. A row is never its own neighbour.
  Result<Neighbours> Find(const Panel& panel, std::span<const std::uint64_t> hashes, const RunContext& context) const;

  const NeighbourSpec& spec() const { return spec_; }
  std::string Serialize() const;
  /// kCorrupt when the bytes are not Serialize's.
  static Result<NeighbourIndex> Load(std::string_view bytes);

 private:
  void MakePostings();

  NeighbourSpec spec_;
  std::vector<std::uint64_t> reference_;   // ascending, with the days of each in the same order
  std::vector<std::uint64_t> keys_;        // every (value, day) met, ascending
  std::vector<std::size_t> offsets_;       // reference + 1 positions in days_
  std::vector<std::uint32_t> days_;        // places in keys_, ascending within a consumer
  std::vector<std::size_t> post_offsets_;  // keys + 1 positions in posts_
  std::vector<std::uint32_t> posts_;       // places in reference_
};

}  // namespace meterhound::features
