#!/usr/bin/env bash
# Builds the final stage of an image for real, from the program that is already built, on a base made by debootstrap; starts it
# read-only as its own user, asks it something, prints its size and how long it took to start. Needs root, buildah, debootstrap; no registry.
#   tools/try_image.sh [api|training] [BUILD]
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-api} build=${2:-build/release}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/meterhound
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
for need in buildah debootstrap; do
  command -v "$need" >/dev/null || { echo "try_image: $need is missing (apt-get install buildah debootstrap)" >&2; exit 1; }
done

base=localhost/meterhound-base:bookworm
if ! buildah images -q "$base" >/dev/null 2>&1; then
  mkdir -p "$cache"
  [ -f "$cache/bookworm/etc/debian_version" ] || debootstrap --variant=minbase bookworm "$cache/bookworm" >/dev/null
  rm -f "$cache"/bookworm/var/cache/apt/archives/*.deb  # which a published base lacks, too
  from=$(buildah from scratch)
  buildah copy -q "$from" "$cache/bookworm" / >/dev/null
  buildah commit -q "$from" "$base" >/dev/null
  buildah rm "$from" >/dev/null
fi

work=$(mktemp -d) container=
cleanup() {
  if [ -n "$container" ]; then buildah rm "$container" >/dev/null; fi
  rm -rf "$work"
}
trap cleanup EXIT
cmake --install "$build" --prefix "$work/opt/meterhound" --component program --strip >/dev/null
mkdir -p "$work/tools"
cp tools/packages-runtime.txt "$work/tools/"
# The last stage as it stands, but for where the program comes from.
{ echo 'ARG BASE'; sed -n '/ AS final$/,$p' "docker/Dockerfile.$kind" | sed 's/^COPY --from=build \/opt/COPY opt/'; } >"$work/Dockerfile"
image=localhost/meterhound-$kind
buildah bud -q --format docker --pull-never --build-arg "BASE=$base" -f "$work/Dockerfile" -t "$image" "$work" >/dev/null
container=$(buildah from --pull-never "$image")
root=$(buildah mount "$container")
size() { du -sm --apparent-size "$1" | cut -f1; }
echo "image: $(size "$root") MB, of these the program $(size "$root/opt/meterhound") MB"
for tool in cc gcc g++ make curl wget python3; do
  found=$(find "$root"/usr/bin "$root"/usr/local/bin -name "$tool")
  [ -z "$found" ] || { echo "try_image: the final stage holds $tool" >&2; exit 1; }
done
if [ "$(buildah run "$container" -- id -u)" = 0 ]; then echo "try_image: runs as root" >&2; exit 1; fi

tools/try_image.py "$kind" "$container"
