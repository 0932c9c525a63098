#!/usr/bin/env python3
"""What the machine does at best in PyTorch: a large float32 matrix product and a large copy, the best of several.
usage: peak_torch.py [--threads 2] [--quick]"""
import argparse, json, time
import torch

a = argparse.ArgumentParser(); a.add_argument('--threads', type=int, default=2); a.add_argument('--quick', action='store_true')
o = a.parse_args(); torch.set_num_threads(o.threads)
def best(work, times=10):
    t = []
    for _ in range(times): s = time.perf_counter(); work(); t.append(time.perf_counter() - s)
    return min(t)
n, m = (256, 1 << 20) if o.quick else (2048, 1 << 26)
x, y, z = torch.randn(n, n), torch.randn(n, n), torch.empty(n, n)
p, q = torch.zeros(m), torch.ones(m)
print(json.dumps(dict(gflops=2 * n ** 3 / best(lambda: torch.mm(x, y, out=z)) / 1e9, gigabytes=2 * 4 * m / best(lambda: p.copy_(q)) / 1e9)))
