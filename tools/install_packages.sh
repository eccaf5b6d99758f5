#!/usr/bin/env bash
# Installs the Debian packages named in a list, one a line, that are missing. Quiet when all are there.
#   tools/install_packages.sh LIST
set -euo pipefail

packages=()
while read -r package _; do
  case "$package" in '' | '#'*) continue ;; esac
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || packages+=("$package")
done <"$1"
[ ${#packages[@]} -gt 0 ] || exit 0

printf '\033[1m==> installing Debian packages: %s\033[0m\n' "${packages[*]}" >&2
sudo=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "setup: these packages are missing and neither root nor sudo is available: ${packages[*]}" >&2; exit 1; }
  sudo=(sudo)
fi
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends "${packages[@]}" >/dev/null
