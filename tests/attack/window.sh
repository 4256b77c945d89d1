# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the attacks share that start the built application's window on a screen of
# its own and do to it what a person, or a desk, would not. Sourced as attack.sh is;
# starts the attack again on a screen if it is on none.

if [ -z "${CONVERGE_ATTACK:-}" ]; then
  for program in Xvfb xdotool; do
    if ! command -v $program > /dev/null; then
      echo "$(basename "$0"): skipped: there is no $program"
      exit 77
    fi
  done
  CONVERGE_ATTACK=1 exec "$(dirname "$0")/../ui/with-display" "$0" "$@"
fi

# shellcheck source=tests/attack/attack.sh
. "$(dirname "$0")/attack.sh"
# shellcheck source=tests/ui/application.sh
. "$(dirname "$0")/../ui/application.sh"

# The window's settings are in a file that the attacks write and read.
export GSETTINGS_BACKEND=keyfile GSETTINGS_SCHEMA_DIR="$build/data" GTK_A11Y=none
export XDG_CONFIG_HOME="$files/config" OPENBLAS_NUM_THREADS=1 GTK_USE_PORTAL=0
key_file=$files/config/glib-2.0/settings/keyfile
output=$files/output
random=$seed
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
  random=$(((random * 1103515245 + 12345) % 2147483648))
  drawn=$((random / 65536 % $1))
}

# store LINES: what the next window finds stored
store ()
{
  mkdir -p "$(dirname "$key_file")"
  printf '[io/github/converge/Converge]\n%s\n' "$1" > "$key_file"
}

# open_window: starts the application and waits until it can be typed to; one that
# does not open is killed
open_window ()
{
  # A shell lets what it starts in the background ignore Ctrl-C, and nohup the end of
  # the terminal.
  env --default-signal=INT,HUP,TERM "$converge" > "$output" 2>&1 &
  app=$!
  if ! wait_for find_window; then
    kill -9 $app
    wait_for_end
    return 1
  fi
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

# complain SENTENCE: notes a fault, with what the application wrote
complain ()
{
  find_fault "$1"
  [ ! -s "$output" ] || sed 's/^/  /' "$output" | head -n 60
}

# has_report: whether the application wrote what only a fault makes it write
has_report ()
{
  grep -qE 'CRITICAL|ERROR: |SUMMARY: |runtime error|Assertion' "$output"
}
