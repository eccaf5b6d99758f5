// Connection: what a backend must be able to do; Database owns several and decides when to try again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "store/database.h"

namespace meterhound::store {

class Connection {
 public:
  /// What kind of failure was the last one since Begin.
  enum class Trouble {
    kNone,
    kConflict,  ///< another writer was first: the whole transaction may be tried again
    kLost,      ///< the connection is gone: nothing more can be done with it
  };
  enum class Mode { kWrite, kRead };

  virtual ~Connection() = default;

  virtual Status Begin(Mode mode) = 0;
  virtual Status Commit() = 0;
  virtual void Rollback() = 0;
  virtual Result<std::int64_t> Execute(std::string_view sql, const Values& values) = 0;
  virtual Result<Rows> Query(std::string_view sql, const Values& values) = 0;
  /// Several statements without values, outside the cache.
  virtual Status Script(const std::string& sql) = 0;

  Trouble trouble() const { return trouble_; }

 protected:
  Trouble trouble_ = Trouble::kNone;
};

using ConnectionMaker = std::function<Result<std::unique_ptr<Connection>>()>;

}  // namespace meterhound::store
