// One megabyte at a time.
#include "serve/uploads.h"

#include <fstream>
#include <string_view>

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

}  // namespace meterhound::serve
