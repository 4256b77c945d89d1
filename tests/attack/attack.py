# SPDX-License-Identifier: GPL-3.0-or-later
"""What the attacks in Python share: their arguments, a folder to work in, the files
of a run, and the findings, of which each attack prints one summary. What the
attacks on the window share is in window.sh, and in the same form."""

import argparse
import collections
import concurrent.futures
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

# What `converge train --output FOLDER` writes.
FILES = ["coefficients.csv", "fit.png", "loss.csv", "parameters.csv", "run.json"]

TEMPORARY = re.compile(r"\.converge-tmp-\w{6}")

# A user who owns nothing, for attacks that root makes.
NOBODY = 12001

# So many findings of a kind are printed in full.
SHOWN = 3

# So many of an attack's tasks are done side by side.
TOGETHER = 4

# What a test ends with that could not be made.
SKIPPED = 77


class Attack:
    def __init__(self, description, rounds):
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("build", help="the folder that the program was built in")
        parser.add_argument("--rounds", type=int, default=rounds,
                            help=f"how often, or how many of all cases (0: all); {rounds}")
        parser.add_argument("--seed", type=int, default=1, help="of the random numbers; 1")
        arguments = parser.parse_args()
        self.executable = os.path.abspath(arguments.build) + "/app/converge"
        if not os.access(self.executable, os.X_OK):
            parser.error(f"there is no {self.executable}")
        self.rounds = arguments.rounds
        self.seed = arguments.seed
        self.random = random.Random(arguments.seed)
        self.name = os.path.splitext(os.path.basename(sys.argv[0]))[0]
        self.work = tempfile.mkdtemp(prefix="converge-attack-")
        self.environment = dict(os.environ, XDG_CACHE_HOME=self.work + "/cache", LC_ALL="C.UTF-8",
                                OPENBLAS_NUM_THREADS="1")
        # What a shell or nohup lets this process ignore, its children must not: they
        # inherit what is ignored, but no handler.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) == signal.SIG_IGN:
                signal.signal(number, lambda *_: None)
        self.findings = collections.Counter()
        self.finding = threading.Lock()
        self.start = time.time()

    def choose(self, cases):
        """--rounds of the cases, evenly; all of them if it is 0."""
        cases = list(cases)
        if not 0 < self.rounds < len(cases):
            return cases
        offset = self.random.random()
        step = len(cases) / self.rounds
        return [cases[int((i + offset) * step)] for i in range(self.rounds)]

    def find(self, kind, detail=""):
        """Notes that something did not hold."""
        with self.finding:
            self.findings[kind] += 1
            if self.findings[kind] <= SHOWN:
                print(f"{self.name}: {kind}: {detail}", flush=True)

    def side_by_side(self, tasks):
        """Calls some of them at a time, for they mostly wait. What is drawn at random must be
        drawn before. Returns what they return."""
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            return list(pool.map(lambda task: task(), tasks))

    def end(self, figures):
        """Prints the summary and ends, with 0 if nothing was found."""
        shutil.rmtree(self.work, ignore_errors=True)
        found = dict(self.findings) if self.findings else "nothing"
        print(f"{self.name}: {figures}; seed {self.seed}; {time.time() - self.start:.0f} s; "
              f"found: {found}")
        sys.exit(1 if self.findings else 0)

    def skip(self, reason):
        shutil.rmtree(self.work, ignore_errors=True)
        print(f"{self.name}: skipped: {reason}")
        sys.exit(SKIPPED)

    def need(self, *programs):
        for program in programs:
            if shutil.which(program) is None:
                self.skip(f"there is no {program}")

    def can_be_another(self):
        """Whether another user can run the program; only root can be one."""
        try:
            subprocess.run([self.executable, "--version"], preexec_fn=lambda: become(NOBODY),
                           check=True, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def train(self, seed, folder, *extra):
        """The command line of a run into @folder."""
        return [self.executable, "train", "autograd", "--quiet", "--seed", str(seed), "--output",
                folder, *extra]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def read_files(folder):
    return {name: read(f"{folder}/{name}") for name in FILES}


def without_time(data):
    """What is written into run.json, but for how long it took; None if it is torn."""
    try:
        settings = json.loads(data)
    except ValueError:
        return None
    settings.pop("seconds")
    return settings


def which(name, data, references):
    """The key of the reference whose file @name is @data, None if there is none."""
    for key, reference in references.items():
        if data == reference[name]:
            return key
        if name == "run.json" and data.endswith(b"\n}\n") \
                and without_time(data) == without_time(reference[name]):
            return key
    return None


def temporary_files(folder):
    return [name for name in os.listdir(folder) if TEMPORARY.fullmatch(name)]


def files_below(folder):
    return sorted(os.path.join(path, name)
                  for path, _, names in os.walk(folder) for name in names)


def put_files(reference, folder):
    """Puts the files of @reference into @folder."""
    os.makedirs(folder, exist_ok=True)
    for name, data in reference.items():
        with open(f"{folder}/{name}", "wb") as file:
            file.write(data)


def become(user):
    """Makes a child that has not begun its program another user's."""
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
