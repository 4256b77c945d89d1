#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints what PyTorch's own optimizer comes to, as rows of optim-reference.h and
optim-bits.h: the first lines of these files say what is trained.

    tests/engine/record-optimizer.py NAdam 0.01 momentum_decay=0.1 betas=0.5,0.9

Every value but those is PyTorch's default. The version of PyTorch goes into the
comment above the rows."""

import sys

import torch

STEPS = (1, 2, 10, 20)


def read_options(words):
    options = {}
    for word in words:
        name, value = word.split("=")
        values = tuple(float(number) for number in value.split(","))
        options[name] = values if len(values) > 1 else values[0]
    return options


def name_options(options):
    """As our own optimizers call them."""
    pairs = []
    for name, value in options.items():
        if name == "betas":
            pairs += [("beta1", value[0]), ("beta2", value[1])]
        else:
            pairs.append((name.replace("_", "-"), value))
    return ", ".join(f'{{ "{name}", {value:g} }}' for name, value in pairs) or "{ NULL, 0 }"


def train(make):
    p = torch.tensor([1, -2, 0.5], dtype=torch.float64, requires_grad=True)
    q = torch.tensor(0.25, dtype=torch.float64, requires_grad=True)
    k = torch.tensor([0.5, 2, 4], dtype=torch.float64)
    t = torch.tensor([-0.3, 0.7, 0.1], dtype=torch.float64)
    optimizer = make([p, q])
    for step in range(1, STEPS[-1] + 1):
        optimizer.zero_grad()
        ((k * (p - t) ** 2).sum() + (q * p.sum() - 1) ** 2).backward()
        optimizer.step()
        if step in STEPS:
            yield [*p.tolist(), q.item()]


def step_exactly(make, dtype):
    p = torch.tensor([1, -2, 0.5], dtype=dtype, requires_grad=True)
    optimizer = make([p])
    for t in range(1, 21):
        p.grad = torch.tensor([(((7 * t + 13 * i) % 31) - 11) / 16 for i in range(3)], dtype=dtype)
        optimizer.step()
    return p.tolist()


def row(numbers, digits):
    return "{ " + ", ".join(f"{number:.{digits}g}" for number in numbers) + " }"


def main():
    name, rate, *words = sys.argv[1:]
    options = read_options(words)
    head = f'  {{\n    "{name.lower()}",\n    {rate},\n    {{ {name_options(options)} }},\n'

    def make(parameters):
        return getattr(torch.optim, name)(parameters, lr=float(rate), **options)

    print(f"PyTorch {torch.__version__.split('+')[0]}, optim-reference.h:")
    print(head + "    {\n" + "".join(f"      {row(values, 17)},\n" for values in train(make))
          + "    },\n  },")
    print("optim-bits.h:")
    print(head + f"    {row(step_exactly(make, torch.float32), 9)},\n"
          + f"    {row(step_exactly(make, torch.float64), 17)},\n"
          + f"    AG_PYTORCH_{torch.__version__[0]},\n  }},")


main()
