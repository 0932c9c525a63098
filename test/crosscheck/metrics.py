#!/usr/bin/env python3
"""Thousands of small rankings with ties, duplicates and graded relevance, and what pytrec_eval and scikit-learn make of
them: fixtures/reference/metrics.csv, which peers.test.ts compares with. With NumPy, pytrec_eval (or
pytrec_eval-terrier) and scikit-learn from PyPI.

usage: python3 test/crosscheck/metrics.py > fixtures/reference/metrics.csv

A case is one query and its gallery: vectors of three whole numbers from -2 to 2, written as digits 0 to 4, and a grade
from 0 to 3 for every entry. Level entries stand as the rule says: the less relevant first, or the more relevant."""
import numpy as np, pytrec_eval
from sklearn.metrics import average_precision_score, ndcg_score

CASES, K = 3000, 5
TREC = ["success_1", "success_5", "recall_5", "P_5", "map", "map_cut_5", "recip_rank", "ndcg_cut_5", "Rprec"]
random = np.random.default_rng(4)
digits = lambda values: "".join(str(v) for v in np.ravel(values))
print(",".join(["rule", "query", "gallery", "grades", *TREC, "sk_ap", "sk_ndcg_5", "sk_ndcg_exponential_5"]))
for case in range(CASES):
    entries = int(random.integers(1, 16))
    query, gallery = random.integers(-2, 3, 3), random.integers(-2, 3, (entries, 3))
    gallery[random.random(entries) < 0.2] = gallery[0]  # duplicates
    grades = np.where(random.random(entries) < random.choice([0.2, 0.6]), random.integers(1, 4, entries), 0)
    grades[random.integers(entries)] = max(1, grades[0])
    rule = ["pessimistic", "optimistic"][case % 2]
    order = np.lexsort((grades if rule == "pessimistic" else -grades, -(gallery @ query)))
    place = np.empty(entries, int)
    place[order] = np.arange(entries)
    names = [f"d{i:02}" for i in range(entries)]
    found = pytrec_eval.RelevanceEvaluator({"q": dict(zip(names, map(int, grades)))}, {"success.1,5", "recall.5", "P.5", "map", "map_cut.5", "recip_rank", "ndcg_cut.5", "Rprec"}).evaluate(
        {"q": {name: float(entries - p) for name, p in zip(names, place)}})["q"]
    ap = average_precision_score(grades > 0, -place)
    ndcg = [ndcg_score([truth], [-place], k=K) if entries > 1 else 1.0 for truth in (grades, 2**grades - 1)]
    print(",".join([rule, digits(query + 2), digits(gallery + 2), digits(grades), *(f"{found[m]:.7g}" for m in TREC), f"{ap:.7g}", *(f"{n:.7g}" for n in ndcg)]))
