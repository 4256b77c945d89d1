#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of compiled loops on disks of every size (for root, who can make them),
and --rounds times many programs at once on an empty one.

All must end well with the same coefficients; of the cache nothing stays but loops."""

import os
import shutil
import subprocess

from attack import Attack, files_below, read
from caches import command, find_loops, remember_compiled, wait_for, work_folders

KILOBYTES = [8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64, 96]
AT_ONCE = 6

# Longer than the compiler takes; on a small disk what it makes is only copied there.
STEPS = 300000
STEPS_ON_DISK = 100000


class Stress:
    def __init__(self, attack):
        self.attack = attack
        attack.environment["CONVERGE_ENGINE"] = "compiled"
        self.environment = remember_compiled(attack)
        self.coefficients = {}
        for steps in (STEPS, STEPS_ON_DISK):
            self.start(attack.work + "/first", 0, steps).wait()
            self.coefficients[steps] = read(attack.work + "/0.csv")

    def start(self, cache, i, steps):
        environment = self.attack.environment if steps == STEPS else self.environment
        return subprocess.Popen(
            command(self.attack, steps, "--coefficients", f"{self.attack.work}/{i}.csv"),
            env=dict(environment, XDG_CACHE_HOME=cache))

    def check(self, process, i, steps, kind):
        status = process.wait(timeout=120)
        if status != 0:
            self.attack.find("failed", f"{kind}: status {status}")
        elif read(f"{self.attack.work}/{i}.csv") != self.coefficients[steps]:
            self.attack.find("wrong result", kind)

    def check_files(self, cache, kind):
        wait_for(lambda: not work_folders(cache))
        left = set(files_below(cache)) - set(find_loops(cache))
        if left:
            self.attack.find("left behind", f"{kind}: {left}")

    def small_disks(self):
        disk = self.attack.work + "/disk"
        os.mkdir(disk)
        runs = 0
        for kilobytes in KILOBYTES:
            mount = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs",
                                    disk], capture_output=True)
            if mount.returncode != 0:
                return 0
            for _ in range(2):
                self.check(self.start(disk, 0, STEPS_ON_DISK), 0, STEPS_ON_DISK,
                           f"disk of {kilobytes} KB")
                runs += 1
            self.check_files(disk, f"disk of {kilobytes} KB")
            # What ran the compiler may have the disk open a little longer.
            wait_for(lambda: subprocess.run(["umount", disk], capture_output=True).returncode == 0)
        return runs

    def at_once(self):
        cache = self.attack.work + "/shared"
        for _ in range(self.attack.rounds):
            processes = [self.start(cache, i, STEPS) for i in range(AT_ONCE)]
            for i, process in enumerate(processes):
                self.check(process, i, STEPS, "at once")
            self.check_files(cache, "at once")
            shutil.rmtree(cache)
        return self.attack.rounds * AT_ONCE


def main():
    attack = Attack(__doc__, 8)
    attack.need("cc")
    stress = Stress(attack)
    disks = stress.small_disks() if os.geteuid() == 0 else 0
    at_once = stress.at_once()
    attack.end(f"{disks} runs on disks too small{'' if disks else ' (skipped: not root)'}, "
               f"{at_once} runs of {AT_ONCE} at once")


if __name__ == "__main__":
    main()
