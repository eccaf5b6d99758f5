#!/usr/bin/env bash
# Installs what a fresh Debian bookworm lacks (Debian packages, then the locked third-party parts). Quiet when all is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/install_packages.sh" "$here/packages.txt"
command -v npm >/dev/null || "$here/install_packages.sh" "$here/packages-page.txt"  # npm may have come another way
"$here/fetch_deps.sh"
