# SPDX-License-Identifier: GPL-3.0-or-later
"""What the attacks on the cache of compiled loops share."""

import glob
import hashlib
import os
import shutil
import subprocess
import time

from attack import read

# So long may a compiler go on whose program has ended, and somewhat longer.
LINGER = 8


def loops_folder(cache):
    return f"{cache}/converge/loops"


def find_loops(cache):
    """The files of the cache: what is in them, by their paths."""
    found = {}
    for path in sorted(glob.glob(glob.escape(loops_folder(cache)) + "/*.so")):
        if os.path.isfile(path):
            found[path] = read(path)
    return found


def with_digest(key, library):
    """What the file of that name has if @library is kept in it."""
    return library + hashlib.sha256(key.encode() + b"\0" + library).digest()


def wait_for(is_so):
    """Whether it becomes so before no compiler can be there any more."""
    end = time.time() + LINGER
    while not is_so() and time.time() < end:
        time.sleep(0.02)
    return is_so()


def work_folders(folder):
    """Where something is being compiled, or was and nobody cleaned up."""
    return glob.glob(f"{glob.escape(folder)}/**/converge-work-*", recursive=True)


# What a compiler makes of the same text is the same, and mostly it is not the compiler that is
# attacked.
REMEMBERING = """#!/bin/sh
for a; do [ "$p" != -o ] || o=$a; p=$a; done
cat > '{folder}'/$$.c
made='{folder}'/$(sha256sum < '{folder}'/$$.c | cut -c 1-64).so
[ -e "$made" ] || {{ '{compiler}' "$@" < '{folder}'/$$.c && cp "$o" "$made.$$" && mv "$made.$$" "$made"; }}
rm '{folder}'/$$.c
cp "$made" "$o"
"""


def remember_compiled(attack):
    """An environment in which each text is compiled once."""
    folder = attack.work + "/remembered"
    os.mkdir(folder)
    with open(folder + "/cc", "w") as file:
        file.write(REMEMBERING.format(folder=folder, compiler=shutil.which("cc")))
    os.chmod(file.name, 0o755)
    return dict(attack.environment, PATH=folder + ":" + attack.environment["PATH"])


def command(attack, steps, *extra):
    return [attack.executable, "train", "autograd", "--points", "200", "--steps", str(steps),
            "--quiet", *extra]


def fill_cache(attack, cache, environment=None, **options):
    """Runs long enough for all loops to be compiled."""
    environment = dict(environment or attack.environment, XDG_CACHE_HOME=cache)
    number = -1
    while number != len(find_loops(cache)):
        number = len(find_loops(cache))
        subprocess.run(command(attack, 300000), env=environment, check=True, **options)
        wait_for(lambda: not work_folders(cache))
