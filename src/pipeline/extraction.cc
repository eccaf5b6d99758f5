// One loop over blocks: read, extract, write.
#include "pipeline/extraction.h"

#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "base/stop_watch.h"
#include "features/writers.h"
#include "pipeline/feature_files.h"
#include "pipeline/feature_pipeline.h"
#include "pipeline/sources.h"

namespace meterhound::pipeline {
namespace {

// Beyond this, blocks of short series would make for large tables.
constexpr std::size_t kMostConsumersAtOnce = 4096;

/// Bills, and readings up to a day, whose longest series is known only once they are cut: one block.
class WholeSource : public readings::PanelStream {
 public:
  WholeSource(Panel panel, std::size_t longest)
      : panel_(std::move(panel)), consumers_(panel_.rows()), longest_(longest) {}
  Result<Panel> Next(const RunContext&) override { return std::exchange(panel_, Panel()); }
  std::size_t consumers() const override { return consumers_; }
  std::size_t longest() const override { return longest_; }

 private:
  Panel panel_;
  std::size_t consumers_;
  std::size_t longest_;
};

struct Source {
  std::unique_ptr<readings::PanelStream> stream;
  Json features;  ///< see SourceData
};

Result<Source> Open(const ExtractionOptions& options, const RunContext& context) {
  Source source;
  if (options.input.source.empty() && !options.input.as_of) {
    const readings::BlockSize block{options.block_readings, kMostConsumersAtOnce};
    METERHOUND_ASSIGN_OR_RETURN(source.stream, readings::OpenPanel(options.input, block, context));
    return source;
  }
  METERHOUND_ASSIGN_OR_RETURN(SourceData data, ReadSource(options.input, context));
  const std::size_t longest = LongestSeries(data.panel);
  source.stream = std::make_unique<WholeSource>(std::move(data.panel), longest);
  source.features = std::move(data.features);
  return source;
}

// The columns that were asked for, in the order they were named.
FeatureTable InOrder(const FeatureTable& table, const std::vector<std::string>& names) {
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < table.width(); ++i) places[table.columns[i].name] = i;
  std::vector<std::size_t> selected;
  for (const std::string& name : names) selected.push_back(places.at(name));
  return table.SelectColumns(selected);
}

void Append(FeatureTable& whole, const FeatureTable& block) {
  whole.columns = block.columns;
  whole.ids.insert(whole.ids.end(), block.ids.begin(), block.ids.end());
  whole.values.insert(whole.values.end(), block.values.begin(), block.values.end());
}

void Add(std::vector<features::CalculatorTime>& total, const std::vector<features::CalculatorTime>& times) {
  if (total.empty()) {
    total = times;
    return;
  }
  for (std::size_t i = 0; i < total.size(); ++i) total[i].seconds += times[i].seconds;
}

class Extraction {
 public:
  Extraction(const ExtractionOptions& options, const Config& config, const RunContext& context)
      : options_(options), config_(config), context_(context) {}

  Result<ExtractionReport> Run() {
    METERHOUND_ASSIGN_OR_RETURN(const Source source, Open(options_, context_));
    report_.reading += watch_.Lap();
    context_.progress.Begin("extracting features", source.stream->consumers(), "consumers");
    const Status status = Blocks(source);
    context_.progress.End();
    if (!status.ok()) return status.error();
    if (options_.impute) {
      Impute(whole_);
      METERHOUND_RETURN_IF_ERROR(Write(whole_));
    }
    METERHOUND_RETURN_IF_ERROR(writer_->Commit());
    report_.writing += watch_.Lap();
    return std::move(report_);
  }

 private:
  Status Blocks(const Source& source) {
    std::optional<FeaturePipeline> features;
    while (true) {
      METERHOUND_ASSIGN_OR_RETURN(Panel panel, source.stream->Next(context_));
      report_.reading += watch_.Lap();
      if (panel.rows() == 0) return {};
      if (!features) {
        METERHOUND_ASSIGN_OR_RETURN(features,
                                    FeaturePipeline::Plan(panel, config_, source.features, source.stream->longest()));
      }
      std::vector<features::CalculatorTime> times;
      METERHOUND_ASSIGN_OR_RETURN(FeatureTable table,
                                  features->Apply(panel, context_, options_.time_calculators ? &times : nullptr));
      Add(report_.times, times);
      if (!config_.columns.empty()) table = InOrder(table, config_.columns);
      report_.consumers += table.rows();
      report_.features = table.width();
      report_.extracting += watch_.Lap();
      if (options_.impute) {
        Append(whole_, table);
      } else {
        METERHOUND_RETURN_IF_ERROR(Write(table));
      }
      report_.writing += watch_.Lap();
      context_.progress.Advance(table.rows());
    }
  }

  Status Write(const FeatureTable& table) {
    if (!writer_) {
      METERHOUND_ASSIGN_OR_RETURN(writer_, features::OpenFeatureWriter(options_.out, table.columns));
    }
    return writer_->Append(table, context_);
  }

  const ExtractionOptions& options_;
  const Config& config_;
  const RunContext& context_;
  std::unique_ptr<features::FeatureWriter> writer_;
  FeatureTable whole_;  // with impute
  ExtractionReport report_;
  StopWatch watch_;
};

}  // namespace

Result<ExtractionReport> ExtractToFile(const ExtractionOptions& options, const Config& config,
                                       const RunContext& context) {
  return Extraction(options, config, context).Run();
}

}  // namespace meterhound::pipeline
