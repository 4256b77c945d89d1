#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our steps on a GPU beside PyTorch's: eager, and captured as a CUDA graph.

Prints the table of docs/gpu.md. Without PyTorch only our own columns are there.
"""

import argparse
import pathlib
import subprocess
import sys
import time

try:
    import torch

    if not torch.cuda.is_available():
        torch = None
except ImportError:
    torch = None

PROGRAMS = ["numpy", "tensors", "autograd", "legendre", "nn", "optim", "module", "dynamic"]
LARGE = [10**6, 10**7, 10**8]

# x and y, float32: what a step must read of each point.
BYTES_OF_A_POINT = 8


def ours(bench, program, points, seconds):
    command = [bench, "cuda", program, str(points), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return float(done.stdout)


def steps_per_second(step, seconds):
    for _ in range(20):
        step()
    torch.cuda.synchronize()
    n_steps, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for _ in range(50):
            step()
        torch.cuda.synchronize()
        n_steps += 50
    return n_steps / (time.perf_counter() - begun)


def peer(program, points):
    """The program as in peers.py, made on the GPU; NumPy has none there."""
    import peers

    torch.set_default_device("cuda")
    try:
        return getattr(peers, program)(points)
    finally:
        torch.set_default_device("cpu")


def eager(program, points, seconds):
    if torch is None or program == "numpy":
        return None
    return steps_per_second(peer(program, points), seconds)


def captured(points, seconds):
    """autograd's step, captured once and replayed."""
    x = torch.linspace(-torch.pi, torch.pi, points, device="cuda")
    y = torch.sin(x)
    weights = [torch.randn((), device="cuda", requires_grad=True) for _ in range(4)]
    rate = 1e-6 * 2000 / points

    def step():
        a, b, c, d = weights
        loss = (a + b * x + c * x**2 + d * x**3 - y).pow(2).sum()
        grads = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for weight, grad in zip(weights, grads):
                weight -= rate * grad

    side = torch.cuda.Stream()
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return steps_per_second(graph.replay, seconds)


def copy_bandwidth(bench):
    """Bytes read and written per second by a copy within the GPU's memory."""
    done = subprocess.run([bench], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return float(done.stdout)


def ratio(ours_, theirs):
    return "" if theirs is None else f"{ours_ / theirs:.1f}×"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    bench = options.build / "tests" / "bench" / "gpu-bench"
    sys.path.insert(0, str(pathlib.Path(__file__).parent))

    print("| program | points | our steps/s | PyTorch eager | ratio | its CUDA graph | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    bandwidth = copy_bandwidth(bench.with_name("copy-bench"))
    for program, points in [(name, 2000) for name in PROGRAMS] + [("autograd", n) for n in LARGE]:
        own = ours(bench, program, points, options.seconds)
        plain = eager(program, points, options.seconds)
        graph = captured(points, options.seconds) if torch and program == "autograd" else None
        columns = [program, f"{points:,}", f"{own:,.0f}", "" if plain is None else f"{plain:,.0f}",
                   ratio(own, plain), "" if graph is None else f"{graph:,.0f}", ratio(own, graph)]
        print("| " + " | ".join(columns) + " |")
        if points == LARGE[-1]:
            read = own * points * BYTES_OF_A_POINT
            print(f"\nOf {points:,} points a step reads {read / 1e9:,.0f} GB/s, "
                  f"{100 * read / bandwidth:.0f} % of a copy's {bandwidth / 1e9:,.0f} GB/s.")


if __name__ == "__main__":
    main()
