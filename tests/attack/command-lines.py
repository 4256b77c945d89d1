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

# A run that takes longer, since a slow pace was drawn, is asked to stop, and must
# then have ended so many seconds later.
LIMIT = 20
STOP_LIMIT = 20

PROGRAMS = "numpy tensors autograd legendre nn optim module dynamic".split()

BAD_NUMBERS = [
    "", " ", "nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e400", "-1e400", "1e-400", "-0",
    "-0.0", "0", "0x10", "0x1p3", "1e", "e5", ".", "-", "+", "--5", "1,5", "1.5.5", "5e-324",
    "1.7976931348623157e308", "1.8e308", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
    "18446744073709551616", "99999999999999999999999999", "1e10", "1e18", "1e13",
    "1000000000001", "-1", "1.5", "٣", "１２", "½", "1 000", "1_000", "0b1", "010", "1e5x", "x",
    "\t5", "5\n", "5 ", "%s", "%n%n", "$(id)", "`id`", "{}", "\u202e5", "💥", "A" * 3000,
    "9" * 400, "1" + "0" * 400, "0." + "0" * 400 + "1", "-" * 300, "1e+2", "null", "true"]

NOT_TEXT = [b"\xff", b"\xfe\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x92", b"\xed\xa0\x80",
            b"\x80" * 50, b"\x01\x02\x1b[31m", b"a\xffb", b"\xc0\xaf"]

FORMULAS = [
    "sin(x)", "exp(-x^2)", "x", "3", "x³ - x", "tanh(3*x)", "relu(x)", "maximum(x,0)",
    "sigmoid(x)·2", "2^x", "abs(x)", "sign(x)", "cos(x)**2", "addcmul(x,x,2)",
    "heaviside(x,0.5)", "square(x)/2", "log(x+10)", "sqrt(x+7)", "1e-300*x", "1e30*x", "1e300*x",
    "((((((((x))))))))", "sin(x)^2+cos(x)^2"]

BAD_FORMULAS = [
    "", " ", "log(x)", "log(-x)", "sqrt(x)", "1/x", "x/0", "0/0", "exp(x^9)", "1e308*10", "x^x",
    "(-8)^(1/3)", "sin", "sin(", ")", "((((", "(" * 200, "x" * 300, "x+" * 127 + "x",
    "-" * 250 + "x", "foo(x)", "x y", "1e999", "0x10", "x;rm", "y", "maximum(x)", "addcmul(x,2)",
    "x²²", "2^^3", "sum(x)", "neg(x)", "x'", '"', "\\", "%s%n", "π", "−x", "x·x", "pow(x,2,3)",
    "1..2", ".", "5e", "x\t+1", "x\n", "e", "pi()", "X", "SIN(x)"]

FLAGS = ["--nesterov", "--no-nesterov", "--amsgrad", "--no-amsgrad", "--centered",
         "--no-centered", "--maximize", "--quiet", "-q", "--no-quiet", "--quiet=1",
         "--nesterov=yes"]

# Where files may go; “kept” is there before and must stay as it is.
PATHS = {
    "output": ["out", "out/deep/x", ".", "kept", "kept/x", "", "/proc/nope", "/dev/null",
               "new\nline/x", b"\xff/x"],
    "o": ["out"],
    "loss-log": ["l.csv", "out/l.csv", "missing/l.csv", "/dev/full", "/dev/null", "", ".",
                 "l.csv/x", "l.png", "\x1b[31m/x"],
    "coefficients": ["c.csv", "l.csv", "/dev/null", "n" * 250, "n" * 255, "n" * 256],
    "parameters": ["s.csv", "out/s.csv", "l.csv", "/dev/full", "s.svg"],
    "plot": ["p.png", "p.svg", "p.pdf", "p", "p.gif", "/dev/null", "p.PNG", ".png"],
}
EXPECTED = {"kept", "out", "new\nline", "\udcff", "l.csv", "c.csv", "l.csv.run.json",
            "c.csv.run.json", "s.csv", "s.csv.run.json", "p.png", "p.svg", "p.pdf", "p.PNG", ".png", "coefficients.csv",
            "loss.csv", "parameters.csv", "fit.png", "run.json", "n" * 250, "n" * 255, "n" * 246 + ".run.json"}


class Lines:
    """Draws command lines."""

    def __init__(self, generator, optimizers):
        self.random = generator
        one_of = generator.choice
        real = self.real
        self.options = {
            "optimizer": lambda: self.word(optimizers),
            "lr": lambda: self.number(real()),
            "steps": lambda: self.number(one_of(["1", "2", "3", "10", "99", "100", "250", "500"])),
            "target": lambda: one_of(FORMULAS if generator.random() < 0.6
                                     else BAD_FORMULAS + NOT_TEXT + BAD_NUMBERS),
            "from": lambda: self.number(one_of(["-pi", "-1", "0", "-1e3", "1e-9", "-pi/2", "3-4",
                                                "1", "-1e30", "-1e300"])),
            "to": lambda: self.number(one_of(["pi", "1", "2", "1e3", "1e-8", "pi/2", "1e30",
                                              "1.0000000000000002", "1e300"])),
            "points": lambda: self.number(one_of(["2", "3", "5", "31", "32", "33", "100", "2000",
                                                  "2001", "33000"])),
            "seed": lambda: self.number(str(one_of([0, 1, 42, 2 ** 64 - 1,
                                                    generator.randrange(2 ** 64)]))),
            "dtype": lambda: self.word(["float32", "float64", "int64", "bool"]),
            "init": self.init,
            "device": lambda: self.word(["cpu", "cpu", "cpu", "cuda"]),
            "threads": lambda: self.number(one_of(["0", "0", "1", "1", "2", "3", "7", "300"])),
            "pace": lambda: self.number(one_of(["0", "1e5", "1e9", "1e300", "50000"])),
            "log-every": lambda: self.number(one_of(["1", "2", "7", "100", "1000000000000"])),
            "momentum": lambda: self.number(one_of(["0", "0.9", "1", "0.5"])),
        }
        for name in ("dampening", "weight-decay", "alpha", "eps", "rho", "beta1", "beta2",
                     "lr-decay", "initial-accumulator-value", "momentum-decay"):
            self.options[name] = lambda: self.number(real())

    def real(self):
        return self.random.choice(["1e-6", "0.5", "1e-3", "1e3", "1e20", "1e-30", "0.9", "1",
                                   "0.999", "1e-8", "2", repr(10 ** self.random.uniform(-40, 38))])

    def number(self, good):
        kind = self.random.random()
        if kind < 0.62:
            return good
        if kind < 0.92:
            return self.random.choice(BAD_NUMBERS)
        if kind < 0.97:
            return self.random.choice(NOT_TEXT)
        return "".join(chr(self.random.randrange(*self.random.choice([(1, 128), (128, 0x2000)])))
                       for _ in range(self.random.randrange(1, 30)))

    def word(self, good):
        kind = self.random.random()
        word = self.random.choice(good)
        if kind < 0.75:
            return word
        if kind < 0.9:
            at = self.random.randrange(len(word) + 1)
            return (word[:at] + self.random.choice(["", "x", "=", " ", "é", "X"])
                    + word[at + self.random.randrange(2):])
        return self.random.choice(BAD_NUMBERS + NOT_TEXT)

    def init(self):
        kind = self.random.random()
        if kind < 0.4:
            return self.random.choice(["seed", "published"])
        if kind < 0.5:
            return self.random.choice(["seedd", "a", "a=", "=1", "a=1,,b=2", "a=1,a=2", "z=3",
                                       ",", "a=1,", "a==1", "A=1", "a=nan", "a=1e400",
                                       "weight=1", "a=b", "published,seed"])
        return ",".join(f'{self.random.choice("abcde")}={self.number(self.real())}'
                        for _ in range(self.random.randrange(1, 6)))

    def option(self):
        """A few words: an option, mostly with a value."""
        kind = self.random.random()
        if kind < 0.80:
            name = self.random.choice(list(self.options))
            value = self.options[name]()
        elif kind < 0.87:
            return [self.random.choice(FLAGS)]
        elif kind < 0.97:
            name = self.random.choice(list(PATHS))
            value = self.random.choice(PATHS[name])
        elif kind < 0.985:
            return [self.random.choice(BAD_NUMBERS + NOT_TEXT)]
        else:
            name = "".join(self.random.choice("abcxyz-_=é")
                           for _ in range(self.random.randrange(0, 12)))
            value = self.random.choice(BAD_NUMBERS)
        flag = "-o" if name == "o" else "--" + name
        if self.random.random() < 0.5:
            return [flag, value]
        return [encode(flag + ("" if name == "o" else "=")) + encode(value)]

    def line(self):
        """The arguments, as bytes."""
        words = ["train"]
        if self.random.random() > 0.97:
            words = [self.random.choice(["list", "", "trian", "--help", "--version", "-x", "--",
                                         "autograd", "--help=1", "-hV"])]
        kind = self.random.random()
        if kind < 0.8:
            words.append(self.random.choice(PROGRAMS))
        elif kind < 0.9:
            words.append(self.word(PROGRAMS))
        for _ in range(40 if self.random.random() < 0.02 else self.random.randrange(0, 6)):
            words += self.option()
        words = [encode(word).replace(b"\0", b"") for word in words]
        if words[0] == b"train" and not any(word.startswith(b"--steps") for word in words):
            words += [b"--steps", b"50"]
        return words


def encode(word):
    return word if isinstance(word, bytes) else word.encode("utf-8", "surrogatepass")


def empty(folder):
    for name in os.listdir(folder):
        path = f"{folder}/{name}"
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


# A formula that is none is shown below the sentence, with what is wrong in it marked.
MARK = re.compile(rb"(?<=\n)  [^\n]*\n *\^+\n\Z")


def check_words(attack, status, said, case):
    if status not in (0, 1, 2):
        attack.find("crash", case)
    sentence = MARK.sub(b"", said)
    if b"Sanitizer" in said or b"runtime error" in said:
        attack.find("sanitizer", case)
    if b"CRITICAL" in said or b"WARNING **" in said:
        attack.find("GLib's message", case)
    if status in (1, 2) and not said.startswith(b"converge: "):
        attack.find("no sentence", case)
    elif status in (1, 2) and not sentence.endswith((b".\n", b"?\n")):
        attack.find("no full stop", case)
    if status == 0 and said:
        attack.find("success with words on stderr", case)
    try:
        text = said.decode()
    except UnicodeDecodeError:
        attack.find("not UTF-8 on stderr", case)
        return
    if any(ord(letter) < 32 and letter != "\n" or 127 <= ord(letter) < 160 for letter in text) \
            or sentence.count(b"\n") > 1:
        attack.find("control characters on stderr", case)


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
    """Returns the status and what was said; None if it hangs."""
    process = subprocess.Popen([attack.executable.encode()] + words, cwd=folder, env=environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    try:
        said = process.communicate(timeout=LIMIT)[1]
        return process.returncode, said
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=STOP_LIMIT)
        return "stopped", b""
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        attack.find("hang", words)
        return None


def read_optimizers(attack):
    """Those there are: the first words of the lines below the table's head."""
    table = subprocess.run([attack.executable, "list", "optimizers"], env=attack.environment,
                           capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in table.splitlines()[1:]]


def main():
    attack = Attack(__doc__, 20000)
    lines = Lines(attack.random, read_optimizers(attack))
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
        status, said = result
        statuses[status] += 1
        if status != "stopped":
            slowest = max(slowest, time.time() - begin)
            case = f"{[word[:80] for word in words]} exit {status} {said[-400:]}"
            check_words(attack, status, said, case)
            check_files(attack, status, folder, case)
    attack.end(f"{attack.rounds} command lines, exit statuses {dict(statuses)}, "
               f"the slowest {slowest:.1f} s")


if __name__ == "__main__":
    main()
