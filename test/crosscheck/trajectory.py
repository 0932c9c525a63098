"""A hundred training steps in PyTorch, in float64, from a start and batches that the tests repeat.

    python test/crosscheck/trajectory.py > fixtures/reference/trajectory.json
    npx prettier --write fixtures/reference/trajectory.json

Needs NumPy and PyTorch. Three modalities with heads of three kinds, rows that lack one, ids that
come twice, categories; AdamW with decay on matrices only, clipping, warm-up and cosine, a learned
logit scale (METHODS 1.2 to 1.5).
"""

import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

ROWS, BATCH, STEPS, DIM = 24, 8, 100, 4
CATEGORIES = 6
RATE, DECAY, CLIP, WARMUP, SCALE = 0.02, 0.05, 0.7, 0.05, 1 / 0.07
PAIRS = [("photo", "text"), ("photo", "class"), ("text", "class")]

random = np.random.default_rng(2401)
single = lambda x: np.asarray(x, np.float32).astype(np.float64)

ids = np.arange(ROWS)
ids[-4:] = ids[:4]  # four items have a second row
codes = random.integers(0, CATEGORIES, ROWS)
latent = random.normal(size=(CATEGORIES, 3))[codes] + 0.3 * random.normal(size=(ROWS, 3))
photo = single(np.tanh(latent @ random.normal(size=(3, 5))) + 0.1 * random.normal(size=(ROWS, 5)))
text = single(np.tanh(latent @ random.normal(size=(3, 4))) + 0.1 * random.normal(size=(ROWS, 4)))
present = {name: np.ones(ROWS, int) for name in ("photo", "text", "class")}
present["photo"][[3, 11]] = 0
present["text"][[7, 11, 19]] = 0
photo[present["photo"] == 0] = 0
text[present["text"] == 0] = 0
batches = []
while len(batches) < STEPS:
    order = random.permutation(ROWS)
    batches += [order[i : i + BATCH] for i in range(0, ROWS, BATCH)]
batches = batches[:STEPS]

bound = lambda n: 1 / math.sqrt(n)
uniform = lambda n, *shape: single(random.uniform(-bound(n), bound(n), shape))
start = {
    "photo/project.weight": uniform(5, 5, DIM),
    "photo/project.bias": uniform(5, DIM),
    "photo/refine.weight": uniform(DIM, DIM, DIM),
    "photo/refine.bias": uniform(DIM, DIM),
    "photo/norm.scale": np.ones(DIM),
    "photo/norm.shift": np.zeros(DIM),
    "text/linear.weight": uniform(4, 4, DIM),
    "text/linear.bias": uniform(4, DIM),
    "class/table": single(random.normal(size=(CATEGORIES, DIM)) / math.sqrt(DIM)),
}


def rate(t):
    rising = round(STEPS * WARMUP)
    if t < rising:
        return RATE * (t + 1) / rising
    done = (t - rising) / (STEPS - rising)
    return RATE / 100 + (RATE - RATE / 100) * (1 + math.cos(math.pi * done)) / 2


def embed(p, rows):
    x = torch.tensor(photo[rows])
    projected = x @ p["photo/project.weight"] + p["photo/project.bias"]
    refined = F.gelu(projected) @ p["photo/refine.weight"] + p["photo/refine.bias"]
    normed = F.layer_norm(
        projected + refined, (DIM,), p["photo/norm.scale"], p["photo/norm.shift"], eps=1e-5
    )
    linear = torch.tensor(text[rows]) @ p["text/linear.weight"] + p["text/linear.bias"]
    raw = {"photo": normed, "text": linear, "class": p["class/table"][codes[rows]]}
    return {name: F.normalize(x, dim=1) for name, x in raw.items()}


def pair_loss(loss, u, v, groups, there, log_scale):
    u, v, groups = u[there], v[there], groups[there]
    same = torch.tensor(groups[:, None] == groups[None, :])
    cosines = u @ v.T
    if loss == "pcmr":
        matches, rest = (cosines[same] - 1) ** 2, cosines[~same] ** 2
        return matches.mean() + (rest.mean() if len(rest) else 0)
    target = same.double() / same.sum(1, keepdim=True)
    logits = log_scale.exp() * cosines
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def train(loss):
    p = {name: torch.tensor(x, requires_grad=True) for name, x in start.items()}
    log_scale = torch.tensor(float(np.float32(math.log(SCALE))), dtype=torch.float64)
    log_scale.requires_grad_(loss == "pcmc")
    decays = lambda name: name.endswith(("weight", "table"))
    groups = [
        {"params": [x for n, x in p.items() if decays(n)], "weight_decay": DECAY},
        {"params": [x for n, x in p.items() if not decays(n)], "weight_decay": 0},
    ]
    if loss == "pcmc":
        groups.append({"params": [log_scale], "weight_decay": 0})
    optimiser = torch.optim.AdamW(groups, lr=RATE)
    losses, clipped = [], 0
    for t, rows in enumerate(batches):
        units = embed(p, rows)
        terms = []
        for a, b in PAIRS:
            there = np.flatnonzero(present[a][rows] & present[b][rows])
            known = ids[rows] if (a, b) == ("photo", "text") else codes[rows]
            terms.append(pair_loss(loss, units[a], units[b], known, there, log_scale))
        total = sum(terms) / len(terms)
        optimiser.zero_grad()
        total.backward()
        clipped += int(torch.nn.utils.clip_grad_norm_(p.values(), CLIP) > CLIP)
        for group in optimiser.param_groups:
            group["lr"] = rate(t)
        optimiser.step()
        with torch.no_grad():
            log_scale.clamp_(max=math.log(100))
        losses.append(total.item())
    final = {name: x.detach().numpy() for name, x in p.items()}
    return {"loss": loss, "clipped": clipped, "losses": losses, "logScale": log_scale.item(), "final": final}


def plain(x):
    if isinstance(x, dict):
        return {key: plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(value) for value in x]
    if isinstance(x, np.ndarray):
        return [plain(value) for value in x.flatten().tolist()]
    return float(f"{x:.9g}") if isinstance(x, float) else x


json.dump(
    plain(
        {
            "made": f"test/crosscheck/trajectory.py with PyTorch {torch.__version__.split('+')[0]}",
            "rows": ROWS,
            "dim": DIM,
            "categories": CATEGORIES,
            "settings": {"rate": RATE, "decay": DECAY, "clip": CLIP, "warmup": WARMUP, "scale": SCALE},
            "photo": photo,
            "text": text,
            "class": codes,
            "ids": ids,
            "present": present,
            "batches": [batch.tolist() for batch in batches],
            "start": start,
            "runs": [train("pcmc"), train("pcmr")],
        }
    ),
    sys.stdout,
)
sys.stdout.write("\n")
