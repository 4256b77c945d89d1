# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What all scripts share that start the built application and work its window: $app is
# its process.

# wait_for COMMAND… waits up to a minute until it succeeds.
wait_for ()
{
  end=$(($(date +%s) + 60))
  until "$@" > /dev/null 2>&1; do
    [ "$(date +%s)" -lt $end ] || return 1
    sleep 0.05
  done
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

# see PLACE: a number for what can be seen there, in WIDTHxHEIGHT+X+Y; $look is the program
see ()
{
  "$look" "$1"
}

# act PLACE COMMAND…: does something and waits until that place looks otherwise
act ()
{
  place=$1
  seen=$(see "$place")
  shift
  "$@"
  wait_for looks_otherwise
}

looks_otherwise ()
{
  [ "$(see "$place")" != "$seen" ]
}

# rests PLACE SECONDS: whether nothing changes there for so long
rests ()
{
  resting=$(see "$1")
  sleep "$2"
  [ "$(see "$1")" = "$resting" ]
}
