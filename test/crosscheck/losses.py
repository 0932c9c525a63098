"""Values and gradients of the losses in NumPy, in float64, on a few small batches.

    python test/crosscheck/losses.py > fixtures/reference/losses.json
    npx prettier --write fixtures/reference/losses.json

Needs NumPy. Each loss is written from METHODS 0, 1.2 and 1.3 as matrices; gradients by the raw
outputs of the heads and by the log of the scale are central differences.
"""

import json
import math
import sys

import numpy as np

random = np.random.default_rng(16347)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def positives(groups, size):
    return np.eye(size, dtype=bool) if groups is None else groups[:, None] == groups[None, :]


def cross_entropy(logits, y):
    shifted = logits - logits.max(1, keepdims=True)
    log = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return -np.mean(np.sum(y / y.sum(1, keepdims=True) * log, 1))


def pair_loss(name, u, v, scale, y):
    s = u @ v.T
    if name == "pcmc":
        return (cross_entropy(scale * s, y) + cross_entropy(scale * s.T, y.T)) / 2
    if name == "mean":
        return np.mean((s - y) ** 2)
    rest = ~y
    if name == "gap":
        own = np.diag(s)
        rows, columns = (1 - (own[:, None] - s)) ** 2, (1 - (own[None, :] - s)) ** 2
        return (rows[rest].mean() + columns[rest].mean()) / 2 if rest.any() else 0.0
    error = np.maximum(s, 0) ** 2 if name == "hinge" else s**2
    return ((s[y] - 1) ** 2).mean() + (error[rest].mean() if rest.any() else 0.0)


def loss(name, raw, pairs, groups, present, log_scale):
    total = weights = 0.0
    for a, b, weight in pairs:
        there = np.flatnonzero(present[a] & present[b])
        if len(there) < 2:
            continue
        u, v = unit(raw[a])[there], unit(raw[b])[there]
        y = positives(groups if groups is None else groups[there], len(there))
        total += weight * pair_loss(name, u, v, math.exp(log_scale), y)
        weights += weight
    return total / weights if weights else 0.0


def slopes(f, x, h=1e-5):
    found = np.zeros(x.size)
    flat = x.reshape(-1)
    for i in range(x.size):
        kept = flat[i]
        flat[i] = kept + h
        above = f()
        flat[i] = kept - h
        below = f()
        flat[i] = kept
        found[i] = (above - below) / (2 * h)
    return found


def case(size, dim, names, groups=None, holes=(), log_scale=2.6593):
    raw = {m: random.normal(size=(size, dim)).astype(np.float32).astype(np.float64) for m in names}
    present = {m: np.ones(size, int) for m in names}
    for m, row in holes:
        present[m][row] = 0
    groups = None if groups is None else np.array(groups)
    pairs = [(a, b, 1.0 + i) for i, (a, b) in enumerate((a, b) for i, a in enumerate(names) for b in names[i + 1 :])]
    scale = np.array([np.float64(np.float32(log_scale))])
    results = {}
    for name in ("pcmc", "balanced", "mean", "hinge", "gap"):
        value = lambda: loss(name, raw, pairs, groups, present, scale[0])
        results[name] = {"value": value(), "gradients": {m: slopes(value, raw[m]) for m in names}}
        if name == "pcmc":
            results[name]["scale"] = slopes(value, scale)[0]
    return {
        "size": size,
        "dim": dim,
        "logScale": scale[0],
        "raw": raw,
        "pairs": [{"a": a, "b": b, "weight": weight} for a, b, weight in pairs],
        **({} if groups is None else {"groups": groups}),
        **({"present": present} if holes else {}),
        "losses": results,
    }


def plain(x):
    if isinstance(x, dict):
        return {key: plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(value) for value in x]
    if isinstance(x, np.ndarray):
        return [plain(value) for value in x.flatten().tolist()]
    return float(f"{x:.9g}") if isinstance(x, float) else x


TWO, THREE = ["photo", "text"], ["photo", "text", "voice"]
json.dump(
    plain(
        {
            "made": f"test/crosscheck/losses.py with NumPy {np.__version__}",
            "cases": {
                "complete": case(4, 3, TWO),
                "groups": case(5, 3, TWO, groups=[4, 2, 4, 4, 0], log_scale=1),
                "holes": case(5, 2, THREE, holes=[("photo", 1), ("voice", 0), ("voice", 4)]),
                "groups and holes": case(
                    6, 3, THREE, groups=[1, 1, 0, 2, 0, 1], holes=[("text", 0), ("voice", 3)], log_scale=4.6
                ),
                "a pair without rows": case(
                    3, 2, THREE, holes=[("voice", 0), ("voice", 1)]
                ),
            },
        }
    ),
    sys.stdout,
)
sys.stdout.write("\n")
