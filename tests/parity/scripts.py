#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes runs as programs for PyTorch, and lets PyTorch run them.

Of every program under every optimizer, and of settings of many kinds, the script must
print the lines of the run, within what another order of rounding does. Without PyTorch
(1.13 or 2, in this interpreter or in that of $CONVERGE_TORCH_PYTHON) the scripts are only
compiled, and the test is skipped. What a script printed is kept in $CONVERGE_TEST_CACHE, by a
digest of the script and of the files that tell one PyTorch from another.

    tests/parity/scripts.py _build/app/converge
    tests/parity/scripts.py _build/app/converge --syntax
"""

import argparse
import contextlib
import hashlib
import importlib.util
import io
import json
import math
import os
import re
import runpy
import shlex
import subprocess
import sys
import tempfile
import time

SKIPPED = 77

# See test-trajectories.c for how far a run may be from PyTorch's.
TOLERANCES = {"float64": 1e-9, "float32": 2e-4, "dynamic": 2e-3}
SWINGING_BELOW_LOSS, SWINGING_LOSS, SWINGING_FINAL = 20, 0.1, 2e-3

# What lets a run be the same although sums are rounded in another order. From its beginning
# and on an even interval, the gradients of two of the parameters of “legendre” are but what
# rounding leaves of 0, which many optimizers divide by its own size; “mlp” swings at its rates.
# “formula” would come to a loss of nothing but rounding.
GENTLE = {"legendre": ["--from", "-3", "--to", "2"], "mlp": ["--dtype", "float64", "--lr", "1e-3"],
          "formula": ["--dtype", "float64", "--target", "abs(x)"]}

# What beside program and optimizer may be said of a run; each in a run of a program that
# can have it.
OTHERS = [
    "autograd --dtype float64",
    "autograd --init published",
    "autograd --init a=0.5,c=-1e-3",
    "nn --init b=0.25,a=0.1 --seed 18446744073709551615",
    "module --init d=0.1 --points 17 --from -1 --to 2.5",
    "mlp --init 2.bias=0.5 --seed 7 --dtype float64",
    "legendre --init b=-0.5 --dtype float64",
    "numpy --dtype float32 --seed 4294967295",
    "dynamic --seed 11 --momentum 0",
    "autograd --lr 1e-5 --steps 40 --log-every 1",
    "module --optimizer sgd --momentum 0.9 --nesterov --weight-decay 0.1",
    "module --optimizer sgd --momentum 0.9 --dampening 0.25",
    "module --optimizer adagrad --lr-decay 0.01 --initial-accumulator-value 0.5 --eps 1e-8",
    "module --optimizer rmsprop --momentum 0.5 --centered --alpha 0.9 --lr 1e-4",
    "module --optimizer adam --beta1 0.8 --amsgrad --eps 1e-6",
    "module --optimizer adamw --beta2 0.99 --weight-decay 0.1",
    "formula --model a*exp(-b*x^2)+lambda*x^3-c",
    "formula --model u+0*v*sin(w) --target cos(x)",
    "formula --model e*tanh(t*x+y)/(1+(-x)^2)^0.5 --init e=0.5",
    "formula --model p --target 1.5",
    "module --optimizer adadelta --rho 0.95 --weight-decay 0.1",
    "autograd --loss L1Loss --lr 1e-5",
    "module --loss HuberLoss --delta 0.25 --reduction mean --lr 1e-2",
    "autograd --hold a,c=0.5",
    "numpy --hold a=0,c=0 --optimizer sgd --momentum 0.5",
    "nn --hold b=1,c=0,d=-0.1",
    "autograd --tries 5 --seed 3",
    "formula --model 'a*exp(-b*x) + c₀' --target 'exp(x/4)'",
    "formula --model 'L/(1 + exp(-k*(x - x0)))' --target '1/(1 + exp(-x))' --dtype float64",
    "formula --model 'lambda*x^3 - (α - β)^2*x/(1 + x²)' --optimizer sgd --lr 1e-3",
]

# What can be fitted: signs and functions of formulas.
TARGETS = [
    "cos(x)", "x^3/8 - x^2/4 - x/2 + 1/2", "abs(x) - 1", "sign(x)", "2*sigmoid(3*x) - 1",
    "exp(-x^2)", "cos(3*x) * exp(-x^2/4)", "2", "-pi/4 + 0*x", "maximum(x, 0) - minimum(1, -x²)",
    "sin(1) + cube(x)/10", "2^-(x**2) · e", "−x³/π - -.5", "sqrt(x^2 + 1e-2)", "tanh(x)*relu(x)",
    "pow(abs(x) + 1, 1/3)", "heaviside(x, 0.5)", "addcmul(x, 2, x)", "log(2 + x/4)",
    "xlogy(square(x), 3)", "sin(cos(1)*x)", "2^2^0.5*x", "atan(2*x) - arctan(x^2)",
]


def find_ids(converge, what):
    text = subprocess.run([converge, "list", what], check=True, stdout=subprocess.PIPE).stdout
    return [line.split()[0] for line in text.decode().splitlines()[1:] if line.startswith("  ")]


def list_runs(converge):
    """The arguments of each run."""
    programs, optimizers = find_ids(converge, "programs"), find_ids(converge, "optimizers")
    runs = [[program, *GENTLE.get(program, []), "--optimizer", optimizer]
            for program in programs for optimizer in optimizers]
    runs += [shlex.split(other) for other in OTHERS]
    runs += [["autograd", "--target", target] for target in TARGETS]
    return [run[:1] + ["--steps", "400", "--log-every", "25"] + run[1:] for run in runs]


def train(converge, run, path, folder, version):
    """The lines of a run, which also leaves its script."""
    command = [converge, "train", *run, "--pytorch", version, "--script", path]
    cache = os.environ.get("CONVERGE_TEST_CACHE") or os.path.join(folder, "cache")
    environment = dict(os.environ, XDG_CACHE_HOME=cache)
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=environment)
    if result.returncode > 1:
        sys.exit(f"{shlex.join(command)}: {result.stderr.decode()}")
    return result.stdout.decode().splitlines()


def compile_all(converge, runs, folder):
    for run in runs:
        path = os.path.join(folder, "run.py")
        train(converge, run[:1] + ["--steps", "1"] + run[3:], path, folder, "2")
        with open(path, encoding="utf-8") as file:
            compile(file.read(), shlex.join(run), "exec")
        path = os.path.join(folder, "run.ipynb")
        train(converge, run[:1] + ["--steps", "1"] + run[3:], path, folder, "1")
        with open(path, encoding="utf-8") as file:
            cells = json.load(file)["cells"]
        for cell in cells:
            if cell["cell_type"] == "code":
                compile(cell["source"], shlex.join(run), "exec")
        if [cell["cell_type"] for cell in cells].count("code") != 7:
            sys.exit(f"The notebook of {shlex.join(run)} has {len(cells)} cells")


def run_script(path):
    """The lines that a script prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit:
            pass
    return out.getvalue().splitlines()


class Printed:
    """What scripts print, by PyTorch, which is loaded when one is new."""

    def __init__(self, torch_path):
        self.version = runpy.run_path(os.path.join(torch_path, "version.py"))["__version__"]
        self.n_run = 0
        cache = os.environ.get("CONVERGE_TEST_CACHE")
        self.folder = cache and os.path.join(cache, "pytorch")
        if self.folder:
            os.makedirs(self.folder, exist_ok=True)
        specs = [importlib.util.find_spec(name) for name in ("torch", "numpy")]
        files = [(spec.origin, os.stat(spec.origin).st_mtime_ns) for spec in specs if spec]
        self.peer = f"{sys.version} {self.version} {files}"

    def read(self, path):
        with open(path, encoding="utf-8") as file:
            script = file.read()
        digest = hashlib.sha256(f"{self.peer}\0{script}".encode()).hexdigest()
        kept = self.folder and os.path.join(self.folder, digest)
        if kept and os.path.exists(kept):
            with open(kept, encoding="utf-8") as file:
                return file.read().splitlines()
        import torch
        torch.set_num_threads(1)
        self.n_run += 1
        lines = run_script(path)
        if kept:
            # Nobody finds half of it.
            with open(f"{kept}.{os.getpid()}", "w", encoding="utf-8") as file:
                file.write("\n".join(lines))
            os.rename(file.name, kept)
        return lines


def numbers_of(line):
    return [float(word) for word in re.findall(r"(?<![\w^])-?(?:\d[\d.]*(?:e[-+]\d+)?|inf|nan)\b",
                                               line)]


def is_near(ours, theirs, tolerance):
    if not math.isfinite(theirs):
        return not math.isfinite(ours)
    return abs(ours - theirs) <= tolerance * abs(theirs)


def find_difference(run, ours, theirs):
    """A line that differs, None if all are near enough."""
    swings = "rmsprop" in run or (run[0] == "optim" and "--optimizer" not in run)
    is_double = "float64" in run or (run[0] == "numpy" and "float32" not in run)
    tolerance = TOLERANCES["float64" if is_double else "dynamic" if run[0] == "dynamic"
                           else "float32"]
    if len(ours) != len(theirs):
        return f"{len(ours)} and {len(theirs)} lines, the last “{ours[-1:]}” and “{theirs[-1:]}”"
    for mine, yours in zip(ours, theirs):
        words = re.sub(r"[-\d.e+]+", "#", mine), re.sub(r"[-\d.e+]+", "#", yours)
        if words[0] != words[1]:
            return f"“{mine}” and “{yours}”"
        a, b = numbers_of(mine), numbers_of(yours)
        if mine.startswith("Result"):
            scale = max(map(abs, b))
            bound = SWINGING_FINAL if swings else tolerance
            is_same = len(a) == len(b) and all(abs(p - q) <= bound * scale for p, q in zip(a, b))
        else:
            bound = SWINGING_LOSS if swings and b[1] < SWINGING_BELOW_LOSS else tolerance
            is_same = a[0] == b[0] and is_near(a[1], b[1], bound)
        if not is_same:
            return f"“{mine}” and “{yours}”"
    return None


def compare_all(converge, runs, folder, printed):
    version = printed.version.split(".")[0]
    n_same = n_different = 0
    begin = time.monotonic()
    for run in runs:
        path = os.path.join(folder, "run.py")
        if version == "1" and "nadam" in run:
            continue
        ours = train(converge, run, path, folder, version)
        theirs = printed.read(path)
        difference = find_difference(run, ours, theirs)
        n_same += ours == theirs
        if difference:
            n_different += 1
            print(f"different: converge train {shlex.join(run)}: {difference}")
    print(f"{len(runs)} scripts, PyTorch {printed.version}: {n_same} print the same lines to the "
          f"last digit, {n_different} differ; {printed.n_run} were run now, "
          f"{time.monotonic() - begin:.0f} s")
    return 1 if n_different else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("converge", help="the command")
    parser.add_argument("--syntax", action="store_true", help="only compile the scripts")
    arguments = parser.parse_args()
    runs = list_runs(arguments.converge)
    if arguments.syntax:
        with tempfile.TemporaryDirectory() as folder:
            compile_all(arguments.converge, runs, folder)
        print(f"{len(runs)} scripts and notebooks compile")
        return 0
    other = os.environ.pop("CONVERGE_TORCH_PYTHON", None)
    if other:
        os.execv(other, [other, *sys.argv])
    torch = importlib.util.find_spec("torch")
    if torch is None or torch.origin is None:
        # The interpreter that has it need not be the first in the PATH.
        if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
            os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
        print("scripts: skipped: needs PyTorch 1.13 (Debian 12: python3-torch) or 2")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        return compare_all(arguments.converge, runs, folder,
                           Printed(os.path.dirname(torch.origin)))


if __name__ == "__main__":
    sys.exit(main())
