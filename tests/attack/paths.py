#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files where they cannot be, or under odd names: full and read-only disks, links,
pipes, devices, folders that go away, names that are too long or no text.

Each case must end as it says here, with a sentence or with the files, in time, and
leave nothing else. What needs root (a disk of its own, another user) is skipped
aloud without it."""

import os
import shutil
import socket
import stat
import subprocess

from attack import FILES, NOBODY, Attack, become, read_files, temporary_files

LIMIT = 60

SHAPE = ["--steps", "2000", "--points", "50", "--quiet"]


class Paths:
    def __init__(self, attack):
        self.attack = attack
        self.n_cases = 0
        self.skipped = set()
        self.folder = attack.work + "/paths"

    def run(self, *arguments, user=None):
        return subprocess.run([self.attack.executable, "train", *SHAPE, *arguments],
                              cwd=self.folder, env=self.attack.environment,
                              preexec_fn=user and (lambda: become(user)),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)

    def case(self, status, *arguments, files=None, user=None, keeps=()):
        """@files are the names that must then be in the folder besides @keeps."""
        self.n_cases += 1
        name = " ".join(map(repr, arguments))
        try:
            result = self.run(*arguments, user=user)
        except subprocess.TimeoutExpired:
            self.attack.find("hang", name)
            return
        said = result.stderr
        name += f": exit {result.returncode} {said[:300]}"
        if result.returncode != status:
            self.attack.find("unexpected status", name)
        if status and (not said.startswith(b"converge: ") or said.count(b"\n") != 1
                       or b"\x1b" in said or not said.endswith((b".\n", b"?\n"))):
            self.attack.find("no sentence", name)
        present = set(map(os.fsencode, os.listdir(self.folder)))
        expected = set(map(os.fsencode, [*(files or ()), *keeps]))
        if present != expected:
            self.attack.find("unexpected files", f"{name} {present ^ expected}")

    def fresh(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        os.chmod(self.folder, 0o777)

    def path(self, name):
        return f"{self.folder}/{name}"

    def put(self, name, text="old"):
        with open(self.path(name), "w") as file:
            file.write(text)

    def check(self, kind, holds, detail=""):
        if not holds:
            self.attack.find(kind, detail)


def names(paths):
    paths.fresh()
    paths.case(2, "--loss-log", "")
    paths.case(2, "--output", "")
    paths.case(2, "--loss-log", "missing/x.csv")
    paths.case(2, "--loss-log", "\x1b[31mred\a/x.csv")
    paths.case(2, "--loss-log", "n" * 256)
    paths.case(2, "--loss-log", "n/" * 2500 + "x.csv")
    paths.case(2, "--output", "n" * 256)
    paths.case(2, "--plot", "fit.gif")
    paths.case(2, "--loss-log", "x.csv", "--coefficients", "./x.csv")
    paths.case(2, "--output", "o", "--loss-log", "o/run.json")
    paths.case(2, "--output", "deep/a/b/c", "--plot", "missing/x.png")
    for name in ("a\nb.csv", "bad\udcff\udcfe.csv", " ", "-", "%s%n", "💥.csv"):
        paths.fresh()
        paths.case(0, "--loss-log", name, files=[name, name + ".run.json"])
    for length in (250, 255):
        paths.fresh()
        paths.case(0, "--loss-log", "n" * length, files=["n" * length, "n" * 246 + ".run.json"])
    paths.fresh()
    paths.case(0, "--output", ".", files=FILES)
    paths.fresh()
    paths.case(0, "--output", "dir\nx/y", files=["dir\nx"])
    paths.fresh()
    paths.case(0, "--plot", "FIT.PNG", files=["FIT.PNG"])


def links(paths):
    paths.fresh()
    os.symlink("missing/x.csv", paths.path("link"))
    paths.case(2, "--loss-log", "link", keeps=["link"])

    paths.fresh()
    os.symlink("there.csv", paths.path("link"))
    paths.case(0, "--loss-log", "link", files=["there.csv", "link.run.json"], keeps=["link"])
    paths.check("link replaced", os.path.islink(paths.path("link")))

    paths.fresh()
    paths.put("real.csv")
    os.chmod(paths.path("real.csv"), 0o640)
    os.symlink("real.csv", paths.path("link"))
    paths.case(0, "--loss-log", "link", files=["link.run.json"], keeps=["link", "real.csv"])
    paths.check("link replaced", os.path.islink(paths.path("link")))
    paths.check("mode changed", stat.S_IMODE(os.stat(paths.path("real.csv")).st_mode) == 0o640)
    paths.case(2, "--loss-log", "link", "--coefficients", "real.csv",
               keeps=["link", "real.csv", "link.run.json"])

    paths.fresh()
    os.symlink("b", paths.path("a"))
    os.symlink("a", paths.path("b"))
    paths.case(2, "--loss-log", "a", keeps=["a", "b"])
    paths.case(2, "--output", "a", keeps=["a", "b"])


def not_files(paths):
    paths.fresh()
    os.mkdir(paths.path("folder"))
    paths.put("file")
    keeps = ["folder", "file"]
    paths.case(2, "--loss-log", "folder", keeps=keeps)
    paths.case(2, "--output", "file", keeps=keeps)
    paths.case(2, "--output", "file/x", keeps=keeps)
    paths.case(2, "--loss-log", "/dev/full", keeps=keeps)
    paths.case(2, "--output", "/proc/converge", keeps=keeps)
    # Where nothing is mounted there, it is a folder like any other.
    if os.path.ismount("/sys"):
        paths.case(2, "--output", "/sys/converge", keeps=keeps)
        paths.case(2, "--loss-log", "/sys/x.csv", keeps=keeps)
    paths.case(0, "--loss-log", "/dev/null", keeps=keeps)
    paths.case(0, "--loss-log", "/dev/stdout", "--coefficients", "/dev/stdout", keeps=keeps)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(paths.path("socket"))
        paths.case(1, "--loss-log", "socket", keeps=keeps + ["socket"])

    paths.fresh()
    for count in ("cat", "head -3"):
        os.mkfifo(paths.path("pipe"))
        reader = subprocess.Popen(f"{count} pipe | wc -l", shell=True, cwd=paths.folder,
                                  stdout=subprocess.PIPE)
        if count == "cat":
            paths.case(0, "--loss-log", "pipe", keeps=["pipe"])
        else:
            paths.case(1, "--loss-log", "pipe", "--steps", "100000", keeps=["pipe"])
        n_lines = int(reader.communicate()[0])
        paths.check("pipe", n_lines == (2001 if count == "cat" else 3), f"{n_lines} lines")
        os.unlink(paths.path("pipe"))


def full_disk(paths):
    paths.fresh()
    disk = paths.path("disk")
    os.mkdir(disk)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk],
                      stderr=subprocess.DEVNULL).returncode != 0:
        paths.skipped.add("a full disk")
        return
    try:
        paths.case(0, "--output", "disk/o", files=["disk"])
        before = read_files(disk + "/o")
        paths.case(1, "--output", "disk/o", "--steps", "100000", keeps=["disk"])
        paths.check("old and new files side by side", read_files(disk + "/o") == before)
        with open(disk + "/filler", "wb", buffering=0) as filler:
            try:
                while filler.write(b"0" * 1024):
                    pass
            except OSError:
                pass
        paths.case(2, "--output", "disk/o", keeps=["disk"])
        paths.case(2, "--output", "disk/new/deep", keeps=["disk"])
        paths.case(2, "--plot", "disk/fit.pdf", keeps=["disk"])
        paths.check("old and new files side by side", read_files(disk + "/o") == before)
        paths.check("files left", sorted(os.listdir(disk)) == ["filler", "o"],
                    str(os.listdir(disk)))
        paths.check("files left", not temporary_files(disk + "/o"))
    finally:
        subprocess.run(["umount", disk], check=True)


def another_user(paths):
    if not paths.attack.can_be_another():
        paths.skipped.add("another user")
        return
    os.chmod(paths.attack.work, 0o755)
    paths.fresh()
    os.mkdir(paths.path("folder"))
    paths.put("folder/loss.csv")
    paths.put("loss.csv")
    os.chmod(paths.path("folder"), 0o555)
    for arguments in (["--output", "folder"], ["--output", "folder/a/b"],
                      ["--loss-log", "folder/loss.csv"], ["--loss-log", "folder/x.csv"],
                      ["--loss-log", "loss.csv"]):
        paths.case(2, *arguments, user=NOBODY, keeps=["folder", "loss.csv"])
    os.chmod(paths.path("folder"), 0o700)
    paths.case(2, "--loss-log", "folder/loss.csv", user=NOBODY, keeps=["folder", "loss.csv"])
    with open(paths.path("folder/loss.csv")) as file:
        paths.check("file changed", file.read() == "old")


def folder_goes(paths):
    """A folder that goes away while the run goes on."""
    paths.fresh()
    paths.n_cases += 1
    process = subprocess.Popen([paths.attack.executable, "train", *SHAPE, "--pace", "2000",
                                "--output", "gone"], cwd=paths.folder,
                               env=paths.attack.environment, stderr=subprocess.PIPE)
    while not os.path.isdir(paths.path("gone")):
        pass
    try:
        os.rmdir(paths.path("gone"))
    except OSError:
        shutil.rmtree(paths.path("gone"))
    said = process.communicate(timeout=LIMIT)[1]
    if process.returncode not in (1, 2) or not said.startswith(b"converge: "):
        paths.attack.find("folder that goes away", f"exit {process.returncode} {said}")


def main():
    attack = Attack(__doc__, 1)
    paths = Paths(attack)

    for _ in range(attack.rounds):
        for part in (names, links, not_files, full_disk, another_user, folder_goes):
            part(paths)
    skipped = ", ".join(sorted(paths.skipped))
    attack.end(f"{paths.n_cases} cases" + (f", none with {skipped} (needs root)" if skipped else ""))


if __name__ == "__main__":
    main()
