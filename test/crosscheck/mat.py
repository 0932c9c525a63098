#!/usr/bin/env python3
"""Writes the MATLAB, npy and npz samples of test/formats/samples with SciPy and NumPy, which share nothing
with lib/formats. Run with SciPy 1.17 and NumPy 2.4; the tests know the values by heart.

usage: python3 test/crosscheck/mat.py test/formats/samples"""
import sys
import numpy as np
from scipy.io import savemat
from scipy.sparse import csc_matrix

out = sys.argv[1]
grid = np.arange(6).reshape(3, 2)  # rows [0 1] [2 3] [4 5]
cells = np.empty((1, 2), object)
cells[0, 0] = grid.astype(np.uint16)
cells[0, 1] = grid * 0.5
names = np.empty((3, 1), object)
names[:, 0] = ["art", "biology", "ñandú"]
values = {
    "X": cells,
    "names": names,
    "single": grid.astype(np.float32),
    "bytes": grid.astype(np.int8) - 3,
    "long": grid.astype(np.int64),
    "truth": grid > 2,
    "sparse": csc_matrix(np.array([[0, 0, 7.5], [0, -1, 0], [2, 0, 0], [0, 0, 0]])),
    "s": {"gist": grid + 0.25, "inner": {"deep": grid.T}},
    "cube": np.arange(24, dtype=float).reshape(2, 3, 4),
    "word": "hello",
    "complex": grid * 1j,
}
savemat(f"{out}/plain.mat", values, do_compression=False)
savemat(f"{out}/packed.mat", values, do_compression=True)
savemat(f"{out}/one.mat", {"only": grid.astype(float)})
np.savez(f"{out}/stored.npz", a=grid.astype(">i4"), b=np.asfortranarray(grid.astype("f2")))
np.savez_compressed(f"{out}/packed.npz", a=grid.astype("u1"), names=np.array(["x", "yy", "日本"]))
