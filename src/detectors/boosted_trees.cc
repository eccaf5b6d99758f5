// XGBoost's C interface behind Result; every call is silent and single-threaded.
#include "detectors/boosted_trees.h"

#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <numeric>
#include <optional>

#include "base/numbers.h"

namespace meterhound::detectors {
namespace {

constexpr std::size_t kBlock = 4096;  // rows handed over at a time: bounds the float copy

/// XGBoost refuses infinities and doubles that overflow its floats; this is far beyond any reading and below the point
/// where its bin borders overflow.
constexpr double kLargest = 1e30;

float ToFloat(double value) {
  return std::isnan(value) ? std::numeric_limits<float>::quiet_NaN()
                           : static_cast<float>(std::clamp(value, -kLargest, kLargest));
}

/// Registrations are a thread's own in XGBoost, so every entry point asks for silence.
void Silence() {
  thread_local const bool silenced = [] {
    XGBRegisterLogCallback([](const char*) {});
    XGBSetGlobalConfig(R"({"verbosity": 0})");
    return true;
  }();
  (void)silenced;
}

Error XgboostError(const char* doing) {
  std::string message = XGBGetLastError();
  // Its messages are stack traces; the first line says what happened.
  message.resize(std::min(message.find('\n'), message.size()));
  return {ErrorCode::kInternal, std::string("XGBoost could not ") + doing + ": " + message, {}};
}

#define METERHOUND_XGBOOST(call, doing)          \
  do {                                           \
    if ((call) != 0) return XgboostError(doing); \
  } while (false)

struct DeleteMatrix {
  void operator()(void* handle) const { XGDMatrixFree(handle); }
};
struct DeleteBooster {
  void operator()(void* handle) const { XGBoosterFree(handle); }
};
using Matrix = std::unique_ptr<void, DeleteMatrix>;
using Booster = std::unique_ptr<void, DeleteBooster>;

/// NumPy's array interface as XGBoost parses it.
std::string ArrayInterface(const float* data, std::size_t rows, std::size_t columns) {
  char text[160];
  std::snprintf(text, sizeof text, R"({"data": [%zu, true], "shape": [%zu, %zu], "typestr": "<f4", "version": 3})",
                reinterpret_cast<std::size_t>(data), rows, columns);
  return text;
}

constexpr const char* kMatrixConfig = R"({"missing": NaN, "nthread": 1})";

/// Rows as floats, block by block.
class Blocks {
 public:
  explicit Blocks(const RowSource& rows) : rows_(rows), buffer_(std::min(kBlock, rows.size()) * rows.width()) {
    row_.resize(rows.width());
  }

  void Reset() { next_ = 0; }
  /// Fills the buffer; false at the end.
  bool Next() {
    begin_ = next_;
    if (begin_ >= rows_.size()) return false;
    next_ = std::min(begin_ + kBlock, rows_.size());
    float* to = buffer_.data();
    for (std::size_t i = begin_; i < next_; ++i) {
      rows_.CopyRow(i, row_.data());
      for (const double value : row_) *to++ = ToFloat(value);
    }
    return true;
  }
  std::size_t begin() const { return begin_; }
  std::size_t count() const { return next_ - begin_; }
  const float* data() const { return buffer_.data(); }
  std::string Interface() const { return ArrayInterface(buffer_.data(), count(), rows_.width()); }

 private:
  const RowSource& rows_;
  std::vector<float> buffer_;
  std::vector<double> row_;
  std::size_t begin_ = 0;
  std::size_t next_ = 0;
};

/// What the iterator's callbacks see.
struct Feed {
  Blocks blocks;
  void* proxy;
  std::vector<const char*> types;  ///< XGBoost's, one a column; empty: all are numbers
};

int NextBlock(DataIterHandle handle) {
  Feed& feed = *static_cast<Feed*>(handle);
  if (!feed.blocks.Next()) return 0;
  if (XGProxyDMatrixSetDataDense(feed.proxy, feed.blocks.Interface().c_str()) != 0) return 0;
  if (feed.types.empty()) return 1;
  return XGDMatrixSetStrFeatureInfo(feed.proxy, "feature_type", feed.types.data(), feed.types.size()) == 0 ? 1 : 0;
}

void ResetBlocks(DataIterHandle handle) { static_cast<Feed*>(handle)->blocks.Reset(); }

/// Quantised as it is read: neither a float copy nor a sparse page of the whole sample is ever held.
/// @param reference the training matrix, whose bins a validation matrix shares; null for the training matrix.
Result<Matrix> MakeMatrix(const BoostedTrees::Sample& sample, std::size_t max_bin, void* reference) {
  void* handle = nullptr;
  METERHOUND_XGBOOST(XGProxyDMatrixCreate(&handle), "prepare data");
  const Matrix proxy(handle);
  Feed feed{Blocks(sample.rows), proxy.get(), {}};
  for (const std::uint8_t categorical : sample.categorical) feed.types.push_back(categorical != 0 ? "c" : "float");
  const std::string config = R"({"missing": NaN, "nthread": 1, "max_bin": )" + std::to_string(max_bin) + "}";
  METERHOUND_XGBOOST(XGQuantileDMatrixCreateFromCallback(&feed, proxy.get(), reference, ResetBlocks, NextBlock,
                                                         config.c_str(), &handle),
                     "quantise the data");
  Matrix matrix(handle);
  std::vector<float> labels(sample.labels.begin(), sample.labels.end());
  METERHOUND_XGBOOST(XGDMatrixSetFloatInfo(matrix.get(), "label", labels.data(), labels.size()), "take the labels");
  if (!sample.weights.empty()) {
    const std::vector<float> weights(sample.weights.begin(), sample.weights.end());
    METERHOUND_XGBOOST(XGDMatrixSetFloatInfo(matrix.get(), "weight", weights.data(), weights.size()),
                       "take the weights");
  }
  return matrix;
}

Status Configure(void* booster, const TreeOptions& options, const char* metric) {
  const std::pair<const char*, std::string> parameters[] = {
      {"verbosity", "0"},
      {"nthread", "1"},
      {"validate_parameters", "1"},
      {"booster", "gbtree"},
      {"tree_method", "hist"},
      {"objective", "binary:logistic"},
      {"eval_metric", metric},
      {"max_depth", std::to_string(options.max_depth)},
      {"learning_rate", FormatDouble(options.learning_rate)},
      {"scale_pos_weight", FormatDouble(options.scale_pos_weight)},
      {"subsample", FormatDouble(options.subsample)},
      {"colsample_bytree", FormatDouble(options.colsample_bytree)},
      {"min_child_weight", FormatDouble(options.min_child_weight)},
      {"reg_lambda", FormatDouble(options.reg_lambda)},
      {"max_bin", std::to_string(options.max_bin)},
      {"seed", std::to_string(options.seed & 0x7fffffff)},
      // XGBoost's generator is a thread's own: seeding it every round makes a fit independent of what the thread did
      // before.
      {"seed_per_iteration", "true"},
  };
  for (const auto& [name, value] : parameters) {
    METERHOUND_XGBOOST(XGBoosterSetParam(booster, name, value.c_str()), "take a parameter");
  }
  return {};
}

Status CheckSample(const BoostedTrees::Sample& sample, std::size_t width, const char* name) {
  if (sample.rows.size() == 0 || sample.rows.size() != sample.labels.size() || sample.rows.width() != width ||
      width == 0 || (!sample.weights.empty() && sample.weights.size() != sample.rows.size()) ||
      (!sample.categorical.empty() && sample.categorical.size() != width)) {
    return InvalidInput(std::string("the ") + name + " rows, labels, weights and columns do not fit together");
  }
  std::size_t thefts = 0;
  for (const std::int8_t label : sample.labels) {
    if (label != 0 && label != 1) return InvalidInput(std::string("a label of the ") + name + " rows is not 0 or 1");
    thefts += label == 1 ? 1 : 0;
  }
  if (thefts == 0 || thefts == sample.labels.size()) {
    return InvalidInput(std::string("the ") + name + " rows are all of one class; both theft and honest are needed");
  }
  return {};
}

Status CheckOptions(const TreeOptions& options) {
  const auto positive = [](double value) { return value > 0 && std::isfinite(value); };
  const auto share = [](double value) { return value > 0 && value <= 1; };
  if (options.max_depth < 1 || options.max_depth > 30) return InvalidInput("max_depth must be 1 to 30");
  if (!share(options.learning_rate)) return InvalidInput("learning_rate must lie in (0, 1]");
  if (options.n_estimators < 1 || options.n_estimators > 100000)
    return InvalidInput("n_estimators must be 1 to 100000");
  if (options.early_stopping_rounds < 1) return InvalidInput("early_stopping_rounds must be at least 1");
  if (!positive(options.scale_pos_weight)) return InvalidInput("scale_pos_weight must be above 0");
  if (!share(options.subsample)) return InvalidInput("subsample must lie in (0, 1]");
  if (!share(options.colsample_bytree)) return InvalidInput("colsample_bytree must lie in (0, 1]");
  if (!(options.min_child_weight >= 0)) return InvalidInput("min_child_weight must not be below 0");
  if (!(options.reg_lambda >= 0)) return InvalidInput("reg_lambda must not be below 0");
  if (options.max_bin < 2 || options.max_bin > 65535) return InvalidInput("max_bin must be 2 to 65535");
  return {};
}

/// "[12]\tvalidation-logloss:0.25" -> 0.25
double ParseScore(const char* line) {
  const char* colon = std::strrchr(line, ':');
  if (colon == nullptr) return std::numeric_limits<double>::quiet_NaN();
  return std::strtod(colon + 1, nullptr);
}

Result<std::string> SaveBooster(void* booster) {
  bst_ulong size = 0;
  const char* bytes = nullptr;
  METERHOUND_XGBOOST(XGBoosterSaveModelToBuffer(booster, R"({"format": "ubj"})", &size, &bytes), "save the trees");
  return std::string(bytes, size);
}

Result<Booster> LoadBooster(std::string_view bytes) {
  void* handle = nullptr;
  METERHOUND_XGBOOST(XGBoosterCreate(nullptr, 0, &handle), "start");
  Booster booster(handle);
  if (XGBoosterLoadModelFromBuffer(booster.get(), bytes.data(), bytes.size()) != 0) {
    return Corrupt("the trees cannot be read: " + XgboostError("load the trees").message);
  }
  METERHOUND_XGBOOST(XGBoosterSetParam(booster.get(), "nthread", "1"), "take a parameter");
  METERHOUND_XGBOOST(XGBoosterSetParam(booster.get(), "verbosity", "0"), "take a parameter");
  return booster;
}

/// Rows [begin, end) of a row source.
RowSource Slice(const RowSource& rows, std::size_t begin, std::size_t end) {
  RowSource to = rows;
  to.rows = rows.rows.subspan(begin, end - begin);
  to.extra = rows.extra.subspan(begin * rows.extra_width, (end - begin) * rows.extra_width);
  return to;
}

struct WholeMatrix {
  explicit WholeMatrix(const MatrixView& matrix) : rows(matrix.rows), columns(matrix.columns) {
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    source = {matrix, rows, columns};
  }
  std::vector<std::size_t> rows;
  std::vector<std::size_t> columns;
  RowSource source;
};

}  // namespace

struct BoostedTrees::State {
  Booster booster;
  std::string bytes;  ///< the same as UBJSON
  std::size_t width = 0;
  std::size_t rounds = 0;
  double validation_score = std::numeric_limits<double>::quiet_NaN();

  /// A booster for one worker to explain with, since predicting from a DMatrix changes a booster's caches. Reading one
  /// takes longer than explaining a row, so they are kept for the next caller.
  Result<Booster> Borrow() {
    {
      const std::lock_guard lock(idle_mutex);
      if (!idle.empty()) {
        Booster kept = std::move(idle.back());
        idle.pop_back();
        return kept;
      }
    }
    return LoadBooster(bytes);
  }
  void GiveBack(std::vector<Booster> boosters) {
    const std::lock_guard lock(idle_mutex);
    for (Booster& one : boosters) {
      if (one) idle.push_back(std::move(one));
    }
  }

 private:
  std::mutex idle_mutex;
  std::vector<Booster> idle;
};

BoostedTrees::BoostedTrees(std::unique_ptr<State> state) : state_(std::move(state)) {}
BoostedTrees::BoostedTrees(BoostedTrees&&) noexcept = default;
BoostedTrees& BoostedTrees::operator=(BoostedTrees&&) noexcept = default;
BoostedTrees::~BoostedTrees() = default;

std::size_t BoostedTrees::width() const { return state_->width; }
std::size_t BoostedTrees::rounds() const { return state_->rounds; }
double BoostedTrees::validation_score() const { return state_->validation_score; }
Result<std::string> BoostedTrees::SaveUbj() const { return state_->bytes; }

Result<BoostedTrees> BoostedTrees::Fit(const MatrixView& train, std::span<const std::int8_t> labels,
                                       const MatrixView& validation, std::span<const std::int8_t> validation_labels,
                                       const TreeOptions& options, std::stop_token stop) {
  const WholeMatrix train_rows(train);
  const WholeMatrix validation_rows(validation);
  return Fit(Sample{train_rows.source, labels, {}}, Sample{validation_rows.source, validation_labels, {}}, options,
             std::move(stop));
}

Result<BoostedTrees> BoostedTrees::Fit(const Sample& train, const Sample& validation, const TreeOptions& options,
                                       std::stop_token stop) {
  Silence();
  METERHOUND_RETURN_IF_ERROR(CheckOptions(options));
  METERHOUND_RETURN_IF_ERROR(CheckSample(train, train.rows.width(), "training"));
  METERHOUND_RETURN_IF_ERROR(CheckSample(validation, train.rows.width(), "validation"));
  EarlyStopping watched = options.early_stopping;
  if (watched == EarlyStopping::kAuto) {
    watched = options.scale_pos_weight == 1 ? EarlyStopping::kLogLoss : EarlyStopping::kAucPr;
  }
  METERHOUND_ASSIGN_OR_RETURN(const Matrix train_matrix, MakeMatrix(train, options.max_bin, nullptr));
  METERHOUND_ASSIGN_OR_RETURN(const Matrix validation_matrix,
                              MakeMatrix(validation, options.max_bin, train_matrix.get()));
  void* handle = nullptr;
  void* cached[] = {train_matrix.get(), validation_matrix.get()};
  METERHOUND_XGBOOST(XGBoosterCreate(cached, 2, &handle), "start");
  const Booster booster(handle);
  METERHOUND_RETURN_IF_ERROR(
      Configure(booster.get(), options, watched == EarlyStopping::kLogLoss ? "logloss" : "aucpr"));

  const double sign = watched == EarlyStopping::kLogLoss ? -1 : 1;  // larger is better after it
  double best = -std::numeric_limits<double>::infinity();
  std::size_t best_rounds = 0;
  void* watched_matrix[] = {validation_matrix.get()};
  const char* watched_name[] = {"validation"};
  for (std::size_t round = 0; round < options.n_estimators; ++round) {
    if (stop.stop_requested()) return Cancelled();
    const int iteration = static_cast<int>(round);
    METERHOUND_XGBOOST(XGBoosterUpdateOneIter(booster.get(), iteration, train_matrix.get()), "grow a tree");
    const char* line = nullptr;
    METERHOUND_XGBOOST(XGBoosterEvalOneIter(booster.get(), iteration, watched_matrix, watched_name, 1, &line),
                       "judge a tree");
    const double score = sign * ParseScore(line);
    if (score > best || best_rounds == 0) {
      best = score;
      best_rounds = round + 1;
    } else if (round + 1 - best_rounds >= options.early_stopping_rounds) {
      break;
    }
  }
  METERHOUND_XGBOOST(XGBoosterSlice(booster.get(), 0, static_cast<int>(best_rounds), 1, &handle),
                     "keep the best trees");
  const Booster kept(handle);
  METERHOUND_ASSIGN_OR_RETURN(const std::string bytes, SaveBooster(kept.get()));
  // Read back at once, so that a fresh model and a loaded one are the same object in every respect.
  METERHOUND_ASSIGN_OR_RETURN(BoostedTrees trees, LoadUbj(bytes));
  trees.state_->validation_score = sign * best;
  return trees;
}

Result<BoostedTrees> BoostedTrees::LoadUbj(std::string_view bytes) {
  Silence();
  // XGBoost ends the process on a buffer too short to tell its format.
  if (bytes.size() < 2 || bytes[0] != '{') return Corrupt("the trees are not in UBJ form");
  auto state = std::make_unique<State>();
  METERHOUND_ASSIGN_OR_RETURN(state->booster, LoadBooster(bytes));
  state->bytes = bytes;
  bst_ulong width = 0;
  METERHOUND_XGBOOST(XGBoosterGetNumFeature(state->booster.get(), &width), "count the features");
  int rounds = 0;
  METERHOUND_XGBOOST(XGBoosterBoostedRounds(state->booster.get(), &rounds), "count the rounds");
  if (width == 0 || rounds < 1) return Corrupt("the trees have no features or no rounds");
  state->width = width;
  state->rounds = static_cast<std::size_t>(rounds);
  return BoostedTrees(std::move(state));
}

Result<std::vector<double>> BoostedTrees::Margin(const MatrixView& rows, ThreadPool& pool) const {
  return Margin(WholeMatrix(rows).source, pool);
}

Result<std::vector<double>> BoostedTrees::Margin(const RowSource& rows, ThreadPool& pool) const {
  if (rows.width() != width()) {
    return InvalidInput("the trees take " + std::to_string(width()) + " features; found " +
                        std::to_string(rows.width()));
  }
  std::vector<double> margins(rows.size());
  std::mutex mutex;
  std::optional<Error> error;
  const auto predict = [&](std::size_t begin, std::size_t end) -> Status {
    Silence();
    const RowSource slice = Slice(rows, begin, end);
    Blocks blocks(slice);
    while (blocks.Next()) {
      const bst_ulong* shape = nullptr;
      bst_ulong dimensions = 0;
      const float* values = nullptr;
      constexpr const char* kConfig =
          R"({"type": 1, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false,)"
          R"( "missing": NaN, "cache_id": 0})";
      METERHOUND_XGBOOST(XGBoosterPredictFromDense(state_->booster.get(), blocks.Interface().c_str(), kConfig, nullptr,
                                                   &shape, &dimensions, &values),
                         "score rows");
      std::copy(values, values + blocks.count(), margins.begin() + static_cast<std::ptrdiff_t>(begin + blocks.begin()));
    }
    return {};
  };
  pool.ParallelFor(rows.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    if (const Status status = predict(begin, end); !status.ok()) {
      const std::lock_guard lock(mutex);
      error = status.error();
    }
  });
  if (error) return *error;
  return margins;
}

Result<ContributionMatrix> BoostedTrees::Contributions(const MatrixView& rows, ThreadPool& pool) const {
  if (rows.columns != width()) {
    return InvalidInput("the trees take " + std::to_string(width()) + " features; found " +
                        std::to_string(rows.columns));
  }
  ContributionMatrix to{rows.rows, width() + 1, std::vector<double>(rows.rows * (width() + 1))};
  const WholeMatrix whole(rows);
  std::mutex mutex;
  std::optional<Error> error;
  std::vector<Booster> boosters(pool.threads());  // one a worker
  const auto explain = [&](std::size_t begin, std::size_t end, Booster& booster) -> Status {
    Silence();
    if (!booster) {
      METERHOUND_ASSIGN_OR_RETURN(booster, state_->Borrow());
    }
    const RowSource slice = Slice(whole.source, begin, end);
    Blocks blocks(slice);
    while (blocks.Next()) {
      void* handle = nullptr;
      METERHOUND_XGBOOST(XGDMatrixCreateFromDense(blocks.Interface().c_str(), kMatrixConfig, &handle), "take rows");
      const Matrix matrix(handle);
      const bst_ulong* shape = nullptr;
      bst_ulong dimensions = 0;
      const float* values = nullptr;
      constexpr const char* kConfig =
          R"({"type": 2, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})";
      METERHOUND_XGBOOST(
          XGBoosterPredictFromDMatrix(booster.get(), matrix.get(), kConfig, &shape, &dimensions, &values),
          "explain rows");
      std::copy(values, values + blocks.count() * to.columns,
                to.values.begin() + static_cast<std::ptrdiff_t>((begin + blocks.begin()) * to.columns));
    }
    return {};
  };
  pool.ParallelFor(rows.rows, 64, [&](std::size_t begin, std::size_t end, std::size_t worker) {
    if (const Status status = explain(begin, end, boosters[worker]); !status.ok()) {
      const std::lock_guard lock(mutex);
      error = status.error();
    }
  });
  if (error) return *error;
  state_->GiveBack(std::move(boosters));
  return to;
}

}  // namespace meterhound::detectors
