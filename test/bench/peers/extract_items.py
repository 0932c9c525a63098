#!/usr/bin/env python3
"""Features of a manifest's items as a Python user makes them. usage: extract_items.py image|audio|text MANIFEST.csv OUT.npy [--threads 2]

image: Pillow to 64 x 64, scikit-image hog; audio: librosa log-mel, summed up over time; text: scikit-learn's hashed n-grams.
Processes, not threads, share the items. `loop` is the time from the first item to the written array, imports not counted."""
import argparse, csv, json, os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
import numpy as np
a = argparse.ArgumentParser(); a.add_argument('kind'); a.add_argument('manifest'); a.add_argument('out'); a.add_argument('--threads', type=int, default=2)
o = a.parse_args()
folder = os.path.dirname(os.path.abspath(o.manifest))
if o.kind == 'image':
    from PIL import Image
    from skimage.feature import hog
    def encode(items):
        made = []
        for item in items:
            with Image.open(os.path.join(folder, item)) as picture: small = np.asarray(picture.convert('RGB').resize((64, 64), Image.BILINEAR))
            made.append(hog(small, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2), channel_axis=-1))
        return np.asarray(made, 'float32')
elif o.kind == 'audio':
    import librosa
    def encode(items):
        made = []
        for item in items:
            sound, rate = librosa.load(os.path.join(folder, item), sr=16000)
            mel = librosa.power_to_db(librosa.feature.melspectrogram(y=sound, sr=rate, n_fft=512, win_length=400, hop_length=160, n_mels=40))
            parts = np.array_split(mel, 4, axis=1)
            made.append(np.concatenate([f(part, axis=1) for part in parts for f in (np.mean, np.std, np.min, np.max)]))
        return np.asarray(made, 'float32')
    librosa.feature.melspectrogram(y=np.zeros(16000, 'float32'), sr=16000)
else:
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.pipeline import make_union
    grams = make_union(HashingVectorizer(analyzer='char_wb', ngram_range=(2, 5), n_features=512), HashingVectorizer(ngram_range=(1, 2), n_features=512))
    def encode(items): return grams.transform(items).toarray().astype('float32')
s = time.perf_counter()
items = [row['source'] for row in csv.DictReader(open(o.manifest))]
pieces = [items[i:i + 64] for i in range(0, len(items), 64)]
with ProcessPoolExecutor(o.threads, mp_context=get_context('fork')) as pool: made = np.concatenate(list(pool.map(encode, pieces)))
np.save(o.out, made)
print(json.dumps(dict(loop=1e3 * (time.perf_counter() - s), rows=len(made), dim=made.shape[1])))
