#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0
# Bring a fresh Debian 12 (python3, python3-venv, git, make) to where Arkanum runs, or can be worked on.
#
#   tools/setup.sh run   what the product needs
#   tools/setup.sh dev   what its builders need as well
#
# Each step leaves a stamp with the hash of what it was made from, so a second call takes no time. Nothing is installed
# behind anyone's back: as root through apt-get, otherwise the exact command is printed and the set-up stops.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:?run or dev}
venv=.venv
python=${PYTHON:-python3}

say() { printf '\n== %s\n' "$*"; }

hash_of() { cat -- "$@" | sha256sum | cut -d' ' -f1; }

fresh() { # fresh STAMP HASH: was this step done with exactly this?
  [[ -f $1 && $(<"$1") == "$2" ]]
}

debian_packages() { # install what is missing, or say how
  local missing=("$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ $(id -u) -ne 0 ]]; then
    printf 'Missing on this machine. Please run this, then start again:\n\n  sudo apt-get install --no-install-recommends %s\n\n' \
      "${missing[*]}" >&2
    exit 1
  fi
  say "Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

missing_for_run() {
  "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

missing_for_dev() {
  [[ -x /usr/lib/postgresql/15/bin/initdb ]] || echo postgresql-15
  command -v chromium >/dev/null || echo chromium
  compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || echo libatomic1 # Playwright's driver needs it
  [[ -d /usr/share/fonts/truetype/noto ]] || echo fonts-noto-core
  command -v nmap >/dev/null || echo nmap               # the look from outside, in the attack tests
  [[ -x /usr/sbin/nft ]] || echo nftables              # are the rules we offer rules?
  [[ -x /usr/sbin/ip || -x /usr/bin/ip ]] || echo iproute2 # a second machine on this one: network namespaces
  command -v openssl >/dev/null || echo openssl         # another reader of our certificates than the one that made them
  command -v certutil >/dev/null || echo libnss3-tools  # and the store that browsers keep theirs in
  command -v systemd-analyze >/dev/null || echo systemd # how much our units may do
}

python_packages() { # python_packages LOCK
  local lock=$1 stamp=$venv/.stamp-$1 hash
  hash=$(hash_of "$lock" pyproject.toml)
  if fresh "$stamp" "$hash"; then return 0; fi
  say "Python packages of $lock"
  [[ -x $venv/bin/python ]] || "$python" -m venv "$venv"
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$lock"
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
  echo "$hash" >"$stamp"
}

outside_looker() { # sslyze, in an environment of its own: it asks for another `cryptography` than the product
  local venv=.venv-sslyze stamp=.venv-sslyze/.stamp hash
  hash=$(hash_of requirements-sslyze.lock)
  if fresh "$stamp" "$hash"; then return 0; fi
  say "Python packages of requirements-sslyze.lock"
  [[ -x $venv/bin/python ]] || "$python" -m venv "$venv"
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-sslyze.lock
  echo "$hash" >"$stamp"
}

front_end() { # scripts and styles of the pages, from npm's lock file
  [[ -f package.json ]] || return 0
  local stamp=node_modules/.stamp-arkanum hash
  local sources
  mapfile -t sources < <(git ls-files -- package.json package-lock.json src/arkanum/web/frontend | sort)
  hash=$(hash_of "${sources[@]}")
  if [[ -d src/arkanum/web/static/dist ]] && fresh "$stamp" "$hash"; then return 0; fi
  say "Front end"
  PATH="$PWD/$venv/bin:$PATH" npm ci --no-fund --no-audit --loglevel=error
  PATH="$PWD/$venv/bin:$PATH" npm run --silent build
  echo "$hash" >"$stamp"
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Arkanum needs Python 3.11 or newer; choose one with PYTHON=/path/to/python3" >&2
  exit 1
}
mapfile -t missing < <(missing_for_run; if [[ $kind == dev ]]; then missing_for_dev; fi)
debian_packages "${missing[@]}"
python_packages requirements.lock
if [[ $kind == dev ]]; then
  python_packages requirements-dev.lock
  outside_looker
fi
front_end
