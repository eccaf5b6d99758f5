// A request's body on its way in: which content it is, how much of it is taken, and where it goes.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/content_coding.h"
#include "http/json_schema.h"
#include "http/route.h"

namespace meterhound::http {

/// Bytes that all bodies together may hold; beyond, requests are refused before memory is.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t most) : most_(most) {}
  std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }

  /// A share of the budget, given back when it goes.
  class Share {
   public:
    explicit Share(MemoryBudget& budget) : budget_(budget) {}
    ~Share() { budget_.used_.fetch_sub(held_, std::memory_order_relaxed); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    /// False when the budget has no room for so many more bytes.
    bool Grow(std::uint64_t bytes);

   private:
    MemoryBudget& budget_;
    std::uint64_t held_ = 0;
  };

 private:
  std::uint64_t most_;
  std::atomic<std::uint64_t> used_{0};
};

struct BodyLimits {
  std::uint64_t max_body_bytes = 0, max_upload_bytes = 0;
  double max_ratio = 200;
  int max_json_depth = 64;
  std::filesystem::path spool_folder;
};

/// What keeps a body from being taken: an answer's status and its words.
struct Refusal {
  int status = 400;
  std::string detail;
  std::vector<Finding> findings;
};

/// One body. Feed as it comes, then Deliver.
class BodyIntake {
 public:
  /// Chooses the content by the headers. Null when the route takes none (Feed then drops up to 64 KiB).
  static std::unique_ptr<BodyIntake> Create(const Route& route, const Request& request, const BodyLimits& limits,
                                            MemoryBudget& budget, Refusal& refusal);
  ~BodyIntake();

  bool spooled() const { return content_ != nullptr && content_->spooled; }
  /// Raw bytes as they come; decoded at once when spooled, otherwise in Deliver.
  bool Feed(std::string_view bytes, Refusal& refusal);
  /// Puts the decoded, parsed and checked body into the request.
  bool Deliver(const SchemaChecker& checker, Request& request, Refusal& refusal);

 private:
  BodyIntake(const RequestBody& body, const BodyLimits& limits, MemoryBudget& budget);
  bool Spool(std::string_view bytes, Refusal& refusal);
  bool DeliverText(const SchemaChecker& checker, Request& request, Refusal& refusal);

  const RequestBody& body_;
  const BodyLimits& limits_;
  const Content* content_ = nullptr;
  std::string content_type_;
  Coding coding_ = Coding::kIdentity;
  std::uint64_t limit_ = 0, received_ = 0;
  MemoryBudget::Share share_;
  std::string raw_;
  std::unique_ptr<Decoder> decoder_;
  std::shared_ptr<SpooledFile> file_;
  int descriptor_ = -1;
};

/// "application/json; charset=utf-8" -> "application/json".
std::string MediaType(std::string_view content_type);
bool IsJsonType(std::string_view media_type);

}  // namespace meterhound::http
