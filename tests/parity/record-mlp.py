#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains “mlp” with PyTorch and appends its runs to the recorded ones.

Usage: record-mlp.py REFERENCE

REFERENCE is data/reference/pytorch-2. The runs are on PyTorch's own x and y and on one thread,
whatever version of PyTorch is installed; README.md there says which one it was.
"""

import math
import sys
from pathlib import Path

import torch

STEPS = 2000
POINTS = 2000
LOG_EVERY = 100
RUNS = (("adam", torch.optim.Adam, 1e-3), ("adam", torch.optim.Adam, 3e-3),
        ("sgd", torch.optim.SGD, 0.1))


def read(net):
    return {name if parameter.numel() == 1 else f"{name}[{i}]": element
            for name, parameter in net.named_parameters()
            for i, element in enumerate(parameter.detach().flatten().tolist())}


def train(optimizer_class, lr, seed):
    x = torch.linspace(-math.pi, math.pi, POINTS)
    y = torch.sin(x)
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    optimizer = optimizer_class(net.parameters(), lr=lr)
    loss_of = torch.nn.MSELoss()
    initial = read(net)
    losses = {}
    for step in range(STEPS):
        loss = loss_of(net(x.unsqueeze(1)).flatten(0, 1), y)
        if step % LOG_EVERY == LOG_EVERY - 1:
            losses[step] = loss.item()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return initial, read(net), losses


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    with open(folder / "trajectories.csv", "a") as trajectories, \
            open(folder / "parameters.csv", "a") as parameters:
        for name, optimizer_class, lr in RUNS:
            for seed in (0, 1, 42):
                initial, final, losses = train(optimizer_class, lr, seed)
                run = f"mlp,{name},{lr!r},{seed}"
                for step, loss in losses.items():
                    trajectories.write(f"{run},{step},{loss!r}\n")
                for parameter, value in initial.items():
                    parameters.write(f"{run},{STEPS},{parameter},{value!r},{final[parameter]!r}\n")


if __name__ == "__main__":
    main()
