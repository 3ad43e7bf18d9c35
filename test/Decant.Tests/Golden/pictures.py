"""Small pictures of many kinds, written by PIL, and what PIL makes of them: upright, in colour and in grey, resized.

Run from this folder: python3 pictures.py
"""
import base64
import json
import os
import random

from PIL import Image, ImageDraw, ImageOps

FOLDER = "pictures"
os.makedirs(FOLDER, exist_ok=True)
draw = random.Random(7)


def scene(width, height):
    image = Image.new("RGB", (width, height), (30, 90, 160))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width // 3, height // 2), fill=(220, 40, 10))
    pen.ellipse((width // 3, height // 3, width - 2, height - 1), fill=(240, 230, 60))
    pixels = image.load()
    for _ in range(40):
        pixels[draw.randrange(width), draw.randrange(height)] = tuple(draw.randrange(256) for _ in range(3))
    return image


def save(name, image, **how):
    image.save(os.path.join(FOLDER, name), **how)


colour = scene(23, 17)
save("colour.png", colour)
save("colour.bmp", colour)
save("colour.webp", colour, lossless=True)
save("colour.gif", colour.quantize(64))
save("colour.jpg", colour, quality=100, subsampling=0)
save("cmyk.jpg", colour.convert("CMYK"), quality=100, subsampling=0)
save("grey.png", colour.convert("L"))
save("grey.jpg", colour.convert("L"), quality=100)
save("bits.png", colour.convert("1"))
save("palette.png", colour.quantize(16))
sixteen = Image.new("I;16", colour.size)
sixteen.putdata([v * 257 for v in colour.convert("L").getdata()])
save("grey16.png", sixteen)
clear = colour.convert("RGBA")
clear.putalpha(Image.linear_gradient("L").resize(colour.size))
save("alpha.png", clear)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(f"exif{orientation}.jpg", colour, quality=100, subsampling=0, exif=exif)

expected = {}
for name in sorted(os.listdir(FOLDER)):
    image = ImageOps.exif_transpose(Image.open(os.path.join(FOLDER, name)))
    if image.mode.startswith("I"):
        image = image.point(lambda v: v / 257).convert("L") if image.mode == "I" else Image.frombytes("L", image.size, bytes(v >> 8 for v in image.getdata()))
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, (255, 255, 255, 255)), image)
    image = image.convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    cropped = image.crop((left, top, left + side, top + side))
    planes = lambda i: base64.b64encode(bytes(v for band in i.split() for v in band.getdata())).decode()
    expected[name] = {
        "width": image.width,
        "height": image.height,
        "pixels": planes(image),
        "grey": planes(image.convert("L")),
        "stretched": planes(image.resize((8, 8), Image.BILINEAR)),
        "cropped": planes(cropped.resize((8, 8), Image.BILINEAR)),
    }
with open("pictures.json", "w") as file:
    json.dump(expected, file, indent=1)
