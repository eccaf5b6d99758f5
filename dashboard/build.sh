#!/usr/bin/env bash
# Builds the page and writes it as C++: OUT/page_table.cc. Packages are installed in OUT, once for each package-lock.json;
# nothing is built where the inputs are those of the last time. Quiet unless something fails.
#   dashboard/build.sh SOURCE OUT
set -euo pipefail
source=$1
out=$2
work=$out/work
mkdir -p "$work"

hash_of() { (cd "$source" && find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64); }
parts=(src public test build.sh embed.mjs index.html package.json package-lock.json .npmrc tsconfig.json vite.config.ts)
inputs=$(hash_of "${parts[@]}")
packages=$(hash_of package.json package-lock.json .npmrc)
if [ -f "$out/page_table.cc" ] && [ "$(cat "$out/inputs" 2>/dev/null)" = "$inputs" ]; then
  touch "$out/page_table.cc"
  exit 0
fi

quietly() {  # quietly WHAT COMMAND...: shows the command's words only where it fails
  local what=$1
  shift
  if ! "$@" >"$out/log" 2>&1; then
    echo "$what failed:" >&2
    cat "$out/log" >&2
    return 1
  fi
}

(cd "$work" && rm -rf "${parts[@]}" dist)
(cd "$source" && cp -R "${parts[@]}" "$work/")
cd "$work"
if [ "$(cat "$out/packages" 2>/dev/null)" != "$packages" ]; then
  rm -f "$out/packages"
  quietly "installing the page's packages (npm ci; without a network configure with -DMETERHOUND_DASHBOARD=OFF)" npm ci --no-audit --no-fund
  echo "$packages" >"$out/packages"
fi
quietly "building the page" npm run build
node embed.mjs dist "$out/page_table.cc"
echo "$inputs" >"$out/inputs"
