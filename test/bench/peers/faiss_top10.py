#!/usr/bin/env python3
"""The ten best of a gallery for every query by FAISS's flat index. usage: faiss_top10.py QUERIES.npy GALLERY.npy [--threads 2]"""
import argparse, json, resource, time
import faiss, numpy as np
a = argparse.ArgumentParser(); a.add_argument('queries'); a.add_argument('gallery'); a.add_argument('--threads', type=int, default=2)
o = a.parse_args(); faiss.omp_set_num_threads(o.threads)
q, g = np.load(o.queries), np.load(o.gallery)
index = faiss.IndexFlatIP(g.shape[1]); index.add(g)
s = time.perf_counter(); _, found = index.search(q, 10); search = 1e3 * (time.perf_counter() - s)
print(json.dumps(dict(search=search, hit=100 * float((found[:, 0] == np.arange(len(q))).mean()), version=faiss.__version__,
                      megabytes=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6))))
