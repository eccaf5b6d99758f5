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

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (state_->context == nullptr || EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available in this OpenSSL");
  }
}
Sha256::~Sha256() = default;
void Sha256::Add(std::string_view bytes) { EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()); }

std::string Sha256::FinishHex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(state_->context, digest.data(), &size);
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text.push_back(kHex[digest[i] >> 4]);
    text.push_back(kHex[digest[i] & 15]);
  }
  return text;
}

std::string Sha256Hex(std::string_view bytes) {
  Sha256 sha;
  sha.Add(bytes);
  return sha.FinishHex();
}

Result<std::string> Sha256File(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return NotFound("cannot be opened for reading", path.string());
  Sha256 sha;
  std::vector<char> buffer(1 << 20);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0) {
    sha.Add({buffer.data(), static_cast<std::size_t>(file.gcount())});
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
