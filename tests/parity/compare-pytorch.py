#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains the program “module” with random settings, and PyTorch with the same.

Sine and root are those of Intel's MKL in builds of PyTorch that have it, and not rounded
as the processor rounds: so the target is |x| − 1, and roots are taken in double precision
there. With PyTorch 1.13 and 2, of which the setting `pytorch` chooses one, every loss and final
value must be the same to the bit, a run that diverges must do so at the same step, and
what one refuses the other must refuse.

    tests/parity/compare-pytorch.py _build --rounds 900
"""

import argparse
import csv
import math
import os
import random
import shlex
import subprocess
import sys
import tempfile

try:
    import torch
except ImportError:
    # The interpreter that has it need not be the first in the PATH.
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    torch = None

CLASSES = {"sgd": "SGD", "adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam",
           "adamw": "AdamW", "adadelta": "Adadelta"}

# Values worth trying of each option; the first one is often PyTorch's default.
OPTIONS = {
    "sgd": {"momentum": (0, 0.9, 0.5), "dampening": (0, 0.3), "weight-decay": (0, 0.1),
            "nesterov": (False, True)},
    "adagrad": {"lr-decay": (0, 0.01), "weight-decay": (0, 0.1),
                "initial-accumulator-value": (0, 0.5), "eps": (1e-10, 1e-3)},
    "rmsprop": {"alpha": (0.99, 0.9, 0), "eps": (1e-8, 1e-3), "weight-decay": (0, 0.1),
                "momentum": (0, 0.9), "centered": (False, True)},
    "adam": {"beta1": (0.9, 0.5, 0), "beta2": (0.999, 0.9), "eps": (1e-8, 1e-3),
             "weight-decay": (0, 0.1), "amsgrad": (False, True)},
    "adadelta": {"rho": (0.9, 0.5), "eps": (1e-6, 1e-3), "weight-decay": (0, 0.1)},
}
OPTIONS["adamw"] = OPTIONS["adam"]
RATES = {"sgd": (1e-7, 1e-6, 1e-5), "adadelta": (1, 0.1)}


class Cubic(torch.nn.Module if torch else object):
    def __init__(self):
        super().__init__()
        for name in "abcd":
            setattr(self, name, torch.nn.Parameter(torch.randn(())))

    def forward(self, x):
        return self.a + self.b * x + self.c * x**2 + self.d * x**3


def version():
    """What --pytorch is for the version there is, None if it has none."""
    if torch is None:
        return None
    return {"1.13": "1"}.get(torch.__version__[:4], "2" if torch.__version__[:2] == "2." else None)


def round_roots():
    """Lets the root be the nearest number also where MKL computes it."""
    def root(tensor):
        return tensor.double()._sqrt().float()

    torch.Tensor._sqrt = torch.Tensor.sqrt
    torch.Tensor.sqrt = root
    torch.Tensor.sqrt_ = lambda tensor: tensor.copy_(root(tensor))


def draw(generator):
    """The settings of a run: arguments of both sides."""
    name = generator.choice(sorted(CLASSES))
    options = {option: generator.choice(values) for option, values in OPTIONS[name].items()
               if generator.random() < 0.5}
    return {
        "optimizer": name,
        "lr": generator.choice(RATES.get(name, (1e-3, 1e-2, 0.1))),
        "options": options,
        "seed": generator.choice((generator.randrange(1000), generator.randrange(2**64))),
        "points": generator.choice((2, 100, 2000, generator.randrange(2, 5000))),
        "steps": generator.choice((1, 50, 300)),
    }


def command(settings):
    words = ["--pytorch", version(), "--target", "abs(x) - 1", "--optimizer", settings["optimizer"]]
    for name in ("lr", "seed", "points", "steps"):
        words += ["--" + name, str(settings[name])]
    for option, value in settings["options"].items():
        if isinstance(value, bool):
            words.append(("--" if value else "--no-") + option)
        else:
            words += ["--" + option, str(value)]
    return words


def train_there(settings):
    """Losses and final values of PyTorch, None if it refuses the settings."""
    torch.manual_seed(settings["seed"])
    options = {name.replace("-", "_"): value for name, value in settings["options"].items()}
    if settings["optimizer"].startswith("adam"):
        options["betas"] = (float(options.pop("beta1", 0.9)),
                            float(options.pop("beta2", 0.999)))
    x = torch.linspace(-math.pi, math.pi, settings["points"])
    y = torch.abs(x) - 1
    model = Cubic()
    try:
        optimizer = getattr(torch.optim, CLASSES[settings["optimizer"]])(
            model.parameters(), lr=settings["lr"], **options)
    except ValueError:
        return None
    losses = []
    for _ in range(settings["steps"]):
        loss = (model(x) - y).pow(2).sum()
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses, [parameter.item() for parameter in model.parameters()]


def column(path, name):
    with open(path, encoding="utf-8", newline="") as file:
        return [float(row[name]) for row in csv.DictReader(file)]


def train_here(converge, settings, folder):
    output = os.path.join(folder, "out")
    result = subprocess.run(
        [converge, "train", "module", *command(settings), "--quiet", "--output", output],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=dict(os.environ, XDG_CACHE_HOME=os.path.join(folder, "cache")))
    if result.returncode == 2:
        return None
    return column(output + "/loss.csv", "loss"), column(output + "/coefficients.csv", "value")


def single(values):
    return torch.tensor(values, dtype=torch.float32).tolist()


def is_same(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    finite = [loss for loss in theirs[0] if math.isfinite(loss)]
    n_ours = sum(map(math.isfinite, ours[0]))
    if single(ours[0])[:n_ours] != finite:
        return False
    # What a run that diverged leaves is its last finite state, which PyTorch does not keep.
    return len(finite) < len(theirs[0]) or not all(map(math.isfinite, theirs[1])) \
        or single(ours[1]) == theirs[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="the build folder")
    parser.add_argument("--rounds", type=int, default=100, help="how many runs; 100")
    parser.add_argument("--seed", type=int, default=1, help="of the random settings; 1")
    arguments = parser.parse_args()
    if version() is None:
        print("compare-pytorch: skipped: needs PyTorch 1.13 (Debian 12: python3-torch) or 2")
        return 0
    torch.set_num_threads(1)
    if torch.backends.mkl.is_available():
        round_roots()
    generator = random.Random(arguments.seed)
    converge = os.path.join(arguments.build, "app", "converge")
    n_refused = n_diverged = n_different = 0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.rounds):
            settings = draw(generator)
            theirs = train_there(settings)
            ours = train_here(converge, settings, folder)
            n_refused += theirs is None
            n_diverged += theirs is not None and not math.isfinite(theirs[0][-1])
            if not is_same(ours, theirs):
                n_different += 1
                print("different:", "converge train module", shlex.join(command(settings)))
    print(f"compare-pytorch: {arguments.rounds} runs, {n_refused} refused by PyTorch, "
          f"{n_diverged} diverged there; {n_different} different")
    return 1 if n_different else 0


if __name__ == "__main__":
    sys.exit(main())
