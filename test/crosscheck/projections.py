"""Principal components, t-SNE's affinities and what its optimum costs, from scikit-learn.

    python test/crosscheck/projections.py > fixtures/reference/projections.json
    npx prettier --write fixtures/reference/projections.json

Needs scikit-learn 1.9.
"""

import json
import sys

import numpy as np
import sklearn
from scipy.spatial.distance import pdist, squareform
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.manifold._t_sne import _joint_probabilities

COUNT, DIM, PERPLEXITY = 48, 6, 8

random = np.random.default_rng(2008)
centres = random.normal(size=(4, DIM))
points = centres[np.arange(COUNT) % 4] + 0.45 * random.normal(size=(COUNT, DIM))
points /= np.linalg.norm(points, axis=1, keepdims=True)
points = points.astype(np.float32).astype(float)

pca = PCA(2, svd_solver="full").fit(points)
squares = squareform(pdist(points, "sqeuclidean"))
joint = squareform(_joint_probabilities(squares.astype(np.float32), PERPLEXITY, 0))
costs = [
    TSNE(perplexity=PERPLEXITY, init="random", method="exact", random_state=seed).fit(points).kl_divergence_
    for seed in range(6)
]
json.dump(
    {
        "scikit-learn": sklearn.__version__,
        "count": COUNT,
        "dim": DIM,
        "values": points.ravel().tolist(),
        "variances": pca.explained_variance_.tolist(),
        "ratio": float(pca.explained_variance_ratio_.sum()),
        "plane": np.abs(pca.transform(points)).ravel().tolist(),
        "perplexity": PERPLEXITY,
        "affinities": joint[:4].ravel().tolist(),
        "divergences": [float(cost) for cost in costs],
    },
    sys.stdout,
)
