#!/usr/bin/env python3
"""pcm-eval against pytrec_eval and scikit-learn, which share nothing with it: random embeddings with ties, duplicated
ids, holes and one to five positives, written by pyarrow; every direction's r@k, MRR and mAP, by id and by label.
Run after `npm run build` with NumPy, pyarrow, pytrec_eval (or pytrec_eval-terrier) and scikit-learn from PyPI.

usage: python3 test/crosscheck/retrieval.py [RUNS]      (20 by default, 30 directions each)"""
import json, pathlib, subprocess, sys, tempfile
import numpy as np, pyarrow as pa, pytrec_eval
from sklearn.metrics import average_precision_score

root = pathlib.Path(__file__).resolve().parents[2]
program = ["node", str(root / "dist/bin/pcm-eval.js"), "--format", "json", "--k", "1,3,10", "--no-progress"]
NAMES = ["a", "b", "c", "d", "e", "f"]


def draw(random):
    """Items with up to five rows each; coarse coordinates make equal scores common."""
    dim, items = int(random.integers(2, 6)), int(random.integers(3, 25))
    ids = np.repeat(np.arange(items), random.integers(1, 6, items))
    labels = random.integers(0, 4, items)[ids]
    columns = {}
    for name in NAMES:
        values = random.integers(-2, 3, (len(ids), dim)) if random.random() < 0.5 else random.standard_normal((len(ids), dim))
        values = np.where(np.abs(values).sum(1, keepdims=True) == 0, 1, values)
        unit = (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)
        columns[name] = unit, random.random(len(ids)) > 0.15
    return ids, labels, columns


def write(path, ids, labels, columns):
    fields = [pa.field("id", pa.utf8(), False), pa.field("label", pa.int32())]
    arrays = [pa.array([f"item{i}" for i in ids]), pa.array(labels, pa.int32())]
    for name, (values, present) in columns.items():
        kind = pa.list_(pa.float32(), values.shape[1])
        arrays.append(pa.array([list(v) if p else None for v, p in zip(values, present)], kind))
        fields.append(pa.field(name, kind, metadata={"pcm.role": "modality", "pcm.kind": "vector", "pcm.unit": "1"}))
    schema = pa.schema(fields)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.record_batch(arrays, schema=schema))


def once(ids, keys, values, present):
    """Rows that have the modality, without those that repeat a row of the same item."""
    seen, rows = set(), []
    for row in np.flatnonzero(present):
        what = (ids[row], keys[row], (values[row] + 0.0).tobytes())
        if what not in seen:
            rows.append(row)
        seen.add(what)
    return np.array(rows, int)


def expected(ids, keys, query, gallery):
    q, g = once(ids, keys, *query), once(ids, keys, *gallery)
    run, qrels, precisions = {}, {}, []
    for row in q:
        scores = np.array([sum(float(x) * float(y) for x, y in zip(query[0][row], gallery[0][other])) for other in g])
        relevant = keys[g] == keys[row]
        if not relevant.any():
            continue
        order = np.lexsort((relevant, -scores))  # pessimistic: wrong ones first among equals
        place = np.empty(len(g), int)
        place[order] = np.arange(len(g))
        run[str(row)] = {f"d{i}": float(len(g) - place[i]) for i in range(len(g))}
        qrels[str(row)] = {f"d{i}": int(relevant[i]) for i in range(len(g))}
        precisions.append(average_precision_score(relevant, -place))
    if not run:
        return None
    found = pytrec_eval.RelevanceEvaluator(qrels, {"recip_rank", "map", "success.1,3,10"}).evaluate(run).values()
    mean = lambda key: float(np.mean([each[key] for each in found]))
    shares = {f"r@{k}": 100 * mean(f"success_{k}") for k in (1, 3, 10)}
    return {"queries": len(run), "pool": len(g), "mrr": mean("recip_rank"), "map": mean("map"), **shares}, float(np.mean(precisions))


def main(runs):
    random, compared = np.random.default_rng(0), 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "embeddings.arrows"
        for _ in range(runs):
            ids, labels, columns = draw(random)
            write(path, ids, labels, columns)
            for positives, keys in (("id", ids), ("label", labels)):
                done = subprocess.run([*program, str(path), "--positives", positives], capture_output=True, text=True)
                if done.returncode not in (0, 2):
                    sys.exit(done.stderr)
                for record in map(json.loads, done.stdout.splitlines()):
                    if record["direction"] == "mean":
                        continue
                    query, gallery = record["direction"].split(">")
                    want = expected(ids, keys, columns[query], columns[gallery])
                    if want is None:
                        assert record["queries"] == 0, record
                        continue
                    for key, value in want[0].items():
                        assert abs(record[key] - value) < 1e-6, (key, value, record)
                    assert abs(record["map"] - want[1]) < 1e-6, (want[1], record)
                    compared += record["queries"]
    print(f"{runs} streams, {compared} rankings: r@k, MRR and mAP equal to pytrec_eval, AP to scikit-learn")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
