#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains models made of formulas with PyTorch and records its runs.

Usage: record-formulas.py REFERENCE

Writes REFERENCE/formulas.csv, where REFERENCE is data/reference/pytorch-2. The runs are on
PyTorch's own x and y and on one thread; README.md there says which version it was.
"""

import re
import sys
from pathlib import Path

import torch

STEPS = 300
POINTS = 200
LOG_EVERY = 50
OPTIMIZERS = (("sgd", torch.optim.SGD, 0.01), ("adam", torch.optim.Adam, 0.02),
              ("rmsprop", torch.optim.RMSprop, 0.002))

# Formula, target, first and last x, loss, its reduction, δ, seed. None has a comma.
MODELS = (
    ("a*sin(b*x + c) + d", "sin(x)", -3, 3, "MSELoss", "mean", 1, 0),
    ("a*exp(-b*x) + c", "2*exp(-x/2) + 1", 0, 4, "MSELoss", "mean", 1, 1),
    ("L/(1 + exp(-k*(x - x0)))", "1/(1 + exp(-2*x))", -3, 3, "MSELoss", "mean", 1, 2),
    ("a + b*tanh(c*x)", "tanh(3*x)", -2, 2, "MSELoss", "mean", 1, 3),
    ("Vmax*x/(Km^2 + x)", "3*x/(2 + x)", 0.1, 5, "MSELoss", "mean", 1, 4),
    ("a*exp(-b*x)*cos(ω*x)", "exp(-x/3)*cos(2*x)", 0, 5, "MSELoss", "mean", 1, 5),
    ("β₁*sqrt(x) + β₂*log(x) + β₃/x", "sqrt(x) - 1/x", 0.5, 4, "MSELoss", "mean", 1, 6),
    ("a*abs(x - b) + c*x^4", "abs(x - 0.25)", -1, 1, "L1Loss", "mean", 1, 7),
    ("a*sigmoid(b*x) + c*x^3", "x^3 - x", -1.5, 1.5, "HuberLoss", "mean", 0.25, 8),
    ("a + b*2^(-x) + relu(c*x)", "abs(x)", -2, 2, "HuberLoss", "sum", 0.125, 9),
    ("a - b*x - atan(c*(x - d))", "atan(2*x)", -2, 2, "MSELoss", "mean", 1, 10),
)

FUNCTIONS = {name: getattr(torch, name)
             for name in ("sin", "cos", "exp", "log", "sqrt", "atan", "tanh", "abs", "sigmoid", "relu")}


def evaluate(formula, names):
    return eval(formula.replace("^", "**"), {"__builtins__": {}}, {**FUNCTIONS, **names})


def list_parameters(formula):
    names = re.findall(r"[^\W\d]\w*[₀-₉]*", formula)
    return list(dict.fromkeys(n for n in names if n != "x" and n not in FUNCTIONS))


def train(model, dtype, optimizer_class, lr):
    formula, target, first, last, loss_name, reduction, delta, seed = model
    # Python takes no subscripts in names.
    plain = formula.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    x = torch.linspace(first, last, POINTS, dtype=dtype)
    y = evaluate(target, {"x": x})
    torch.manual_seed(seed)
    parameters = {name: torch.randn((), dtype=dtype, requires_grad=True)
                  for name in list_parameters(plain)}
    names = list_parameters(formula)
    arguments = {"delta": delta} if loss_name == "HuberLoss" else {}
    loss_of = getattr(torch.nn, loss_name)(reduction=reduction, **arguments)
    optimizer = optimizer_class(parameters.values(), lr=lr)
    rows = [(0, name, p.item()) for name, p in zip(names, parameters.values())]
    for step in range(STEPS):
        loss = loss_of(evaluate(plain, {"x": x, **parameters}), y)
        if step % LOG_EVERY == LOG_EVERY - 1:
            rows.append((step, "loss", loss.item()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    rows += [(STEPS, name, p.item()) for name, p in zip(names, parameters.values())]
    return rows


def main():
    torch.set_num_threads(1)
    with open(Path(sys.argv[1]) / "formulas.csv", "w") as file:
        file.write("formula,target,from,to,loss,reduction,delta,seed,dtype,optimizer,lr,step,name,"
                   "value\n")
        for model in MODELS:
            for dtype in (torch.float32, torch.float64):
                for name, optimizer_class, lr in OPTIMIZERS:
                    # A sum has as many times the slope.
                    rate = lr / POINTS if model[5] == "sum" and name == "sgd" else lr
                    run = ",".join(map(str, model))
                    run += f",{str(dtype).removeprefix('torch.')},{name},{rate!r}"
                    for step, what, value in train(model, dtype, optimizer_class, rate):
                        file.write(f"{run},{step},{what},{value!r}\n")


if __name__ == "__main__":
    main()
