#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0
# Pin requirements*.in by version and hash. The lock files name no address: each machine asks the index it is set up
# for, and the hash decides whether what comes is what was meant.
set -euo pipefail
cd "$(dirname "$0")/.."

pin() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
}

pin requirements.in -o requirements.lock
pin requirements-dev.in -c requirements.lock -o requirements-dev.lock
pin requirements-sslyze.in -o requirements-sslyze.lock
if grep -n '://' requirements*.lock; then
  echo "a lock file names an address" >&2
  exit 1
fi
