#!/usr/bin/env python3
"""Writes Decompositions.Table.cs: decompositions and combining classes of Unicode, from this Python's unicodedata."""
import pathlib
import unicodedata


def escape(text):
    return "".join(f"\\u{ord(c):04X}" if ord(c) < 0x10000 else f"\\U{ord(c):08X}" for c in text)


canonical, compatible, classes = {}, {}, {}
for code in range(0x110000):
    if 0xD800 <= code < 0xE000 or 0xAC00 <= code <= 0xD7A3:
        continue
    c = chr(code)
    if (form := unicodedata.decomposition(c)) and form[0] != "<":
        # One step, so that composition can go back; a '!' marks what never composes again.
        whole = "".join(chr(int(part, 16)) for part in form.split())
        excluded = unicodedata.normalize("NFC", whole) != c
        canonical.setdefault(("!" if excluded else "") + whole, []).append(c)
    full = unicodedata.normalize("NFKD", c)
    if full != unicodedata.normalize("NFD", c):
        compatible.setdefault(full, []).append(c)
    if combining := unicodedata.combining(c):
        classes.setdefault(combining, []).append(c)


def runs(characters):
    """First and last of each run of neighbours."""
    out = []
    for c in characters:
        if out and ord(c) == ord(out[-1][1]) + 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return "".join(a + b for a, b in out)


def constant(name, about, rows):
    pieces = [piece for key, value in rows for piece in [escape(key), "\\t", *map(escape, value), "\\n"] if piece]
    lines = [""]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > 230:
            lines.append("")
        lines[-1] += piece
    return f"    // {about}\n    private const string {name} =\n" + " +\n".join(f'        "{line}"' for line in lines) + ";\n"


text = f"""namespace Decant.Text;

/// <remarks>Made by make_decompositions.py (Unicode {unicodedata.unidata_version}); do not edit. Hangul syllables decompose by arithmetic and are not listed.</remarks>
internal static partial class Decompositions
{{
"""
text += constant("Canonical", "A decomposition of one step (after '!' where it never composes again), a tab, the characters that have it, a line feed.", canonical.items()) + "\n"
text += constant("Compatible", "A full compatibility decomposition, a tab, the characters that have it, a line feed.", compatible.items()) + "\n"
text += constant("Classes", "A combining class as a character, a tab, first and last of each run of characters of it, a line feed.", [(chr(k), runs(v)) for k, v in sorted(classes.items())])
pathlib.Path(__file__).with_name("Decompositions.Table.cs").write_text(text + "}\n")
