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
        self.output = attack.work + "/coefficients.csv"
        self.notes = attack.work + "/notes"
        self.run("the compiler that there is", {})
        self.coefficients = read(self.output)

    def place(self, name):
        return f"{self.attack.work}/{name}"

    def run(self, kind, environment, missing=()):
        variables = dict(self.attack.environment, **environment)
        for name in missing:
            variables.pop(name, None)
        if os.path.exists(self.output):
            os.unlink(self.output)
        try:
            status = subprocess.run(command(self.attack, STEPS, "--coefficients", self.output),
                                    env=variables, stderr=subprocess.DEVNULL,
                                    timeout=60).returncode
        except subprocess.TimeoutExpired:
            status = "none in time"
        if status != 0:
            self.attack.find("failed", f"{kind}: status {status}")
        elif kind.startswith("the compiler"):
            pass
        elif read(self.output) != self.coefficients:
            self.attack.find("wrong result", kind)

    def running(self):
        """The compilers that are still there."""
        with open(self.notes) as file:
            return [pid for pid in file.read().split() if os.path.exists(f"/proc/{pid}")]

    def left(self, cache):
        """What is there beside the files of loops."""
        return set(files_below(cache)) - set(find_loops(cache))

    def compilers(self):
        for i, (kind, script) in enumerate(COMPILERS.items()):
            folder, temporary, cache = (self.place(f"{name}-{i}") for name in ["bin", "tmp", "cc"])
            os.mkdir(folder)
            os.mkdir(temporary)
            open(self.notes, "w").close()
            with open(folder + "/cc", "w") as file:
                file.write(f"#!/bin/sh\necho $$ >> '{self.notes}'\n{script}\n")
            os.chmod(file.name, 0o755)
            # The second time with what the first has left in the cache, if anything.
            for _ in range(2):
                self.run(kind, dict(PATH=folder + ":/usr/bin:/bin", TMPDIR=temporary,
                                    XDG_CACHE_HOME=cache))
                if not wait_for(lambda: not self.running()):
                    self.attack.find("still running", f"{kind}: {self.running()}")
                if not wait_for(lambda: not self.left(cache) and not os.listdir(temporary)):
                    self.attack.find("left behind", f"{kind}: {self.left(cache)} "
                                                    f"{os.listdir(temporary)}")
        return len(COMPILERS)

    def places(self):
        """Where there can be no cache, or where its name is odd."""
        temporary = self.place("tmp")
        injected = self.place("injected")
        os.mkdir(temporary)
        open_to_all = self.place("open")
        os.mkdir(open_to_all)
        os.chmod(open_to_all, 0o777)
        caches = ["/etc/passwd", "/proc", "relative", "-x", "@x", open_to_all,
                  self.place("d" * 5000), self.place("a\nb"),
                  self.place(f"a b'\";touch {injected};$(touch {injected})")]
        kinds = [dict(XDG_CACHE_HOME=cache) for cache in caches]
        kinds += [dict(PATH=""), dict(HOME="/nonexistent"), dict(HOME="/proc"),
                  dict(CC=f"touch {injected}", CFLAGS="-include /etc/shadow"),
                  dict(XDG_CACHE_HOME="/proc", TMPDIR="/nonexistent")]
        for kind in kinds:
            missing = ["XDG_CACHE_HOME"] if "HOME" in kind else []
            self.run(str(kind)[:100], dict(dict(TMPDIR=temporary), **kind), missing)
            if not wait_for(lambda: not os.listdir(temporary)):
                self.attack.find("left behind", f"{str(kind)[:100]}: {os.listdir(temporary)}")
        if os.path.exists(injected):
            self.attack.find("a name was run as a command")
        if files_below(open_to_all):
            self.attack.find("written where everybody can")
        return len(kinds)

    def killed(self, environment, kind):
        """Ends the program at a time at which it compiles, by any means."""
        for i in range(self.attack.rounds):
            process = subprocess.Popen(command(self.attack, 10 ** 9),
                                       env=dict(self.attack.environment, **environment))
            time.sleep(self.attack.random.uniform(0.02, 0.5))
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

    def kills(self):
        temporary = self.place("tmp-kills")
        os.mkdir(temporary)
        self.killed(dict(TMPDIR=temporary, XDG_CACHE_HOME=self.place("kept")), "killed")
        self.killed(dict(TMPDIR=temporary, XDG_CACHE_HOME="/proc/none"), "killed, without a cache")
        return 2 * self.attack.rounds

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
    attack.end(f"{hostile.compilers()} compilers, {hostile.places()} places, "
               f"{hostile.kills()} kills, {hostile.short_runs()}")


if __name__ == "__main__":
    main()
