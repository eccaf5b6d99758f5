#!/usr/bin/env bash
# Runs the test of the page: installs its packages into OUT, once for each package-lock.json, and drives the program's page.
#   tests/functional/page/run.sh OUT      (METERHOUND_PROGRAM names the program)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
if ! "$METERHOUND_PROGRAM" serve --help 2>/dev/null | grep -q 'meterhound serve'; then
  echo "SKIPPED: the page is not tested, for $METERHOUND_PROGRAM has no command serve" >&2
  exit 77
fi
mkdir -p "$out"
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$here"/*.mjs "$out/"
cd "$out"
lock=$(sha256sum package-lock.json)
if [ "$(cat installed 2>/dev/null)" != "$lock" ]; then
  npm ci --no-audit --no-fund >npm.log 2>&1 || { cat npm.log >&2; exit 1; }
  echo "$lock" >installed
fi
exec node --test test_page.mjs
