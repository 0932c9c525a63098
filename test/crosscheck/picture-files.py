#!/usr/bin/env python3
"""Makes the small pictures of test/extract/samples/pictures, one for each way in which files hold
them, and prints what Pillow makes of each as JSON: upright by EXIF (ImageOps.exif_transpose), over
white (alpha_composite), 12 x 12 pixels by its bicubic kernel. From the repository's root, with
Pillow 13 and NumPy: python3 test/crosscheck/picture-files.py > test/extract/samples/pictures/reference.json"""
import json, os
import numpy as np
from PIL import Image, ImageOps

folder = "test/extract/samples/pictures"
os.makedirs(folder, exist_ok=True)
y, x = np.mgrid[:16, :24].astype(float)
wave = lambda a, b, c: 0.5 + 0.5 * np.sin(x / a + y / b + c)
bytes_of = lambda *waves: np.stack([np.round(255 * wave(*each)).astype(np.uint8) for each in waves], -1)
colour = bytes_of((9, 5, 0), (4, 7, 1), (11, 3, 2))
grey, alpha = colour[..., 0], bytes_of((5, 4, 3))[..., 0]
deep = np.round(65535 * wave(9, 5, 0)).astype(np.uint16)
rgb = Image.fromarray(colour)
few = rgb.quantize(16)



def orientation(number):
    exif = Image.Exif()
    exif[0x0112] = number
    return exif


files = {f"orientation-{number}.jpg": (rgb, {"quality": 95, "subsampling": 0, "exif": orientation(number)}) for number in range(1, 9)}
files |= {
    "halved-colour.jpg": (rgb, {"quality": 90, "subsampling": 2}),
    "progressive.jpg": (rgb, {"quality": 90, "subsampling": 0, "progressive": True}),
    "grey.jpg": (Image.fromarray(grey), {"quality": 95}),
    "cmyk.jpg": (Image.fromarray(np.dstack([colour, alpha // 2]), "CMYK"), {"quality": 95, "subsampling": 0}),
    "cmyk.tif": (Image.fromarray(np.dstack([colour, alpha // 2]), "CMYK"), {"compression": "tiff_lzw"}),
    "grey.png": (Image.fromarray(grey), {}),
    "grey-16-bits.png": (Image.fromarray(deep), {}),
    "grey-alpha.png": (Image.fromarray(np.dstack([grey, alpha]), "LA"), {}),
    "one-bit.png": (Image.fromarray(grey).convert("1"), {}),
    "palette.png": (few, {}),
    "palette-transparent.png": (few, {"transparency": 3}),
    "alpha.png": (Image.fromarray(np.dstack([colour, alpha])), {}),
    "palette.gif": (few, {}),
    "lossless.webp": (Image.fromarray(np.dstack([colour, alpha])), {"lossless": True, "exact": True}),
    "colour.tif": (rgb, {"compression": "tiff_lzw"}),
    "grey-16-bits.tif": (Image.fromarray(deep), {"compression": "tiff_lzw"}),
}


def decoded(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode.startswith("I;16"):
        # Pillow clips these at 255; the byte is the upper one.
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode == "CMYK":
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


reference = {}
for name, (image, options) in files.items():
    path = f"{folder}/{name}"
    image.save(path, **options)
    reference[name] = np.asarray(decoded(path).resize((12, 12), Image.BICUBIC)).reshape(-1).tolist()
print(json.dumps(reference))
