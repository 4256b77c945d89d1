#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets strace make the nth write, fsync, rename, … of a run fail, for every n.

Good files of an earlier run lie in the folder. The program must end with 0 and
all files new, or with 1 or 2, a sentence, and all files as they were. No
temporary file may stay."""

import collections
import os
import re
import shutil
import subprocess

from attack import FILES, Attack, put_files, read, read_files, temporary_files, which

# The call, the errors, and how many of the last calls are made to fail: what is
# opened before is libraries.
CALLS = [
    ("write", ["ENOSPC", "EIO", "EDQUOT", "EINTR"], None),
    ("fsync", ["ENOSPC", "EIO", "EINTR"], None),
    ("renameat2", ["ENOSPC", "EIO", "EACCES", "EXDEV", "EINVAL"], None),
    ("renameat", ["EIO"], None),
    ("linkat", ["ENOSPC", "EIO", "EEXIST", "ENOENT"], None),
    ("unlinkat", ["EIO"], None),
    ("flock", ["EAGAIN", "ENOLCK"], None),
    ("close", ["EIO", "ENOSPC"], 60),
    ("openat", ["ENOSPC", "EMFILE", "EACCES", "EOPNOTSUPP"], 60),
    ("newfstatat", ["EIO", "EACCES"], 60),
    ("fchmod", ["EPERM"], None),
    ("access", ["EIO"], 12),
    ("readlink", ["EIO"], 40),
    ("fcntl", ["EIO"], None),
]

# From the nth on all fail: a disk that stays full.
LASTING = [("write", "ENOSPC"), ("fsync", "EIO"), ("linkat", "EACCES"), ("renameat2", "EACCES"),
           ("openat", "EOPNOTSUPP")]


def plan(attack, command):
    """All cases, from the calls of a run in which nothing fails."""
    log = attack.work + "/calls"
    subprocess.run(["strace", "-f", "-o", log, *command], env=attack.environment, check=True,
                   stderr=subprocess.DEVNULL)
    with open(log, errors="replace") as lines:
        found = [re.match(r"\d+ +(\w+)\(", line) for line in lines]
    calls = collections.Counter(match[1] for match in found if match)
    cases = []
    for call, errors, last in CALLS:
        first = 1 if last is None else max(1, calls[call] - last + 1)
        cases += [(call, error, str(n)) for error in errors
                  for n in range(first, calls[call] + 1)]
    for call, error in LASTING:
        first = max(1, calls[call] - 60 + 1)
        cases += [(call, error, f"{n}+") for n in range(first, calls[call] + 1)]
    return cases


def main():
    attack = Attack(__doc__, 0)
    attack.need("strace")
    shape = ["--steps", "3000", "--points", "50"]
    references = {}
    for seed in (1, 2):
        folder = f"{attack.work}/{seed}"
        subprocess.run(attack.train(seed, folder, *shape), env=attack.environment, check=True)
        references[seed] = read_files(folder)
    folder = attack.work + "/out"
    command = attack.train(2, folder, *shape)
    put_files(references[1], folder)
    cases = attack.choose(plan(attack, command))
    statuses = collections.Counter()

    for call, error, when in cases:
        case = f"{call} {error} {when}"
        shutil.rmtree(folder, ignore_errors=True)
        put_files(references[1], folder)
        try:
            result = subprocess.run(
                ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={call}",
                 "-e", f"inject={call}:error={error}:when={when}", *command],
                env=attack.environment, capture_output=True, timeout=120)
        except subprocess.TimeoutExpired:
            attack.find("hang", case)
            continue
        status = result.returncode
        said = result.stderr.decode(errors="replace").strip()
        statuses[status] += 1
        case += f" exit {status} {said[:300]}"
        if status not in (0, 1, 2, 127):
            attack.find("crash", case)
        # Nobody can say anything if the loader or stderr fails.
        if status in (1, 2) and call != "write" and "converge: " not in said:
            attack.find("no sentence", case)
        states = {name: which(name, read(f"{folder}/{name}"), references) for name in FILES}
        if None in states.values():
            attack.find("torn file", f"{case} {states}")
        elif status == 0 and set(states.values()) != {2}:
            attack.find("success without new files", f"{case} {states}")
        # What cannot be renamed back stays where it is.
        elif len(set(states.values())) > 1 and (call, when[-1]) != ("renameat2", "+"):
            attack.find("old and new files side by side", f"{case} {states}")
        # What the disk said must be told, not what the stream made of it.
        if status == 1 and error != "EIO" and "Input/output error" in said:
            attack.find("another error told", case)
        strange = set(os.listdir(folder)) - set(FILES) - set(temporary_files(folder))
        if strange:
            attack.find("unexpected files", f"{case} {strange}")
        if temporary_files(folder) and call not in ("unlinkat", "renameat2"):
            attack.find("temporary file left", f"{case} {temporary_files(folder)}")
        if temporary_files(folder):
            subprocess.run(command, env=attack.environment, check=True)
            if temporary_files(folder):
                attack.find("temporary file never removed", case)
    attack.end(f"{len(cases)} faults, exit statuses {dict(statuses)}")


if __name__ == "__main__":
    main()
