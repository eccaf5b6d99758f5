// Every length is checked against what is left before it is believed.
#include "llm/gguf.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <limits>
#include <system_error>

namespace meterhound::llm {
namespace {

static_assert(std::endian::native == std::endian::little, "GGUF is read as it lies in memory");

constexpr std::uint64_t kMaxHeader = std::uint64_t{64} << 20U;
constexpr std::uint64_t kMaxText = std::uint64_t{16} << 20U;
constexpr std::uint64_t kMaxEntries = 100'000;
constexpr std::uint64_t kMaxKey = 65'535;
constexpr std::uint64_t kKeptNumbers = 4'096;
constexpr std::uint64_t kDefaultAlignment = 32;

enum ValueType : std::uint32_t {
  kUint8 = 0,
  kInt8,
  kUint16,
  kInt16,
  kUint32,
  kInt32,
  kFloat32,
  kBool,
  kString,
  kArray,
  kUint64,
  kInt64,
  kFloat64
};

struct TensorType {
  std::uint32_t number;
  const char* name;
  std::uint64_t block;  // values
  std::uint64_t bytes;  // a block
};

// ggml's types that a file may hold.
constexpr std::array<TensorType, 33> kTensorTypes = {{
    {0, "F32", 1, 4},         {1, "F16", 1, 2},         {2, "Q4_0", 32, 18},      {3, "Q4_1", 32, 20},
    {6, "Q5_0", 32, 22},      {7, "Q5_1", 32, 24},      {8, "Q8_0", 32, 34},      {9, "Q8_1", 32, 36},
    {10, "Q2_K", 256, 84},    {11, "Q3_K", 256, 110},   {12, "Q4_K", 256, 144},   {13, "Q5_K", 256, 176},
    {14, "Q6_K", 256, 210},   {15, "Q8_K", 256, 292},   {16, "IQ2_XXS", 256, 66}, {17, "IQ2_XS", 256, 74},
    {18, "IQ3_XXS", 256, 98}, {19, "IQ1_S", 256, 50},   {20, "IQ4_NL", 32, 18},   {21, "IQ3_S", 256, 110},
    {22, "IQ2_S", 256, 82},   {23, "IQ4_XS", 256, 136}, {24, "I8", 1, 1},         {25, "I16", 1, 2},
    {26, "I32", 1, 4},        {27, "I64", 1, 8},        {28, "F64", 1, 8},        {29, "IQ1_M", 256, 56},
    {30, "BF16", 1, 2},       {34, "TQ1_0", 256, 54},   {35, "TQ2_0", 256, 66},   {39, "MXFP4", 32, 17},
    {40, "NVFP4", 64, 36},
}};

// general.file_type
struct FileType {
  std::int64_t number;
  const char* name;
};
constexpr std::array<FileType, 22> kFileTypes = {{
    {0, "F32"},     {1, "F16"},     {2, "Q4_0"},    {3, "Q4_1"},    {7, "Q8_0"},    {8, "Q5_0"},
    {9, "Q5_1"},    {10, "Q2_K"},   {11, "Q3_K_S"}, {12, "Q3_K_M"}, {13, "Q3_K_L"}, {14, "Q4_K_S"},
    {15, "Q4_K_M"}, {16, "Q5_K_S"}, {17, "Q5_K_M"}, {18, "Q6_K"},   {21, "Q2_K_S"}, {25, "IQ4_NL"},
    {26, "IQ3_S"},  {30, "IQ4_XS"}, {32, "BF16"},   {38, "MXFP4"},
}};

const TensorType* FindType(std::uint32_t number) {
  const auto found = std::find_if(kTensorTypes.begin(), kTensorTypes.end(),
                                  [number](const TensorType& type) { return type.number == number; });
  return found == kTensorTypes.end() ? nullptr : &*found;
}

// The product, or nothing when it does not fit.
std::optional<std::uint64_t> Times(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

std::uint64_t ScalarBytes(std::uint32_t type) {
  switch (type) {
    case kUint8:
    case kInt8:
    case kBool:
      return 1;
    case kUint16:
    case kInt16:
      return 2;
    case kUint32:
    case kInt32:
    case kFloat32:
      return 4;
    case kUint64:
    case kInt64:
    case kFloat64:
      return 8;
    default:
      return 0;
  }
}

class Parser {
 public:
  Parser(std::string_view bytes, std::uint64_t file_bytes, const std::string& where)
      : bytes_(bytes.substr(0, std::min<std::size_t>(bytes.size(), kMaxHeader))),
        file_bytes_(file_bytes),
        where_(where) {}

  Result<GgufFile> Parse() {
    GgufFile file;
    file.file_bytes = file_bytes_;
    if (file_bytes_ < 4 || bytes_.substr(0, 4) != "GGUF") return InvalidInput("is no GGUF file", where_);
    at_ = 4;
    METERHOUND_ASSIGN_OR_RETURN(file.version, Take<std::uint32_t>("version"));
    if (file.version < 2 || file.version > 3) {
      return Fail("has version " + std::to_string(file.version) + ", expected 2 or 3", ErrorCode::kUnsupported);
    }
    METERHOUND_ASSIGN_OR_RETURN(const auto tensors, TakeCount("tensors"));
    METERHOUND_ASSIGN_OR_RETURN(const auto keys, TakeCount("keys"));
    for (std::uint64_t i = 0; i < keys; ++i) METERHOUND_RETURN_IF_ERROR(TakeKey(file));
    for (std::uint64_t i = 0; i < tensors; ++i) METERHOUND_RETURN_IF_ERROR(TakeTensor(file));
    METERHOUND_RETURN_IF_ERROR(CheckPlaces(file));
    return file;
  }

 private:
  Error Fail(const std::string& message, ErrorCode code = ErrorCode::kCorrupt) const {
    return {code, message, where_ + ": byte " + std::to_string(at_)};
  }
  Error CutShort(const std::string& what) const {
    if (bytes_.size() < file_bytes_) return Fail("the header goes past 64 MiB at the " + what);
    return Fail("the file is cut short: it ends within the header, at the " + what);
  }
  std::uint64_t left() const { return bytes_.size() - at_; }

  template <typename T>
  Result<T> Take(const std::string& what) {
    if (left() < sizeof(T)) return CutShort(what);
    T value;
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  Result<std::uint64_t> TakeCount(const std::string& what) {
    METERHOUND_ASSIGN_OR_RETURN(const auto count, Take<std::uint64_t>("number of " + what));
    if (count > kMaxEntries)
      return Fail("says it has " + std::to_string(count) + " " + what + ", at most 100,000 are read");
    return count;
  }

  Result<std::string> TakeText(const std::string& what, std::uint64_t most) {
    METERHOUND_ASSIGN_OR_RETURN(const auto length, Take<std::uint64_t>(what));
    if (length > most) return Fail("the " + what + " says it has " + std::to_string(length) + " bytes");
    if (length > left()) return CutShort(what);
    std::string text(bytes_.substr(at_, length));
    at_ += length;
    return text;
  }

  Status TakeKey(GgufFile& file) {
    METERHOUND_ASSIGN_OR_RETURN(std::string key, TakeText("key", kMaxKey));
    METERHOUND_ASSIGN_OR_RETURN(const auto type, Take<std::uint32_t>("type of " + key));
    METERHOUND_ASSIGN_OR_RETURN(GgufValue value, type == kArray ? TakeArray(key) : TakeScalar(type, key));
    if (!file.values.emplace(key, std::move(value)).second) return Fail("has the key '" + key + "' twice");
    return {};
  }

  template <typename T>
  Result<GgufValue> TakeNumber(const std::string& key) {
    METERHOUND_ASSIGN_OR_RETURN(const T number, Take<T>(key));
    if constexpr (std::is_floating_point_v<T>) {
      return GgufValue(static_cast<double>(number));
    } else {
      if (std::cmp_greater(number, std::numeric_limits<std::int64_t>::max())) return Fail("'" + key + "' is too large");
      return GgufValue(static_cast<std::int64_t>(number));
    }
  }

  Result<GgufValue> TakeScalar(std::uint32_t type, const std::string& key) {
    switch (type) {
      case kUint8:
        return TakeNumber<std::uint8_t>(key);
      case kInt8:
        return TakeNumber<std::int8_t>(key);
      case kUint16:
        return TakeNumber<std::uint16_t>(key);
      case kInt16:
        return TakeNumber<std::int16_t>(key);
      case kUint32:
        return TakeNumber<std::uint32_t>(key);
      case kInt32:
        return TakeNumber<std::int32_t>(key);
      case kUint64:
        return TakeNumber<std::uint64_t>(key);
      case kInt64:
        return TakeNumber<std::int64_t>(key);
      case kFloat32:
        return TakeNumber<float>(key);
      case kFloat64:
        return TakeNumber<double>(key);
      case kBool: {
        METERHOUND_ASSIGN_OR_RETURN(const auto truth, Take<std::uint8_t>(key));
        return GgufValue(truth != 0);
      }
      case kString: {
        METERHOUND_ASSIGN_OR_RETURN(std::string text, TakeText(key, kMaxText));
        return GgufValue(std::move(text));
      }
      default:
        return Fail("'" + key + "' has the unknown type " + std::to_string(type));
    }
  }

  Result<GgufValue> TakeArray(const std::string& key) {
    METERHOUND_ASSIGN_OR_RETURN(const auto type, Take<std::uint32_t>(key));
    GgufArray array;
    METERHOUND_ASSIGN_OR_RETURN(array.count, Take<std::uint64_t>(key));
    if (type == kString) {
      // Eight bytes of length each, at least: a count that cannot fit is refused before the loop.
      if (array.count > left() / 8) return CutShort(key);
      for (std::uint64_t i = 0; i < array.count; ++i) METERHOUND_RETURN_IF_ERROR(SkipText(key));
      return GgufValue(std::move(array));
    }
    const std::uint64_t size = ScalarBytes(type);
    if (size == 0) return Fail("'" + key + "' is a list of the unknown type " + std::to_string(type));
    const auto bytes = Times(array.count, size);
    if (!bytes || *bytes > left()) return CutShort(key);
    const bool whole = type != kFloat32 && type != kFloat64 && type != kBool;
    if (!whole || array.count > kKeptNumbers) {
      at_ += *bytes;
      return GgufValue(std::move(array));
    }
    for (std::uint64_t i = 0; i < array.count; ++i) {
      METERHOUND_ASSIGN_OR_RETURN(const GgufValue number, TakeScalar(type, key));
      array.numbers.push_back(std::get<std::int64_t>(number));
    }
    return GgufValue(std::move(array));
  }

  Status SkipText(const std::string& key) {
    METERHOUND_ASSIGN_OR_RETURN(const auto length, Take<std::uint64_t>(key));
    if (length > left()) return CutShort(key);
    at_ += length;
    return {};
  }

  Status TakeTensor(GgufFile& file) {
    GgufTensor tensor;
    METERHOUND_ASSIGN_OR_RETURN(tensor.name, TakeText("name of a tensor", kMaxKey));
    METERHOUND_ASSIGN_OR_RETURN(const auto dimensions, Take<std::uint32_t>("shape of " + tensor.name));
    if (dimensions < 1 || dimensions > 4) {
      return Fail("'" + tensor.name + "' has " + std::to_string(dimensions) + " dimensions, expected 1 to 4");
    }
    std::uint64_t values = 1;
    for (std::uint32_t i = 0; i < dimensions; ++i) {
      METERHOUND_ASSIGN_OR_RETURN(const auto size, Take<std::uint64_t>("shape of " + tensor.name));
      const auto product = Times(values, size);
      if (size == 0 || !product) return Fail("'" + tensor.name + "' has an impossible shape");
      values = *product;
      tensor.shape.push_back(size);
    }
    METERHOUND_ASSIGN_OR_RETURN(tensor.type, Take<std::uint32_t>("type of " + tensor.name));
    METERHOUND_ASSIGN_OR_RETURN(tensor.offset, Take<std::uint64_t>("place of " + tensor.name));
    const TensorType* type = FindType(tensor.type);
    if (type == nullptr) {
      return Fail("'" + tensor.name + "' has the unknown type " + std::to_string(tensor.type), ErrorCode::kUnsupported);
    }
    if (tensor.shape.front() % type->block != 0) {
      return Fail("'" + tensor.name + "' has rows of " + std::to_string(tensor.shape.front()) + " values, " +
                  type->name + " needs a multiple of " + std::to_string(type->block));
    }
    const auto bytes = Times(values / type->block, type->bytes);
    if (!bytes) return Fail("'" + tensor.name + "' has an impossible size");
    tensor.bytes = *bytes;
    file.tensors.push_back(std::move(tensor));
    return {};
  }

  // The data begins at the next multiple of the alignment; all tensors must end within the file.
  Status CheckPlaces(GgufFile& file) {
    const auto stated = file.Number("general.alignment");
    const std::uint64_t alignment = stated ? static_cast<std::uint64_t>(*stated) : kDefaultAlignment;
    if (stated && (*stated <= 0 || *stated > (std::int64_t{1} << 20U) || !std::has_single_bit(alignment))) {
      return Fail("general.alignment is " + std::to_string(*stated) + ", expected a power of two");
    }
    file.header_bytes = (at_ + alignment - 1) / alignment * alignment;
    std::uint64_t end = 0;
    for (const GgufTensor& tensor : file.tensors) {
      if (tensor.offset % alignment != 0) return Fail("'" + tensor.name + "' lies at a place that is not aligned");
      std::uint64_t tensor_end = 0;
      if (__builtin_add_overflow(tensor.offset, tensor.bytes, &tensor_end)) {
        return Fail("'" + tensor.name + "' lies at an impossible place");
      }
      end = std::max(end, tensor_end);
    }
    std::uint64_t expected = 0;
    if (__builtin_add_overflow(file.header_bytes, end, &expected)) return Fail("has an impossible size");
    if (!file.tensors.empty() && expected > file_bytes_) {
      return Corrupt("the file is cut short: it has " + std::to_string(file_bytes_) + " bytes, its tensors end at " +
                         std::to_string(expected),
                     where_);
    }
    return {};
  }

  std::string_view bytes_;
  std::uint64_t file_bytes_;
  const std::string& where_;
  std::size_t at_ = 0;
};

}  // namespace

Result<GgufFile> ParseGguf(std::string_view bytes, std::uint64_t file_bytes, const std::string& where) {
  return Parser(bytes, file_bytes, where).Parse();
}

Result<GgufFile> ReadGguf(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return NotFound("no such file", path.string());
  if (!std::filesystem::is_regular_file(status)) return InvalidInput("is no file", path.string());
  const std::uint64_t size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) return InvalidInput("cannot be opened", path.string());
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, kMaxHeader)), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (static_cast<std::size_t>(file.gcount()) != bytes.size()) return Unavailable("reading failed", path.string());
  return ParseGguf(bytes, size, path.string());
}

std::optional<std::string> GgufFile::Text(std::string_view key) const {
  const auto found = values.find(key);
  if (found == values.end()) return std::nullopt;
  const auto* text = std::get_if<std::string>(&found->second);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<std::int64_t> GgufFile::Number(std::string_view key) const {
  const auto found = values.find(key);
  if (found == values.end()) return std::nullopt;
  const auto* number = std::get_if<std::int64_t>(&found->second);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<std::int64_t> GgufFile::ShapeNumber(std::string_view key) const {
  return Number(architecture() + "." + std::string(key));
}

std::uint64_t GgufFile::Count(std::string_view key) const {
  const auto found = values.find(key);
  if (found == values.end()) return 0;
  const auto* array = std::get_if<GgufArray>(&found->second);
  return array == nullptr ? 0 : array->count;
}

std::string GgufFile::architecture() const { return Text("general.architecture").value_or(""); }

std::string GgufFile::quantization() const {
  if (const auto type = Number("general.file_type")) {
    for (const FileType& known : kFileTypes) {
      if (known.number == *type) return known.name;
    }
  }
  std::map<std::uint32_t, std::uint64_t> bytes;
  for (const GgufTensor& tensor : tensors) bytes[tensor.type] += tensor.bytes;
  const auto most =
      std::max_element(bytes.begin(), bytes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == bytes.end() ? "" : FindType(most->first)->name;
}

std::uint64_t GgufFile::parameters() const {
  std::uint64_t sum = 0;
  for (const GgufTensor& tensor : tensors) {
    const TensorType* type = FindType(tensor.type);
    sum += tensor.bytes / type->bytes * type->block;
  }
  return sum;
}

std::uint64_t GgufFile::weight_bytes() const {
  std::uint64_t sum = 0;
  for (const GgufTensor& tensor : tensors) sum += tensor.bytes;
  return sum;
}

}  // namespace meterhound::llm
