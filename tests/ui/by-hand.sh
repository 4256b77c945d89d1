#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What scripts share that work the built application with keyboard and mouse. They say
# in $converge what to start, and in $folder where their screenshots go.

if ! command -v xdotool > /dev/null; then
  echo '1..0 # SKIP there is no xdotool'
  exit 0
fi

# Built beside the other tests.
look=$(dirname "$converge")/../tests/ui/look
if [ ! -x "$look" ]; then
  echo "Bail out! There is no $look."
  exit 1
fi
. "$(dirname "$0")/application.sh"

# Places in the window: all of it; the plots, but for their edges, over which other things
# may lie; the status bar, and the number of steps in it.
whole=1280x800+0+0
plots=900x600+350+110
bar=940x30+330+766
steps=110x30+784+766

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

picture ()
{
  "$look" save "$folder/$1.png"
}

# count_differences A B: in how many pixels two pictures differ, in $pixels
count_differences ()
{
  pixels=$("$look" differ "$folder/$1.png" "$folder/$2.png")
}

# differ A B: whether two pictures differ in more than a few pixels
differ ()
{
  count_differences "$@" && [ "$pixels" -gt 500 ]
}

alike ()
{
  count_differences "$@" && [ "$pixels" -le 500 ]
}

find_dialog ()
{
  dialog=$(xdotool search --onlyvisible --name '^Export$' 2> /dev/null | head -n 1)
  [ -n "$dialog" ]
}

is_dialog_closed ()
{
  ! find_dialog
}

# save NAME: types a path into the dialog that opens
save ()
{
  wait_for find_dialog || return 1
  xdotool windowfocus "$dialog"
  wait_for rests 600x400+0+100 0.3
  xdotool key ctrl+a type "$files/$1"
  xdotool key Return
  wait_for test -s "$files/$1" && wait_for is_dialog_closed && xdotool windowfocus "$window"
}

is_placed ()
{
  xdotool getwindowgeometry "$window" | grep -q 'Geometry: 1280x800'
}

# open_window opens it at the place and in the size that the scripts know.
open_window ()
{
  mkdir -p "$folder"
  "$converge" &
  app=$!
  check 'the window opens' wait_for find_window
  xdotool windowmove "$window" 0 0 windowsize "$window" 1280 800 windowfocus "$window"
  wait_for is_placed
  wait_for rests $whole 0.5
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
