// gzip and zstd of bodies: decoding that cannot be made to swell, encoding of answers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meterhound::http {

enum class Coding { kIdentity, kGzip, kZstd };

struct DecodeLimits {
  std::uint64_t max_bytes = 0;  ///< of what comes out
  double max_ratio = 200;       ///< out by in, once a MiB has come out
};

/// Decodes a body piece by piece. Memory is bounded (zstd windows up to 8 MiB, as RFC 9659 has it).
class Decoder {
 public:
  /// Takes decoded bytes; an error ends the decoding.
  using Sink = std::function<Status(std::string_view)>;

  static std::unique_ptr<Decoder> Create(Coding coding, DecodeLimits limits);
  virtual ~Decoder() = default;

  /// kInvalidInput for broken input, kUnsupported for too much output (HTTP: 400, 413), or what the sink said.
  Status Feed(std::string_view in, const Sink& sink);
  /// Whether what was fed is whole.
  virtual Status End() const = 0;
  std::uint64_t produced() const { return produced_; }

 protected:
  explicit Decoder(DecodeLimits limits) : limits_(limits) {}
  virtual Status Step(std::string_view in, const Sink& sink) = 0;
  Status Emit(std::string_view out, const Sink& sink);

 private:
  DecodeLimits limits_;
  std::uint64_t consumed_ = 0, produced_ = 0;
};

std::string GzipEncode(std::string_view bytes);
/// Whether an Accept-Encoding allows gzip (RFC 9110: weights, "*", "gzip;q=0").
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace meterhound::http
