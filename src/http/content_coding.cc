// zlib and libzstd as streams into a sink.
#include "http/content_coding.h"

#include <zlib.h>
#include <zstd.h>

#include <cstdlib>
#include <vector>

#include "base/numbers.h"
#include "http/text_form.h"

namespace meterhound::http {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::uint64_t kRatioFrom = std::uint64_t{1} << 20;
constexpr int kZstdWindowLog = 23;
constexpr int kGzipWindow = 15 + 16;  // gzip's header, largest window
constexpr int kGzipLevel = 5;

class Identity final : public Decoder {
 public:
  explicit Identity(DecodeLimits limits) : Decoder(limits) {}
  Status End() const override { return {}; }

 protected:
  Status Step(std::string_view in, const Sink& sink) override { return Emit(in, sink); }
};

class Gzip final : public Decoder {
 public:
  explicit Gzip(DecodeLimits limits) : Decoder(limits), out_(kPiece) {
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() override { inflateEnd(&stream_); }
  Status End() const override {
    return ended_ && !broken_ ? Status{} : InvalidInput("the body's gzip stream ends too early");
  }

 protected:
  Status Step(std::string_view in, const Sink& sink) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    while (stream_.avail_in > 0 || stream_.avail_out == 0) {
      if (ended_) {  // another member may follow
        if (stream_.avail_in == 0) break;
        if (inflateReset(&stream_) != Z_OK) return Broken();
        ended_ = false;
      }
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return Broken();
      METERHOUND_RETURN_IF_ERROR(Emit({out_.data(), out_.size() - stream_.avail_out}, sink));
      ended_ = code == Z_STREAM_END;
      if (code == Z_BUF_ERROR) break;
    }
    return {};
  }

 private:
  Status Broken() {
    broken_ = true;
    return InvalidInput("the body is not valid gzip");
  }
  z_stream stream_{};
  std::vector<char> out_;
  bool ended_ = false, broken_ = false;
};

class Zstd final : public Decoder {
 public:
  explicit Zstd(DecodeLimits limits) : Decoder(limits), stream_(ZSTD_createDStream()), out_(kPiece) {
    if (stream_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kZstdWindowLog);
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;
  Status End() const override {
    return begun_ && expected_ == 0 ? Status{} : InvalidInput("the body's zstd stream ends too early");
  }

 protected:
  Status Step(std::string_view in, const Sink& sink) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    bool full = false;
    while (input.pos < input.size || full) {
      ZSTD_outBuffer output{out_.data(), out_.size(), 0};
      const std::size_t before = input.pos;
      expected_ = ZSTD_decompressStream(stream_, &output, &input);
      if (ZSTD_isError(expected_) != 0) return InvalidInput("the body is not valid zstd, or its window is above 8 MiB");
      begun_ = true;
      METERHOUND_RETURN_IF_ERROR(Emit({out_.data(), output.pos}, sink));
      full = output.pos == output.size;
      if (output.pos == 0 && input.pos == before) break;
    }
    return {};
  }

 private:
  ZSTD_DStream* stream_;
  std::vector<char> out_;
  std::size_t expected_ = 1;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<Decoder> Decoder::Create(Coding coding, DecodeLimits limits) {
  switch (coding) {
    case Coding::kGzip:
      return std::make_unique<Gzip>(limits);
    case Coding::kZstd:
      return std::make_unique<Zstd>(limits);
    case Coding::kIdentity:
      break;
  }
  return std::make_unique<Identity>(limits);
}

Status Decoder::Feed(std::string_view in, const Sink& sink) {
  // In pieces, so that the ratio is judged by what has been read and not by what lies ready.
  while (!in.empty()) {
    const std::string_view piece = in.substr(0, kPiece);
    consumed_ += piece.size();
    METERHOUND_RETURN_IF_ERROR(Step(piece, sink));
    in.remove_prefix(piece.size());
  }
  return {};
}

Status Decoder::Emit(std::string_view out, const Sink& sink) {
  if (out.empty()) return {};
  produced_ += out.size();
  if (produced_ > limits_.max_bytes) {
    return Unsupported("the body is larger than the " + WithThousands(limits_.max_bytes) +
                       " bytes that are taken here");
  }
  if (produced_ > kRatioFrom && static_cast<double>(produced_) > limits_.max_ratio * static_cast<double>(consumed_)) {
    return Unsupported("the body unpacks to more than " + FormatDouble(limits_.max_ratio) + " times its size");
  }
  return sink(out);
}

std::string GzipEncode(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::runtime_error("deflate did not end");
  return out;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  std::optional<bool> named, any;
  for (const std::string_view part : Split(accept_encoding, ',')) {
    const auto pieces = Split(part, ';');
    if (pieces.empty()) continue;
    bool wanted = true;
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      if (pieces[i].size() > 2 && EqualNoCase(pieces[i].substr(0, 2), "q=")) {
        wanted = ParseDouble(pieces[i].substr(2)).value_or(0.0) > 0;
      }
    }
    if (EqualNoCase(pieces[0], "gzip") || EqualNoCase(pieces[0], "x-gzip")) named = wanted;
    if (pieces[0] == "*") any = wanted;
  }
  return named.value_or(any.value_or(false));
}

}  // namespace meterhound::http
