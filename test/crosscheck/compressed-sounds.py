#!/usr/bin/env python3
"""Makes the compressed sounds of test/extract/samples/sounds with ffmpeg (FLAC, libvorbis, libopus,
libmp3lame) and prints what libsndfile decodes from them, as JSON: rate, samples, and every 101st of
them, the channels' mean. From the repository's root, with ffmpeg 5 and soundfile 0.14:
python3 test/crosscheck/compressed-sounds.py > test/extract/samples/sounds/reference.json"""
import json, os, subprocess, tempfile
import numpy as np
import soundfile

folder = "test/extract/samples/sounds"
os.makedirs(folder, exist_ok=True)
t = np.arange(16000 * 3 // 10) / 16000
left = 0.4 * np.sin(2 * np.pi * (200 * t + 2000 * t * t))
right = 0.3 * np.sin(2 * np.pi * 700 * t) * np.exp(-6 * t)
codecs = {
    "mono.flac": ["-ac", "1", "-c:a", "flac"],
    "stereo.flac": ["-c:a", "flac"],
    "flac.ogg": ["-c:a", "flac", "-f", "ogg"],
    "stereo.ogg": ["-c:a", "libvorbis", "-q:a", "3"],
    "stereo.opus": ["-c:a", "libopus", "-b:a", "32k"],
    "stereo.mp3": ["-c:a", "libmp3lame", "-b:a", "32k"],
    "mono.mp3": ["-ac", "1", "-c:a", "libmp3lame", "-b:a", "24k", "-id3v2_version", "0", "-write_xing", "0"],
}
reference = {}
with tempfile.TemporaryDirectory() as scratch:
    wav = f"{scratch}/sound.wav"
    soundfile.write(wav, np.stack([left, right], 1), 16000, subtype="PCM_16")
    for name, options in codecs.items():
        path = f"{folder}/{name}"
        subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", wav, "-map_metadata", "-1", "-bitexact", *options, path], check=True)
        # libsndfile does not open FLAC in Ogg as ffmpeg writes it; nothing is lost, so it is the original.
        # libsndfile decodes Opus at the rate that was encoded; here it is 48 kHz, as RFC 7845 has it.
        source = wav if name == "flac.ogg" else path
        if name.endswith(".opus"):
            source = f"{scratch}/opus.wav"
            subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-c:a", "libopus", "-i", path, "-c:a", "pcm_f32le", source], check=True)
        samples, rate = soundfile.read(source, dtype="float64", always_2d=True)
        mean = samples.mean(axis=1)
        reference[name] = {"rate": rate, "length": len(mean), "every101": mean[::101].round(7).tolist()}
print(json.dumps(reference))
