#!/usr/bin/env python3
"""Reference values of lib/extract/sound from librosa, which shares nothing with it; printed as JSON.
Run with librosa 0.11 and SciPy: python3 test/crosscheck/sound.py > test/extract/samples/sound.json

The sound is two sweeps and a click, defined by a formula, so that both sides can make it."""
import json
import numpy as np
import librosa, scipy.fft, scipy.signal

t = np.arange(16000 // 4) / 16000
y = (0.5 * np.sin(2 * np.pi * (300 * t + 3000 * t * t)) + 0.1 * np.sin(2 * np.pi * 3500 * t)).astype(np.float32)
y[1000] += 0.7
power = librosa.feature.melspectrogram(y=y, sr=16000, n_fft=512, win_length=400, hop_length=160, center=False, n_mels=40, power=2.0)
# librosa centres the 400 samples in the 512 points, so its frame 0 begins 56 samples before the window does.
frames = np.log(np.maximum(power, 1e-10)).T
mfcc = scipy.fft.dct(frames, axis=1, type=2, norm="ortho")[:, :13]
up = scipy.signal.resample_poly(y.astype(float), 441, 160, window=("kaiser", 9.0))
print(json.dumps({
    "mel": librosa.filters.mel(sr=16000, n_fft=512, n_mels=40).astype(float).round(9).sum(axis=1).tolist(),
    "melPeak": librosa.filters.mel(sr=16000, n_fft=512, n_mels=40).argmax(axis=1).tolist(),
    "frames": frames[[0, 5, 10]].astype(float).round(6).tolist(),
    "mfcc": mfcc[[0, 5, 10]].astype(float).round(6).tolist(),
}))
