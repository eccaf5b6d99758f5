// InputStore: what is uploaded, in parts of a megabyte, so that a file of any size passes through little memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/database.h"

namespace meterhound::store {

struct Input {
  std::string id;
  std::string sha256;
  std::int64_t bytes = 0;
  std::string name;        ///< the file's, without folders
  std::string media_type;  ///< "text/csv"
};

class InputStore;

/// An upload in progress. Destroyed without Finish it leaves parts that DeleteUnused removes.
class InputWriter {
 public:
  /// Any number of bytes; every full megabyte is written (and durable) at once.
  Status Write(std::string_view bytes);
  /// The input is complete. The same bytes under the same name are kept once: then the earlier input is returned.
  Result<Input> Finish();

  InputWriter(InputWriter&&) noexcept;
  InputWriter& operator=(InputWriter&&) noexcept;
  ~InputWriter();

 private:
  friend class InputStore;
  struct State;
  explicit InputWriter(std::unique_ptr<State> state);
  Status WritePart();

  std::unique_ptr<State> state_;
};

class InputStore {
 public:
  explicit InputStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  Result<InputWriter> Begin(const std::string& name, const std::string& media_type);
  /// kNotFound when there is none, or its upload never ended.
  Result<Input> Find(const std::string& id);
  /// Calls `sink` with each part in turn; checks the SHA-256 at the end (kCorrupt). An error of `sink` ends it.
  Status Read(const std::string& id, const std::function<Status(std::string_view)>& sink);
  /// The same into a file (whole or not at all).
  Status ReadToFile(const std::string& id, const std::string& path);
  /// Deletes inputs that no job names and that were begun before `before`. @return how many.
  Result<std::int64_t> DeleteUnused(std::int64_t before);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
