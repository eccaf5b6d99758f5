#!/usr/bin/env bash
# Prints the folder of a bare Debian bookworm tree (debootstrap's minbase, as slim images hold), made once for each of Debian's point
# releases in the cache folder. Needs root and the packages of packages-images.txt.
#   tools/bookworm.sh
set -euo pipefail
release=$(apt-cache policy base-files | awk '/Candidate:/ { print $2 }')
tree=${XDG_CACHE_HOME:-$HOME/.cache}/meterhound/bookworm-$release
mkdir -p "${tree%/*}"
exec 9>"$tree.lock"
flock 9
if [ ! -f "$tree.done" ]; then
  echo "==> making a bare bookworm of $release in $tree (once)" >&2
  rm -rf "$tree"
  debootstrap --variant=minbase bookworm "$tree" >"$tree.log" 2>&1 || { tail -20 "$tree.log" >&2; exit 1; }
  rm -rf "$tree"/var/cache/apt/archives/*.deb "$tree"/var/lib/apt/lists/*  # which a published base lacks, too
  touch "$tree.done"
fi
echo "$tree"
