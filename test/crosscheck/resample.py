#!/usr/bin/env python3
"""Reference values of lib/extract/sound/resample.ts from librosa (soxr_hq, its default) and SciPy
(resample_poly), which share nothing with it; printed as JSON. Run with librosa 0.11, soxr 1.1 and
SciPy 1.17: python3 test/crosscheck/resample.py > test/extract/samples/resample.json

For each pair of rates: every 101st sample of a resampled sweep that stays below 0.85 of the lower
Nyquist frequency, and the gains in dB of tones at shares of that frequency."""
import json
from math import gcd
import librosa
import numpy as np
import scipy.signal

RATES = [(44100, 16000), (48000, 16000), (22050, 16000), (8000, 16000), (16000, 48000)]
SHARES = [0.1, 0.5, 0.8, 0.85, 0.9, 1.05, 1.1, 1.2, 1.5]
EDGE = 1500


def poly(samples, source, target):
    divisor = gcd(source, target)
    return scipy.signal.resample_poly(samples, target // divisor, source // divisor)


def soxr(samples, source, target):
    return librosa.resample(samples, orig_sr=source, target_sr=target, res_type="soxr_hq")


def sweep(source, nyquist):
    """Half a second from 0 to 0.85 of the Nyquist frequency, evenly."""
    t = np.arange(source // 2) / source
    return np.sin(2 * np.pi * 0.85 * nyquist * t * t)


def gain(resample, hertz, source, target):
    samples = resample(np.sin(2 * np.pi * hertz * np.arange(source // 2) / source), source, target)
    return 10 * np.log10(2 * np.mean(samples[EDGE:-EDGE] ** 2))


reference = []
for source, target in RATES:
    nyquist = min(source, target) / 2
    shares = [share for share in SHARES if share * nyquist < source / 2]
    gains = lambda resample: [round(gain(resample, share * nyquist, source, target), 4) for share in shares]
    samples = soxr(sweep(source, nyquist), source, target)
    reference.append({"from": source, "to": target, "sweep": samples[EDGE:-EDGE:101].round(6).tolist(),
                      "shares": shares, "soxr": gains(soxr), "scipy": gains(poly)})
print(json.dumps(reference))
