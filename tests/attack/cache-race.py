#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Can another user get code of theirs into the cache of compiled loops?

Only root can play the two users. The stranger knows the names of the files and
what must be in them, and exchanges a folder for one of theirs as fast as they can
while the program is run --rounds times. Code of theirs ends the program with a
status of its own."""

import ctypes
import os
import signal
import subprocess

from attack import NOBODY, Attack, become, read
from caches import command, fill_cache, find_loops, wait_for, with_digest

VICTIM, STRANGER = NOBODY, NOBODY + 1
# Not that of a sanitizer, which is 66 or 1.
STATUS = 99
AT_FDCWD, RENAME_EXCHANGE = -100, 2

CODE = f"""
#include <unistd.h>
__attribute__ ((constructor)) static void run (void) {{ _exit ({STATUS}); }}
void ag_loop (void) {{}}
"""


class Race:
    def __init__(self, attack):
        self.attack = attack
        os.chmod(attack.work, 0o755)
        self.temporary = self.folder("tmp", 0, 0o1777)
        self.environment = dict(PATH="/usr/bin:/bin", HOME="/nonexistent", LC_ALL="C.UTF-8",
                                TMPDIR=self.temporary, OPENBLAS_NUM_THREADS="1",
                                CONVERGE_ENGINE="compiled")
        # What a sanitizer must know.
        self.environment.update((name, value) for name, value in os.environ.items()
                                if name.endswith("SAN_OPTIONS"))
        own = self.folder("own", STRANGER, 0o755)
        fill_cache(attack, own, self.environment, preexec_fn=lambda: become(STRANGER))
        self.loops = {os.path.basename(path): data for path, data in find_loops(own).items()}
        self.library = attack.work + "/evil.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", self.library],
                       input=CODE.encode(), check=True)

    def folder(self, name, owner, mode):
        path = f"{self.attack.work}/{name}"
        os.makedirs(path)
        os.chmod(path, mode)
        os.chown(path, owner, owner)
        return path

    def put(self, name, owner, loops):
        """A folder of that owner's with these files."""
        folder = self.folder(name, owner, 0o755)
        for key, data in loops.items():
            with open(f"{folder}/{key}", "wb") as file:
                file.write(data)
            os.chown(file.name, owner, owner)
            os.chmod(file.name, 0o755)
        return folder

    def plant(self, name):
        """A folder of the stranger's with code of theirs."""
        library = read(self.library)
        return self.put(name, STRANGER, {key: with_digest(key, library) for key in self.loops})

    def run(self, cache, user, steps, kind):
        process = subprocess.run(command(self.attack, steps), preexec_fn=lambda: become(user),
                                 env=dict(self.environment, XDG_CACHE_HOME=cache),
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if process.returncode == STATUS:
            self.attack.find("foreign code", kind)
        elif process.returncode != 0:
            self.attack.find("failed", f"{kind}: status {process.returncode}")

    def planted(self):
        """Folders and links of the stranger's, made before."""
        cases = 0
        self.folder("planted", 0, 0o1777)
        self.folder("planted/converge", STRANGER, 0o755)
        self.plant("planted/converge/loops")
        self.folder("linked", 0, 0o1777)
        link = f"{self.attack.work}/linked/converge"
        os.symlink(f"{self.attack.work}/planted/converge", link)
        os.lchown(link, STRANGER, STRANGER)
        for cache in ["planted", "linked"]:
            for user in [VICTIM, 0]:
                self.run(f"{self.attack.work}/{cache}", user, 300000, cache)
                cases += 1
        return cases

    def exchanged(self, cache, user, one, other, kind):
        """Runs while the stranger exchanges two folders."""
        stranger = os.fork()
        if stranger == 0:
            become(STRANGER)
            libc = ctypes.CDLL(None)
            while True:
                libc.renameat2(AT_FDCWD, one.encode(), AT_FDCWD, other.encode(), RENAME_EXCHANGE)
                libc.usleep(20)
        try:
            for _ in range(self.attack.rounds // 2):
                self.run(cache, user, 20000, kind)
        finally:
            os.kill(stranger, signal.SIGKILL)
            os.waitpid(stranger, 0)
        return self.attack.rounds // 2

    def sticky(self):
        """The stranger has made a folder where everybody can, the victim's is in it."""
        cache = self.folder("sticky", 0, 0o1777)
        self.folder("sticky/converge", STRANGER, 0o777)
        loops = self.put("sticky/converge/loops", VICTIM, self.loops)
        evil = self.plant("sticky/converge/evil")
        return self.exchanged(cache, VICTIM, loops, evil, "a folder above is another user's")

    def root(self):
        """Root runs it with the cache of a user."""
        cache = self.folder("user", STRANGER, 0o755)
        self.folder("user/converge", 0, 0o700)
        self.put("user/converge/loops", 0, self.loops)
        self.folder("user/evil", STRANGER, 0o755)
        self.plant("user/evil/loops")
        return self.exchanged(cache, 0, cache + "/converge", cache + "/evil",
                              "root with a user's cache")


def main():
    attack = Attack(__doc__, 2000)
    attack.environment["CONVERGE_ENGINE"] = "compiled"
    attack.need("cc")
    if not attack.can_be_another():
        attack.skip("only root can play two users, where others can run the program")
    race = Race(attack)
    planted = race.planted()
    runs = race.sticky() + race.root()
    if not wait_for(lambda: not os.listdir(race.temporary)):
        attack.find("left behind", str(os.listdir(race.temporary)))
    attack.end(f"{planted} runs with planted code, {runs} while folders are exchanged")


if __name__ == "__main__":
    main()
