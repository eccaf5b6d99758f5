#!/usr/bin/env bash
# Runs every fuzz target for a while, starting from small valid inputs; stops at the first that crashes.
#   tools/fuzz.sh BUILD [SECONDS]
# What libFuzzer finds worth keeping stays in BUILD/corpus for the next time; a crash is left beside it as crash-*.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
seconds=${2:-60}
corpus=$build/corpus
mkdir -p "$corpus"/{readings,mapping,bundle,settings,calculators,gguf,http}

printf 'CONS_NO,FLAG,2014/1/1,2014/1/2,2014/1/13\na,1,1.5,,2\nb,0,"3",NaN,4e-1\n' >"$corpus/readings/wide"
printf 'id;time;value;kind\n1;2014-01-01 00:30;1,5;elec\n1;2014-01-01 01:00;2;elec\n' >"$corpus/readings/long"
gzip -nc "$corpus/readings/wide" >"$corpus/readings/gzip"
zstd -qcf "$corpus/readings/wide" >"$corpus/readings/zstd"
if [ -x "$build/tests/support/parquet_twin" ]; then
  cp "$corpus/readings/wide" "$build/seed.csv"
  "$build/tests/support/parquet_twin" "$build/seed.csv" "$corpus/readings/parquet" 1
fi
cp config/sources/*.yaml "$corpus/mapping/"
printf 'MHBUNDLE' >"$corpus/bundle/start"
printf '{"mean": null, "quantile": [{"q": 0.1}], "fft_coefficient": [{"attr": "abs", "coeff": 3}]}' >"$corpus/settings/one"
printf '{"default": "minimal", "kinds": {"value": {"agg_linear_trend": [{"attr": "slope", "chunk_len": 5, "f_agg": "max"}]}}}' >"$corpus/settings/kinds"
printf 'GGUF\x03\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0k\x04\0\0\0\x07\0\0\0' >"$corpus/gguf/key"
if [ -f "${XDG_CACHE_HOME:-$HOME/.cache}/meterhound/models/smollm2.gguf" ]; then
  head -c 4096 "${XDG_CACHE_HOME:-$HOME/.cache}/meterhound/models/smollm2.gguf" >"$corpus/gguf/model"
fi
for way in 0 1 2 3; do printf "\\x01\\x0${way}the quick brown fox jumps over the lazy dog" >"$corpus/calculators/way$way"; done
for n in 1 2 3 4 5 6 7 8; do { printf "\\x8$n"; seq "$n" 100 | sha512sum; } >"$corpus/calculators/dictionary$n"; done
printf '\x01\x3fseed\x1f\x4e' >"$corpus/calculators/huge"  # 19,999 readings

printf '\0{"id": "a", "start": "2014-01-31", "readings": [1, null, -2.5e0], "inner": {"id": "b", "readings": []}}' >"$corpus/http/json"
printf '\1/items/a%%20b?limit=5&tier=high,low' >"$corpus/http/target"
{ printf '\2'; printf 'some text, some text' | gzip -nc; } >"$corpus/http/gzip"
{ printf '\3'; printf 'some text, some text' | zstd -qc; } >"$corpus/http/zstd"
printf '\4GET /items/7?limit=5 HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nIf-None-Match: *\r\n\r\n' >"$corpus/http/get"
printf '\5POST /detect HTTP/1.1\r\nHost: a\r\nX-API-Key: k\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{"id":"a", "readings": [1]}' >"$corpus/http/post"
printf '\6POST /detect HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na,b\r\n0\r\n\r\n' >"$corpus/http/chunked"

for target in readings mapping bundle settings calculators gguf http; do
  printf '\033[1m==> %s, %s s\033[0m\n' "$target" "$seconds"
  log=$build/fuzz-$target.log
  if ! "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$corpus/" "$corpus/$target" >"$log" 2>&1; then
    tail -n 60 "$log"
    echo "fuzz: $target failed; the input is $(ls -t "$corpus"/*-* | head -n 1)" >&2
    exit 1
  fi
  grep -E 'number_of_executed_units|peak_rss' "$log"
done
