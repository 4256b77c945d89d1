#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The cubic by compilers of whole steps, on one thread of the processor: JAX, with
jit around a fori_loop, and torch.compile. Prints nanoseconds a step for each of
them that is installed, or why there is none.

    compilers.py POINTS SECONDS
"""

import math
import os
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"


def jax_step(points):
    """Returns a function that takes many steps, and how many those are."""
    import jax
    import jax.numpy as jnp

    x = jnp.linspace(-math.pi, math.pi, points, dtype=jnp.float32)
    y = jnp.sin(x)
    rate = 1e-6 * 2000 / points
    n_steps = max(2, 2_000_000 // points)

    def loss(p):
        return jnp.square(p[0] + p[1] * x + p[2] * x**2 + p[3] * x**3 - y).sum()

    @jax.jit
    def run(state):
        def step(_, state):
            value, slope = jax.value_and_grad(loss)(state[0])
            return state[0] - rate * slope, value

        return jax.lax.fori_loop(0, n_steps, step, state)

    state = jnp.array([0.1, -0.2, 0.3, -0.4], jnp.float32), jnp.float32(0)
    return lambda: jax.block_until_ready(run(state)), n_steps


def torch_step(points):
    import torch

    torch.set_num_threads(1)
    x = torch.linspace(-math.pi, math.pi, points)
    y = torch.sin(x)
    rate = 1e-6 * 2000 / points

    @torch.compile
    def step(a, b, c, d):
        error = a + b * x + c * x**2 + d * x**3 - y
        slope = 2 * error
        grads = slope.sum(), (slope * x).sum(), (slope * x**2).sum(), (slope * x**3).sum()
        return (error.square().sum(), *(p - rate * g for p, g in zip((a, b, c, d), grads)))

    parameters = [torch.tensor(value) for value in (0.1, -0.2, 0.3, -0.4)]

    def run():
        nonlocal parameters
        parameters = step(*parameters)[1:]

    return run, 1


def measure(make, points, seconds):
    run, n_steps = make(points)
    for _ in range(3):
        run()
    taken, begun = 0, time.process_time_ns()
    while (passed := time.process_time_ns() - begun) < seconds * 1e9:
        run()
        taken += n_steps
    return passed / taken


def main():
    points, seconds = int(sys.argv[1]), float(sys.argv[2])
    for name, make in (("jax", jax_step), ("torch.compile", torch_step)):
        try:
            print(f"{name} {measure(make, points, seconds):.1f}", flush=True)
        except Exception as problem:  # pylint: disable=broad-except
            print(f"{name} – {problem!r}", flush=True)


if __name__ == "__main__":
    main()
