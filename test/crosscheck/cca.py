"""Canonical correlations of a small pair and triple of views in NumPy, by another road than ours.

    python test/crosscheck/cca.py > fixtures/reference/cca.json
    npx prettier --write fixtures/reference/cca.json

Needs NumPy and SciPy. Two views: the singular values of Sxx^-1/2 Sxy Syy^-1/2 by SVD. Three views: the
generalised eigenvalue problem of the whole covariance matrix against its diagonal blocks.
"""

import json
import sys

import numpy as np
import scipy.linalg

random = np.random.default_rng(7)
ROWS, SIZES, RIDGE = 60, {"a": 5, "b": 4, "c": 3}, 0.01

z = random.normal(size=(ROWS, 3))
views = {}
for name, size in SIZES.items():
    x = z @ random.normal(size=(3, size)) + 0.7 * random.normal(size=(ROWS, size))
    views[name] = (x - x.mean(0)) / x.std(0)


def own(x):
    s = x.T @ x / ROWS
    return s + RIDGE * np.trace(s) / len(s) * np.eye(len(s))


def root(s):
    values, vectors = np.linalg.eigh(s)
    return vectors / np.sqrt(values) @ vectors.T


a, b = views["a"], views["b"]
pair = np.linalg.svd(root(own(a)) @ (a.T @ b / ROWS) @ root(own(b)), compute_uv=False)

stacked = np.hstack(list(views.values()))
whole = stacked.T @ stacked / ROWS
blocks = scipy.linalg.block_diag(*[own(x) for x in views.values()])
at = 0
for size in SIZES.values():
    whole[at : at + size, at : at + size] = blocks[at : at + size, at : at + size]
    at += size
triple = np.sort(scipy.linalg.eigh(whole, blocks, eigvals_only=True))[::-1]

plain = lambda x: [float(f"{v:.9g}") for v in np.asarray(x).flatten()]
json.dump(
    {
        "made": f"test/crosscheck/cca.py with NumPy {np.__version__}, SciPy {scipy.__version__}",
        "rows": ROWS,
        "ridge": RIDGE,
        "views": {name: {"dim": SIZES[name], "values": plain(x)} for name, x in views.items()},
        "pair": plain(pair),
        "triple": plain(triple - 1),
    },
    sys.stdout,
)
sys.stdout.write("\n")
