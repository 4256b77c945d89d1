# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the attacks in sh share, as attack.py is for those in Python: their arguments,
# BUILD [--rounds N] [--seed N], a folder to work in, and the findings, of which each
# attack prints one summary. Sourced with $rounds set to what it is without --rounds;
# sets $name, $build, $converge, $rounds, $seed and $files.

name=$(basename "$0")

usage ()
{
  echo "Usage: $0 BUILD [--rounds N] [--seed N]" >&2
  exit 2
}

# skip REASON
skip ()
{
  echo "$name: skipped: $1"
  exit 77
}

# need PROGRAM…
need ()
{
  for program; do
    command -v "$program" > /dev/null || skip "there is no $program"
  done
}

[ $# -gt 0 ] || usage
build=$(CDPATH='' cd -- "$1" 2> /dev/null && pwd) || usage
converge=$build/app/converge
[ -x "$converge" ] || usage
shift

seed=1
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

files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
trap 'exit 130' INT TERM
began=$(date +%s)
n_found=0

# find_fault KIND [DETAIL]: notes that something did not hold
find_fault ()
{
  n_found=$((n_found + 1))
  echo "$name: $1${2:+: $2}"
}

# end FIGURES: prints the summary and ends, with 0 if nothing was found
end ()
{
  found=nothing
  [ $n_found = 0 ] || found="$n_found faults"
  echo "$name: $1; seed $seed; $(($(date +%s) - began)) s; found: $found"
  [ $n_found = 0 ]
  exit
}
