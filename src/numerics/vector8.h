// Eight doubles at a time, with the same rounding on every processor: the widest instructions are chosen when the
// program starts, but lanes and the order of additions stay the same.
#pragma once

#include <cstdint>
#include <cstring>

// Compiles a function for AVX-512, AVX2 and plain x86-64. METERHOUND_VECTOR_LEVEL, with which tests/levels builds the
// same sources, leaves one of them. Sanitizers cannot run the resolvers that choose between them.
#if defined(METERHOUND_VECTOR_LEVEL)
#define METERHOUND_VECTOR_CLONES __attribute__((target(METERHOUND_VECTOR_LEVEL)))
#elif defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define METERHOUND_VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define METERHOUND_VECTOR_CLONES
#endif

namespace meterhound::numerics {

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored \
    "-Wpsabi"  // vectors never cross a call that is not inlined; include this in .cc files only
#endif

using Vector8 __attribute__((vector_size(64))) = double;
using Mask8 __attribute__((vector_size(64))) = std::int64_t;  ///< all bits of a lane set where a comparison held

__attribute__((always_inline)) inline Vector8 Load8(const double* from) {
  Vector8 value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

__attribute__((always_inline)) inline Vector8 Broadcast8(double value) { return Vector8{} + value; }

__attribute__((always_inline)) inline double Sum8(Vector8 v) {
  return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

__attribute__((always_inline)) inline std::int64_t Sum8(Mask8 v) {
  return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

}  // namespace meterhound::numerics
