#!/usr/bin/env python3
"""What PIL makes of images of other sizes, bilinear (antialiased where they shrink), in floating point.

    /usr/bin/python3 resize.py > resize.json
"""
import json
import random

from PIL import Image

random.seed(7)
cases = []
for (height, width), (to_height, to_width) in [((4, 6), (8, 9)), ((9, 7), (4, 3)), ((8, 8), (3, 11)), ((5, 5), (1, 1)), ((2, 1), (5, 4)), ((32, 32), (20, 20))]:
    pixels = [random.randrange(256) for _ in range(height * width)]
    image = Image.new("F", (width, height))
    image.putdata(pixels)
    resized = image.resize((to_width, to_height), Image.BILINEAR)
    cases.append({"from": [height, width], "to": [to_height, to_width], "pixels": pixels, "resized": list(resized.getdata())})
print(json.dumps(cases))
