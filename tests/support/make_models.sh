#!/usr/bin/env bash
# The models that tests run: SmolLM2 in the store, and small random ones in FOLDER. Does nothing when they are there.
#   tests/support/make_models.sh PROGRAM FOLDER
set -euo pipefail
tools=$(cd "$(dirname "$0")/../../tools" && pwd)
"$tools/fetch_model.sh" "$1"
mkdir -p "$2"
for architecture in phi3 llama; do
  [ -f "$2/$architecture.gguf" ] && continue
  PYTHONDONTWRITEBYTECODE=1 "$tools/make_random_gguf.py" --with-peers --architecture "$architecture" --out "$2/$architecture.part"
  mv "$2/$architecture.part" "$2/$architecture.gguf"
done
