// Growing, scoring and storing isolation trees.
#include "detectors/isolation_forest.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

#include "numerics/random.h"

namespace meterhound::detectors {

double AveragePathLength(std::size_t n) {
  constexpr double kEuler = 0.57721566490153286061;
  if (n <= 1) return 0;
  if (n == 2) return 1;
  const double last = static_cast<double>(n - 1);
  return 2 * (std::log(last) + kEuler) - 2 * last / static_cast<double>(n);
}

/// Grows one tree on a copy of its sample.
class ForestBuilder {
 public:
  using Node = IsolationForest::Node;

  ForestBuilder(const RowSource& rows, std::size_t samples, std::uint64_t seed, std::uint64_t tree)
      : random_(seed, tree), width_(rows.width()) {
    const std::vector<std::size_t> chosen = random_.Sample(rows.size(), samples);
    values_.resize(chosen.size() * width_);
    for (std::size_t i = 0; i < chosen.size(); ++i) rows.CopyRow(chosen[i], values_.data() + i * width_);
    members_.resize(chosen.size());
    std::iota(members_.begin(), members_.end(), std::size_t{0});
    features_.resize(width_);
    std::iota(features_.begin(), features_.end(), std::size_t{0});
    depth_limit_ = static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(chosen.size(), 2) - 1));
  }

  std::vector<Node> Grow() {
    nodes_.emplace_back();
    Split(0, 0, members_.size(), 0);
    return std::move(nodes_);
  }

 private:
  struct Range {
    double low;
    double high;
  };

  Range RangeOf(std::size_t feature, std::size_t begin, std::size_t end) const {
    Range range{values_[members_[begin] * width_ + feature], values_[members_[begin] * width_ + feature]};
    for (std::size_t i = begin + 1; i < end; ++i) {
      const double value = values_[members_[i] * width_ + feature];
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
    return range;
  }

  /// A feature that is not constant here, all such being equally likely, or width_ when there is none.
  std::size_t ChooseFeature(std::size_t begin, std::size_t end, Range& range) {
    for (std::size_t left = width_; left > 0; --left) {
      std::swap(features_[left - 1], features_[random_.Below(left)]);
      range = RangeOf(features_[left - 1], begin, end);
      if (range.low < range.high) return features_[left - 1];
    }
    return width_;
  }

  void Split(std::size_t node, std::size_t begin, std::size_t end, std::size_t depth) {
    Range range{};
    const std::size_t feature = end - begin > 1 && depth < depth_limit_ ? ChooseFeature(begin, end, range) : width_;
    if (feature == width_) {
      nodes_[node].cut = static_cast<double>(depth) + AveragePathLength(end - begin);
      return;
    }
    const double part = random_.Uniform();
    double cut = range.low * (1 - part) + range.high * part;
    if (!(cut >= range.low && cut < range.high)) cut = range.low;
    const auto first = members_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = members_.begin() + static_cast<std::ptrdiff_t>(end);
    const auto border =
        std::partition(first, last, [&](std::size_t i) { return values_[i * width_ + feature] <= cut; });
    const std::size_t middle = static_cast<std::size_t>(border - members_.begin());
    const std::size_t child = nodes_.size();
    nodes_.resize(child + 2);
    nodes_[node] = {static_cast<std::int32_t>(feature), static_cast<std::uint32_t>(child), cut};
    Split(child, begin, middle, depth + 1);
    Split(child + 1, middle, end, depth + 1);
  }

  numerics::Random random_;
  std::size_t width_;
  std::vector<double> values_;
  std::vector<std::size_t> members_;
  std::vector<std::size_t> features_;
  std::size_t depth_limit_;
  std::vector<Node> nodes_;
};

Result<IsolationForest> IsolationForest::Fit(const MatrixView& matrix, const ForestOptions& options, ThreadPool& pool) {
  std::vector<std::size_t> rows(matrix.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::vector<std::size_t> columns(matrix.columns);
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  return Fit(RowSource{matrix, rows, columns}, options, pool);
}

Result<IsolationForest> IsolationForest::Fit(const RowSource& rows, const ForestOptions& options, ThreadPool& pool) {
  if (rows.size() < 2 || rows.width() == 0) {
    return InvalidInput("an isolation forest needs at least 2 rows and 1 column; found " + std::to_string(rows.size()) +
                        " and " + std::to_string(rows.width()));
  }
  if (options.n_estimators == 0 || options.n_estimators > 100000) {
    return InvalidInput("n_estimators must be 1 to 100000; found " + std::to_string(options.n_estimators));
  }
  if (options.max_samples < 2 || options.max_samples > 1000000) {
    return InvalidInput("max_samples must be 2 to 1000000; found " + std::to_string(options.max_samples));
  }
  if (!(options.contamination > 0 && options.contamination <= 0.5)) {
    return InvalidInput("contamination must lie in (0, 0.5]");
  }
  IsolationForest forest;
  forest.width_ = rows.width();
  forest.samples_ = std::min(options.max_samples, rows.size());
  std::vector<std::vector<Node>> trees(options.n_estimators);
  pool.ParallelFor(trees.size(), 1, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t t = begin; t < end; ++t) trees[t] = ForestBuilder(rows, forest.samples_, options.seed, t).Grow();
  });
  for (const std::vector<Node>& tree : trees) {
    const std::uint32_t root = static_cast<std::uint32_t>(forest.nodes_.size());
    forest.roots_.push_back(root);
    for (Node node : tree) {
      if (node.feature >= 0) node.child += root;
      forest.nodes_.push_back(node);
    }
  }

  std::vector<double> scores(rows.size());
  pool.ParallelFor(rows.size(), 512, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::vector<double> row(rows.width());
    for (std::size_t i = begin; i < end; ++i) {
      rows.CopyRow(i, row.data());
      scores[i] = forest.ScoreRow(row);
    }
  });
  std::sort(scores.begin(), scores.end());
  const double place = (1 - options.contamination) * static_cast<double>(scores.size() - 1);
  const std::size_t below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, scores.size() - 1);
  forest.threshold_ = scores[below] + (scores[above] - scores[below]) * (place - static_cast<double>(below));
  return forest;
}

double IsolationForest::ScoreRow(std::span<const double> row) const {
  double path = 0;
  for (const std::uint32_t root : roots_) {
    const Node* node = &nodes_[root];
    while (node->feature >= 0) {
      node = &nodes_[node->child + (row[static_cast<std::size_t>(node->feature)] <= node->cut ? 0 : 1)];
    }
    path += node->cut;
  }
  return std::exp2(-path / static_cast<double>(roots_.size()) / AveragePathLength(samples_));
}

std::vector<double> IsolationForest::Score(const MatrixView& matrix, ThreadPool& pool) const {
  std::vector<double> scores(matrix.rows);
  pool.ParallelFor(matrix.rows, 512, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t row = begin; row < end; ++row) scores[row] = ScoreRow(matrix.Row(row));
  });
  return scores;
}

// Form: "MHFOREST", then little-endian words: width, samples, trees, nodes (8 bytes each), threshold; a root (4 bytes)
// a tree; a node as feature (4), child (4), cut (8).
namespace {

constexpr std::string_view kMagic = "MHFOREST";
static_assert(std::endian::native == std::endian::little, "the stored form is the memory of a little-endian machine");

template <typename T>
void Append(std::string& to, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  to.append(bytes, sizeof value);
}

template <typename T>
T Take(std::string_view& from) {
  T value;
  std::memcpy(&value, from.data(), sizeof value);
  from.remove_prefix(sizeof value);
  return value;
}

}  // namespace

std::string IsolationForest::Serialize() const {
  std::string bytes(kMagic);
  for (const std::size_t count : {width_, samples_, roots_.size(), nodes_.size()}) {
    Append(bytes, static_cast<std::uint64_t>(count));
  }
  Append(bytes, threshold_);
  for (const std::uint32_t root : roots_) Append(bytes, root);
  for (const Node& node : nodes_) {
    Append(bytes, node.feature);
    Append(bytes, node.child);
    Append(bytes, node.cut);
  }
  return bytes;
}

Result<IsolationForest> IsolationForest::Load(std::string_view bytes) {
  const auto damaged = [](const char* what) {
    return Corrupt(std::string("the isolation forest is damaged: ") + what);
  };
  if (bytes.substr(0, kMagic.size()) != kMagic) return damaged("it does not begin with MHFOREST");
  bytes.remove_prefix(kMagic.size());
  if (bytes.size() < 5 * sizeof(std::uint64_t)) return damaged("it ends inside its header");
  IsolationForest forest;
  forest.width_ = Take<std::uint64_t>(bytes);
  forest.samples_ = Take<std::uint64_t>(bytes);
  const auto trees = Take<std::uint64_t>(bytes);
  const auto nodes = Take<std::uint64_t>(bytes);
  forest.threshold_ = Take<double>(bytes);
  if (forest.width_ == 0 || forest.width_ > 0x7fffffff || forest.samples_ < 2 || trees == 0 || trees > nodes ||
      nodes > 0xffffffff || !(forest.threshold_ >= 0 && forest.threshold_ <= 1)) {
    return damaged("its header holds impossible numbers");
  }
  if (bytes.size() != trees * 4 + nodes * 16) return damaged("its length is not what its header says");
  for (std::uint64_t t = 0; t < trees; ++t) forest.roots_.push_back(Take<std::uint32_t>(bytes));
  for (std::uint64_t i = 0; i < nodes; ++i) {
    Node node;
    node.feature = Take<std::int32_t>(bytes);
    node.child = Take<std::uint32_t>(bytes);
    node.cut = Take<double>(bytes);
    // Children behind their parent: no walk can come back, so every walk ends.
    const bool leaf = node.feature == -1;
    if (!std::isfinite(node.cut) || (leaf && node.cut < 0) ||
        (!leaf && (node.feature < 0 || static_cast<std::uint64_t>(node.feature) >= forest.width_ || node.child <= i ||
                   static_cast<std::uint64_t>(node.child) + 1 >= nodes))) {
      return damaged("a node points outside");
    }
    forest.nodes_.push_back(node);
  }
  for (const std::uint32_t root : forest.roots_) {
    if (root >= nodes) return damaged("a root points outside");
  }
  return forest;
}

}  // namespace meterhound::detectors
