"""Classification metrics by scikit-learn and torchmetrics, for random cases that the tests repeat.

    python test/crosscheck/zeroshot.py [CASES] > fixtures/reference/zeroshot.json        (2000 by default)

Needs NumPy, PyTorch, scikit-learn and torchmetrics. Scores come from a linear congruential generator,
so that only results are stored; half of the cases have scores of five values only, so that many are
equal. Peers know no pessimistic ties: they get the scores of right classes lowered by EPS, or places.
Area under the seen-unseen curve: every gamma between two changes is tried, recall by scikit-learn.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
import torch
import torchmetrics
from sklearn.metrics import (average_precision_score, balanced_accuracy_score, confusion_matrix,
                             recall_score, top_k_accuracy_score)
from torchmetrics.functional.classification import multiclass_calibration_error

EPS, GAMMA, TEMPERATURE, BINS = 1e-9, 0.125, 0.3, 7  # the ends of 7 bins are no confidence of level classes
warnings.filterwarnings("ignore")


def generator(state):
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state >> 8


def draw(case):
    random = generator(case + 1)
    for _ in range(4):
        next(random)
    items, classes = 3 + next(random) % 18, 3 + next(random) % 5
    unseen = 1 + next(random) % (classes - 1)
    coarse = case % 2 == 0
    value = lambda r: (r % 5 - 2) / 2 if coarse else r / 2**23 - 1
    scores = np.array([[value(next(random)) for _ in range(classes)] for _ in range(items)])
    labels = np.array([next(random) % classes for _ in range(items)])
    several = np.array([[next(random) % 4 == 0 for _ in range(classes)] for _ in range(items)])
    return scores, labels, several, unseen


def lowered(scores, right):
    return scores - EPS * right


def places(scores, right):
    """Positions in a ranking, the wrong ones first among equals; no two are the same."""
    return np.argsort(np.lexsort((right, -scores)))


def sides(scores, labels, unseen):
    """Macro recall of the seen (first) and of the unseen (last) classes, None where it has no item."""
    answers = scores.argmax(1)
    classes = scores.shape[1]
    both = (range(classes - unseen), range(classes - unseen, classes))
    present = [[c for c in side if (labels == c).any()] for side in both]
    return [recall_score(labels, answers, labels=side, average="macro") if side else None for side in present]


def harmonic(seen, unseen):
    return 2 * seen * unseen / (seen + unseen) if seen + unseen else 0.0


def curve(scores, labels, unseen):
    split = scores.shape[1] - unseen
    margins = np.unique(scores[:, :split].max(1) - scores[:, split:].max(1))
    margins = margins[np.insert(np.diff(margins) > 1e-6, 0, True)]
    gammas = np.concatenate([[margins[0] - 1], (margins[1:] + margins[:-1]) / 2, [margins[-1] + 1]])
    stacked = lambda gamma: scores - gamma * (np.arange(scores.shape[1]) < split)
    points = [sides(stacked(gamma), labels, unseen) for gamma in gammas]
    if None in points[0]:
        return None, None
    seen, unseen = np.array(points).T
    return -np.trapezoid(unseen, seen), max(map(harmonic, seen, unseen))


def evaluate(case):
    scores, labels, several, unseen = draw(case)
    items, classes = scores.shape
    right = np.eye(classes)[labels]
    low = lowered(scores, right)
    tops = [top_k_accuracy_score(labels, low, k=k, labels=range(classes)) for k in (1, 2)]
    confidences = torch.softmax(torch.tensor(scores / TEMPERATURE), 1)
    correct = torch.tensor(low.argmax(1) == labels)
    errors = []
    for norm in ("l1", "max"):
        # Of the answer alone: class 0 stands for it, and class 1 for the right one where it is another.
        wide = torch.zeros(items, classes, dtype=torch.float64)
        wide[:, 0] = confidences.max(1).values
        wide[:, 1:] = ((1 - wide[:, 0]) / (classes - 1))[:, None] * (1 - EPS)
        target = torch.where(correct, 0, 1)
        errors.append(float(multiclass_calibration_error(wide, target, classes, BINS, norm)))
    ranked = [average_precision_score(several[:, c], -places(scores[:, c], several[:, c]))
              for c in range(classes) if several[:, c].any()]
    stacked = scores - GAMMA * (np.arange(classes) < classes - unseen)
    seen, other = sides(lowered(stacked, right), labels, unseen)
    area, best = curve(low, labels, unseen)
    return [*tops, balanced_accuracy_score(labels, low.argmax(1)), *errors,
            float(np.mean(ranked)) if ranked else None, seen, other,
            None if None in (seen, other) else harmonic(seen, other), area, best,
            "".join(chr(48 + n) for n in confusion_matrix(labels, scores.argmax(1), labels=range(classes)).ravel())]


def main(cases):
    made = f"test/crosscheck/zeroshot.py with scikit-learn {sklearn.__version__}, torchmetrics {torchmetrics.__version__}"
    keys = ["top1", "top2", "mean_per_class", "ece", "mce", "map", "acc_seen", "acc_unseen", "h", "ausuc", "best_h", "confusion"]
    rounded = lambda x: x if x is None or isinstance(x, str) else float(f"{x:.7g}")
    rows = [[rounded(x) for x in evaluate(case)] for case in range(cases)]
    settings = {"gamma": GAMMA, "temperature": TEMPERATURE, "bins": BINS}
    print(json.dumps({"made": made, **settings, "keys": keys, "cases": [json.dumps(row, separators=(",", ":")) for row in rows]}, indent=1))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
