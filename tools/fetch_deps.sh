#!/usr/bin/env bash
# Fetches and builds the third-party parts that Debian does not carry, once per version, into a cache folder:
#   METERHOUND_DEPS (default: ${XDG_CACHE_HOME:-~/.cache}/meterhound/deps)
# Each part lies in <name>-<version>/ and is complete when <name>-<version>/.done exists. Prints nothing when all is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
deps=${METERHOUND_DEPS:-${XDG_CACHE_HOME:-$HOME/.cache}/meterhound/deps}
python=${METERHOUND_PYTHON:-/usr/bin/python3}
lock() { awk -v n="$1" -v f="$2" '$1 == n { print $f }' "$here/deps.lock"; }
if [ "${1:-}" = --where ]; then  # --where NAME: the folder of a part
  echo "$deps/$2-$(lock "$2" 2)"
  exit
fi
mkdir -p "$deps"
exec 9>"$deps/.lock"
flock 9

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

work=
cleanup() { if [ -n "$work" ]; then rm -rf "$work"; fi; }
trap cleanup EXIT

# Downloads one locked file into $work and checks its sha256.
fetch() {
  local name=$1 version sum kind file
  version=$(lock "$name" 2) sum=$(lock "$name" 3) kind=$(lock "$name" 4)
  if [ ! -x "$deps/fetcher/bin/unearth" ]; then
    rm -rf "$deps/fetcher"
    "$python" -m venv "$deps/fetcher"
    "$deps/fetcher/bin/pip" --quiet --disable-pip-version-check install 'unearth==0.19.0'
  fi
  if [ "$kind" = sdist ]; then
    # Plain `pip download --no-binary` would build the package; unearth only fetches it.
    "$deps/fetcher/bin/unearth" "$name==$version" --no-binary -d "$work" >/dev/null
  else
    "$deps/fetcher/bin/pip" --quiet --disable-pip-version-check download --no-deps --only-binary :all: \
      --python-version 311 --platform manylinux_2_28_x86_64 "$name==$version" -d "$work"
  fi
  file=$(find "$work" -maxdepth 1 -name "${name//-/_}-$version*" -type f)
  if ! echo "$sum  $file" | sha256sum --check --quiet; then
    echo "fetch_deps: $name $version does not have the sha256 in tools/deps.lock" >&2
    exit 1
  fi
  echo "$file"
}

begin() {  # begin NAME: true when the part must be made
  target="$deps/$1-$(lock "$1" 2)"
  [ -f "$target/.done" ] && return 1
  rm -rf "$target"
  cleanup
  work=$(mktemp -d "$deps/.work.XXXXXX")
}
finish() { touch "$target/.done"; }

if begin xgboost; then
  say "XGBoost $(lock xgboost 2): fetching and building (a few minutes, once)"
  file=$(fetch xgboost)
  tar -xzf "$file" -C "$work"
  if ! { cmake -S "$work/xgboost-$(lock xgboost 2)/cpp_src" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DBUILD_STATIC_LIB=ON -DUSE_OPENMP=ON -DCMAKE_INSTALL_PREFIX="$target" &&
    cmake --build "$work/build" --target install; } >"$work/log" 2>&1; then
    tail -40 "$work/log" >&2
    exit 1
  fi
  cp "$work/xgboost-$(lock xgboost 2)/cpp_src/LICENSE" "$target/" 2>/dev/null || true
  finish
fi

if begin numpy; then
  say "pocketfft (header from the numpy $(lock numpy 2) sources)"
  file=$(fetch numpy)
  mkdir -p "$target/include"
  tar -xzf "$file" -C "$work" --wildcards '*/pocketfft_hdronly.h' '*/pocketfft/LICENSE*'
  find "$work" -name pocketfft_hdronly.h -exec cp {} "$target/include/" \;
  find "$work" -path '*pocketfft/LICENSE*' -exec cp {} "$target/" \;
  test -f "$target/include/pocketfft_hdronly.h"
  finish
fi

if begin pyarrow; then
  say "Arrow C++ and Parquet (headers and libraries of the pyarrow $(lock pyarrow 2) wheel)"
  file=$(fetch pyarrow)
  mkdir -p "$target"
  (cd "$target" && "$python" -m zipfile -e "$file" . )
  finish
fi

# Unpacks llama.cpp into $work and builds one of its targets there, with these flags beside those of the program's own.
# AVX2 is for ggml's kernels alone; the program asks the processor before it runs them.
build_llama() {
  local file goal=$1
  shift
  file=$(fetch llama-cpp-python)
  tar -xzf "$file" -C "$work" --wildcards '*/vendor/llama.cpp/*'
  source="$work/llama_cpp_python-$(lock llama-cpp-python 2)/vendor/llama.cpp"
  if ! { cmake -S "$source" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$target" \
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=OFF \
    -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON -DGGML_OPENMP=OFF -DLLAMA_OPENSSL=OFF \
    -DLLAMA_BUILD_COMMON=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
    -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF "$@" &&
    cmake --build "$work/build" --target "$goal"; } >"$work/log" 2>&1; then
    tail -40 "$work/log" >&2
    exit 1
  fi
}

# Optional: the program builds without it (-DMETERHOUND_LLAMA=OFF), and METERHOUND_LLAMA=0 leaves it out here.
if [ "${METERHOUND_LLAMA:-1}" != 0 ] && begin llama-cpp-python; then
  say "llama.cpp (of llama-cpp-python $(lock llama-cpp-python 2)): fetching and building (a few minutes, once)"
  build_llama install
  cp "$source/LICENSE" "$target/"
  finish
fi

# llama.cpp's own bench, for `make bench-model` alone.
if [ "${METERHOUND_LLAMA_BENCH:-0}" = 1 ]; then
  target="$deps/llama-cpp-python-$(lock llama-cpp-python 2)"
  if [ ! -x "$target/bin/llama-bench" ]; then
    say "llama-bench: building (a few minutes, once)"
    cleanup
    work=$(mktemp -d "$deps/.work.XXXXXX")
    build_llama llama-bench -DLLAMA_BUILD_COMMON=ON -DLLAMA_BUILD_TOOLS=ON
    install -D "$work/build/bin/llama-bench" "$target/bin/llama-bench"
  fi
fi
