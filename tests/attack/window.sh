# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the scripts share that start the built application's window on a screen
# of its own and do to it what a person, or a desk, would not. To be sourced,
# with the script's arguments: BUILD [--rounds N] [--seed N]. Sets $converge,
# $rounds and $seed, and starts the script again on a screen if it is on none.

# usage: what is said to somebody who gives other arguments
usage ()
{
  echo "Usage: $0 BUILD [--rounds N] [--seed N]" >&2
  exit 2
}

build=${1:-}
[ -x "$build/app/converge" ] || usage
converge=$build/app/converge
seed=1

if [ -z "${CONVERGE_ATTACK:-}" ]; then
  for tool in xdotool Xvfb; do
    if ! command -v $tool > /dev/null; then
      echo "$(basename "$0"): skipped, since there is no $tool"
      exit 77
    fi
  done
  CONVERGE_ATTACK=1 exec "$(dirname "$0")/../ui/with-display" "$0" "$@"
fi

shift
while [ $# -gt 0 ]; do
  case $1 in
    --rounds) rounds=${2:-} ;;
    --seed) seed=${2:-} ;;
    *) usage ;;
  esac
  [ $# -ge 2 ] || usage
  shift 2
done
case $rounds$seed in *[!0-9]*) usage ;; esac

# The window's settings are in a file that the scripts write and read.
files=$(mktemp -d)
export GSETTINGS_BACKEND=keyfile GSETTINGS_SCHEMA_DIR="$build/data" GTK_A11Y=none
export XDG_CONFIG_HOME="$files/config" OPENBLAS_NUM_THREADS=1 GTK_USE_PORTAL=0
key_file=$files/config/glib-2.0/settings/keyfile
app=

finish ()
{
  [ -z "$app" ] || kill -9 "$app" 2> /dev/null
  rm -rf "$files"
}
trap finish EXIT

# draw N: the next random number below N, in $drawn
draw ()
{
  seed=$(((seed * 1103515245 + 12345) % 2147483648))
  drawn=$((seed / 65536 % $1))
}

# wait_for COMMAND… waits up to half a minute.
wait_for ()
{
  for _ in $(seq 300); do
    "$@" > /dev/null 2>&1 && return 0
    sleep 0.1
  done
  return 1
}

# store LINES: what the next window finds stored
store ()
{
  mkdir -p "$(dirname "$key_file")"
  printf '[io/github/converge/Converge]\n%s\n' "$1" > "$key_file"
}

find_window ()
{
  window=$(xdotool search --onlyvisible --name '^Converge$' 2> /dev/null | head -n 1)
  [ -n "$window" ]
}

is_gone ()
{
  ! kill -0 "$app" 2> /dev/null
}

# open_window: starts the application and waits until it can be typed to
open_window ()
{
  # A shell lets what it starts in the background ignore Ctrl-C.
  env --default-signal=INT "$converge" > "$files/output" 2>&1 &
  app=$!
  wait_for find_window || return 1
  sleep 0.4
  xdotool windowfocus "$window"
  sleep 0.1
}

# wait_for_end: waits for the application, in $status; a hung one is killed and
# has the status 137
wait_for_end ()
{
  wait_for is_gone || kill -9 "$app"
  wait "$app"
  status=$?
  app=
}

# complain SENTENCE: counts something that was found, and says what
n_found=0
complain ()
{
  n_found=$((n_found + 1))
  echo "$(basename "$0"): $1"
  [ ! -s "$files/output" ] || sed 's/^/  /' "$files/output" | head -n 20
}

# has_report: whether the application wrote what only a fault makes it write
has_report ()
{
  grep -qE 'CRITICAL|ERROR: |SUMMARY: |runtime error|Assertion' "$files/output"
}
