// SHA-256 by OpenSSL, XXH64 by libxxhash.
#include "base/hashing.h"

#include <openssl/evp.h>

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace meterhound {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) != 1) {
      throw std::runtime_error("SHA-256 is not available in this OpenSSL");
    }
  }
  ~Sha256() { EVP_MD_CTX_free(context_); }
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(const void* data, std::size_t size) { EVP_DigestUpdate(context_, data, size); }

  std::string FinishHex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_, digest.data(), &size);
    constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
      text.push_back(kHex[digest[i] >> 4]);
      text.push_back(kHex[digest[i] & 15]);
    }
    return text;
  }

 private:
  EVP_MD_CTX* context_;
};

}  // namespace

std::string Sha256Hex(std::string_view bytes) {
  Sha256 sha;
  sha.Add(bytes.data(), bytes.size());
  return sha.FinishHex();
}

Result<std::string> Sha256File(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return NotFound("cannot be opened for reading", path.string());
  Sha256 sha;
  std::vector<char> buffer(1 << 20);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0) {
    sha.Add(buffer.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return Unavailable("reading failed", path.string());
  return sha.FinishHex();
}

struct Hasher64::State {
  XXH64_state_t xxh;
};

Hasher64::Hasher64(std::uint64_t seed) : state_(std::make_unique<State>()) { XXH64_reset(&state_->xxh, seed); }
Hasher64::~Hasher64() = default;
void Hasher64::AddBytes(const void* data, std::size_t size) {
  if (size > 0) XXH64_update(&state_->xxh, data, size);
}
std::uint64_t Hasher64::Finish() const { return XXH64_digest(&state_->xxh); }

}  // namespace meterhound
