#!/usr/bin/env bash
# Checks the whole tree: what may include what, formatting, clang-tidy and, where shellcheck is installed, the shell
# scripts. Prints what is wrong and changes nothing. BUILD is an up-to-date build folder.
#   tools/lint.sh [BUILD]
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
build=${1:-build/release}
[ -f "$build/compile_commands.json" ] || { echo "lint: $build holds no compile_commands.json; run make build" >&2; exit 2; }

failed=()
stage() {  # stage NAME COMMAND...: runs all stages even when one fails
  local name=$1
  shift
  printf '\033[1m==> %s\033[0m\n' "$name" >&2
  "$@" || failed+=("$name")
}

mapfile -t sources < <(git ls-files --cached --others --exclude-standard 'src/*.h' 'src/*.cc' 'apps/*.cc' 'tests/*.h' 'tests/*.cc' 'python/native/*')
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)

stage includes tools/check_includes.py
stage format clang-format-14 --dry-run --Werror "${sources[@]}"
stage clang-tidy tools/run_clang_tidy.py "$build"
if command -v shellcheck >/dev/null; then
  stage shellcheck shellcheck "${scripts[@]}"
fi

if [ ${#failed[@]} -gt 0 ]; then
  echo "lint: findings of ${failed[*]}" >&2
  exit 1
fi
