#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What scripts share that work the built application with keyboard and mouse. They say
# in $converge what to start, and in $folder where their screenshots go.

for tool in xdotool import; do
  if ! command -v $tool > /dev/null; then
    echo "1..0 # SKIP there is no $tool"
    exit 0
  fi
done

files=$(mktemp -d)
count=0
app=

finish ()
{
  [ -z "$app" ] || kill "$app" 2> /dev/null
  rm -rf "$files"
  echo "1..$count"
}
trap finish EXIT

# check SENTENCE COMMAND…
check ()
{
  count=$((count + 1))
  sentence=$1
  shift
  if "$@"; then echo "ok $count $sentence"; else echo "not ok $count $sentence"; fi
}

# wait_for COMMAND… waits up to a minute.
wait_for ()
{
  for _ in $(seq 600); do
    "$@" > /dev/null 2>&1 && return 0
    sleep 0.1
  done
  return 1
}

picture ()
{
  import -window root "$folder/$1.png"
}

# Nothing changes any more: no run, no scroll bar that vanishes, no message.
stands_still ()
{
  import -window root "$files/still-1.png"
  sleep 0.7
  import -window root "$files/still-2.png"
  [ "$(compare -metric AE "$files/still-1.png" "$files/still-2.png" null: 2>&1)" = 0 ]
}

# differ A B: whether two pictures differ in more than a few pixels
differ ()
{
  pixels=$(compare -metric AE "$folder/$1.png" "$folder/$2.png" null: 2>&1 > /dev/null)
  [ "${pixels%%[!0-9]*}" -gt 500 ]
}

alike ()
{
  ! differ "$1" "$2"
}

find_window ()
{
  window=$(xdotool search --onlyvisible --name '^Converge$' 2> /dev/null | head -n 1)
  [ -n "$window" ]
}

find_dialog ()
{
  dialog=$(xdotool search --onlyvisible --name '^Export$' 2> /dev/null | head -n 1)
  [ -n "$dialog" ]
}

is_gone ()
{
  ! kill -0 "$app" 2> /dev/null
}

# save NAME: types a path into the dialog that is open
save ()
{
  wait_for find_dialog || return 1
  xdotool windowfocus "$dialog"
  sleep 0.5
  xdotool key ctrl+a
  xdotool type "$files/$1"
  sleep 0.5
  xdotool key Return
  wait_for test -s "$files/$1"
}

# open_window opens it at the place and in the size that the scripts know.
open_window ()
{
  mkdir -p "$folder"
  "$converge" &
  app=$!
  check 'the window opens' wait_for find_window
  xdotool windowmove "$window" 0 0 windowsize "$window" 1280 800 windowfocus "$window"
  sleep 1
}

# close_window closes it by a key.
close_window ()
{
  xdotool windowfocus "$window" key ctrl+q
  check 'Ctrl+Q quits' wait_for is_gone
  wait "$app"
  status=$?
  app=
  check 'without an error' test $status = 0
}
