#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled loops in the cache that were cut short, have zeros where a disk had not
written yet, are something else, or have a wrong bit.

The program must end well with the same coefficients, and make the loops again."""

import subprocess

from attack import Attack, read
from caches import command, fill_cache, find_loops, remember_compiled, wait_for, work_folders

CUTS = [0, 1, 63, 64, 512, 1024, 2048, 4095, 4096, 4097, 6000, 8191, 8192, 8193, 10000, 12287,
        12288, 12289, 12700, 13000, 14000]
ZERO_TAILS = [0, 4096, 8192, 12288]

# A run may end before the last of its loops is compiled.
RUNS_TO_REPAIR = 4


# So many files have a wrong bit.
WRONG_BITS = 40


def damages(attack):
    """What is done to a file, by what it is called."""
    for n in CUTS:
        yield f"cut to {n}", lambda data, n=n: data[:n]
    yield "cut by 1", lambda data: data[:-1]
    for n in ZERO_TAILS:
        yield f"zeros after {n}", lambda data, n=n: data[:n] + bytes(len(data) - n)
    yield "text", lambda data: b"hello\n"
    for _ in range(WRONG_BITS):
        yield flipped(attack)


def flipped(attack):
    position, bit = attack.random.random(), attack.random.randrange(8)

    def change(data):
        changed = bytearray(data)
        changed[int(position * len(data))] ^= 1 << bit
        return bytes(changed)
    return f"bit {bit} at {position:.4f}", change


def main():
    attack = Attack(__doc__, 0)
    attack.need("cc")
    attack.environment["CONVERGE_ENGINE"] = "compiled"
    output = attack.work + "/coefficients.csv"
    run = command(attack, 300000, "--coefficients", output)
    cache = attack.environment["XDG_CACHE_HOME"]
    attack.environment = remember_compiled(attack)
    fill_cache(attack, cache)
    good = find_loops(cache)
    subprocess.run(run, env=attack.environment, check=True)
    coefficients = read(output)
    cases = attack.choose(damages(attack))
    for name, change in cases:
        for path, data in good.items():
            with open(path, "wb") as file:
                file.write(change(data))
        for _ in range(RUNS_TO_REPAIR):
            status = subprocess.run(run, env=attack.environment, timeout=120,
                                    stderr=subprocess.DEVNULL).returncode
            if status != 0:
                attack.find("crash", f"{name}: status {status}")
            elif read(output) != coefficients:
                attack.find("wrong result", name)
            wait_for(lambda: not work_folders(cache))
            if find_loops(cache) == good:
                break
        else:
            attack.find("stays damaged", name)
    attack.end(f"{len(cases)} kinds of damage to {len(good)} loops")


if __name__ == "__main__":
    main()
