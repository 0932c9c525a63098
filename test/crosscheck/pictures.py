#!/usr/bin/env python3
"""Reference values of the preparation of pictures from Pillow and of hog from scikit-image, which share
nothing with ours; printed as JSON. Run with Pillow 13 and scikit-image 0.26:
python3 test/crosscheck/pictures.py > test/extract/samples/pictures.json

The pictures are defined by formulas, so that both sides can make them."""
import json
import numpy as np
from PIL import Image
from skimage.feature import hog

y, x = np.mgrid[:60, :90].astype(float)
channel = lambda a, b, c: np.round(127.5 + 127 * np.sin(x / a + y / b + c)).astype(np.uint8)
pixels = np.stack([channel(9, 23, 0), channel(17, 7, 1), channel(31, 13, 2)], axis=-1)
picture = Image.fromarray(pixels)
KERNELS = {"nearest": Image.NEAREST, "linear": Image.BILINEAR, "cubic": Image.BICUBIC, "lanczos3": Image.LANCZOS}
values = lambda image: np.asarray(image).reshape(-1).tolist()


def cover(kernel, shortest, size):
    """As CLIP's image processor: the shorter side to a length, then the middle."""
    width, height = round(90 * shortest / 60), shortest
    left, top = (width - size) // 2, (height - size) // 2
    return picture.resize((width, height), kernel).crop((left, top, left + size, top + size))


ramp = lambda dx, dy: np.add.outer(dy * np.arange(32.0), dx * np.arange(32.0))
blocks = lambda image, bins: hog(image, orientations=bins, pixels_per_cell=(8, 8), cells_per_block=(2, 2),
                                 block_norm="L2-Hys", feature_vector=False)[1, 1].reshape(-1).round(6).tolist()
print(json.dumps({
    "fill": {name: values(picture.resize((20, 20), kernel)) for name, kernel in KERNELS.items()},
    "larger": {name: values(picture.resize((100, 100), kernel).crop((40, 40, 60, 60))) for name, kernel in KERNELS.items()},
    "cover": {name: values(cover(kernel, 24, 20)) for name, kernel in KERNELS.items()},
    # Gradients in the middle of an orientation, equal everywhere: then it does not matter that
    # scikit-image gives each vote to one cell and one orientation, and we share it out.
    "hog": {"down, 9 orientations": blocks(ramp(0, 4), 9), "slanted, 2 orientations": blocks(ramp(3, 3), 2)},
}))
