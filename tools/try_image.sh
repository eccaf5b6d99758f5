#!/usr/bin/env bash
# Builds both images from their Dockerfiles as they stand, but for the build stage, in whose place the program that is already built
# is put; then uses each as its users do (tools/try_image.py). Prints sizes and how long the service took to start. Exit status 77: this
# machine cannot do it (root, namespaces, buildah and debootstrap are needed; no registry, no Docker).
#   tools/try_image.sh [BUILD]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
skip() { echo "SKIPPED: try_image: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "not root"
unshare --mount --net true || skip "no namespaces here"
tools/install_packages.sh tools/packages-images.txt || skip "buildah and debootstrap cannot be installed"

tree=$(tools/bookworm.sh)
base=localhost/meterhound-base:${tree##*/bookworm-}
base=${base//+/_}
if ! buildah images -q "$base" >/dev/null 2>&1; then
  from=$(buildah from scratch)
  buildah copy -q "$from" "$tree" / >/dev/null
  buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$from"
  buildah commit -q "$from" "$base" >/dev/null
  buildah rm "$from" >/dev/null
fi

work=$(mktemp -d) container='' image=''
forget() {  # each image is a copy of its whole tree on this machine
  if [ -n "$container" ]; then buildah rm "$container" >/dev/null; fi
  if [ -n "$image" ]; then buildah rmi "$image" >/dev/null; fi
  container='' image=''
}
cleanup() {
  forget
  rm -rf "$work"
}
trap cleanup EXIT
# What the build stage would have left; its name given as a context, COPY --from=build takes it from here and the stage is not run.
cmake --install "$build" --prefix "$work/opt/meterhound" --component program --strip >/dev/null

size() { du -sm --apparent-size "$1" | cut -f1; }
commands() { (cd "$1" && find bin sbin usr/bin usr/sbin usr/local/bin usr/local/sbin opt/*/bin -not -type d -printf '%f\n' 2>/dev/null | sort -u); }

try_kind() {  # try_kind api|training
  local root added expected
  buildah bud --iidfile "$work/image" --format docker --pull-never --build-arg "BASE=$base" --build-context "build=$work" \
    -f "docker/Dockerfile.$1" . >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  image=$(cat "$work/image")
  container=$(buildah from --pull-never "$image")
  root=$(buildah mount "$container")
  echo "$1: $(size "$root") MB, of these the program $(size "$root/opt/meterhound") MB, the base $(size "$tree") MB"
  # Nothing to compile, fetch or run scripts with comes on top of the base.
  added=$(comm -13 <(commands "$tree") <(commands "$root") | xargs)
  expected="c_rehash meterhound meterhound-llm openssl update-ca-certificates"
  if [ "$added" != "$expected" ]; then echo "try_image: commands beyond the base: $added; expected $expected" >&2; exit 1; fi
  buildah inspect "$container" >"$work/image.json"
  unshare --mount --net tools/try_image.py "$1" "$root" "$work/image.json"
  forget
}

for kind in training api; do try_kind "$kind"; done
