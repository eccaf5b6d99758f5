// One megabyte at a time.
#include "serve/uploads.h"

#include <fstream>
#include <string_view>

#include "serve/temporary_folder.h"

namespace meterhound::serve {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

}  // namespace

Result<store::Input> KeepFile(store::InputStore& inputs, const std::filesystem::path& file, const std::string& name,
                              const std::string& media_type) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return NotFound("cannot be read", file.string());
  METERHOUND_ASSIGN_OR_RETURN(store::InputWriter writer, inputs.Begin(name, media_type));
  std::string piece(kPiece, '\0');
  while (stream) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    METERHOUND_RETURN_IF_ERROR(
        writer.Write(std::string_view(piece).substr(0, static_cast<std::size_t>(stream.gcount()))));
  }
  if (!stream.eof()) return Unavailable("cannot be read to its end", file.string());
  return writer.Finish();
}

Result<pipeline::SourceData> ReadUpload(store::InputStore& inputs, const store::Input& input,
                                        const pipeline::Config& config, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const TemporaryFolder folder, TemporaryFolder::Create());
  const std::filesystem::path file = folder.path() / std::filesystem::path(input.name).filename();
  METERHOUND_RETURN_IF_ERROR(inputs.ReadToFile(input.id, file.string()));
  METERHOUND_ASSIGN_OR_RETURN(const auto order, readings::ParseDateOrder(config.date_order));
  readings::ReadOptions options;
  options.file = file;
  options.date_order = order;
  Result<pipeline::SourceData> data = pipeline::ReadSource(options, context);
  if (!data) {  // who sent the file knows it by its name alone
    Error error = data.error();
    const std::string place = folder.path().string() + "/";
    if (error.where.starts_with(place)) error.where.erase(0, place.size());
    return error;
  }
  data->panel.source = input.name;
  return data;
}

}  // namespace meterhound::serve
