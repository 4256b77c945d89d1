#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Converge beside PyTorch, NumPy and a loop fused by hand, as a table.

Each round measures all of them one after the other, and the ratio shown is
the median of the rounds' ratios, so that a machine which is slower for a
while slows both sides. One thread each unless the table says otherwise; of one
thread the time is the processor's, so that others who use the machine do not
count.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

PROGRAMS = ("numpy", "tensors", "autograd", "legendre", "nn", "optim", "module", "dynamic")


def step_bench(build, program, points, steps, threads=1, rounding="exact", clock=False):
    """Nanoseconds a step, of the processor or by the clock, and by how many KiB the process
    grew."""
    tool = os.path.join(build, "tests", "bench", "step-bench")
    output = subprocess.run(
        [tool, program, str(points), str(steps), str(threads), "default", rounding],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout.split()
    return float(output[0 if clock else 3]), int(output[2])


class Library:
    """PyTorch and NumPy as an interpreter has them."""

    def __init__(self, python):
        self.python = python
        self.tool = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers.py")
        versions = subprocess.run([python, self.tool], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True).stdout.split()
        self.numpy, self.torch = versions if len(versions) == 2 else ("-", "-")
        self.torch = self.torch.split("+")[0]

    def start(self, program, points, seconds):
        """What times that program's steps, or None where the library is not there."""
        if "-" in (self.numpy if program == "numpy" else self.torch):
            return None
        return subprocess.Popen([self.python, self.tool, program, str(points), str(seconds)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def measure(peer):
    """Nanoseconds a step of a peer that was started."""
    peer.stdin.write("\n")
    peer.stdin.flush()
    return float(peer.stdout.readline())


def duration(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def compare(build, program, points, rounds, seconds, libraries):
    """A row of the table."""
    peers = [library.start(program, points, seconds) for library in libraries]
    by_hand = {"numpy": "fused64", "legendre": "fused-legendre",
               "dynamic": "fused-dynamic"}.get(program, "fused")
    first, _ = step_bench(build, program, points, 10)
    steps = max(3, int(seconds * 1e9 / first))
    fused_first, _ = step_bench(build, by_hand, points, 10)
    fused_steps = max(3, int(seconds * 1e9 / fused_first))

    times = []
    for _ in range(rounds):
        ours, _ = step_bench(build, program, points, steps)
        theirs = [measure(peer) if peer else None for peer in peers]
        fused, _ = step_bench(build, by_hand, points, fused_steps)
        fast, _ = step_bench(build, program, points, steps, rounding="fast")
        times.append((ours, theirs, fused, fast))
    for peer in peers:
        if peer:
            peer.stdin.close()
            peer.wait()

    def middle(function):
        return statistics.median(function(row) for row in times)

    cells = [program, f"{points:,}", duration(middle(lambda row: row[0]))]
    for i, peer in enumerate(peers):
        if peer:
            cells += [duration(middle(lambda row: row[1][i])),
                      f"{middle(lambda row: row[1][i] / row[0]):.0f}×"]
        else:
            cells += ["–", "–"]
    cells += [
        duration(middle(lambda row: row[2])),
        f"{middle(lambda row: row[0] / row[2]):.2f}",
        duration(middle(lambda row: row[3])),
        f"{middle(lambda row: row[3] / row[2]):.2f}",
    ]
    return cells


def compare_compilers(build, pythons, points):
    """JAX and torch.compile, as far as those interpreters have them."""
    tool = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compilers.py")
    ours, _ = step_bench(build, "autograd", points, max(100, 10**9 // points // 2))
    for python in pythons:
        output = subprocess.run([python, tool, str(points), "2"], stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True).stdout
        for name, value in (line.split(" ")[:2] for line in output.splitlines()):
            if value != "–":
                print_row([name, f"{points:,}", duration(float(value)), duration(ours),
                           f"{float(value) / ours:.1f}×"])


def print_row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def print_header(*cells):
    print_row(cells)
    print_row(["---"] * len(cells))


def find_python():
    """The interpreter that has PyTorch need not be the first in the PATH."""
    debian = "/usr/bin/python3"
    return sys.executable if Library(sys.executable).torch != "-" else debian


def peak_rss(command):
    """Peak resident memory of a command in MB, or None if it failed."""
    # What a process was before exec() counts in its peak, so a small process starts it.
    starter = (
        "import resource, subprocess, sys;"
        "code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL);"
        "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    output = subprocess.run(
        [sys.executable, "-c", starter, *command],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout.split()
    return int(output[1]) * 1024 / 1e6 if output[0] == "0" else None


def resident(pid):
    """Resident memory of a process in MB, None once it has ended."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages else None
    except (OSError, IndexError):
        return None


def growth(command):
    """By how many MB a command's memory grows after its first tenth of a second."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    time.sleep(0.1)
    first = last = resident(child.pid)
    while child.poll() is None:
        last = resident(child.pid) or last
        time.sleep(0.02)
    return None if first is None or child.returncode != 0 else last - first


def megabytes(value):
    return "failed" if value is None else f"{value:.1f} MB"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="_build", help="the build folder")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no long runs")
    parser.add_argument("--compilers", metavar="PYTHON", action="append", default=[],
                        help="an interpreter that has JAX or PyTorch 2, to be measured too")
    parser.add_argument("--peers", metavar="PYTHON", action="append", default=[],
                        help="an interpreter whose PyTorch and NumPy are measured; may be repeated")
    arguments = parser.parse_args()
    build = arguments.build
    rounds, seconds = (3, 0.1) if arguments.quick else (9, 0.3)

    libraries = [Library(python) for python in arguments.peers or [find_python()]]
    libraries = [library for library in libraries if library.numpy != "-"]
    if not libraries:
        print("NumPy and PyTorch are not here (Debian: python3-torch): there is nobody beside us.\n")

    print_header("program", "points", "Converge",
                 *(cell for library in libraries
                   for cell in (f"PyTorch {library.torch}, NumPy {library.numpy}", "faster by")),
                 "fused C", "× its time", "rounded fast", "× its time")
    for program in PROGRAMS:
        print_row(compare(build, program, 2000, rounds, seconds, libraries))
    print_row(compare(build, "autograd", 10**6, rounds, seconds, libraries))
    if not arguments.quick:
        print_row(compare(build, "autograd", 10**7, 5, 1, libraries))

    cores = len(os.sched_getaffinity(0))
    if cores > 1:
        print(f"\nWith {cores} threads, by the clock:\n")
        print_header("program", "points", "one thread", f"{cores} threads", "faster by")
        for program, points, steps in (("autograd", 10**6, 1000), ("autograd", 10**7, 100),
                                       ("read", 10**7, 100)):
            pairs = [
                tuple(step_bench(build, program, points, steps, threads, clock=True)[0]
                      for threads in (1, cores))
                for _ in range(3)
            ]
            print_row([
                "reading x and y, no more" if program == "read" else program, f"{points:,}",
                duration(statistics.median(one for one, _ in pairs)),
                duration(statistics.median(many for _, many in pairs)),
                f"{statistics.median(one / many for one, many in pairs):.2f}×",
            ])

    if arguments.compilers:
        print("\nautograd's step made by other compilers, one thread:\n")
        print_header("compiler", "points", "its time", "Converge", "faster by")
        for points in (2000, 10**6):
            compare_compilers(build, arguments.compilers, points)

    converge = os.path.join(build, "app", "converge")
    print("\nMemory:\n")
    print_header("what", "measured")
    print_row([
        "peak RSS of `converge train autograd` at 10,000,000 points (x and y are 80 MB)",
        megabytes(peak_rss([converge, "train", "autograd", "--points", "10000000",
                            "--lr", "1e-10", "--steps", "5", "--quiet"])),
    ])
    if not arguments.quick:
        print_row([
            "growth of the engine over 1,000,000 steps",
            megabytes(step_bench(build, "autograd", 2000, 10**6)[1] * 1024 / 1e6),
        ])
        print_row([
            "growth of `converge train` over 1,000,000 steps, history included",
            megabytes(growth([converge, "train", "autograd", "--steps", "1000000", "--quiet"])),
        ])


if __name__ == "__main__":
    main()
