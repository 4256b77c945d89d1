#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random command lines, with values that make sense and values that do not.

Each must end with 0, 1 or 2, in time, and say one sentence if it is not 0; one
that is refused leaves no file, and none leaves a file that nobody asked for."""

import collections
import os
import re
import shutil
import signal
import subprocess
import time

from attack import TEMPORARY, Attack
from inputs import Inputs
from lines import EXPECTED, OWN, Lines

# A run that takes longer, since a slow pace was drawn, is asked to stop, and must
# then have ended so many seconds later.
LIMIT = 20
STOP_LIMIT = 20

def empty(folder):
    for name in os.listdir(folder):
        path = f"{folder}/{name}"
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


# A formula that is none is shown below the sentence, with what is wrong in it marked.
MARK = re.compile(r"(?<=\n)  [^\n]*\n *\^+\n\Z")


def is_shown(text):
    """Whether a terminal shows it, rather than obeys it."""
    return not any(ord(letter) < 32 and letter not in "\n\r" or 127 <= ord(letter) < 160
                   for letter in text)


def check_words(attack, status, said, is_about_data, case):
    """What is on stderr: a sentence if something is wrong, and some of them about a file with
    data."""
    if status not in (0, 1, 2):
        attack.find("crash", case)
    if b"Sanitizer" in said or b"runtime error" in said:
        attack.find("sanitizer", case)
    if b"CRITICAL" in said or b"WARNING **" in said:
        attack.find("GLib's message", case)
    try:
        text = said.decode()
    except UnicodeDecodeError:
        attack.find("not UTF-8 on stderr", case)
        return
    if not is_shown(text):
        attack.find("control characters on stderr", case)
    lines = MARK.sub("", text).splitlines()
    if status != 0 and not lines:
        attack.find("no sentence", case)
    if any(not line.startswith("converge: ") for line in lines):
        attack.find("not the program's own words on stderr", case)
    if any(not line.endswith((".", "?")) for line in lines):
        attack.find("no full stop", case)
    if len(lines) > (status != 0) and (status == 2 or not is_about_data):
        attack.find("more words than expected on stderr", case)


def check_output(attack, output, case):
    try:
        if not is_shown(output.decode()):
            attack.find("control characters on stdout", case)
    except UnicodeDecodeError:
        attack.find("not UTF-8 on stdout", case)


def check_files(attack, status, folder, case):
    names = set(os.listdir(folder))
    if status == 2 and names != {"kept"}:
        attack.find("refused, but files left", f"{names} {case}")
    if names - EXPECTED:
        attack.find("unexpected files", f"{names - EXPECTED} {case}")
    for _, folders, files in os.walk(folder):
        if any(TEMPORARY.fullmatch(name) for name in files + folders):
            attack.find("temporary file left", case)
    with open(f"{folder}/kept") as file:
        if file.read() != "old":
            attack.find("another file changed", case)
    if os.listdir(attack.work + "/tmp"):
        attack.find("left in TMPDIR", f'{os.listdir(attack.work + "/tmp")} {case}')
        empty(attack.work + "/tmp")


def run(attack, words, folder, environment):
    """Returns the status and what was written to stdout and to stderr; None if it hangs."""
    process = subprocess.Popen([attack.executable.encode()] + words, cwd=folder, env=environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    try:
        output, said = process.communicate(timeout=LIMIT)
        return process.returncode, output, said
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=STOP_LIMIT)
        return "stopped", b"", b""
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        attack.find("hang", words)
        return None


def ask(attack, *words):
    return subprocess.run([attack.executable, *words], env=attack.environment, capture_output=True,
                          text=True, check=True).stdout


def read_list(attack, what):
    """What there is: the words of each line below the table's head."""
    return [line.split() for line in ask(attack, "list", what).splitlines()[1:]]


def read_optimizers(attack):
    """The names of each one's options."""
    return {line[0]: [word.split("=")[0] for word in line if "=" in word]
            for line in read_list(attack, "optimizers")}


def check_options(attack, lines):
    """An option that nobody taught this attack would never be tried."""
    for command in OWN:
        known = lines.known()
        for name in re.findall(r"^ .*?--(?:\[no-\])?([a-z0-9-]+)", ask(attack, command, "--help"), re.M):
            if name not in known:
                attack.find("an option that is not drawn", f"converge {command} --{name}")


def main():
    attack = Attack(__doc__, 20000)
    programs = [line[0] for line in read_list(attack, "programs")]
    lines = Lines(attack.random, programs, read_optimizers(attack), Inputs(attack))
    check_options(attack, lines)
    folder = attack.work + "/folder"
    os.makedirs(folder)
    os.makedirs(attack.work + "/tmp")
    environment = dict(attack.environment, TMPDIR=attack.work + "/tmp")
    environment.pop("DISPLAY", None)
    environment.pop("WAYLAND_DISPLAY", None)
    statuses = collections.Counter()
    slowest = 0

    for _ in range(attack.rounds):
        words = lines.line()
        empty(folder)
        with open(folder + "/kept", "w") as file:
            file.write("old")
        begin = time.time()
        result = run(attack, words, folder, environment)
        if result is None:
            continue
        status, output, said = result
        statuses[status] += 1
        if status != "stopped":
            slowest = max(slowest, time.time() - begin)
            case = f"{[word[:80] for word in words]} exit {status} {said[-400:]}"
            is_about_data = any(b"--data" in word or b"--from-run" in word for word in words)
            check_words(attack, status, said, is_about_data, case)
            check_output(attack, output, case)
            check_files(attack, status, folder, case)
    attack.end(f"{attack.rounds} command lines, exit statuses {dict(statuses)}, "
               f"the slowest {slowest:.1f} s")


if __name__ == "__main__":
    main()
