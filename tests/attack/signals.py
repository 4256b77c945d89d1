#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals at random moments, once and several times, and terminals of odd sizes.

A run that is stopped ends soon, with the signal's status, and all its files are
whole; after the second signal none is half-written and nothing lies beside them."""

import collections
import fcntl
import json
import os
import pty
import random
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time

from attack import FILES, Attack, read, temporary_files

# What is sent, how many seconds apart, and the statuses that may come of it: the
# process may also have ended before, or be killed by the signal.
SIGNALS = {
    "SIGINT": ([signal.SIGINT], 0, {0, 130, -2}),
    "SIGTERM": ([signal.SIGTERM], 0, {0, 143, -15}),
    "SIGHUP": ([signal.SIGHUP], 0, {0, 129, -1}),
    "SIGINT twice": ([signal.SIGINT] * 2, 0.03, {0, 130, -2}),
    "SIGINT five times": ([signal.SIGINT] * 5, 0.0005, {0, 130, -2}),
    "three signals": ([signal.SIGTERM, signal.SIGINT, signal.SIGHUP], 0.01,
                      {0, 143, 130, 129, -15, -2, -1}),
    "SIGTSTP and SIGCONT": ([signal.SIGTSTP, signal.SIGCONT] * 5, 0.02, {0}),
    "SIGWINCH": ([signal.SIGWINCH] * 20, 0.002, {0}),
}

# A run must have ended so many seconds after the signal; one that the signal does not end,
# when its steps are taken, beside whatever else there is to do.
SOON = 20
LATE = 200


def torn_files(folder):
    """Names of files that do not end as they should."""
    torn = temporary_files(folder)
    for name in set(os.listdir(folder)) - set(torn):
        data = read(f"{folder}/{name}")
        if name.endswith(".csv") and not data.endswith(b"\n"):
            torn.append(name)
        if name.endswith(".png") and not data.endswith(b"IEND\xaeB`\x82"):
            torn.append(name)
        if name.endswith(".json"):
            try:
                json.loads(data)
            except ValueError:
                torn.append(name)
    return torn


def signalled(attack, kind, delay, *extra):
    """Runs the program, sends the signals of a kind, and checks what is left."""
    sent, gap, expected = SIGNALS[kind]
    folder = tempfile.mkdtemp(dir=attack.work) + "/out"
    process = subprocess.Popen(attack.train(1, folder, *extra), env=attack.environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(delay)
    for number in sent:
        if process.poll() is None:
            process.send_signal(number)
        time.sleep(gap)
    try:
        status = process.wait(LATE if expected == {0} else SOON)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        attack.find("hang", kind)
        return "hang"
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    case = f"{kind} after {delay:.3f} s: exit {status}, {names}"
    if status not in expected:
        attack.find("unexpected status", case)
    if names and torn_files(folder):
        attack.find("torn file", f"{case} {torn_files(folder)}")
    if status >= 0 and names != FILES:
        attack.find("files missing", case)
    shutil.rmtree(os.path.dirname(folder))
    return status


def in_shell(attack, kind, line, folder=None):
    """A pipe whose reader goes away ends the program, quietly."""
    result = subprocess.run(["bash", "-c", line + "; echo ${PIPESTATUS[0]}"],
                            env=attack.environment, capture_output=True, timeout=60)
    if result.stderr or result.stdout.split()[-1] != b"141":
        attack.find(kind, f"{result.stdout[-80:]} {result.stderr[-200:]}")
    if folder is not None and (sorted(os.listdir(folder)) != FILES or torn_files(folder)):
        attack.find(kind, str(os.listdir(folder)))


def sleeping_reader(attack):
    """A run that waits for its reader hears the signal, and then writes what is due."""
    process = subprocess.Popen([attack.executable, "train", "--steps", "1000000000", "--pace",
                                "100000", "--log-every", "1"], env=attack.environment,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    # A first line, and it can be told to stop; half a second, and the pipe is full.
    select.select([process.stdout], [], [])
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    rest = process.stdout.read()
    if process.wait(SOON) != 130 or not rest.endswith(b"\n"):
        attack.find("a reader that sleeps", f"{process.returncode} {rest[-60:]}")


def ignored(attack):
    process = subprocess.Popen(["nohup", attack.executable, "train", "--steps", "1000", "--pace",
                                "1000", "--quiet"], env=attack.environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(0.4)
    process.send_signal(signal.SIGHUP)
    if process.wait(SOON) != 0:
        attack.find("a signal that is ignored", str(process.returncode))


def on_terminal(attack, kind, steps, typed, expected, is_closed=False):
    """A run on a terminal that changes its size, at random; @typed is typed in the middle."""
    folder = tempfile.mkdtemp(dir=attack.work) + "/terminal"
    sizes = random.Random(f"{attack.seed} {kind}")
    terminal, inside = pty.openpty()
    process = subprocess.Popen(["setsid", "--ctty", attack.executable, "train", "--steps", steps,
                                "--pace", "1000", "--output", folder], env=attack.environment,
                               stdin=inside, stdout=inside, stderr=inside)
    os.close(inside)
    n_sizes = 60
    end = time.time() + 60
    for i in range(10 ** 9):
        if time.time() > end:
            break
        if select.select([terminal], [], [], 0.01)[0]:
            try:
                if not os.read(terminal, 65536):
                    break
            except OSError:
                break
        if i < n_sizes:
            size = (sizes.choice([0, 1, 24, 65535]),
                    sizes.choice([0, 1, 2, 3, 5, 8, 20, 40, 80, 200, 1000, 65535]))
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        if i == n_sizes // 2 and typed:
            os.write(terminal, typed)
        if i == n_sizes and is_closed:
            os.close(terminal)
            break
    if not is_closed:
        os.close(terminal)
    try:
        status = process.wait(SOON)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        status = "hang"
    if status not in expected or sorted(os.listdir(folder)) != FILES or torn_files(folder):
        attack.find(kind, f"exit {status}, {os.listdir(folder)}")


def main():
    attack = Attack(__doc__, 40)
    attack.need("setsid")
    command = f'"{attack.executable}" train --steps 1000000 --log-every 1'
    folder = attack.work + "/pipe"

    delays = [(kind, attack.random.uniform(0, 1)) for _ in range(attack.rounds)
              for kind in SIGNALS]
    tasks = [
        lambda: on_terminal(attack, "a terminal", "2000", None, {0}),
        lambda: on_terminal(attack, "Ctrl-C on a terminal", "1000000", b"\x03", {130}),
        lambda: on_terminal(attack, "a terminal that is closed", "1000000", None, {129},
                            is_closed=True),
        lambda: in_shell(attack, "a reader that goes", command + " | head -1"),
        lambda: in_shell(attack, "a reader that goes", f"{command} --output {folder} | head -1",
                         folder),
        lambda: sleeping_reader(attack),
        lambda: ignored(attack),
        *[lambda pace=pace: signalled(attack, "SIGINT", 0.5, "--steps", "1000", "--pace", pace)
          for pace in ("1", "0.001", "1e-6")],
        *[lambda kind=kind, delay=delay: signalled(attack, kind, delay, "--steps", "300000",
                                                   "--points", "200")
          for kind, delay in delays],
    ]
    statuses = collections.Counter(status for status in attack.side_by_side(tasks)
                                   if status is not None)
    attack.end(f"{attack.rounds} rounds of {len(SIGNALS)} kinds, 3 paces, exit statuses {dict(statuses)}")


if __name__ == "__main__":
    main()
