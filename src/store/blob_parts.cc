// Each part is a short read of its own, so that a slow reader never holds a view of the whole store.
#include "store/blob_parts.h"

#include "base/file.h"

namespace meterhound::store {

Status ReadParts(Database& database, std::string_view select, const std::string& key, const std::string& sha256,
                 const std::string& what, const std::function<Status(std::string_view)>& sink) {
  Sha256 hash;
  for (std::int64_t part = 0;; ++part) {
    METERHOUND_ASSIGN_OR_RETURN(const auto row, database.QueryOne(select, {key, part}));
    if (!row) break;
    hash.Add(row->Bytes(0));
    METERHOUND_RETURN_IF_ERROR(sink(row->Bytes(0)));
  }
  if (hash.FinishHex() != sha256) return Corrupt("its bytes in the store are not those that were written", what);
  return {};
}

Status ReadPartsToFile(Database& database, std::string_view select, const std::string& key, const std::string& sha256,
                       const std::string& what, const std::string& path) {
  METERHOUND_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  METERHOUND_RETURN_IF_ERROR(ReadParts(database, select, key, sha256, what, [&](std::string_view bytes) -> Status {
    file.stream().write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return file.stream() ? Status() : Status(Unavailable("cannot be written; is the disk full?", path));
  }));
  return file.Commit();
}

}  // namespace meterhound::store
