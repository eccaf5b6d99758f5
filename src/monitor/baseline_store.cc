// A baseline's bytes: a magic word, a version, the content and its SHA-256.
#include <algorithm>

#include "base/hashing.h"
#include "monitor/baseline.h"
#include "monitor/bytes.h"

namespace meterhound::monitor {
namespace {

constexpr std::string_view kMagic = "MHDRIFT1";
constexpr std::size_t kDigest = 64;

void Write(const ColumnBaseline& from, Writer& to) {
  to.Text(from.column.name);
  to.Byte(static_cast<std::uint8_t>(from.column.group));
  to.Byte(from.column.categorical ? 1 : 0);
  to.Number(from.rows);
  to.Number(from.missing);
  to.Number(from.bins.edges.size());
  for (const BinEdge& edge : from.bins.edges) {
    to.Number(edge.at);
    to.Byte(edge.open ? 1 : 0);
  }
  for (const std::size_t count : from.counts) to.Number(count);
  to.Number(from.sample.size());
  for (const double value : from.sample) to.Number(static_cast<float>(value));
}

ColumnBaseline ReadColumn(Reader& from) {
  ColumnBaseline to;
  to.column.name = from.Text();
  to.column.group = static_cast<FeatureGroup>(std::min<std::uint8_t>(from.Byte(), 4));
  to.column.categorical = from.Byte() != 0;
  to.rows = from.Size();
  to.missing = from.Size();
  to.bins.edges.resize(from.Count(9));
  for (BinEdge& edge : to.bins.edges) {
    edge.at = from.Double();
    edge.open = from.Byte() != 0;
  }
  to.counts.resize(to.bins.count() + 1);
  for (std::size_t& count : to.counts) count = from.Size();
  to.sample.resize(from.Count(4));
  for (double& value : to.sample) value = from.Float();
  return to;
}

void Write(const Moments& from, Writer& to) {
  to.Number(from.n);
  to.Number(from.mean);
  to.Number(from.variance);
}

Moments ReadMoments(Reader& from) {
  const std::size_t n = from.Size();
  const double mean = from.Double();
  return {.n = n, .mean = mean, .variance = from.Double()};
}

void Write(const SegmentUsage& from, Writer& to) {
  to.Text(from.name);
  Write(from.level, to);
  Write(from.missing, to);
}

SegmentUsage ReadSegment(Reader& from) {
  std::string name = from.Text();
  const Moments level = ReadMoments(from);
  return {std::move(name), level, ReadMoments(from)};
}

bool FitsTogether(const ColumnBaseline& column) {
  const auto less = [](const BinEdge& a, const BinEdge& b) {
    return a.at < b.at || (a.at == b.at && a.open && !b.open);
  };
  std::size_t counted = 0;
  for (const std::size_t count : column.counts) counted += count;
  return counted == column.rows && std::is_sorted(column.bins.edges.begin(), column.bins.edges.end(), less) &&
         std::is_sorted(column.sample.begin(), column.sample.end());
}

void WriteHead(const Baseline& from, Writer& to) {
  to.Number(from.rows);
  to.Number(from.labelled);
  to.Number(from.thefts);
  to.Byte(from.window ? 1 : 0);
  if (from.window) {
    to.Number(from.window->first);
    to.Number(from.window->last);
    to.Number(from.window->longest);
  }
  to.Text(from.segmented_by);
  to.Number(from.usage_scale);
  to.Byte(from.all ? 1 : 0);
  if (from.all) Write(*from.all, to);
  to.Number(from.segments.size());
  for (const SegmentUsage& segment : from.segments) Write(segment, to);
}

void ReadHead(Reader& from, Baseline& to) {
  to.rows = from.Size();
  to.labelled = from.Size();
  to.thefts = from.Size();
  if (from.Byte() != 0) {
    const double first = from.Double();
    const double last = from.Double();
    to.window = Window{.first = first, .last = last, .longest = from.Size()};
  }
  to.segmented_by = from.Text();
  to.usage_scale = from.Double();
  if (from.Byte() != 0) to.all = ReadSegment(from);
  to.segments.resize(from.Count(56));
  for (SegmentUsage& segment : to.segments) segment = ReadSegment(from);
}

Error Damaged(std::string_view where) {
  return Corrupt("the model's record of its training data is damaged", std::string(where));
}

}  // namespace

std::string Baseline::Encode() const {
  Writer to;
  WriteHead(*this, to);
  to.Number(columns.size());
  for (const ColumnBaseline& column : columns) Write(column, to);
  to.Byte(score ? 1 : 0);
  if (score) Write(*score, to);
  const std::string content = std::move(to).Finish();
  Writer version;
  version.Number(static_cast<std::size_t>(kVersion));
  return std::string(kMagic) + std::move(version).Finish() + Sha256Hex(content) + content;
}

Result<Baseline> Baseline::Decode(std::string_view bytes, std::string_view where) {
  if (!bytes.starts_with(kMagic)) return Damaged(where);
  Reader header(bytes.substr(kMagic.size()));
  const std::size_t version = header.Size();
  if (version > kVersion) {
    return Unsupported("the record of the training data has version " + std::to_string(version) +
                           ", newer than this program reads (" + std::to_string(kVersion) + ")",
                       std::string(where));
  }
  const std::size_t begin = kMagic.size() + 8 + kDigest;
  if (!header.ok() || version == 0 || bytes.size() < begin) return Damaged(where);
  const std::string_view content = bytes.substr(begin);
  if (Sha256Hex(content) != bytes.substr(begin - kDigest, kDigest)) return Damaged(where);
  Reader from(content);
  Baseline to;
  to.rounded = true;
  ReadHead(from, to);
  to.columns.resize(from.Count(58));
  for (ColumnBaseline& column : to.columns) column = ReadColumn(from);
  if (from.Byte() != 0) to.score = ReadColumn(from);
  bool fits = from.Done() && (!to.score || FitsTogether(*to.score));
  for (const ColumnBaseline& column : to.columns) fits = fits && FitsTogether(column);
  if (!fits) return Damaged(where);
  return to;
}

}  // namespace meterhound::monitor
