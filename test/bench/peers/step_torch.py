#!/usr/bin/env python3
"""The benchmark step in PyTorch: M modalities, 768 -> 512 linear + residual MLP 512 (erf GELU), L2 norm, symmetric InfoNCE over
all pairs, learnable scale, AdamW. usage: step_torch.py [--batch 512] [--modalities 3] [--steps 40] [--threads 2]
PyTorch may do as it likes: AdamW plain or fused, the forward and backward pass eager or compiled; the fastest here is measured.
Set OMP_NUM_THREADS to the thread count."""
import argparse, json, math, resource, sys, time
import torch, torch.nn as nn, torch.nn.functional as F
a = argparse.ArgumentParser()
for k, v in dict(batch=512, modalities=3, steps=40, threads=2, din=768, d=512).items(): a.add_argument(f'--{k}', type=int, default=v)
a.add_argument('--quick', action='store_true', help='eager only')
o = a.parse_args(); torch.set_num_threads(o.threads); torch.manual_seed(0)
class Head(nn.Module):
    def __init__(s):
        super().__init__(); s.l1, s.l2, s.l3 = nn.Linear(o.din, o.d), nn.Linear(o.d, o.d), nn.Linear(o.d, o.d)
    def forward(s, x):
        h = s.l1(x); return F.normalize(h + s.l3(F.gelu(s.l2(h))), dim=1)
heads = nn.ModuleList([Head() for _ in range(o.modalities)]); l = nn.Parameter(torch.tensor(math.log(1 / .07)))
xs = [torch.randn(o.batch, o.din) for _ in heads]; y = torch.arange(o.batch)
def loss():
    z = [h(x) for h, x in zip(heads, xs)]; L = 0
    for i in range(o.modalities):
        for j in range(i + 1, o.modalities):
            S = l.exp() * z[i] @ z[j].t(); L = L + .5 * (F.cross_entropy(S, y) + F.cross_entropy(S.t(), y))
    return L
def stepper(loss, **adamw):
    opt = torch.optim.AdamW([*heads.parameters(), l], lr=1e-3, weight_decay=.01, **adamw)
    def step():
        opt.zero_grad(set_to_none=True); L = loss(); L.backward(); opt.step()
    return step
def times(step, n):
    t = []
    for _ in range(n): s = time.perf_counter(); step(); t.append(1e3 * (time.perf_counter() - s))
    return sorted(t)
settings = {'eager': lambda: stepper(loss)}
if not o.quick: settings |= {'fused AdamW': lambda: stepper(loss, fused=True), 'compiled, fused AdamW': lambda: stepper(torch.compile(loss), fused=True)}
tried = {}
for name, make in settings.items():
    try: step = make(); times(step, 2 if o.batch > 4096 else 3); tried[name] = (times(step, 1 if o.batch > 4096 else 5)[0], step)
    except Exception as e: print(f'{name}: {e}', file=sys.stderr)  # torch.compile wants a C++ compiler
name = min(tried, key=lambda k: tried[k][0]); t = times(tried[name][1], o.steps)
print(json.dumps(dict(median=t[len(t) // 2], best=t[0], settings=name, megabytes=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6))))
