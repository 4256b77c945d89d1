#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compilers that hang, fail and write nonsense, odd places for the cache, and
programs that end or are killed (--rounds of each) while they compile.

The program must end well, at once, and with the same coefficients; no process and
no file stays but loops. Short runs are compiled in the end."""

import os
import subprocess
import time

from attack import Attack, files_below, read
from caches import command, find_loops, wait_for, work_folders

OUTPUT = 'o=; for a in "$@"; do [ "$p" = -o ] && o=$a; p=$a; done; '

COMPILERS = {
    "hangs": "sleep 1000",
    "hangs inside": "sleep 1000 & wait",
    "does not want to end": "trap '' TERM HUP INT; while :; do sleep 1; done",
    "fails": "exit 1",
    "crashes": "kill -SEGV $$",
    "garbage": OUTPUT + 'head -c 20000 /dev/urandom > "$o"',
    "empty": OUTPUT + ': > "$o"',
    "nothing": "exit 0",
    "no symbol": OUTPUT + 'echo "int x;" | /usr/bin/cc -shared -fPIC -xc - -o "$o"',
    "cut short": OUTPUT + '/usr/bin/cc "$@"; truncate -s 6000 "$o"',
    "text": OUTPUT + 'cp /etc/passwd "$o"',
    "link": OUTPUT + 'ln -s /etc/passwd "$o"',
    "folder": OUTPUT + 'mkdir "$o"',
    "pipe": OUTPUT + 'mkfifo "$o"',
    "endless file": OUTPUT + 'exec cat /dev/zero > "$o"',
    "loud": "head -c 300000000 /dev/zero; exit 1",
}

STEPS = 100000

# After so many there has to be compiled code.
MOST_SHORT_RUNS = 30


class Hostile:
    def __init__(self, attack):
        self.attack = attack
        attack.environment["CONVERGE_ENGINE"] = "compiled"
        self.coefficients = None
        self.run("the compiler that there is", "first", {})
        self.coefficients = read(self.place("first.csv"))

    def place(self, name):
        return f"{self.attack.work}/{name}"

    def run(self, kind, name, environment, missing=()):
        """Trains; @name tells its files from those of others at the same time."""
        variables = dict(self.attack.environment, **environment)
        for variable in missing:
            variables.pop(variable, None)
        output = self.place(f"{name}.csv")
        if os.path.exists(output):
            os.unlink(output)
        try:
            status = subprocess.run(command(self.attack, STEPS, "--coefficients", output),
                                    env=variables, stderr=subprocess.DEVNULL,
                                    timeout=300).returncode
        except subprocess.TimeoutExpired:
            status = "none in time"
        if status != 0:
            self.attack.find("failed", f"{kind}: status {status}")
        elif self.coefficients is not None and read(output) != self.coefficients:
            self.attack.find("wrong result", kind)

    def running(self, notes):
        """The compilers that are still there."""
        with open(notes) as file:
            return [pid for pid in file.read().split() if os.path.exists(f"/proc/{pid}")]

    def left(self, cache):
        """What is there beside the files of loops."""
        return set(files_below(cache)) - set(find_loops(cache))

    def compiler(self, number, kind, script):
        folder, temporary, cache, notes = (self.place(f"{name}-{number}")
                                           for name in ["bin", "tmp", "cc", "notes"])
        os.mkdir(folder)
        os.mkdir(temporary)
        open(notes, "w").close()
        with open(folder + "/cc", "w") as file:
            file.write(f"#!/bin/sh\necho $$ >> '{notes}'\n{script}\n")
        os.chmod(file.name, 0o755)
        # The second time with what the first has left in the cache, if anything.
        for _ in range(2):
            self.run(kind, f"compiler-{number}", dict(PATH=folder + ":/usr/bin:/bin",
                                                      TMPDIR=temporary, XDG_CACHE_HOME=cache))
            if not wait_for(lambda: not self.running(notes)):
                self.attack.find("still running", f"{kind}: {self.running(notes)}")
            if not wait_for(lambda: not self.left(cache) and not os.listdir(temporary)):
                self.attack.find("left behind", f"{kind}: {self.left(cache)} "
                                                f"{os.listdir(temporary)}")

    def place_of_cache(self, number, kind):
        """Where there can be no cache, or where its name is odd."""
        temporary = self.place(f"tmp-place-{number}")
        os.mkdir(temporary)
        missing = ["XDG_CACHE_HOME"] if "HOME" in kind else []
        self.run(str(kind)[:100], f"place-{number}", dict(dict(TMPDIR=temporary), **kind), missing)
        if not wait_for(lambda: not os.listdir(temporary)):
            self.attack.find("left behind", f"{str(kind)[:100]}: {os.listdir(temporary)}")

    def places(self, injected, open_to_all):
        os.mkdir(open_to_all)
        os.chmod(open_to_all, 0o777)
        caches = ["/etc/passwd", "/proc", "relative", "-x", "@x", open_to_all,
                  self.place("d" * 5000), self.place("a\nb"),
                  self.place(f"a b'\";touch {injected};$(touch {injected})")]
        kinds = [dict(XDG_CACHE_HOME=cache) for cache in caches]
        kinds += [dict(PATH=""), dict(HOME="/nonexistent"), dict(HOME="/proc"),
                  dict(CC=f"touch {injected}", CFLAGS="-include /etc/shadow"),
                  dict(XDG_CACHE_HOME="/proc", TMPDIR="/nonexistent")]
        return kinds

    def killed(self, environment, kind, delays):
        """Ends the program at a time at which it compiles, by any means."""
        os.mkdir(environment["TMPDIR"])
        for i, delay in enumerate(delays):
            process = subprocess.Popen(command(self.attack, 10 ** 9),
                                       env=dict(self.attack.environment, **environment))
            time.sleep(delay)
            if i % 2 == 0:
                process.kill()
            else:
                process.terminate()
            process.wait()
        folder = environment.get("XDG_CACHE_HOME")
        temporary = environment["TMPDIR"]
        if not wait_for(lambda: not os.listdir(temporary) and not work_folders(folder)):
            self.attack.find("left behind", f"{kind}: {os.listdir(temporary)} "
                                            f"{work_folders(folder)}")

    def short_runs(self):
        """Each ends before its compiler does, which is given a few seconds more: sooner or
        later one is quick enough, even on a busy machine."""
        cache = self.place("short")
        longest = 0
        n_runs = 0
        while n_runs < self.attack.rounds or (n_runs < MOST_SHORT_RUNS and not find_loops(cache)):
            n_runs += 1
            begin = time.time()
            subprocess.run(command(self.attack, 1500), check=True,
                           env=dict(self.attack.environment, XDG_CACHE_HOME=cache))
            longest = max(longest, time.time() - begin)
            if n_runs >= self.attack.rounds:
                wait_for(lambda: not work_folders(cache))
        if not find_loops(cache):
            self.attack.find("short runs are never compiled")
        return f"{n_runs} short runs of at most {longest:.2f} s that kept " \
               f"{len(find_loops(cache))} loops"


def main():
    attack = Attack(__doc__, 20)
    attack.need("cc")
    hostile = Hostile(attack)
    injected = hostile.place("injected")
    open_to_all = hostile.place("open")
    places = hostile.places(injected, open_to_all)
    delays = [[attack.random.uniform(0.02, 0.5) for _ in range(attack.rounds)] for _ in range(2)]
    figures = attack.side_by_side([
        *[lambda number=number, case=case: hostile.compiler(number, *case)
          for number, case in enumerate(COMPILERS.items())],
        *[lambda number=number, kind=kind: hostile.place_of_cache(number, kind)
          for number, kind in enumerate(places)],
        lambda: hostile.killed(dict(TMPDIR=hostile.place("tmp-killed"),
                                    XDG_CACHE_HOME=hostile.place("kept")), "killed", delays[0]),
        lambda: hostile.killed(dict(TMPDIR=hostile.place("tmp-killed-without"),
                                    XDG_CACHE_HOME="/proc/none"), "killed, without a cache",
                               delays[1]),
        hostile.short_runs,
    ])
    if os.path.exists(injected):
        attack.find("a name was run as a command")
    if files_below(open_to_all):
        attack.find("written where everybody can")
    attack.end(f"{len(COMPILERS)} compilers, {len(places)} places, {2 * attack.rounds} kills, "
               f"{figures[-1]}")


if __name__ == "__main__":
    main()
