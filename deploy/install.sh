#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0
# Make a Debian 12 into a server of Arkanum: the program in /opt/arkanum, two users, two services.
#
#   deploy/install.sh                  all of it, with SQLite
#   deploy/install.sh --postgresql     all of it, with this machine's PostgreSQL
#   deploy/install.sh STEP...          only these steps: program users places database units start
#
# Run as root, as often as you like: every step leaves alone what is right already, and that is how updates are made.
# It asks for nothing and writes no secret anywhere: the practice's keys are made in the browser, on the first day.
set -euo pipefail
umask 022
here=$(cd "$(dirname "$0")/.." && pwd)
home=/opt/arkanum
settings=/etc/arkanum/arkanum.env

say() { printf '\n== %s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

program() { # the checkout, its Python packages by hash, its built pages; all of it root's, so no service can change it
  say "Program in $home"
  command -v git >/dev/null && command -v make >/dev/null || apt-get install -y -qq --no-install-recommends git make
  if [[ $here != "$home" ]]; then
    [[ -d $home/.git ]] || git init -q "$home"
    git -C "$home" fetch -q "$here" HEAD
    git -C "$home" checkout -q --force --detach FETCH_HEAD
  fi
  "$home/tools/setup.sh" run
  "$home/.venv/bin/python" -m compileall -q "$home/src" # the services may write nothing beside their sources
}

users() { # two users that nobody can sign in as, and the group that they alone are in
  say "Users arkanum-guard and arkanum-web, group arkanum"
  install -D -m 0644 "$here/deploy/systemd/sysusers.conf" /etc/sysusers.d/arkanum.conf
  systemd-sysusers /etc/sysusers.d/arkanum.conf
}

places() { # where rows and settings lie
  say "Folders in /var/lib/arkanum"
  install -D -m 0644 "$here/deploy/systemd/tmpfiles.conf" /etc/tmpfiles.d/arkanum.conf
  systemd-tmpfiles --create /etc/tmpfiles.d/arkanum.conf
  [[ -e $settings ]] || install -D -m 0644 "$here/deploy/systemd/arkanum.env" "$settings"
  install -D -m 0755 "$here/deploy/arkanum-as" /usr/local/sbin/arkanum-as
}

database() { # PostgreSQL: one role a service, known by its user and without a pass word; the guard owns the tables
  say "PostgreSQL: database arkanum, roles arkanum-guard and arkanum-web"
  command -v psql >/dev/null || apt-get install -y -qq --no-install-recommends postgresql
  local sql="runuser -u postgres -- psql -qXAt -v ON_ERROR_STOP=1" role
  for role in arkanum-guard arkanum-web; do
    [[ $($sql -c "SELECT 1 FROM pg_roles WHERE rolname = '$role'") ]] || $sql -c "CREATE ROLE \"$role\" LOGIN"
  done
  [[ $($sql -c "SELECT 1 FROM pg_database WHERE datname = 'arkanum'") ]] ||
    $sql -c "CREATE DATABASE arkanum OWNER \"arkanum-guard\" ENCODING 'UTF8' TEMPLATE template0"
  $sql -c 'REVOKE ALL ON DATABASE arkanum FROM PUBLIC' -c 'GRANT CONNECT ON DATABASE arkanum TO "arkanum-web"'
  sed -i -e 's|^ARKANUM_DATABASE=sqlite|# &|' -e 's|^# *\(ARKANUM_DATABASE=postgresql\)|\1|' "$settings"
}

units() { # the two services, with everything that they may not do
  say "Services arkanum-guard and arkanum-web"
  local unit
  for unit in arkanum-guard arkanum-web; do
    install -D -m 0644 "$here/deploy/systemd/$unit.service" "/etc/systemd/system/$unit.service"
  done
  systemctl daemon-reload
}

start() { # now, and whenever the machine starts; an update restarts both, which seals the practice for a moment
  say "Start"
  systemctl enable -q arkanum-guard.service arkanum-web.service
  systemctl restart arkanum-guard.service arkanum-web.service
  systemctl is-active arkanum-guard.service arkanum-web.service
  cat <<'END'

The code for the first start (only while there is no practice):
  journalctl -u arkanum-guard -n 20
END
}

[[ $(id -u) -eq 0 ]] || stop "Please run this as root: sudo $0 $*"
steps=(program users places units start)
if [[ ${1:-} == --postgresql ]]; then
  steps=(program users places database units start)
elif [[ $# -gt 0 ]]; then
  steps=("$@")
fi
for step in "${steps[@]}"; do
  case $step in
    program | users | places | database | units | start) "$step" ;;
    *) stop "No such step: $step (program, users, places, database, units, start)" ;;
  esac
done
