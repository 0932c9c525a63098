#!/usr/bin/env python3
"""Embeddings of the Wikipedia test split made by a canonical correlation analysis that shares nothing with pcm, scored
by pcm-eval: mean average precision by class. Run after `npm run build` with NumPy and SciPy; the file holds X (image
128, text 10) and Y, 2173 rows for training and then 693 for the test. Embeddings and qrels are left in
FOLDER, for fixtures/recipes/wikipedia.sh to put beside its own.

usage: python3 test/crosscheck/wikipedia.py Wiki_fea.mat [FOLDER]"""
import json, pathlib, subprocess, sys, tempfile
import numpy as np, scipy.io

root = pathlib.Path(__file__).resolve().parents[2]
TRAINED, RIDGE = 2173, 1e-2


def cca(x, y, dim):
    """Two maps to canonical variates: whitening, then the singular vectors of the cross-covariance."""
    def whiten(z):
        values, vectors = np.linalg.eigh(z.T @ z / len(z) + RIDGE * np.eye(z.shape[1]))
        return vectors / np.sqrt(values) @ vectors.T
    a, b = whiten(x), whiten(y)
    u, s, v = np.linalg.svd(a @ (x.T @ y / len(x)) @ b)
    return a @ u[:, :dim] * s[:dim], b @ v.T[:, :dim] * s[:dim]


def main(path, keep=None):
    mat = scipy.io.loadmat(path)
    views = [np.asarray(x, float) for x in mat["X"].ravel()]
    views = [x if len(x) == 2866 else x.T for x in views]
    image, text = sorted(views, key=lambda x: -x.shape[1])
    labels = mat["Y"].ravel()
    scaled = [(x - x[:TRAINED].mean(0)) / (x[:TRAINED].std(0) + 1e-9) for x in (image, text)]
    maps = cca(*(x[:TRAINED] for x in scaled), 10)
    test = {name: (x @ w)[TRAINED:].astype(np.float32) for name, x, w in zip(("picture", "text"), scaled, maps)}
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name, vectors in test.items():
            np.save(folder / f"{name}.npy", vectors)
        classes = labels[TRAINED:]
        lines = (f"{q} 0 {d} 1\n" for q in range(len(classes)) for d in np.flatnonzero(classes == classes[q]))
        (folder / "qrels").write_text("".join(lines))
        done = subprocess.run(
            ["node", str(root / "dist/bin/pcm-eval.js"), "--vectors", f"picture={folder / 'picture.npy'}", "--vectors", f"text={folder / 'text.npy'}",
             "--qrels", str(folder / "qrels"), "--metrics", "map", "--format", "json", "--no-progress"], capture_output=True, text=True, check=True)
    for record in map(json.loads, done.stdout.splitlines()):
        print(f"{record['direction']}: mAP by class {record['map']:.3f}")


main(*sys.argv[1:3])
