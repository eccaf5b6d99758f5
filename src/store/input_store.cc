// Uploads: parts are written as they come; the SHA-256 at the end decides whether the bytes are there already.
#include "store/input_store.h"

#include <algorithm>

#include "base/hashing.h"
#include "store/blob_parts.h"
#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::string_view kSelectPart = "SELECT data FROM input_parts WHERE input=? AND part=?";

Status DeleteInput(Transaction& transaction, const std::string& id) {
  METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute("DELETE FROM input_parts WHERE input=?", {id})));
  return Done(transaction.Execute("DELETE FROM inputs WHERE id=?", {id}));
}

/// Folders, control characters and the like have no place in a name that is shown.
std::string BareName(const std::string& name) {
  std::string bare = name.substr(name.find_last_of("/\\") + 1);
  std::erase_if(bare, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return bare;
}

Result<Input> Complete(Transaction& transaction, const Input& input) {
  METERHOUND_ASSIGN_OR_RETURN(
      const auto earlier,
      transaction.QueryOne("SELECT id FROM inputs WHERE sha256=? AND name=? AND media_type=? AND complete=1 AND id<>?",
                           {input.sha256, input.name, input.media_type, input.id}));
  if (!earlier) {
    METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute("UPDATE inputs SET sha256=?, bytes=?, complete=1 WHERE id=?",
                                                        {input.sha256, input.bytes, input.id})));
    return input;
  }
  METERHOUND_RETURN_IF_ERROR(DeleteInput(transaction, input.id));
  // As if begun now: a job that is about to name it must still find it.
  METERHOUND_RETURN_IF_ERROR(
      Done(transaction.Execute("UPDATE inputs SET begun=? WHERE id=?", {NowMilliseconds(), earlier->Text(0)})));
  Input kept = input;
  kept.id = earlier->Text(0);
  return kept;
}

}  // namespace

struct InputWriter::State {
  std::shared_ptr<Database> database;
  Input input;
  Sha256 hash;
  std::string part;
  std::int64_t parts = 0;
};

InputWriter::InputWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
InputWriter::InputWriter(InputWriter&&) noexcept = default;
InputWriter& InputWriter::operator=(InputWriter&&) noexcept = default;
InputWriter::~InputWriter() = default;

Status InputWriter::WritePart() {
  METERHOUND_RETURN_IF_ERROR(
      Done(state_->database->Execute("INSERT INTO input_parts (input, part, data) VALUES (?, ?, ?)",
                                     {state_->input.id, state_->parts, Blob{state_->part}})));
  ++state_->parts;
  state_->part.clear();
  return {};
}

Status InputWriter::Write(std::string_view bytes) {
  state_->hash.Add(bytes);
  state_->input.bytes += static_cast<std::int64_t>(bytes.size());
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), kPartBytes - state_->part.size());
    state_->part.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    if (state_->part.size() == kPartBytes) METERHOUND_RETURN_IF_ERROR(WritePart());
  }
  return {};
}

Result<Input> InputWriter::Finish() {
  if (!state_->part.empty()) METERHOUND_RETURN_IF_ERROR(WritePart());
  state_->input.sha256 = state_->hash.FinishHex();
  return state_->database->WriteFor<Input>(
      [&](Transaction& transaction) { return Complete(transaction, state_->input); });
}

Result<InputWriter> InputStore::Begin(const std::string& name, const std::string& media_type) {
  auto state = std::make_unique<InputWriter::State>();
  state->database = database_;
  state->input.id = NewId();
  state->input.name = BareName(name);
  state->input.media_type = media_type;
  METERHOUND_RETURN_IF_ERROR(Done(database_->Execute(
      "INSERT INTO inputs (id, sha256, bytes, name, media_type, begun, complete) VALUES (?, '', 0, ?, ?, ?, 0)",
      {state->input.id, state->input.name, media_type, NowMilliseconds()})));
  return InputWriter(std::move(state));
}

Result<Input> InputStore::Find(const std::string& id) {
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row,
      database_->QueryOne("SELECT id, sha256, bytes, name, media_type FROM inputs WHERE id=? AND complete=1", {id}));
  if (!row) return NotFound("there is no input '" + id + "'");
  return Input{row->Text(0), row->Text(1), row->Int(2), row->Text(3), row->Text(4)};
}

Status InputStore::Read(const std::string& id, const std::function<Status(std::string_view)>& sink) {
  METERHOUND_ASSIGN_OR_RETURN(const Input input, Find(id));
  return ReadParts(*database_, kSelectPart, id, input.sha256, "input " + id, sink);
}

Status InputStore::ReadToFile(const std::string& id, const std::string& path) {
  METERHOUND_ASSIGN_OR_RETURN(const Input input, Find(id));
  return ReadPartsToFile(*database_, kSelectPart, id, input.sha256, "input " + id, path);
}

Result<std::int64_t> InputStore::DeleteUnused(std::int64_t before) {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query(
          "SELECT id FROM inputs WHERE begun<? AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.input=inputs.id)",
          {before}));
  std::int64_t deleted = 0;
  for (const Row& candidate : rows) {
    const std::string& id = candidate.Text(0);
    METERHOUND_ASSIGN_OR_RETURN(
        const bool unused, database_->WriteFor<bool>([&](Transaction& transaction) -> Result<bool> {
          METERHOUND_ASSIGN_OR_RETURN(
              const auto row,
              transaction.QueryOne("SELECT id FROM inputs WHERE id=? AND begun<? AND NOT EXISTS (SELECT 1 FROM jobs "
                                   "WHERE jobs.input=inputs.id) {FOR UPDATE}",
                                   {id, before}));
          if (!row) return false;
          METERHOUND_RETURN_IF_ERROR(DeleteInput(transaction, id));
          return true;
        }));
    deleted += unused ? 1 : 0;
  }
  return deleted;
}

}  // namespace meterhound::store
