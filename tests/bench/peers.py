# SPDX-License-Identifier: LGPL-2.1-or-later
"""The eight programs as somebody would write them in PyTorch and NumPy.

    peers.py                          which versions this interpreter has
    peers.py PROGRAM POINTS SECONDS   for each line read, times steps for so long
                                      and writes the processor's nanoseconds a step

Each function takes the number of points and returns a function that takes one
step: forward pass, loss, gradients, update. Nothing is printed and no loss is
read, which costs the peers less than it costs us.
"""

import math
import os
import random
import sys
import time

# Before NumPy and PyTorch are loaded; afterwards is too late.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np

try:
    import torch
except ImportError:
    torch = None

POINTS = 2000


def rate(default, points):
    """The sum of squares grows with the points, so the rate shrinks."""
    return default * POINTS / points


def numpy(points):
    x = np.linspace(-math.pi, math.pi, points)
    y = np.sin(x)
    a, b, c, d = np.random.randn(4)
    lr = rate(1e-6, points)

    def step():
        nonlocal a, b, c, d
        guess = a + b * x + c * x**2 + d * x**3
        _loss = np.square(guess - y).sum()
        slope = 2 * (guess - y)
        grads = slope.sum(), (slope * x).sum(), (slope * x**2).sum(), (slope * x**3).sum()
        a, b, c, d = (value - lr * grad for value, grad in zip((a, b, c, d), grads))

    return step


def data(points):
    x = torch.linspace(-math.pi, math.pi, points)
    return x, torch.sin(x)


def tensors(points):
    x, y = data(points)
    a, b, c, d = (torch.randn(()) for _ in range(4))
    lr = rate(1e-6, points)

    def step():
        nonlocal a, b, c, d
        guess = a + b * x + c * x**2 + d * x**3
        _loss = (guess - y).pow(2).sum()
        slope = 2 * (guess - y)
        a = a - lr * slope.sum()
        b = b - lr * (slope * x).sum()
        c = c - lr * (slope * x**2).sum()
        d = d - lr * (slope * x**3).sum()

    return step


def descend(parameters, lr):
    with torch.no_grad():
        for parameter in parameters:
            parameter -= lr * parameter.grad
            parameter.grad = None


def autograd(points):
    x, y = data(points)
    a, b, c, d = (torch.randn((), requires_grad=True) for _ in range(4))
    lr = rate(1e-6, points)

    def step():
        guess = a + b * x + c * x**2 + d * x**3
        (guess - y).pow(2).sum().backward()
        descend((a, b, c, d), lr)

    return step


def legendre(points):
    class P3(torch.autograd.Function):
        @staticmethod
        def forward(ctx, value):
            ctx.save_for_backward(value)
            return 0.5 * (5 * value**3 - 3 * value)

        @staticmethod
        def backward(ctx, grad):
            (value,) = ctx.saved_tensors
            return grad * 1.5 * (5 * value**2 - 1)

    x, y = data(points)
    a, b, c, d = (torch.full((), v, requires_grad=True) for v in (0.0, -1.0, 0.0, 0.3))
    lr = rate(5e-6, points)

    def step():
        guess = a + b * P3.apply(c + d * x)
        (guess - y).pow(2).sum().backward()
        descend((a, b, c, d), lr)

    return step


def powers(x):
    return x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))


def linear():
    return torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1))


def nn(points):
    x, y = data(points)
    inputs, model = powers(x), linear()
    criterion = torch.nn.MSELoss(reduction="sum")
    lr = rate(1e-6, points)

    def step():
        loss = criterion(model(inputs), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= lr * parameter.grad

    return step


def train(model, inputs, y, optimizer):
    criterion = torch.nn.MSELoss(reduction="sum")

    def step():
        loss = criterion(model(inputs), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def optim(points):
    x, y = data(points)
    model = linear()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
    return train(model, powers(x), y, optimizer)


def scalars(module, names):
    for name in names:
        setattr(module, name, torch.nn.Parameter(torch.randn(())))


def module(points):
    class Cubic(torch.nn.Module):
        def __init__(self):
            super().__init__()
            scalars(self, "abcd")

        def forward(self, x):
            return self.a + self.b * x + self.c * x**2 + self.d * x**3

    x, y = data(points)
    model = Cubic()
    return train(model, x, y, torch.optim.SGD(model.parameters(), lr=rate(1e-6, points)))


def dynamic(points):
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            scalars(self, "abcde")

        def forward(self, x):
            guess = self.a + self.b * x + self.c * x**2 + self.d * x**3
            for exponent in range(4, random.randint(4, 6)):
                guess = guess + self.e * x**exponent
            return guess

    x, y = data(points)
    model = Net()
    lr = rate(1e-8, points)
    return train(model, x, y, torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9))


def nanoseconds(step, seconds):
    steps, start = 0, time.process_time_ns()
    while True:
        step()
        steps += 1
        passed = time.process_time_ns() - start
        if passed > seconds * 1e9:
            return passed / steps


def main():
    if len(sys.argv) == 1:
        print(np.__version__, torch.__version__ if torch else "-")
        return
    program, points, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    if torch:
        torch.set_num_threads(1)
    step = globals()[program](points)
    for _ in range(20 if points <= 10000 else 2):
        step()
    for _ in sys.stdin:
        print(nanoseconds(step, seconds), flush=True)


if __name__ == "__main__":
    main()
