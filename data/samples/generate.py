#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""generate.py [FOLDER]

Writes the sample data into this folder, or into another one. Nobody measured them: each is
a law with noise of a seed of its own, so that everybody gets the same, to the digit, and
the true values of the law's parameters are known. They stand in each file's first lines."""

import math
import os
import random
import sys


def write(folder, name, law, columns, points, digits):
    with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {law}\n{columns}\n")
        for x, y in points:
            file.write(f"{x:.{digits[0]}f},{y:.{digits[1]}f}\n")


def spread(first, last, n):
    return [first + (last - first) * i / (n - 1) for i in range(n)]


def tide(noise):
    """A gauge at a pier, twice an hour, for two days: one tide of 12.4 hours."""
    return [(x, 1.35 * math.sin(0.5068 * x + 0.7) + 2.1 + noise.gauss(0, 0.12))
            for x in spread(0, 48, 97)]


def decay(noise):
    """A counter beside a short-lived source, whose counts go down to the background."""
    return [(x, max(0, 920 * math.exp(-0.23 * x) + 41
                    + noise.gauss(0, 1) * math.sqrt(920 * math.exp(-0.23 * x) + 41)))
            for x in spread(0, 24, 49)]


def growth(noise):
    """A sunflower, measured each other day until it grows no more."""
    return [(x, max(0, 251 / (1 + math.exp(-0.088 * (x - 35))) + noise.gauss(0, 4)))
            for x in spread(2, 84, 42)]


def oscillation(noise):
    """A weight on a spring in oil, from the moment it is let go."""
    return [(x, 8.2 * math.exp(-0.35 * x) * math.cos(4.1 * x) + noise.gauss(0, 0.25))
            for x in spread(0, 8, 161)]


def kinetics(noise):
    """The rate of a reaction with an enzyme at concentrations of what it works on, each
    twice."""
    return [(x, 212 * x / (0.064 + x) + noise.gauss(0, 7))
            for x in (0.02, 0.06, 0.11, 0.22, 0.56, 1.1) for _ in range(2)]


def outliers(noise):
    """A spring that is pulled; four times somebody read the wrong scale, that of inches."""
    points = [(x, 0.8 + 2.4 * x + noise.gauss(0, 0.3)) for x in spread(0, 10, 41)]
    for i in (29, 33, 36, 39):
        points[i] = (points[i][0], points[i][1] / 2.54)
    return points


def step(noise):
    """A thermometer in a room whose heater is switched on."""
    return [(x, 17.5 + 2.8 * math.tanh(0.9 * (x - 6.2)) + noise.gauss(0, 0.15))
            for x in spread(0, 12, 121)]


SAMPLES = (
    ("tide", tide, "y = 1.35 sin(0.5068 x + 0.7) + 2.1, noise 0.12", "hours,metres", (1, 3)),
    ("decay", decay, "y = 920 exp(-0.23 x) + 41, counting noise", "minutes,counts", (1, 0)),
    ("growth", growth, "y = 251 / (1 + exp(-0.088 (x - 35))), noise 4", "days,centimetres", (0, 1)),
    ("oscillation", oscillation, "y = 8.2 exp(-0.35 x) cos(4.1 x), noise 0.25",
     "seconds,millimetres", (2, 3)),
    ("kinetics", kinetics, "y = 212 x / (0.064 + x), noise 7", "concentration,rate", (2, 0)),
    ("outliers", outliers, "y = 0.8 + 2.4 x, noise 0.3, and four wrong readings",
     "newtons,centimetres", (2, 2)),
    ("step", step, "y = 17.5 + 2.8 tanh(0.9 (x - 6.2)), noise 0.15", "minutes,degrees", (1, 2)),
)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for seed, (name, law, formula, columns, digits) in enumerate(SAMPLES, 1):
        write(folder, name, formula, columns, law(random.Random(seed)), digits)


if __name__ == "__main__":
    main()
