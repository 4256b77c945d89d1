#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs where memory, processes, files and streams are limited, or much is asked for.

Each must end by itself: done, or refused with a sentence and an exit status of 1 or
2. A signal, an abort, a run that does not end, and a temporary file that is left are
findings. Limits on processes do not hold for root, who tries them as another user."""

import os
import resource
import shutil
import signal
import subprocess

from attack import NOBODY, TEMPORARY, Attack, become, files_below

KIB = 1024
TIME_LIMIT = 60

# The dynamic linker ends so when a library finds no room, before our first line.
LINKER_FAILED = 127

SHORT = ["train", "autograd", "--steps", "50", "--quiet"]


class Case:
    def __init__(self, name, arguments, limits=(), user=None, interrupt_after=None, streams=""):
        """@limits are pairs of a resource and a number."""
        self.name = name
        self.arguments = arguments
        self.limits = limits
        self.user = user
        self.interrupt_after = interrupt_after
        self.streams = streams

    def prepare(self):
        """What a child does before it begins the program."""
        if self.user is not None:
            become(self.user)
        for which, number in self.limits:
            resource.setrlimit(which, (number, number))
        if "in" in self.streams:
            os.close(0)
        if "out" in self.streams:
            os.close(1)


def memory():
    everything = [*SHORT, "--output", "results"]
    for program in ("autograd", "nn"):
        for size in range(20000, 1000000, 10000):
            yield Case(f"{program}, {size} KiB of addresses", ["train", program, *everything[2:]],
                       [(resource.RLIMIT_AS, size * KIB)])
    for size in range(100000, 500001, 20000):
        yield Case(f"{size} KiB of data", [*SHORT, "--plot", "results.png"],
                   [(resource.RLIMIT_DATA, size * KIB)])
    for size in (400000, 800000, 1500000, 3000000):
        limits = [(resource.RLIMIT_AS, size * KIB)]
        yield Case(f"large data, {size} KiB of addresses",
                   ["train", "nn", "--points", "5e7", "--lr", "1e-13", "--steps", "2", "--quiet"],
                   limits)
        yield Case(f"many steps, {size} KiB of addresses",
                   ["train", "autograd", "--steps", "1e12", "--quiet"], limits, interrupt_after=1)
        yield Case(f"many threads, {size} KiB of addresses", [*SHORT, "--threads", "200"], limits)


def threads():
    user = NOBODY if os.geteuid() == 0 else None
    for n_processes in (0, 1, 2, 3, 4, 8, 20):
        for n_threads in ("2", "200"):
            yield Case(f"{n_threads} threads, {n_processes} processes",
                       [*SHORT, "--threads", n_threads],
                       [(resource.RLIMIT_NPROC, n_processes)], user=user)
    for n_threads in ("0", "16", "256", "257", "300", "1024", "1e9"):
        yield Case(f"{n_threads} threads",
                   [*SHORT, "--threads", n_threads, "--output", "results"])


def sizes():
    for points in ("1e9", "1e10", "1e18", "1e19", "9223372036854775807"):
        yield Case(f"{points} points",
                   ["train", "autograd", "--dtype", "float64", "--points", points, "--steps", "1",
                    "--quiet"], [(resource.RLIMIT_AS, 4000000 * KIB)])
    for steps in ("1e12", "1e13", "1e19"):
        yield Case(f"{steps} steps", ["train", "autograd", "--steps", steps, "--quiet"],
                   interrupt_after=1)
    for pace in ("1e-300", "1e-14", "1e-7", "1e-6", "1e-3", "1", "1e300", "inf", "nan", "-1"):
        yield Case(f"pace {pace}",
                   ["train", "autograd", "--steps", "1000", "--pace", pace, "--quiet"],
                   interrupt_after=0.5)


def files():
    everything = ["train", "autograd", "--steps", "20000", "--quiet", "--output", "results"]
    for n_kilobytes in (0, 1, 10, 100, 300):
        yield Case(f"files of {n_kilobytes} KiB", everything,
                   [(resource.RLIMIT_FSIZE, n_kilobytes * KIB)])
    for n_files in (3, 4, 5, 6, 7, 8, 10, 12, 16):
        yield Case(f"{n_files} open files", everything, [(resource.RLIMIT_NOFILE, n_files)])
    yield Case("a stack of 128 KiB", SHORT, [(resource.RLIMIT_STACK, 128 * KIB)])
    for streams in ("in", "out", "in out", "full"):
        yield Case(f"streams: {streams}", ["train", "autograd", "--steps", "500"],
                   streams=streams)
    for arguments in (["list"], ["train", "--help"], ["--help"], ["--version"]):
        yield Case(f"/dev/full: {arguments}", arguments, streams="full")


def run(attack, case):
    """The status and what was said; None if it hangs."""
    with open("/dev/full" if case.streams == "full" else os.devnull, "w") as out:
        process = subprocess.Popen([attack.executable, *case.arguments], cwd=attack.work,
                                   env=attack.environment, preexec_fn=case.prepare,
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE)
    try:
        if case.interrupt_after is not None:
            try:
                process.wait(case.interrupt_after)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=TIME_LIMIT)[1]
        return process.returncode, said
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        attack.find("hang", case.name)
        return None


def check(attack, case):
    """Runs a case once; returns whether it was refused."""
    result = run(attack, case)
    if result is None:
        return False
    status, said = result
    if status == LINKER_FAILED and b"shared librar" in said:
        return False
    detail = f"{case.name}: exit {status} {said[:300]}"
    if status not in (0, 1, 2, 128 + signal.SIGINT):
        attack.find("crash", detail)
    elif status in (1, 2) and not said.startswith(b"converge: "):
        attack.find("no sentence", detail)
    left = [path for path in files_below(attack.work)
            if TEMPORARY.fullmatch(os.path.basename(path))]
    if left:
        attack.find("temporary file left", f"{detail} {left}")
    shutil.rmtree(attack.work + "/results", ignore_errors=True)
    return status in (1, 2)


def main():
    attack = Attack(__doc__, 0)
    # Another user writes there, too.
    os.chmod(attack.work, 0o777)
    cases = [case for part in (memory, threads, sizes, files) for case in part()]
    if os.geteuid() == 0 and not attack.can_be_another():
        cases = [case for case in cases if case.user is None]
    cases = attack.choose(cases)
    refused = sum(check(attack, case) for case in cases)
    attack.end(f"{len(cases)} limits, {refused} runs refused with a sentence")


if __name__ == "__main__":
    main()
