#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills a process at random moments that keeps its runs, and looks for them in the next one.

Every run that was said to be on the disk must be there, with the bits of each of its losses."""

import os
import subprocess
import time

from attack import Attack

COUNT = 100000


def start(attack, program, folder, count):
    return subprocess.Popen([program, folder, str(count)], env=attack.environment,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def read_lines(text, word):
    """What was said of each run, by its name; a line that was cut off says nothing."""
    said = {}
    for line in text.split("\n")[:-1]:
        words = line.split(" ", 2)
        if words[0] == word and len(words) == 3:
            said[words[1]] = words[2]
    return said


def kill(attack, program, folder, round_number):
    """What a process said that was killed: as a rule after its runs were there again, and now
    and then, beside the rounds, before that."""
    process = start(attack, program, folder, COUNT)
    text = ""
    if round_number % 5 == 4:
        time.sleep(attack.random.uniform(0, 0.2))
    else:
        while "\nrestored\n" not in "\n" + text:
            line = process.stdout.readline()
            if not line:
                break
            text += line
        time.sleep(attack.random.uniform(0, 0.8 if round_number % 2 else 0.05))
    process.kill()
    return text + process.communicate()[0]


def main():
    attack = Attack(__doc__, 50)
    program = os.path.dirname(os.path.dirname(attack.executable)) + "/tests/attack/keep-runs"
    folder = attack.work + "/session"
    kept, restored, without, i = {}, 0, 0, -1

    while restored < attack.rounds:
        i += 1
        text = kill(attack, program, folder, i)
        if "\nrestored\n" in "\n" + text:
            found = read_lines(text, "found")
            restored += 1
            for name, what in kept.items():
                if found.get(name) != what:
                    attack.find("run that was lost", f"round {i} {name}: {what}, {found.get(name)}")
            # One that was written and not told of any more is there as well.
            kept.update(found)
        else:
            without += 1
        if "failed" in text:
            attack.find("failure", f"round {i} {text[-300:]}")
        kept.update(read_lines(text, "saved"))
    text = start(attack, program, folder, 0).communicate()[0]
    found = read_lines(text, "found")
    for name, what in kept.items():
        if found.get(name) != what:
            attack.find("run that was lost", f"at the end {name}: {what}, {found.get(name)}")
    strange = [name for name in os.listdir(folder)
               if not name.endswith(".converge") and name not in ("order", "lock")]
    if len(strange) > 1:
        attack.find("files left", str(strange))
    attack.end(f"killed {restored} times when runs were there again and {without} times before; "
               f"{len(found)} runs in the end")


if __name__ == "__main__":
    main()
