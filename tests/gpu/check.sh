#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check.sh FOLDER RESULTS: looks at what was built in FOLDER, a build folder or a bundle of
# scripts/gpu-check, on the GPU of this machine, for LIMIT seconds (585). Each part has a time
# limit of its own. RESULTS gets at most four files: summary.txt, logs.tgz and, where Nsight
# Compute may count, steps.ncu-rep and stage.ncu-rep. Ends with 0 if every part that could be
# done went well, with 1 if one did not, and with 77 if there is no GPU.

set -u
here=$(cd "$1" && pwd)
results=$2
limit=${LIMIT:-585}
began=$(date +%s)
converge=$here/app/converge
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
failed=
export CONVERGE_TEST_DEVICE=cuda PYTHONUNBUFFERED=1

say ()
{
  echo "$@" | tee -a "$results/summary.txt"
}

# Where a library of CUDA's is: beside the toolkit, where the linker looks, or anywhere.
find_library ()
{
  {
    for folder in "${CUDA_PATH:-}/lib64" "${CUDA_HOME:-}/lib64" /usr/local/cuda*/lib64; do
      ls "$folder/$1"
    done
    ldconfig -p | awk -v library="$1" '$1 == library { print $NF }'
    find / \( -path /proc -o -path /sys \) -prune -o -name "$1" ! -path '*/stubs/*' -print
  } 2> /dev/null | head -n 1
}

# A bundle names those that it needs. Only its own programs are told where they are.
find_libraries ()
{
  [ -f "$here/cuda-libraries" ] || return 0
  CONVERGE_CUDA_LIBRARIES=
  while read -r library; do
    path=$(find_library "$library")
    say "$library: ${path:-not found}"
    [ -z "$path" ] || CONVERGE_CUDA_LIBRARIES=$CONVERGE_CUDA_LIBRARIES:$(dirname "$path")
  done < "$here/cuda-libraries"
  export CONVERGE_CUDA_LIBRARIES
}

left ()
{
  echo $((limit - $(date +%s) + began))
}

# part SECONDS LINES NAME COMMAND…: runs it, and shows the last lines of what it said.
part ()
{
  seconds=$1 lines=$2 name=$3
  shift 3
  if [ "$(left)" -lt 5 ]; then
    say "== $name: left out, the time is over"
    return 0
  fi
  [ "$seconds" -le "$(left)" ] || seconds=$(left)
  from=$(date +%s%N)
  timeout -k 3 "$seconds" "$@" > "$logs/$name.txt" 2>&1
  status=$?
  say "== $name: status $status, $((($(date +%s%N) - from) / 1000000)) ms"
  tail -n "$lines" "$logs/$name.txt" | tee -a "$results/summary.txt"
  [ "$status" -eq 0 ] || failed="$failed $name"
}

# tool NAME: whether it is here.
tool ()
{
  command -v "$1" > /dev/null || { say "== $1: left out, it is not here"; return 1; }
}

# Stops a run after some seconds, and says how long it took to end.
# shellcheck disable=SC2016
stop='
"$1" train autograd --device cuda --points "$2" --lr 1e-18 --steps 100000000 -q & run=$!
sleep "$3"
from=$(date +%s%N)
kill -TERM "$run"
wait "$run"
echo "$2 points, after $3 s: stopped in $((($(date +%s%N) - from) / 1000000)) ms"
'

# Leaves 600 MiB of the memory, in which a large run does not fit.
# shellcheck disable=SC2016
full='
python3 -c "
import time, torch
taken = torch.empty(torch.cuda.mem_get_info()[0] - (600 << 20), dtype=torch.uint8, device=\"cuda\")
print(\"taken\", flush=True)
time.sleep(60)
" > "$2/taken" & python=$!
until [ -s "$2/taken" ] || ! kill -0 "$python"; do sleep 0.2; done
said=$("$1" train autograd --device cuda --points 200000000 --lr 1e-18 --steps 5 -q 2>&1)
kill "$python"
echo "$said"
case $said in *"device “cpu”"*) ;; *) exit 1 ;; esac
'

mkdir -p "$results"
: > "$results/summary.txt"
find_libraries
if command -v nvidia-smi > /dev/null; then
  say "$(nvidia-smi --query-gpu=name,driver_version,clocks.sm,memory.used --format=csv,noheader)"
fi
say "$(date -u +%F)"
"$converge" list devices | tee -a "$results/summary.txt"
if ! "$converge" train autograd --device cuda --steps 1 -q 2> "$logs/first.txt"; then
  say "$(cat "$logs/first.txt")"
  say "There is no GPU here to be looked at."
  exit 77
fi

part 30 3 small "$converge" train autograd --device cuda --steps 1000
part 30 3 large "$converge" train autograd --device cuda --steps 200 --points 1000000 --lr 1e-9
part 60 4 published "$here/tests/parity/test-published"
if tool python3; then
  part 220 20 bench python3 "$(dirname "$0")/../bench/gpu_bench.py" --build "$here" --seconds 2
fi
for program in autograd dynamic numpy; do
  part 15 1 "cpu-$program" "$here/tests/bench/gpu-bench" cpu "$program" 2000 2
done
# Milliseconds until the first pictures and all runs were there, those of the processors, and how
# many runs there were.
for device in cuda cpu; do
  for count in 200 10000; do
    part 60 1 "sweep-$device-$count" "$here/tests/bench/sweep-bench" "autograd:2000:sgd:$device" \
      2000 "$count" lr 1e-8..3e-6
  done
done
for case in '2000 2' '100000000 3.2' '100000000 6'; do
  points=${case% *} seconds=${case#* }
  part 20 1 "stop-$points-$seconds" sh -c "$stop" - "$converge" "$points" "$seconds"
done
if tool compute-sanitizer; then
  for check in memcheck racecheck synccheck; do
    part 40 1 "$check-sweep" compute-sanitizer --tool "$check" --error-exitcode 1 \
      "$converge" sweep module --device cuda --steps 20 --lr 1e-8..1e-6 --optimizer adam
    for points in 2000 20000; do
      part 40 1 "$check-$points" compute-sanitizer --tool "$check" --error-exitcode 1 \
        "$converge" train module --device cuda --steps 20 --points "$points" --lr 1e-8 -q
    done
  done
fi
if tool ncu; then
  part 60 2 ncu-steps ncu --clock-control none --set full -k steps -s 2 -c 1 -f \
    -o "$results/steps" "$converge" train autograd --device cuda --steps 4000 -q
  part 60 2 ncu-stage ncu --clock-control none --set full -k 'regex:stage_0|finish_0' -s 8 -c 2 -f \
    -o "$results/stage" "$converge" train autograd --device cuda --steps 20 --points 100000000 \
    --lr 1e-18 -q
fi
if tool python3 && python3 -c 'import torch; torch.cuda.init ()' 2> /dev/null; then
  part 60 2 full-memory sh -c "$full" - "$converge" "$logs"
fi
part 90 4 trajectories "$here/tests/parity/test-trajectories"
part 400 8 test-gpu "$here/tests/gpu/test-gpu"

tar czf "$results/logs.tgz" -C "$logs" .
if [ -n "$failed" ]; then
  say "Not well:$failed"
  exit 1
fi
say "All went well."
