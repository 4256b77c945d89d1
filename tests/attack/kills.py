#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the program at random moments while it overwrites files of another run.

Each file must be a whole old or a whole new one, and what was left aside must be
gone after the next run."""

import os
import subprocess
import time

from attack import FILES, Attack, put_files, read, read_files, temporary_files, which

# Writing the files takes a good part of such a run.
SHAPE = ["--steps", "100000", "--points", "20"]


def main():
    attack = Attack(__doc__, 400)
    references = {}
    longest = 0
    for seed in (1, 2):
        folder = f"{attack.work}/{seed}"
        begin = time.time()
        subprocess.run(attack.train(seed, folder, *SHAPE), env=attack.environment, check=True)
        longest = max(longest, time.time() - begin)
        references[seed] = read_files(folder)
    folder = attack.work + "/out"
    put_files(references[1], folder)
    old, killed, mixed, left = 1, 0, 0, 0

    for i in range(attack.rounds):
        new = 3 - old
        # Most while the files are written, which comes at the end.
        least = 0 if i % 3 == 0 else 0.3 * longest
        process = subprocess.Popen(attack.train(new, folder, *SHAPE), env=attack.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(attack.random.uniform(least, 1.1 * longest))
        process.kill()
        status = process.wait()
        killed += status != 0
        states = {name: which(name, read(f"{folder}/{name}"), references) for name in FILES}
        if None in states.values():
            attack.find("torn file", f"round {i} {states}")
        left += bool(temporary_files(folder))
        if status == 0 and temporary_files(folder):
            attack.find("temporary file never removed", f"round {i}")
        strange = set(os.listdir(folder)) - set(FILES) - set(temporary_files(folder))
        if strange:
            attack.find("unexpected files", f"round {i} {strange}")
        mixed += len(set(states.values())) > 1
        if set(states.values()) in ({1}, {2}):
            old = states[FILES[0]]
        else:
            put_files(references[old], folder)
    subprocess.run(attack.train(1, folder, *SHAPE), env=attack.environment, check=True)
    if temporary_files(folder):
        attack.find("temporary file never removed", str(temporary_files(folder)))
    attack.end(f"{attack.rounds} runs of {longest:.2f} s, {killed} killed, {mixed} between two "
               f"renames, {left} leaving a temporary file to the next")


if __name__ == "__main__":
    main()
